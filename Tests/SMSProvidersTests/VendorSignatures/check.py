"""Holds signatures of the Swift clients against the vendors' own libraries: check.py <function below> <file>

Each line of the file is a case in JSON. For each one comes a line of JSON: what the library has different, if anything;
for a report also the library's own signature, and which of the case's readings of the report it accepts that for.
"""

import json
import sys
from datetime import datetime, timezone
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit


class Disagreement(Exception):
    pass


def expect(what, ours, library):
    if ours != library:
        raise Disagreement(f"{what}: {ours!r} here, {library!r} in the library")


def utc(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc)


def expect_fields(case):
    form = case["headers"]["content-type"].startswith("application/x-www-form-urlencoded")
    parsed = dict(parse_qsl(case["body"], strict_parsing=True)) if form else json.loads(case["body"])
    for name, value in case["fields"].items():
        expect(name, value, parsed.get(name))


def aliyun(case):
    from alibabacloud_tea_openapi.utils import Utils

    scheme = "ACS3-HMAC-SHA256"
    headers = {name: value for name, value in case["headers"].items() if name not in ("authorization", "accept")}
    url = urlsplit(case["url"])
    body_hash = Utils.hash(case["body"].encode(), scheme).hex()
    headers |= {
        "host": url.netloc,
        "x-acs-content-sha256": body_hash,
        "x-acs-date": utc(case["time"]).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    request = SimpleNamespace(method="POST", pathname=url.path, query={}, headers=headers)
    headers["authorization"] = Utils.get_authorization(request, scheme, body_hash, case["key"], case["secrets"][0])
    expect("headers", case["headers"], headers | {"accept": "application/json"})
    expect_fields(case)


def tencent(case):
    from tencentcloud.common.abstract_client import AbstractClient
    from tencentcloud.common.http.request import RequestInternal

    url = urlsplit(case["url"])
    secret = case["secrets"][0]
    signed = {
        "Content-Type": case["headers"]["content-type"], "Host": url.netloc, "X-TC-Timestamp": str(case["time"]),
    }
    request = RequestInternal(url.netloc, "POST", url.path, signed, case["body"])
    date = utc(case["time"]).strftime("%Y-%m-%d")
    signature = AbstractClient(None, case["region"])._get_tc3_signature({}, request, date, "sms", secret)
    headers = {name.lower(): value for name, value in signed.items()} | {
        "authorization": f"TC3-HMAC-SHA256 Credential={case['key']}/{date}/sms/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={signature}"
    }
    expect("headers", {name: case["headers"].get(name) for name in headers}, headers)
    expect_fields(case)


def amazon_sns(case):
    from botocore.auth import SigV4Auth, _host_from_url
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    headers = {"content-type": case["headers"]["content-type"]}
    request = AWSRequest("POST", case["url"], headers, case["body"].encode())
    credentials = Credentials(case["key"], case["secrets"][0], case.get("token"))
    with patch("botocore.auth.get_current_datetime", lambda: utc(case["time"])):
        SigV4Auth(credentials, "sns", case["region"]).add_auth(request)
    headers = {name.lower(): value for name, value in request.headers.items()}
    expect("headers", case["headers"], headers | {"host": _host_from_url(case["url"])})
    expect_fields(case)


def webhook_clock(seconds):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return utc(seconds)

    return patch("standardwebhooks.webhooks.datetime", Clock)


def webhook(case):
    from standardwebhooks.webhooks import Webhook

    headers = case["headers"]
    webhooks = [Webhook(secret) for secret in case["secrets"]]
    signatures = [each.sign(headers["webhook-id"], utc(case["time"]), case["body"]) for each in webhooks]
    expect("signature", headers["webhook-signature"], " ".join(signatures))
    expect("timestamp", headers["webhook-timestamp"], str(case["time"]))
    with webhook_clock(case["time"]):
        for each in webhooks:
            each.verify(case["body"], headers)
    expect_fields(case)


def webhook_report(case):
    from standardwebhooks.webhooks import Webhook, WebhookVerificationError

    sent = case["sent"]
    signature = Webhook(sent["secret"]).sign(sent["id"], utc(sent["time"]), sent["body"])

    def accepts(report):
        headers = {
            "webhook-id": report["id"], "webhook-timestamp": str(report["time"]), "webhook-signature": signature,
        }
        with webhook_clock(report["arrival"]):
            try:
                Webhook(report["secret"]).verify(report["body"], headers, json_parse=False)
                return True
            except WebhookVerificationError:
                return False

    return {"signature": signature, "accepts": [accepts(report) for report in (sent, case["read"])]}


def twilio_report(case):
    from twilio.request_validator import RequestValidator

    class Form(dict):
        def getall(self, name):
            return self[name]

    def contents(report):
        if "json" in report:
            return report["json"]
        form = Form()
        for name, value in report["form"]:
            form.setdefault(name, []).append(value)
        return form

    sent, algorithm = case["sent"], case.get("algorithm")
    signed = {} if "json" in sent else contents(sent)
    signature = RequestValidator(sent["secret"]).compute_signature(sent["url"], signed, algorithm)
    accepts = [
        RequestValidator(report["secret"]).validate(report["url"], contents(report), signature, algorithm)
        for report in (sent, case["read"])
    ]
    return {"signature": signature, "accepts": accepts}


def main():
    check = {
        function.__name__: function
        for function in (aliyun, tencent, amazon_sns, webhook, webhook_report, twilio_report)
    }[sys.argv[1]]
    with open(sys.argv[2], encoding="utf-8") as cases:
        for line in cases:
            try:
                answer = check(json.loads(line)) or {}
            except Exception as error:
                answer = {"disagreement": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer))


if __name__ == "__main__":
    main()
