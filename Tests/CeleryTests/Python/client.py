"""The real Celery's client, which does what a test tells it, as a Python shell would.

Takes Python text from the list "client:calls", each with an id on its first line; puts what the last line of it gives, or
the exception that it raises, at "client:answer:<id>". Names stay from one call to the next.
"""

import ast

import redis

PREPARATION = """
import time
from datetime import datetime, timedelta, timezone
from celery import Celery, chain, chord, group
from celery.exceptions import *
from celery.result import AsyncResult
from shared_tasks import *

def task(name, *args, **kwargs):
    return app.signature(name, args, kwargs)

def value(result, **options):
    return result.get(timeout=30, **options)

def states(result):
    seen = []
    result.get(timeout=30, propagate=False, on_message=lambda message: seen.append(message["status"]))
    return seen
"""


def evaluate(text, names):
    *statements, last = ast.parse(text).body
    if not isinstance(last, ast.Expr):
        return exec(text, names)
    exec(compile(ast.Module(statements, []), "<call>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<call>", "eval"), names)


def main():
    names = {}
    exec(PREPARATION, names)
    with redis.Redis.from_url(names["BROKER_URL"]) as broker:
        print("ready", flush=True)
        while True:
            if not (taken := broker.brpop("client:calls", timeout=5)):
                continue
            call, text = taken[1].decode().split("\n", 1)
            try:
                answer = repr(evaluate(text, names))
            except Exception as error:
                kind = type(error)
                answer = f"raised {kind.__module__}.{kind.__qualname__}{error.args}"
            broker.set(f"client:answer:{call}", answer)


if __name__ == "__main__":
    main()
