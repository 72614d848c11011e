"""Turns the measurements of queue.sh (JSON, one a line) into tables, and says which targets are reached."""

import argparse
import collections
import json
import statistics

from reporting import spread, table

TITLES = {
    "ours": "sms-queue",
    "ours-loop": "sms-queue, event loop",
    "celery": "Celery",
    "celery-late": "Celery, acks_late",
    "celery-early": "Celery, early",
    "floor": "floor (C)",
}
OBSERVED = {"off": "no metrics, no traces", "metrics": "metrics", "traces": "metrics and traces"}
LEAST_OBSERVED_RATIO = 0.95
CASES = {"plain": "without expires", "expires": "with expires=300"}
MOST_RESIDENT_KIBIBYTES = 40_000_000 // 1024
# The allocator breathes by some hundred KiB; a single byte leaked by each of five million jobs is 4883 KiB.
MOST_GROWTH_KIBIBYTES = 2048
# What a list, a hash and a script cost does not depend on how much is on the list: the rest is the machine's noise.
MOST_BACKLOG_RATIO = 1.25


class Measurements:
    """What was measured, by measure, program and case: one result a round."""

    def __init__(self, lines):
        self.results = collections.defaultdict(dict)
        for line in map(json.loads, lines):
            self.results[line["measure"], line["program"], line["case"]][line["round"]] = line["result"]

    def single(self, measure, program, case=""):
        """The result of what is measured once."""
        return self.results[measure, program, case][1]

    def cases(self, measure):
        return list(dict.fromkeys(case for of, _, case in self.results if of == measure))

    def figures(self, measure, program, figure, case=""):
        return {round_: figure(result) for round_, result in self.results[measure, program, case].items()}

    def median(self, *figures):
        return statistics.median(self.figures(*figures).values())

    def ratios(self, measure, program, yardstick, figure, case="", yardstick_case=""):
        """The ratio in each round: both were measured soon after each other, so they had the same machine."""
        figures = self.figures(measure, program, figure, case)
        yardsticks = self.figures(measure, yardstick, figure, yardstick_case)
        return [figures[round_] / yardsticks[round_] for round_ in figures]


def rate(result):
    return result["jobs"] / result["seconds"]


def cpu(result):
    """Microseconds of processor time a job."""
    return result["cpuSeconds"] / result["jobs"] * 1e6


def cost(result):
    """Microseconds a job."""
    return result["seconds"] / result["jobs"] * 1e6


def report_throughput(measurements):
    print("\nJobs that do nothing; median (lowest to highest) of the rounds, and of the rounds' ratios of ours to each")
    ours, celery = (measurements.single("message", program, "text") for program in ("ours", "celery"))
    print(f"The same arguments for all: our message has {ours} bytes, Celery's {celery}\n")
    rows = [["", "jobs a second", "ours to it", "CPU in µs a job"]]
    for measure, title, programs in [
        ("enqueue", "enqueue", ["ours", "celery"]),
        ("drain", "work off", ["ours", "ours-loop", "celery-late", "celery-early", "floor"]),
    ]:
        for program in programs:
            rates = measurements.figures(measure, program, rate).values()
            ratios = [] if program == "ours" else measurements.ratios(measure, "ours", program, rate)
            times = measurements.figures(measure, program, cpu).values()
            rows.append(
                [f"{title}: {TITLES[program]}", spread(rates, 0), spread(ratios) if ratios else "", spread(times, 1)])
    table(rows)


def report_observation(measurements):
    print("\nWhat metrics and traces cost a worker whose jobs do nothing; ratios within each pass\n")
    rows = [["", "jobs a second", "to that without", "CPU in µs a job"]]
    for program, title in OBSERVED.items():
        rates = measurements.figures("observation", program, rate).values()
        ratios = [] if program == "off" else measurements.ratios("observation", program, "off", rate)
        times = measurements.figures("observation", program, cpu).values()
        rows.append([title, spread(rates, 0), spread(ratios) if ratios else "", spread(times, 1)])
    table(rows)


def observation_verdict(measurements):
    ratio = statistics.median(measurements.ratios("observation", "metrics", "off", rate))
    target = f"with metrics, without traces: at least {LEAST_OBSERVED_RATIO} of the rate without"
    return (target, ratio >= LEAST_OBSERVED_RATIO, f"{ratio:.2f}")


def report_latency(measurements):
    jobs = measurements.results["latency", "ours", ""][1]["jobs"]
    print(f"\nFrom sending to the start of the task, worker idle, 50 jobs a second, in ms; {jobs} jobs a round\n")
    for key, title in [("median", "median"), ("p99", "99 %"), ("maximum", "longest")]:
        print(f"{title:8} {spread(measurements.figures('latency', 'ours', lambda result: result[key]).values())}")


def report_backlogs(measurements):
    print("\nµs a job while so many others wait; in brackets: the ratio to the smallest backlog\n")
    cases = measurements.cases("backlog")
    rows = [["waiting", TITLES["ours"], "CPU", TITLES["floor"], "CPU"]]
    for case in cases:
        row = [f"{int(case):,}"]
        for program in ["ours", "floor"]:
            ratios = measurements.ratios("backlog", program, program, cost, case, cases[0])
            row.append(f"{measurements.median('backlog', program, cost, case):.2f} [{spread(ratios)}]")
            row.append(f"{measurements.median('backlog', program, cpu, case):.2f}")
        rows.append(row)
    table(rows)


