"""Prints jobs of sending a code for `redis-cli --pipe`, each to a number of its own, as Celery's client writes them."""

import argparse
import json
import sys
import uuid


def mobile(number):
    return f"13{number:09d}"


def job(number, job_id):
    return json.dumps({
        "body": json.dumps([[mobile(number), f"{number % 1000000:06d}"], {}, {}]),
        "content-type": "application/json",
        "headers": {"task": "ccp_send_sms_code", "id": job_id, "retries": 0},
        "properties": {"delivery_tag": job_id, "delivery_info": {"exchange": "", "routing_key": "celery"}},
    })


def command(*words):
    words = [str(word).encode() for word in words]
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, required=True, help="how many")
    arguments = parser.parse_args()
    for number in range(arguments.count):
        sys.stdout.buffer.write(command("LPUSH", "celery", job(number, str(uuid.uuid4()))))


if __name__ == "__main__":
    main()
