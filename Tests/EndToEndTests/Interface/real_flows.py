"""Hooks for schemathesis: without them no generated request ever comes past the proof.

Every second well-formed request to start a verification answers a real picture, whose text is read from Redis, for a
number that the service accepts. Every second well-formed check, resend or question after the message is for such a
verification; the third check of each has the right code, which is read from the queue.
"""

import itertools
import json
import os

import redis
import requests
import schemathesis
from schemathesis.generation import GenerationMode

API = os.environ["API_URL"]
CLIENT = "c0ffee00" * 4

store = redis.Redis.from_url(os.environ["STORE_URL"], decode_responses=True)
broker = redis.Redis.from_url(os.environ["BROKER_URL"], decode_responses=True)
mobiles = (f"138{number:08}" for number in itertools.count(1))
turns = itertools.count()
started = []


def answer_a_picture(body):
    answer = requests.post(f"{API}/v1/captchas", json={"client_token": CLIENT}, timeout=10)
    if answer.status_code != 201:
        return
    picture = answer.json()["id"]
    text = store.get(f"sms:captcha:{picture}").split()[-1]
    body.pop("proof_of_work", None)
    body.update(mobile=next(mobiles), captcha_id=picture, captcha_answer=text, client_token=CLIENT)


def name_a_verification(body):
    if started:
        body.update(id=started[-1]["id"], client_token=CLIENT)


def try_a_code(body):
    if not started:
        return
    verification = started[-1]
    verification["tried"] += 1
    code = "000000" if verification["tried"] < 3 else code_for(verification["mobile"])
    body.update(id=verification["id"], mobile=verification["mobile"], code=code, client_token=CLIENT)
    body.pop("purpose", None)
    if verification["purpose"]:
        body["purpose"] = verification["purpose"]


def code_for(mobile):
    for job in broker.lrange("celery", 0, 9):
        arguments = json.loads(json.loads(job)["body"])[0]
        if arguments[0].endswith(mobile):
            return arguments[1]
    return "000000"


STEPS = {
    "POST /v1/verifications": answer_a_picture,
    "POST /v1/verifications/resend": name_a_verification,
    "POST /v1/verifications/delivery": name_a_verification,
    "POST /v1/verifications/check": try_a_code,
}


@schemathesis.hook
def before_call(context, case, kwargs):
    step = STEPS.get(case.operation.label)
    is_well_formed = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if step and is_well_formed and isinstance(case.body, dict) and next(turns) % 2 == 0:
        step(case.body)


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code == 202 and case.operation.label == "POST /v1/verifications":
        started.append(
            {"id": response.json()["id"], "mobile": case.body["mobile"], "purpose": case.body.get("purpose"), "tried": 0}
        )
