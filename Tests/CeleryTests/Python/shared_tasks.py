"""A Celery application whose tasks our own worker knows too, by the same names.

What a task does that is to be seen from outside it notes on the list "notes" of the broker.

  BROKER_URL   the broker, which also keeps the results

  celery -A shared_tasks worker -Q python
"""

import os
import time

import redis
from celery import Celery, chain

BROKER_URL = os.environ["BROKER_URL"]

app = Celery("shared_tasks", broker=BROKER_URL, backend=BROKER_URL)
app.conf.broker_connection_retry_on_startup = True
app.conf.task_acks_late = "ACKS_LATE" in os.environ


def note(text):
    with redis.Redis.from_url(BROKER_URL) as broker:
        broker.rpush("notes", text)


@app.task(name="add")
def add(x, y):
    return x + y


@app.task(name="tsum")
def tsum(numbers):
    return sum(numbers)


@app.task(name="visit")
def visit(trail):
    """Says which kind of worker ran it."""
    return trail + ["python"]


@app.task(name="mark")
def mark(number):
    time.sleep(0.02)
    note(f"python {number}")


@app.task(name="fail")
def fail(reason):
    raise ValueError(reason)


# Only a Celery worker knows these.


@app.task(name="clock")
def clock():
    return time.time()


@app.task(name="stubborn", bind=True)
def stubborn(self, text):
    """Works at the third attempt."""
    if self.request.retries < 2:
        raise self.retry(countdown=0.01)
    return [text, self.request.retries]


@app.task(name="go_on_elsewhere")
def go_on_elsewhere(trail):
    """Starts a chain on the other kind of worker; returns the id of its end."""
    rest = chain(visit.s(trail).set(queue="celery"), visit.s().set(queue="python"), visit.s().set(queue="celery"))
    return rest.apply_async().id


@app.task(name="no_answer", ignore_result=True)
def no_answer(number):
    note(f"python {number}")
