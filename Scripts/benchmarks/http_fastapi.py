"""The tutorial's view with asyncio: the same steps in Redis, and the task's message written by hand.

  uvicorn --loop uvloop --http httptools http_fastapi:app

  HTTP_BENCHMARK_STORE     redis://127.0.0.1:6379/2
  HTTP_BENCHMARK_BROKER    redis://127.0.0.1:6379/3
"""

import base64
import json
import os
import random
import uuid

from fastapi import FastAPI, Path
from redis.asyncio import Redis

app = FastAPI()
store = Redis.from_url(os.environ["HTTP_BENCHMARK_STORE"])
broker = Redis.from_url(os.environ["HTTP_BENCHMARK_BROKER"])


@app.get("/sms_codes/{mobile}/")
async def send_code(
    mobile: str = Path(pattern=r"^1[3-9]\d{9}$"), image_code: str | None = None, image_code_id: str | None = None
):
    if await store.get(f"send_flag_{mobile}"):
        return {"code": 400, "errmsg": "发送短信过于频繁"}
    if not image_code or not image_code_id:
        return {"code": 400, "errmsg": "缺少必传参数"}
    text = await store.get(f"img_{image_code_id}")
    if text is None:
        return {"code": 400, "errmsg": "图形验证码失效"}
    await store.delete(f"img_{image_code_id}")
    if image_code.lower() != text.decode().lower():
        return {"code": 400, "errmsg": "输入图形验证码有误"}
    sms_code = f"{random.randint(0, 999999):06d}"
    async with store.pipeline() as pipeline:
        pipeline.setex(f"sms_code_{mobile}", 300, sms_code)
        pipeline.setex(f"send_flag_{mobile}", 60, 1)
        await pipeline.execute()
    await broker.lpush("celery", message(mobile, sms_code))
    return {"code": 0, "errmsg": "发送短信成功"}


def message(mobile, sms_code):
    """The task in the form that a Celery worker takes, without the headers that it can do without."""
    task_id = str(uuid.uuid4())
    body = json.dumps([[mobile, sms_code], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}])
    return json.dumps(
        {
            "body": base64.b64encode(body.encode()).decode(),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {
                "lang": "py",
                "task": "ccp_send_sms_code",
                "id": task_id,
                "root_id": task_id,
                "parent_id": None,
                "group": None,
                "argsrepr": repr((mobile, sms_code)),
                "kwargsrepr": "{}",
                "origin": "benchmark",
                "retries": 0,
                "eta": None,
                "expires": None,
                "timelimit": [None, None],
            },
            "properties": {
                "correlation_id": task_id,
                "delivery_mode": 2,
                "delivery_info": {"exchange": "", "routing_key": "celery"},
                "priority": 0,
                "body_encoding": "base64",
                "delivery_tag": str(uuid.uuid4()),
            },
        }
    )
