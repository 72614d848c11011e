#!/usr/bin/env python3
"""The real Celery's side of `Scripts/bench queue`: the application for its worker, and its producer.

  queue_celery.py text --count 1000 --text-length 200       enqueues, and prints one line of JSON
  queue_celery.py code --count 1000 --expires 300
  celery -A queue_celery worker -c 2

  QUEUE_BENCHMARK_BROKER       redis://127.0.0.1:6379/0
  QUEUE_BENCHMARK_ACKS_LATE    present: task_acks_late
"""

import argparse
import json
import os
import time

from celery import Celery

app = Celery("benchmark", broker=os.environ["QUEUE_BENCHMARK_BROKER"])
app.conf.broker_connection_retry_on_startup = True
app.conf.task_acks_late = "QUEUE_BENCHMARK_ACKS_LATE" in os.environ


@app.task(name="benchmark.no_operation")
def no_operation(text):
    pass


@app.task(name="ccp_send_sms_code")
def ccp_send_sms_code(mobile, sms_code):
    pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["text", "code"])
    parser.add_argument("--count", type=int, required=True, help="how many")
    parser.add_argument("--text-length", type=int, default=0)
    parser.add_argument("--expires", type=float, help="seconds")
    options = parser.parse_args()
    if options.task == "text":
        task, arguments = no_operation, ("x" * options.text_length,)
    else:
        task, arguments = ccp_send_sms_code, ("13800138000", "123456")
    start, cpu_start = time.monotonic(), time.process_time()
    if options.expires is None:
        for _ in range(options.count):
            task.delay(*arguments)
    else:
        for _ in range(options.count):
            task.apply_async(arguments, expires=options.expires)
    seconds, cpu_seconds = time.monotonic() - start, time.process_time() - cpu_start
    print(json.dumps({"jobs": options.count, "seconds": seconds, "cpuSeconds": cpu_seconds}))


if __name__ == "__main__":
    main()
