"""The tutorial's view and its task, as Django project, Celery application and WSGI application in one file.

  gunicorn --workers 2 http_django

  HTTP_BENCHMARK_STORE     redis://127.0.0.1:6379/2
  HTTP_BENCHMARK_BROKER    redis://127.0.0.1:6379/3
"""

import logging
import os
import random

import django
from celery import Celery
from django import http
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import re_path
from django.views import View
from django_redis import get_redis_connection

logger = logging.getLogger(__name__)

# Middleware and applications are those of `django-admin startproject`; sessions in the cache are the tutorial's.
settings.configure(
    ALLOWED_HOSTS=["*"],
    CACHES={
        name: {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": os.environ["HTTP_BENCHMARK_STORE"],
            "OPTIONS": {"CLIENT_CLASS": "django_redis.client.DefaultClient"},
        }
        for name in ["default", "verify_code"]
    },
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    ROOT_URLCONF=__name__,
    SECRET_KEY="benchmark",
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    SESSION_CACHE_ALIAS="default",
)
django.setup()

celery_app = Celery("tutorial", broker=os.environ["HTTP_BENCHMARK_BROKER"])


@celery_app.task(name="ccp_send_sms_code")
def ccp_send_sms_code(mobile, sms_code):
    pass


class SMSCodeView(View):
    def get(self, request, mobile):
        redis_conn = get_redis_connection("verify_code")
        if redis_conn.get(f"send_flag_{mobile}"):
            return http.JsonResponse({"code": 400, "errmsg": "发送短信过于频繁"})

        image_code_client = request.GET.get("image_code")
        uuid = request.GET.get("image_code_id")
        if not all([image_code_client, uuid]):
            return http.JsonResponse({"code": 400, "errmsg": "缺少必传参数"})

        image_code_server = redis_conn.get(f"img_{uuid}")
        if image_code_server is None:
            return http.JsonResponse({"code": 400, "errmsg": "图形验证码失效"})
        try:
            redis_conn.delete(f"img_{uuid}")
        except Exception as error:
            logger.error(error)
        if image_code_client.lower() != image_code_server.decode().lower():
            return http.JsonResponse({"code": 400, "errmsg": "输入图形验证码有误"})

        sms_code = "%06d" % random.randint(0, 999999)
        pipeline = redis_conn.pipeline()
        pipeline.setex(f"sms_code_{mobile}", 300, sms_code)
        pipeline.setex(f"send_flag_{mobile}", 60, 1)
        pipeline.execute()
        ccp_send_sms_code.delay(mobile, sms_code)
        return http.JsonResponse({"code": 0, "errmsg": "发送短信成功"})


urlpatterns = [re_path(r"^sms_codes/(?P<mobile>1[3-9]\d{9})/$", SMSCodeView.as_view())]
application = get_wsgi_application()
