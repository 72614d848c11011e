"""Turns the measurements of http.sh (JSON, one a line) into tables, and says which targets are reached."""

import argparse
import collections
import json
import statistics

from reporting import spread, table

TITLES = {
    "tutorial": "sms-api, the tutorial's route",
    "v1": "sms-api, POST /v1/verifications",
    "page": "sms-api, GET /favicon.ico",
    "fastapi": "FastAPI, uvicorn",
    "django": "Django, gunicorn, Celery",
}
OBSERVED = {"-off": "without metrics", "": "with metrics", "-traces": "with metrics and traces"}
TITLES |= {
    f"{route}{kind}": f"{TITLES[route]}, {title}"
    for route in ("tutorial", "v1") for kind, title in OBSERVED.items() if kind
}
LEAST_OBSERVED_RATIO = 0.95
PROGRAMS = {"sms-api": "sms-api", "fastapi": "FastAPI, uvicorn", "django": "Django, gunicorn: three processes"}
OURS = ["tutorial", "v1"]
LEAST_RATIOS = {"page": 0.6, "django": 20, "fastapi": 8}
MOST_P99_MILLISECONDS = 25
MOST_RESIDENT_KIBIBYTES = 60_000_000 // 1024


class Measurements:
    """What was measured, by measure and program: one result a round."""

    def __init__(self, lines):
        self.results = collections.defaultdict(dict)
        for line in map(json.loads, lines):
            self.results[line["measure"], line["program"]][line["round"]] = line["result"]

    def programs(self, measure):
        return [program for of, program in self.results if of == measure]

    def figures(self, program, figure):
        return [figure(result) for result in self.results["load", program].values()]

    def ratios(self, program, yardstick):
        """The ratio in each round: both were measured soon after each other, so they had the same machine."""
        yardsticks = self.results["load", yardstick]
        return [rate(result) / rate(yardsticks[round_]) for round_, result in self.results["load", program].items()]

    def kibibytes(self, program):
        return self.results["memory", program][1]


def rate(result):
    return result["load"]["requests"] / result["load"]["seconds"]


def median(result):
    return result["load"]["medianMilliseconds"]


def p99(result):
    return result["load"]["p99Milliseconds"]


def cpu(result):
    """Microseconds of the server's processor time a request."""
    return result["cpuSeconds"] / result["load"]["requests"] * 1e6


def redis_cpu(result):
    """Microseconds of Redis's processor time a request."""
    return result["redisCPUSeconds"] / result["load"]["requests"] * 1e6


def jobs(result):
    return result["jobs"] / result["load"]["requests"]


def broken(result):
    return result["load"]["refused"] + result["load"]["broken"]


def report_loads(measurements):
    print("\n64 connections; median (lowest to highest) of the rounds; a job an answer: all answers were successes\n")
    head = ["requests a second", "median in ms", "99 % in ms", "CPU in µs", "of Redis", "jobs an answer", "errors"]
    rows = [["", *head]]
    for program in measurements.programs("load"):
        rows.append(
            [
                TITLES[program],
                spread(measurements.figures(program, rate), 0),
                spread(measurements.figures(program, median), 1),
                spread(measurements.figures(program, p99), 1),
                spread(measurements.figures(program, cpu), 1),
                spread(measurements.figures(program, redis_cpu), 1),
                f"{statistics.median(measurements.figures(program, jobs)):.3f}",
                str(sum(measurements.figures(program, broken))),
            ]
        )
    table(rows)


def report_ratios(measurements, ours):
    print("\nTimes the rate of each; median (lowest to highest) of the rounds' ratios\n")
    rows = [[""] + [TITLES[program] for program in ours]]
    for yardstick in LEAST_RATIOS:
        rows.append([TITLES[yardstick]] + [spread(measurements.ratios(program, yardstick)) for program in ours])
    table(rows)


def report_observation(measurements, route):
    print("\nWhat metrics and traces cost; ratios within each round\n")
    rows = [["", "requests a second", "to that without", "CPU in µs"]]
    for kind, title in OBSERVED.items():
        program = f"{route}{kind}"
        ratios = spread(measurements.ratios(program, f"{route}-off")) if kind != "-off" else ""
        rates, times = (measurements.figures(program, figure) for figure in (rate, cpu))
        rows.append([title, spread(rates, 0), ratios, spread(times, 1)])
    table(rows)


def report_memory(measurements):
    print("\nLargest resident memory over all rounds, in MB\n")
    table([[title, f"{megabytes(measurements.kibibytes(program)):.1f}"] for program, title in PROGRAMS.items()])


def megabytes(kibibytes):
    return kibibytes * 1024 / 1e6


def report_targets(measurements, ours, is_whole):
    print("\nTargets, by the median of the rounds\n")
    ratio = statistics.median(measurements.ratios(ours[0], f"{ours[0]}-off"))
    target = f"{ours[0]}, with metrics: at least {LEAST_OBSERVED_RATIO} of the rate without"
    verdicts = [(target, ratio >= LEAST_OBSERVED_RATIO, f"{ratio:.2f}")]
    for program in ours if is_whole else []:
        for yardstick, least in LEAST_RATIOS.items():
            ratio = statistics.median(measurements.ratios(program, yardstick))
            target = f"{program}: rate at least {least} times {TITLES[yardstick]}"
            verdicts.append((target, ratio >= least, f"{ratio:.2f}"))
        slow = statistics.median(measurements.figures(program, p99))
        target = f"{program}: 99 % answered within {MOST_P99_MILLISECONDS} ms"
        verdicts.append((target, slow < MOST_P99_MILLISECONDS, f"{slow:.1f} ms"))
    peak = measurements.kibibytes("sms-api")
    verdicts.append(("resident memory under 60 MB", peak < MOST_RESIDENT_KIBIBYTES, f"{megabytes(peak):.1f} MB"))
    for target, is_reached, figure in verdicts:
        print(f"{target:62} {'reached' if is_reached else 'MISSED':8} {figure}")
    return all(is_reached for _, is_reached, _ in verdicts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a target is missed")
    parser.add_argument("results", type=argparse.FileType())
    arguments = parser.parse_args()
    measurements = Measurements(arguments.results)
    ours = [program for program in OURS if program in measurements.programs("load")]
    is_whole = "django" in measurements.programs("load")
    report_loads(measurements)
    report_observation(measurements, ours[0])
    if is_whole:
        report_ratios(measurements, ours)
        report_memory(measurements)
    all_reached = report_targets(measurements, ours, is_whole)
    raise SystemExit(1 if arguments.check and not all_reached else 0)


main()
