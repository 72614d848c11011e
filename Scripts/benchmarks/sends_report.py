"""Turns the measurements of sends.sh (JSON, one a line) into a table, and says which targets are reached."""

import argparse
import collections
import json
import statistics

from reporting import spread, table

PARTS = {
    "gateway": "sms-sandbox, which answers at once, 64 connections",
    "drain": "sms-worker -c 512, and wrk with 512 connections; the sandbox takes 50 ms for each answer",
    "drill": "the first of two providers is killed, and started again",
    "accept": "from the request at sms-api to the message in the sandbox",
}


class Figure:
    """Something that was measured, and how it should be. Of what must never happen, the worst round counts."""

    def __init__(self, title, value, decimals=0, *, least=None, most=None, of_rounds=statistics.median):
        self.title, self.value, self.decimals = title, value, decimals
        self.least, self.most, self.of_rounds = least, most, of_rounds

    @property
    def wanted(self):
        if self.least is not None:
            return f"at least {self.least:,}"
        return f"at most {self.most:,}" if self.most is not None else ""

    def is_reached(self, results):
        values = [self.value(result) for result in results]
        if None in values:
            return False
        value = self.of_rounds(values)
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def row(self, results):
        values = [self.value(result) for result in results]
        verdict = ("reached" if self.is_reached(results) else "MISSED") if self.wanted else ""
        return [self.title, "never" if None in values else spread(values, self.decimals), self.wanted, verdict]


def rate(load):
    return load["requests"] / load["seconds"]


def during(result, of):
    """How much of it there was between the first tenth of the jobs and the last."""
    return result["ended"][of] - result["begun"][of]


def sends_a_second(result):
    return during(result, "sent") / during(result, "time")


def cpu(of):
    return Figure(
        f"CPU of {of} in µs a send", lambda result: during(result, of) / during(result, "sent") * 1e6)


def never(title, value):
    return Figure(title, value, most=0, of_rounds=max)


FIGURES = {
    "gateway": [
        Figure("requests a second, wrk on the same processors", lambda result: rate(result["load"])),
        Figure("CPU in µs a request", lambda result: result["cpuSeconds"] / result["load"]["requests"] * 1e6, 1),
        Figure(
            "requests a second of one processor",
            lambda result: result["load"]["requests"] / result["cpuSeconds"], least=20_000),
        Figure(
            "share of the requests that were accepted",
            lambda result: min(1, result["accepted"] / result["load"]["requests"]), 3, least=0.999, of_rounds=min),
    ],
    "drain": [
        Figure("sends a second", sends_a_second, least=5_000),
        Figure("requests of wrk a second", lambda result: rate(result["direct"])),
        Figure(
            "wrk's rate, times that of the worker", lambda result: rate(result["direct"]) / sends_a_second(result), 2,
            most=1.5),
        cpu("worker"), cpu("sandbox"), cpu("redis"),
        Figure(
            "most memory of the worker in MB", lambda result: result["workerKibibytes"] * 1024 / 1e6, 1, most=80,
            of_rounds=max),
        never("jobs without a message", lambda result: max(0, result["jobs"] - result["accepted"])),
        never("messages beyond the jobs", lambda result: max(0, result["accepted"] - result["jobs"])),
    ],
    "drill": [
        Figure("jobs", lambda result: result["jobs"]),
        never("jobs that are lost", lambda result: result["lost"]),
        never("jobs that did not succeed", lambda result: result["jobs"] - result["succeeded"]),
        Figure("messages through the second provider", lambda result: result["throughSecond"]),
        Figure("sent twice, not known to have been sent", lambda result: result["twice"] - result["twiceForNoReason"]),
        never("sent twice, known to have been sent", lambda result: result["twiceForNoReason"]),
        Figure("accepted, but killed before it was looked at", lambda result: result["unseen"]),
        Figure("seconds until messages went through the second", lambda result: result["secondsToMove"], 2, most=1),
        # An open breaker waits five seconds at most until it lets a call through.
        Figure(
            "seconds until they went through the first again", lambda result: result["secondsToComeBack"], 2, most=6),
    ],
    "accept": [
        never("requests without a message", lambda result: result["requests"] - result["messages"]),
        Figure("median in ms", lambda result: result["medianMilliseconds"], 1),
        Figure("99 % in ms", lambda result: result["p99Milliseconds"], 1, most=20),
        Figure("longest in ms", lambda result: result["mostMilliseconds"], 1),
    ],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a target is missed")
    parser.add_argument("results", type=argparse.FileType())
    arguments = parser.parse_args()
    results = collections.defaultdict(list)
    for line in map(json.loads, arguments.results):
        results[line["part"]].append(line["result"])
    print("\nMedian (lowest to highest) of the rounds; of what must never happen the worst round counts")
    for part, title in PARTS.items():
        if part in results:
            print(f"\n{title}\n")
            table([["", "measured", "wanted", ""], *(figure.row(results[part]) for figure in FIGURES[part])])
    are_reached = [figure.is_reached(results[part]) for part in results for figure in FIGURES[part]]
    raise SystemExit(1 if arguments.check and not all(are_reached) else 0)


main()
