#!/usr/bin/env python3
"""Uses the inbox page of sms-sandbox in headless Chromium, while messages come in through two of its gateways.

Every step is checked and said; the exit code is 0 when all of them held, else 1.
"""

import base64
import datetime
import hashlib
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

from visit import By, Failed, StrictPageVisit, run_walks

FLAGS = {"--url": {"default": "http://127.0.0.1:8090/", "help": "the page (default: %(default)s)"}}


class InboxVisit(StrictPageVisit):
    """A visit to the inbox; the visitor sends messages as well."""

    def __init__(self, arguments):
        super().__init__(arguments)
        self.url = urllib.parse.urljoin(self.url, "/")
        self.browser.get(self.url)

    def open(self):
        self.ask("POST", "reset")
        self.browser.get(self.url)

    def ask(self, method, path, body=None, headers=None, patience=15):
        request = urllib.request.Request(
            urllib.parse.urljoin(self.url, path), body and body.encode(), headers or {}, method=method)
        with urllib.request.urlopen(request, timeout=patience) as answer:
            return answer.read().decode()

    def settings(self, provider):
        shown = next(one for one in json.loads(self.ask("GET", "providers")) if one["provider"] == provider)
        return {setting["name"].split("_", 2)[2]: setting["value"] for setting in shown["settings"]}

    def send_by_yuntongxun(self, mobile, code):
        account = self.settings("yuntongxun")
        sid = account["ACCOUNT_SID"]
        china = datetime.timezone(datetime.timedelta(hours=8))
        time = datetime.datetime.now(china).strftime("%Y%m%d%H%M%S")
        signature = hashlib.md5((sid + account["AUTH_TOKEN"] + time).encode()).hexdigest().upper()
        body = {"to": mobile, "appId": account["APP_ID"], "templateId": account["TEMPLATE_ID"], "datas": [code, "5"]}
        self.ask("POST", f"2013-12-26/Accounts/{sid}/SMS/TemplateSMS?sig={signature}", json.dumps(body), {
            "Authorization": base64.b64encode(f"{sid}:{time}".encode()).decode(),
            "Content-Type": "application/json;charset=utf-8"})

    def send_by_twilio(self, mobile, text, patience=15):
        account = self.settings("twilio")
        sid = account["ACCOUNT_SID"]
        body = urllib.parse.urlencode({"To": mobile, "From": account["SENDER"], "Body": text})
        self.ask("POST", f"2010-04-01/Accounts/{sid}/Messages.json", body, {
            "Authorization": "Basic " + base64.b64encode(f"{sid}:{account['AUTH_TOKEN']}".encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded"}, patience)

    def choose(self, name, value):
        self.element(name).find_element(By.CSS_SELECTOR, f"option[value='{value}']").click()

    def numbers(self):
        return [item.text for item in self.browser.find_elements(By.CSS_SELECTOR, "#numbers b")]


def settings_of_every_provider(visit):
    visit.open()
    for provider, word in (("yuntongxun", "SMS_YUNTONGXUN_APP_ID="), ("aliyun", "SMS_ALIYUN_SIGN_NAME="),
                           ("tencent", "SMS_TENCENT_SECRET_ID="), ("twilio", "SMS_TWILIO_SENDER="),
                           ("sns", "SMS_SNS_REGION="), ("webhook", "SMS_WEBHOOK_SECRETS=")):
        visit.until(f"there is a tab for {provider}", lambda: visit.is_shown(f"tab-{provider}"))
        visit.element(f"tab-{provider}").click()
        visit.until(f"it shows the settings for {provider}", lambda: (
            f"SMS_PROVIDER={provider}\n" in visit.text("settings") and word in visit.text("settings")))
    visit.look("1-settings")


def messages_with_their_history(visit):
    visit.open()
    visit.send_by_yuntongxun("13800138000", "012345")
    visit.until("the phone shows the text", lambda: "您的验证码是012345" in visit.text("chat"))
    visit.until("the details show provider, template and code", lambda: all(
        word in visit.text("details-facts") for word in ("yuntongxun", "template\n1", "code\n012345")))
    visit.until("the message arrives", lambda: visit.text("details-state") == "delivered")
    visit.until("its history has three lines", lambda: len(
        visit.element("details-events").find_elements(By.TAG_NAME, "li")) == 3)
    visit.send_by_twilio("+14155550123", "246810 is your code.")
    visit.until("the newest message is followed", lambda: visit.text("owner").endswith("+14155550123"))
    visit.until("its text is the caller's own", lambda: "none" in visit.text("details-facts"))
    visit.look("2-messages")
    visit.choose("provider", "yuntongxun")
    visit.until("a provider can be chosen", lambda: (
        visit.numbers() == ["138 0013 8000"] and "012345" in visit.text("chat")))
    visit.choose("provider", "sns")
    visit.until("one without messages shows the settings", lambda: visit.is_shown("settings"))
    visit.choose("provider", "")
    visit.until("and all again", lambda: len(visit.numbers()) == 2)


def faults(visit):
    visit.open()
    visit.until("the switches are there", lambda: visit.element("show-faults").is_enabled())
    visit.element("show-faults").click()
    visit.until("there is a row for each provider", lambda: visit.is_shown("fault-webhook-fault"))
    visit.look("3-faults")
    visit.choose("fault-twilio-fault", "hang_after_sending")
    visit.element("fault-twilio-count").send_keys("1")
    visit.element("faults").find_element(By.CSS_SELECTOR, "[type=submit]").click()
    visit.until("it is switched on", lambda: visit.text("faults-message") == "Switched on.")
    on = json.loads(visit.ask("GET", "faults"))
    visit.until("the sandbox knows", lambda: (
        on == [{"provider": "twilio", "fault": "hang_after_sending", "probability": 1, "count": 1}]))
    visit.element("faults-close").click()
    visit.until("the page says so", lambda: visit.text("faults-on") == "1 on")
    try:
        visit.send_by_twilio("+14155550124", "135791 is your code.", patience=1)
        raise Failed("the call was answered")
    except (TimeoutError, urllib.error.URLError):
        pass
    visit.until("the history tells that the caller does not know", lambda: (
        "no answer it could use" in visit.text("details-events")))
    visit.look("4-unanswered")


WALKS = [settings_of_every_provider, messages_with_their_history, faults]


def main():
    return run_walks(__doc__.splitlines()[0], FLAGS, WALKS, InboxVisit, "The inbox works.")


if __name__ == "__main__":
    sys.exit(main())