def report_sizes(measurements):
    print("\nBytes of Redis's memory a waiting job: ccp_send_sms_code, 13800138000, 123456; in brackets: its message\n")
    rows = [["", TITLES["ours"], TITLES["celery"], "ratio"]]
    for case, title in CASES.items():
        row = [title]
        for program in ["ours", "celery"]:
            size = measurements.single("size", program, case)
            row.append(f"{bytes_a_job(size):.0f} [{size['message']}]")
        rows.append(row + [f"{size_ratio(measurements, case):.2f}"])
    table(rows)


def bytes_a_job(size):
    return size["bytes"] / size["jobs"]


def size_ratio(measurements, case):
    return measurements.ratios("size", "ours", "celery", bytes_a_job, case, case)[0]


def report_decoding(measurements):
    decode = measurements.single("decode", "ours")
    print(f"\nProcessor time to read a message of {decode['bytes']} bytes, in µs\n")
    ours, foundation = decode["ourNanoseconds"] / 1000, decode["foundationNanoseconds"] / 1000
    print(f"ours, with the body: {ours:.2f}; Foundation's decoder, without it: {foundation:.2f}")


def peak_kibibytes(memory):
    """The system's own maximum may lag behind what it says at the moment."""
    return max(memory["maximumResidentKibibytes"], memory["idleKibibytes"], *memory["residentKibibytes"])


def report_memory(measurements):
    memory = measurements.single("memory", "ours")
    readings = ", ".join(f"{reading:,}" for reading in memory["residentKibibytes"])
    print(f"\nThe worker's resident memory in KiB, idle, and after 10 %, 50 % and 100 % of {memory['jobs']:,} jobs\n")
    print(f"{memory['idleKibibytes']:,}; {readings}; at most {peak_kibibytes(memory):,}")


def report_targets(measurements):
    if not measurements.cases("drain"):
        return tell([observation_verdict(measurements)])

    def median_ratio(*ratios):
        return statistics.median(measurements.ratios(*ratios))

    def latency(key):
        return measurements.median("latency", "ours", lambda result: result[key])

    to_celery = median_ratio("drain", "ours", "celery-late", rate)
    to_floor = median_ratio("drain", "ours", "floor", rate)
    smallest, *others = measurements.cases("backlog")
    backlog, worst_backlog = max(
        (median_ratio("backlog", "ours", "ours", cost, case, smallest), int(case)) for case in others)
    memory = measurements.single("memory", "ours")
    peak, growth = peak_kibibytes(memory), memory["growthKibibytes"]
    decoding = measurements.single("decode", "ours")["ourNanoseconds"] / 1000
    size = max(size_ratio(measurements, case) for case in CASES)
    return tell([
        observation_verdict(measurements),
        ("rate at least 100 times that of Celery, acks_late", to_celery >= 100, f"{to_celery:.0f}"),
        ("rate at least 0.5 of the floor's", to_floor >= 0.5, f"{to_floor:.2f}"),
        ("half of the jobs start within 0.5 ms", latency("median") <= 0.5, f"{latency('median'):.2f} ms"),
        ("99 % of the jobs start within 2 ms", latency("p99") <= 2, f"{latency('p99'):.2f} ms"),
        (
            f"the cost of a job grows by at most {MOST_BACKLOG_RATIO} with the backlog",
            backlog <= MOST_BACKLOG_RATIO,
            f"{backlog:.2f}, {worst_backlog:,} waiting",
        ),
        ("resident memory under 40 MB", peak < MOST_RESIDENT_KIBIBYTES, f"{peak * 1024 / 1e6:.1f} MB"),
        (
            f"growth of memory at most {MOST_GROWTH_KIBIBYTES} KiB",
            growth <= MOST_GROWTH_KIBIBYTES,
            f"{growth} KiB over {memory['jobs']:,} jobs",
        ),
        ("a message is read in less than 2 µs", decoding < 2, f"{decoding:.2f} µs"),
        ("a waiting job takes at most half of Celery's memory", size <= 0.5, f"{size:.2f}"),
    ])


def tell(verdicts):
    print("\nTargets, by the median of the rounds\n")
    for target, is_reached, figure in verdicts:
        print(f"{target:62} {'reached' if is_reached else 'MISSED':8} {figure}")
    return all(is_reached for _, is_reached, _ in verdicts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a target is missed")
    parser.add_argument("results", type=argparse.FileType())
    arguments = parser.parse_args()
    measurements = Measurements(arguments.results)
    report_observation(measurements)
    if measurements.cases("drain"):
        report_throughput(measurements)
        report_latency(measurements)
        report_backlogs(measurements)
        report_sizes(measurements)
        report_decoding(measurements)
        report_memory(measurements)
    all_reached = report_targets(measurements)
    raise SystemExit(1 if arguments.check and not all_reached else 0)


main()
