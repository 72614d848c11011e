"""Lets programs read the pictures that captcha.sh had drawn, and prints in a table how many they read.

Each folder that it gets holds pictures (number-text.png) and figures.json, what drawing them cost.
"""

import argparse
import functools
import json
import math
import os
import pathlib
import subprocess
from concurrent.futures import ThreadPoolExecutor

import cv2
import ddddocr
import numpy
from PIL import Image

from reporting import table

# The most that is allowed: pictures read in per cent, the bytes of the largest, processor time of one.
MOST_STOCK, MOST_RESTRICTED, MOST_BYTES, MOST_MILLISECONDS = 2, 15, 6 * 1024, 2
# What the service takes for the character that was drawn: whoever attacks it knows that as well.
FOLDED = {"0": "D", "O": "D", "Q": "D", "5": "S", "Z": "2", "F": "E", "4": "A", "V": "U", "Y": "X"}
PAPER = 240


class Picture:
    """A picture and the text that is in it."""

    def __init__(self, path):
        self.bytes = path.read_bytes()
        self.text = path.stem.split("-")[1]
        self.grey = cv2.imdecode(numpy.frombuffer(self.bytes, numpy.uint8), cv2.IMREAD_GRAYSCALE)

    def is_read_by(self, answer):
        return fold(answer) == self.text


def fold(answer):
    return "".join(FOLDED.get(character, character) for character in answer.upper())


# Ways to make a picture easier to read.


def raw(grey):
    return grey


def median(grey):
    return cv2.medianBlur(grey, 3)


def edge(grey):
    return 255 - cv2.Laplacian(grey, cv2.CV_8U, ksize=3)


def inside(grey):
    """What the outlines surround becomes ink, and they themselves paper: letters instead of outlines, and apart."""
    surrounded = (grey > 130).astype(numpy.uint8)
    cv2.floodFill(surrounded, None, (0, 0), 2)
    return numpy.where(surrounded == 1, 0, 255).astype(numpy.uint8)


def bold(grey):
    return cv2.erode(grey, numpy.ones((3, 3), numpy.uint8))


PREPARATIONS = [raw, median, edge, inside, bold]


