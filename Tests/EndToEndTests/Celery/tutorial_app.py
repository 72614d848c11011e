"""The tutorial's Celery application: the task ccp_send_sms_code on a Redis broker.

Where the tutorial calls its SMS gateway, this one LPUSHes [mobile, sms_code] as JSON to a list on the broker, so that a
test can see what a real Celery worker ran.

  SMS_BROKER_URL       redis://127.0.0.1:6379/3
  SMS_RESULT_BACKEND   where results go; none when absent
  SENT_LIST            the list's key; default "sent"

  celery -A tutorial_app worker -l info
"""

import json
import os

import redis
from celery import Celery

BROKER_URL = os.environ["SMS_BROKER_URL"]
SENT_LIST = os.environ.get("SENT_LIST", "sent")

celery_app = Celery("tutorial", broker=BROKER_URL, backend=os.environ.get("SMS_RESULT_BACKEND"))
celery_app.conf.broker_connection_retry_on_startup = True


@celery_app.task(name="ccp_send_sms_code")
def ccp_send_sms_code(mobile, sms_code):
    """Sends the code to the phone; here: to the list."""
    with redis.Redis.from_url(BROKER_URL) as gateway:
        gateway.lpush(SENT_LIST, json.dumps([mobile, sms_code]))
    return 0
