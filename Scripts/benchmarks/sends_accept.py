"""Asks sms-api for codes at a steady rate, and prints, as JSON, how long it took from each request to its message."""

import argparse
import http.client
import json
import queue
import statistics
import sys
import threading
import time
import urllib.parse

from sends_inbox import messages

CLIENTS = 16
PATIENCE = 30


def ask(address, numbers, sent, refused):
    """One client: it asks for the codes whose numbers it is given, until None."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc)
    while (number := numbers.get()) is not None:
        mobile = f"13{number:05d}0000"
        sent[mobile] = time.time()
        captcha = f"image_code=ACDE&image_code_id=00000000-0000-4000-8000-{number:012d}"
        connection.request("GET", f"/sms_codes/{mobile}/?{captcha}")
        answer = connection.getresponse().read()
        if b'"code":0' not in answer:
            refused.append(answer)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, required=True, help="requests a second")
    parser.add_argument("--seconds", type=int, required=True, help="how long")
    parser.add_argument("--api", required=True, help="address of sms-api")
    parser.add_argument("--sandbox", required=True, help="address of the sandbox")
    arguments = parser.parse_args()
    requests = arguments.rate * arguments.seconds
    sent, refused, numbers = {}, [], queue.Queue()
    clients = [
        threading.Thread(target=ask, args=(arguments.api, numbers, sent, refused), daemon=True)
        for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    begin = time.time()
    for number in range(requests):
        time.sleep(max(0, begin + number / arguments.rate - time.time()))
        numbers.put(number)
    for _ in clients:
        numbers.put(None)
    for client in clients:
        client.join()
    if refused:
        sys.exit(f"sms-api refused {len(refused)} of {requests} requests, one with {refused[0].decode()}")
    deadline = time.time() + PATIENCE
    while len(arrived := messages(arguments.sandbox)) < requests and time.time() < deadline:
        time.sleep(0.2)
    waits = sorted((received - sent[mobile]) * 1000 for mobile, received in arrived)
    print(json.dumps({
        "requests": requests, "messages": len(arrived), "medianMilliseconds": statistics.median(waits),
        "p99Milliseconds": waits[int(len(waits) * 0.99)], "mostMilliseconds": waits[-1],
    }))


main()
