"""Turns the measurements of redis.sh (JSON, one a line) into tables, and says which targets are reached."""

import argparse
import collections
import json
import statistics

OPERATIONS = ["set", "get", "evalsha"]
TITLES = {"c": "C", "pool": "Swift, pool", "loop": "Swift, loop", "redis-benchmark": "redis-benchmark"}
SWIFT = ["pool", "loop"]
# The allocator breathes by some hundred KiB; a single byte leaked by each of ten million commands is 9766 KiB.
MOST_GROWTH_KIBIBYTES = 2048


class Measurements:
    """What was measured, by program, operation and depth: one figure a round."""

    def __init__(self, lines):
        self.rates = collections.defaultdict(dict)
        self.cpu = collections.defaultdict(dict)
        self.memory = {}
        for line in map(json.loads, lines):
            program, operation, result = line["program"], line["operation"], line["result"]
            if operation == "memory":
                self.memory[program] = result
                continue
            cell, round_ = (program, operation, line["depth"]), line["round"]
            self.rates[cell][round_] = result.get("rate") or result["operations"] / result["seconds"]
            if "cpuSeconds" in result:
                self.cpu[cell][round_] = result["cpuSeconds"] / result["operations"] * 1e6
        self.depths = sorted({depth for _, _, depth in self.rates})

    @staticmethod
    def ratios(figures, program, operation, depth):
        """The ratio to the C program in each round: both were measured seconds apart, so they had the same machine."""
        yardstick = figures["c", operation, depth]
        return [figure / yardstick[round_] for round_, figure in figures[program, operation, depth].items()]


def table(measurements, figures, programs, title, decimals):
    print(f"\n{title}; in brackets: the ratio to C, median (lowest to highest) of the rounds' ratios\n")
    rows = [["", "at a time"] + [TITLES[program] for program in programs]]
    for operation in OPERATIONS:
        for depth in measurements.depths:
            row = [operation.upper(), str(depth)]
            for program in programs:
                text = f"{statistics.median(figures[program, operation, depth].values()):,.{decimals}f}"
                if program != "c":
                    text += f" [{spread(Measurements.ratios(figures, program, operation, depth))}]"
                row.append(text)
            rows.append(row)
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join([row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]))


def spread(ratios):
    text = f"{statistics.median(ratios):.2f}"
    return text if len(ratios) == 1 else f"{text} ({min(ratios):.2f} to {max(ratios):.2f})"


def report_memory(memory):
    print("\nResident memory in KiB, after the warm-up and at each million commands\n")
    for program in SWIFT:
        readings = " ".join(map(str, memory[program]["residentKibibytes"]))
        print(f"{TITLES[program]}: {readings}")


def report_targets(measurements):
    """Each target is to be reached by every operation, wherever the tasks run: the worst figure counts."""
    print("\nTargets, by the worst of the operations\n")

    def worst(choose, figures, program, depths):
        cells = [(operation, depth) for operation in OPERATIONS for depth in depths]
        medians = [
            (statistics.median(Measurements.ratios(figures, program, *cell)), f"{cell[0].upper()} at {cell[1]}")
            for cell in cells
        ]
        return choose(medians)

    all_reached = True
    for program in SWIFT:
        rates, cpu = measurements.rates, measurements.cpu
        memory = measurements.memory[program]
        at_64, at_256, cpu_at_256 = (
            worst(min, rates, program, [64]),
            worst(min, rates, program, [depth for depth in measurements.depths if depth >= 256]),
            worst(max, cpu, program, [256]),
        )
        growth = memory["growthKibibytes"]
        verdicts = [
            ("rate at 64 at least 0.6 of C's", at_64[0] >= 0.6, f"{at_64[0]:.2f}, {at_64[1]}"),
            ("rate at 256 and above at least 0.8 of C's", at_256[0] >= 0.8, f"{at_256[0]:.2f}, {at_256[1]}"),
            (
                "CPU per command at 256 at most 2.5 of C's",
                cpu_at_256[0] <= 2.5,
                f"{cpu_at_256[0]:.2f}, {cpu_at_256[1]}",
            ),
            (
                f"growth of memory at most {MOST_GROWTH_KIBIBYTES} KiB",
                growth <= MOST_GROWTH_KIBIBYTES,
                f"{growth} KiB over {memory['operations']:,} commands",
            ),
        ]
        for target, is_reached, figure in verdicts:
            all_reached = all_reached and is_reached
            print(f"{TITLES[program]:12} {target:42} {'reached' if is_reached else 'MISSED':8} {figure}")
    return all_reached


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a target is missed")
    parser.add_argument("results", type=argparse.FileType())
    arguments = parser.parse_args()
    measurements = Measurements(arguments.results)
    table(measurements, measurements.rates, list(TITLES), "Commands a second", 0)
    table(measurements, measurements.cpu, ["c"] + SWIFT, "Processor time in µs a command, user and system", 2)
    report_memory(measurements.memory)
    all_reached = report_targets(measurements)
    raise SystemExit(1 if arguments.check and not all_reached else 0)


main()
