#!/usr/bin/env python3
"""Starts a worker on a full queue and measures from outside how it drains it, for every worker in the same way.

  queue_drain.py --port 6379 --claims '{celery}:claimed:*' --log worker.log -- worker --its --options

It asks the server every ten milliseconds for the length of the list. The time runs from when it first sees that jobs
are being taken until the list and the claims are empty; the jobs that count are those that waited then. The processor
time is that of the worker and its children in that time. Then the worker is told to stop. Prints one line of JSON.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time

import redis

# Rarely enough to leave the processors to those who are measured.
POLL_SECONDS = 0.01
LONGEST_SECONDS = 900
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class Queue:
    def __init__(self, port, claims):
        self.client = redis.Redis(port=port)
        self.claims = claims

    def waiting(self):
        return self.client.llen("celery")

    def is_drained(self):
        return self.waiting() == 0 and next(self.client.scan_iter(self.claims), None) is None


def cpu_seconds(pid):
    """What the process and its descendants have used, user and system, those that have ended included."""
    used, parents = {}, {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(entry)] = int(fields[1])
        used[int(entry)] = sum(map(int, fields[11:15])) / TICKS_A_SECOND

    def is_inside(process):
        while process not in (pid, 0, None):
            process = parents.get(process)
        return process == pid

    return sum(seconds for process, seconds in used.items() if is_inside(process))


def wait_until(condition, worker, deadline):
    while not condition():
        # Its figures are still to be read: it is not to be taken away yet when it has ended.
        ended = os.waitid(os.P_PID, worker.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended and not condition():
            sys.exit(f"queue_drain.py: the worker ended with jobs on the queue ({ended.si_status})")
        if time.monotonic() > deadline:
            sys.exit("queue_drain.py: the queue is not drained in time")
        time.sleep(POLL_SECONDS)


def drain(queue, command, log):
    full = queue.waiting()
    deadline = time.monotonic() + LONGEST_SECONDS
    worker = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", "--", *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_until(lambda: queue.waiting() < full, worker, deadline)
        jobs, start, cpu_start = queue.waiting(), time.monotonic(), cpu_seconds(worker.pid)
        wait_until(queue.is_drained, worker, deadline)
        seconds, cpu = time.monotonic() - start, cpu_seconds(worker.pid) - cpu_start
    finally:
        worker.send_signal(signal.SIGTERM)
        try:
            worker.wait(30)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
    return {"jobs": jobs, "seconds": seconds, "cpuSeconds": cpu}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--claims", required=True, help="the pattern of the keys that hold what is claimed")
    parser.add_argument("--log", type=argparse.FileType("a"), required=True, help="where the worker's output goes")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    print(json.dumps(drain(Queue(options.port, options.claims), options.command, options.log)))


main()
