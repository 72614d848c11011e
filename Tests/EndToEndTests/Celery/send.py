#!/usr/bin/env python3
"""Sends codes as a Django view of the tutorial does, with the real Celery, and prints each task's id.

  send.py 13800138000 123456                  ccp_send_sms_code.delay("13800138000", "123456")
  send.py 13800138000 123456 --expires 300    ccp_send_sms_code.apply_async(…, expires=300)
"""

import argparse
import json

from tutorial_app import ccp_send_sms_code

OPTIONS = {
    "countdown": float,
    "expires": float,
    "priority": int,
    "queue": str,
    "serializer": str,
    "compression": str,
    "task_id": str,
    "headers": json.loads,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mobile")
    parser.add_argument("code")
    parser.add_argument("--repeat", type=int, default=1, help="how many tasks to send")
    parser.add_argument("--by-name", action="store_true", help="pass the arguments by their names")
    for name, kind in OPTIONS.items():
        parser.add_argument("--" + name.replace("_", "-"), type=kind, help="as in apply_async")
    arguments = parser.parse_args()
    options = {name: value for name in OPTIONS if (value := getattr(arguments, name)) is not None}
    positional, named = (arguments.mobile, arguments.code), {}
    if arguments.by_name:
        positional, named = (), {"mobile": arguments.mobile, "sms_code": arguments.code}
    for _ in range(arguments.repeat):
        if options:
            result = ccp_send_sms_code.apply_async(positional, named, **options)
        else:
            result = ccp_send_sms_code.delay(*positional, **named)
        print(result.id, flush=True)


if __name__ == "__main__":
    main()
