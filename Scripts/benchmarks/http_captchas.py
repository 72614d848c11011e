"""Prints captchas for `redis-cli --pipe`, as if the routes for pictures had been asked. http_wrk.lua answers them."""

import argparse
import sys

LIFETIME = "300"


def tutorial(number):
    return f"img_00000000-0000-4000-8000-{number:012d}", "ACDE"


def v1(number):
    return f"sms:captcha:{number:032d}", f"{number:032d} ACDEHK"


def command(*words):
    return f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("route", choices=["tutorial", "v1"])
    parser.add_argument("--count", type=int, required=True, help="how many")
    arguments = parser.parse_args()
    captcha = {"tutorial": tutorial, "v1": v1}[arguments.route]
    sys.stdout.writelines(
        command("SET", *captcha(number), "EX", LIFETIME) for number in range(arguments.count))


main()
