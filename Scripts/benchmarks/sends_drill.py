"""Sends jobs at a steady rate, kills the first provider's sandbox under way and starts it again. It prints, as JSON,
what became of the jobs, and how long it took until messages went through the other provider, and through the first
again."""

import argparse
import collections
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from sends_inbox import messages
from sends_jobs import command, job, mobile

TICK = 0.05
PATIENCE = 90


class Redis:
    """A connection to the server, for one command at a time."""

    def __init__(self, url):
        address = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((address.hostname, address.port))
        self.replies = self.socket.makefile("rb")
        self.ask("SELECT", address.path[1:])

    def ask(self, *words):
        self.socket.sendall(command(*words))
        return self.reply()

    def reply(self):
        line = self.replies.readline()
        kind, rest = line[:1], line[1:-2].decode()
        if kind == b"-":
            raise RuntimeError(rest)
        if kind == b"*":
            return [self.reply() for _ in range(int(rest))]
        if kind != b"$":
            return rest
        return None if rest == "-1" else self.replies.read(int(rest) + 2)[:-2].decode()


class Sandbox:
    """A provider that can be killed."""

    def __init__(self, port, arguments):
        self.address, self.arguments, self.process = f"http://127.0.0.1:{port}", arguments, None

    def start(self):
        self.process = subprocess.Popen(self.arguments, stdout=subprocess.DEVNULL)

    def wait(self):
        while True:
            try:
                return messages(self.address)
            except urllib.error.URLError:
                if self.process.poll() is not None:
                    sys.exit("the first sandbox ended at once")
                time.sleep(0.05)

    def kill(self):
        self.process.kill()
        self.process.wait()


def send(redis, arguments, first):
    """Puts the jobs on the queue, kills and starts; their ids, what the killed sandbox had, and when both happened."""
    ids, had, killed, started = [], [], None, None
    begin = time.time()
    for tick in range(round(arguments.seconds / TICK)):
        due = begin + tick * TICK
        time.sleep(max(0, due - time.time()))
        if killed is None and due - begin >= arguments.kill_at:
            had = messages(first.address)
            first.kill()
            killed = time.time()
        if started is None and due - begin >= arguments.restart_at:
            started = time.time()
            first.start()
        new = [str(uuid.uuid4()) for _ in range(round(arguments.rate * TICK))]
        redis.ask("LPUSH", "celery", *(job(len(ids) + index, id_) for index, id_ in enumerate(new)))
        ids += new
    return ids, had, killed, started


def ended(redis):
    succeeded, dead = redis.ask("HMGET", "{celery}:stats", "succeeded", "dead")
    return int(succeeded or 0), int(dead or 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, required=True, help="jobs a second")
    parser.add_argument("--seconds", type=float, required=True, help="how long")
    parser.add_argument("--kill-at", type=float, required=True, help="after how many seconds the sandbox is killed")
    parser.add_argument("--restart-at", type=float, required=True, help="after how many seconds it is started again")
    parser.add_argument("--redis", required=True, help="the broker's URL")
    parser.add_argument("--first", type=int, required=True, help="port of the sandbox that is killed")
    parser.add_argument("--second", type=int, required=True, help="port of the other one")
    parser.add_argument("sandbox", nargs="+", help="the program to kill, and its arguments")
    arguments = parser.parse_args()
    redis, first = Redis(arguments.redis), Sandbox(arguments.first, arguments.sandbox)
    first.start()
    try:
        first.wait()
        ids, had, killed, started = send(redis, arguments, first)
        deadline = time.time() + PATIENCE
        while sum(ended(redis)) < len(ids) and time.time() < deadline:
            time.sleep(0.1)
        after = messages(first.address)
    finally:
        first.kill()
    instead = messages(f"http://127.0.0.1:{arguments.second}")
    print(json.dumps(result(redis, ids, had, after, instead, killed, started)))


def result(redis, ids, had, after, instead, killed, started):
    seen = collections.Counter(number for number, _ in had + after + instead)
    lost, unseen, twice, twice_for_no_reason = 0, 0, 0, 0
    for index, id_ in enumerate(ids):
        count = seen[mobile(index)]
        if count == 1:
            continue
        state, unknown = redis.ask("HMGET", f"sms:delivery:message:{id_}", "state", "unknown")
        # What the killed sandbox has taken since it was asked last is known to the worker alone.
        lost += count == 0 and state not in ("accepted", "delivered")
        unseen += count == 0 and state in ("accepted", "delivered")
        twice += count > 1
        twice_for_no_reason += count > 1 and unknown is None
    succeeded, dead = ended(redis)
    moved = [received - killed for _, received in instead if received >= killed]
    back = [received - started for _, received in after]
    return {
        "jobs": len(ids), "succeeded": succeeded, "dead": dead, "lost": lost, "unseen": unseen, "twice": twice,
        "twiceForNoReason": twice_for_no_reason, "throughSecond": len(instead),
        "secondsToMove": min(moved, default=None), "secondsToComeBack": min(back, default=None),
    }


main()