class Model:
    """One of ddddocr's two models, read without retraining."""

    def __init__(self, name, alphabet, **options):
        self.name = name
        self.ocr = ddddocr.DdddOcr(show_ad=False, **options)
        self.session = self.ocr.ocr_engine.session
        self.input = self.session.get_inputs()[0].name
        self.alphabet = alphabet
        # For each character the columns of the model's output that stand for it; first the one for "nothing".
        of_character = {}
        for column, character in enumerate(self.ocr.get_charset()):
            if len(character) == 1:
                of_character.setdefault(fold(character), []).append(column)
        self.columns = [[0]] + [of_character[character] for character in alphabet]

    def stock(self, picture):
        """What the first example of its manual does."""
        return self.ocr.classification(picture.bytes)

    def scores(self, grey):
        """For each step from left to right the logarithm of the probability of "nothing" and of each character."""
        # As ddddocr itself prepares a picture; it would hand out all of its 8,210 characters' probabilities as a list.
        height, width = grey.shape
        lines = Image.fromarray(grey).resize((width * 64 // height, 64), Image.LANCZOS)
        output = self.session.run(None, {self.input: numpy.asarray(lines, numpy.float32)[None, None] / 255})[0]
        output = output.reshape(-1, output.shape[-1])
        chosen = numpy.stack([numpy.logaddexp.reduce(output[:, columns], axis=1) for columns in self.columns], axis=1)
        return (chosen - numpy.logaddexp.reduce(chosen, axis=1, keepdims=True)).tolist()

    def readings(self, grey, longest):
        """The likeliest text of each length up to that, with the logarithm of its probability."""
        return best_paths(self.scores(grey), self.alphabet, longest)


def best_paths(scores, alphabet, longest):
    """The best path of connectionist temporal classification (CTC) for each number of characters."""
    # best[count][symbol] is the best path so far with that many characters whose last step was that symbol.
    best = [[(-math.inf, "")] * len(scores[0]) for _ in range(longest + 1)]
    best[0][0] = (0.0, "")
    for step in scores:
        following = []
        for count in range(longest + 1):
            row = [max(best[count])]
            # The best paths with one character less; the second best is for the symbol of the best.
            candidates = sorted(enumerate(best[count - 1]), key=lambda pair: pair[1], reverse=True)[:2] if count else []
            for symbol in range(1, len(step)):
                choices = [best[count][symbol]]
                for last, (score, text) in candidates:
                    if last != symbol:
                        choices.append((score, text + alphabet[symbol - 1]))
                        break
                row.append(max(choices))
            following.append([(score + step[symbol], text) for symbol, (score, text) in enumerate(row)])
        best = following
    return [max(row) for row in best]


def read_whole(model, prepare, lengths, grey):
    """One line of text of an allowed length."""
    return max(model.readings(prepare(grey), max(lengths))[min(lengths) :])[1]


def levels(grey, share):
    """The upper and the lower part of the ink, each with that share of its height."""
    rows = numpy.flatnonzero((grey < 130).any(axis=1))
    top, bottom = rows[0], rows[-1] + 1
    part = round((bottom - top) * share)
    return around(grey[top : top + part]), around(grey[bottom - part : bottom])


def around(grey):
    """The ink with some paper around it."""
    columns = numpy.flatnonzero((grey < 130).any(axis=0))
    if columns.size:
        grey = grey[:, columns[0] : columns[-1] + 1]
    return cv2.copyMakeBorder(grey, 6, 6, 8, 8, cv2.BORDER_CONSTANT, value=PAPER)


def level_out(grey, slope):
    """Moves each column up or down so that rows with that slope become level."""
    height, width = grey.shape
    matrix = numpy.array([[1, 0, 0], [slope, 1, -slope * width / 2 + height / 2]], numpy.float32)
    return cv2.warpAffine(grey, matrix, (width, 2 * height), borderValue=PAPER)


def read_rows(model, prepare, share, lengths, grey):
    """Knows that there are two rows, and tries by how much they rise or fall."""
    best = (-math.inf, "")
    for slope in (-0.15, 0, 0.15):
        upper, lower = (
            model.readings(part, max(lengths) // 2 + 1) for part in levels(level_out(prepare(grey), slope), share))
        for length in lengths:
            for first in {length // 2, length - length // 2}:
                score = upper[first][0] + lower[length - first][0]
                best = max(best, (score, upper[first][1] + lower[length - first][1]))
    return best[1]


def read_zigzag(model, prepare, share, lengths, grey):
    """Knows that characters are set up and down in turn; two answers, of which it is told the right one: which of them
    begins with the upper level is plain to see."""
    answers = set()
    for length in lengths:
        longer, shorter = length - length // 2, length // 2
        upper, lower = (model.readings(part, longer) for part in levels(prepare(grey), share))
        for first, second in ((upper, lower), (lower, upper)):
            one, other = first[longer][1], second[shorter][1]
            answers.add("".join(a + b for a, b in zip(one, other + " ")).strip())
    return answers


LAYOUTS = {"zigzag": read_zigzag, "rows": read_rows}
SHARES = (0.5, 0.6)


def tesseract(alphabet, picture):
    command = ["tesseract", "stdin", "stdout", "--psm", "7", "-c", f"tessedit_char_whitelist={alphabet}"]
    answer = subprocess.run(
        command, input=picture.bytes, capture_output=True, check=True, env=os.environ | {"OMP_THREAD_LIMIT": "1"})
    return "".join(answer.stdout.decode().split())


class Results:
    """How many of a folder's pictures each reader read."""

    def __init__(self, folder, alphabet, models, workers):
        self.name = folder.name
        self.figures = json.loads((folder / "figures.json").read_text())
        self.pictures = [Picture(path) for path in sorted(folder.glob("*.png"))]
        self.sizes = [len(picture.bytes) for picture in self.pictures]
        self.lengths = sorted({len(picture.text) for picture in self.pictures})
        self.workers = workers
        self.stock = {model.name: self.count(model.stock) for model in models}
        self.restricted = {}
        self.aware = {}
        read_layout = LAYOUTS[self.figures["design"]]
        for model in models:
            for prepare in PREPARATIONS:
                self.restricted[f"{model.name}, {prepare.__name__}"] = self.count_grey(
                    functools.partial(read_whole, model, prepare, self.lengths))
                for share in SHARES:
                    self.aware[f"{model.name}, {prepare.__name__}, {share:.0%}"] = self.count_grey(
                        functools.partial(read_layout, model, prepare, share, self.lengths))
        self.tesseract = self.count(functools.partial(tesseract, alphabet))

    def count(self, read):
        def is_read(picture):
            answer = read(picture)
            return any(map(picture.is_read_by, answer if isinstance(answer, set) else [answer]))

        return sum(self.workers.map(is_read, self.pictures))

    def count_grey(self, read):
        return self.count(lambda picture: read(picture.grey))

    def row(self):
        total = len(self.pictures)
        return [
            self.name,
            str(total),
            *(share(max(counts.values()), total) for counts in (self.stock, self.restricted, self.aware)),
            share(self.tesseract, total),
            f"{sum(self.sizes) / total:,.0f} ({max(self.sizes):,})",
            f"{self.figures['cpuMilliseconds']:.2f}",
        ]

    def best(self):
        kinds = (("stock", self.stock), ("restricted", self.restricted), ("knowing the design", self.aware))
        return "; ".join(f"{kind} by {max(counts, key=counts.get)}" for kind, counts in kinds)

    def verdicts(self):
        stock, restricted = (
            100 * max(counts.values()) / len(self.pictures) for counts in (self.stock, self.restricted))
        time = self.figures["cpuMilliseconds"]
        return [
            (f"stock at most {MOST_STOCK} %", stock <= MOST_STOCK, f"{stock:.1f} %"),
            (f"restricted at most {MOST_RESTRICTED} %", restricted <= MOST_RESTRICTED, f"{restricted:.1f} %"),
            (f"at most {MOST_BYTES:,} bytes", max(self.sizes) <= MOST_BYTES, f"{max(self.sizes):,}"),
            (f"at most {MOST_MILLISECONDS} ms of CPU", time <= MOST_MILLISECONDS, f"{time:.2f} ms"),
        ]


def share(count, total):
    """In per cent, with the 95 % interval of Wilson."""
    z = 1.96
    middle = (count + z * z / 2) / (total + z * z)
    reach = z / (total + z * z) * math.sqrt(count * (total - count) / total + z * z / 4)
    return f"{100 * count / total:.1f} ({100 * max(0, middle - reach):.1f} to {100 * (middle + reach):.1f})"


def report_targets(results):
    """A text shorter than the design is meant for is measured, but has no target."""
    print("\nTargets\n")
    all_reached = True
    for each in results:
        for target, is_reached, figure in each.verdicts() if each.figures["isAsMeant"] else []:
            all_reached = all_reached and is_reached
            print(f"{each.name:24} {target:24} {'reached' if is_reached else 'MISSED':8} {figure}")
    return all_reached


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alphabet", required=True, help="the characters that are in the pictures")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a target is missed")
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    models = [Model("old", arguments.alphabet), Model("new", arguments.alphabet, beta=True)]
    with ThreadPoolExecutor() as workers:
        results = []
        for folder in arguments.folders:
            results.append(Results(folder, arguments.alphabet, models, workers))
            print(f"{results[-1].name}: most are read, {results[-1].best()}", flush=True)
    print("\nRead, in per cent (95 % interval)\n")
    head = ["", "pictures", "ddddocr", "restricted", "knowing the design", "tesseract", "bytes (most)", "CPU in ms"]
    table([head, *(each.row() for each in results)])
    all_reached = report_targets(results)
    raise SystemExit(1 if arguments.check and not all_reached else 0)


main()
