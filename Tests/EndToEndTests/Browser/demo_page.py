#!/usr/bin/env python3
"""Uses the demo page of sms-api in headless Chromium, with the keyboard alone.

Redis stands in for the person's eyes: the captcha's text is read there, not from the picture. Every step is checked and
said; the exit code is 0 when all of them held, else 1.
"""

import argparse
import pathlib
import random
import re
import shutil
import sys
import urllib.parse

try:
    import redis
    from selenium import webdriver
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError as error:
    sys.exit(f"{error}. Install it: pip install selenium redis")


class Failed(Exception):
    """A step did not hold."""


class Visit:
    """One visit to the page by somebody without a mouse."""

    def __init__(self, browser, store, timeout):
        self.browser = browser
        self.store = store
        self.timeout = timeout

    def until(self, what, condition):
        """Waits for a condition and says it; fails with the same words."""
        try:
            value = WebDriverWait(self.browser, self.timeout, poll_frequency=0.05).until(lambda _: condition())
        except WebDriverException as error:
            raise Failed(f"not within {self.timeout} s: {what}\n  {self.state()}") from error
        print(f"ok  {what}", flush=True)
        return value

    def press(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def press_back(self):
        ActionChains(self.browser).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()

    def element(self, name):
        return self.browser.find_element(By.ID, name)

    def text(self, name):
        return self.element(name).text

    def focus(self):
        return self.browser.switch_to.active_element.get_attribute("id")

    def state(self):
        """What the page shows, for a failure's message."""
        shown = {name: self.text(name) for name in ("mobile-error", "answer-error", "send", "status", "code-note")}
        return f"focus on {self.focus()!r}; the page shows {shown}"

    def picture(self):
        """The id of the captcha that is shown, once it has been drawn; None before."""
        drawn = self.browser.execute_script(
            "const image = document.getElementById('captcha');"
            "return image.complete && image.naturalWidth > 0 && !document.getElementById('picture-note').textContent;")
        ids = re.findall(r"/image_codes/([0-9a-f-]{36})/", self.exchanges())
        return ids[0] if drawn and ids else None

    def exchanges(self):
        """The list of requests as the page has it at one moment, newest first."""
        return self.browser.execute_script("return document.getElementById('exchanges').innerText")

    def new_picture(self, other_than=None):
        return self.until("a captcha is shown", lambda: (
            (shown := self.picture()) and shown != other_than and shown))

    def requests(self):
        """How many requests for a code the page reports."""
        return self.exchanges().count("GET /sms_codes/")

    def read(self, captcha):
        answer = self.store.get(f"img_{captcha}")
        if not answer:
            raise Failed(f"Redis holds no img_{captcha}, though its picture is shown")
        return answer


def walk(visit, url, mobile, shoot):
    browser = visit.browser
    browser.get(url)
    first = visit.new_picture()
    width = visit.element("captcha").size["width"]
    visit.until(f"the captcha is 312 pixels wide or more ({width})", lambda: width >= 312)
    visit.until("the first field has the focus", lambda: visit.focus() == "mobile")
    visit.until("the page is Chinese unless the browser says English", lambda: visit.text("send") == "发送短信验证码")
    shoot("1-ready")

    visit.press("12345", Keys.ENTER)
    visit.until("a wrong number is said next to its field, which has the focus",
                lambda: "11 位" in visit.text("mobile-error") and visit.focus() == "mobile")
    visit.press(*[Keys.BACKSPACE] * 5, mobile)
    visit.until("a right number takes the complaint away", lambda: not visit.text("mobile-error"))
    visit.press(Keys.TAB)
    visit.until("Tab leads to the captcha's answer", lambda: visit.focus() == "answer")

    visit.press("?", Keys.ENTER)
    visit.until("a wrong answer is said next to its field", lambda: "有误" in visit.text("answer-error"))
    second = visit.new_picture(other_than=first)
    visit.until("the answer's field is empty and has the focus", lambda: (
        visit.focus() == "answer" and visit.element("answer").get_property("value") == ""))
    visit.until("the captcha that was looked at is gone", lambda: not visit.store.exists(f"img_{first}"))
    shoot("2-wrong-answer")

    visit.press(visit.read(second).lower(), Keys.ENTER)
    visit.until("the message is said to be on its way", lambda: visit.text("status") == f"短信正在发往 {mobile}。")
    visit.until("the code's field has the focus", lambda: visit.focus() == "code")
    seconds = visit.until("the button counts", lambda: (
        (match := re.match(r"(\d+) 秒", visit.text("send"))) and int(match[1])))
    visit.until("the button counts down", lambda: (
        (match := re.match(r"(\d+) 秒", visit.text("send"))) and int(match[1]) < seconds <= 60))
    code = visit.until("Redis holds six digits", lambda: (
        (stored := visit.store.get(f"sms_code_{mobile}")) and re.fullmatch(r"[0-9]{6}", stored) and stored))
    shoot("3-sent")

    visit.press(code)
    visit.until("six digits are met with the way to compare them, not with a claim", lambda: (
        "本页不校验" in visit.text("code-note") and visit.text("command") == f"redis-cli -n 2 GET sms_code_{mobile}"))
    sent = visit.requests()
    visit.press_back()
    visit.until("Shift-Tab leads back to the button", lambda: visit.focus() == "send")
    visit.press(Keys.ENTER)
    visit.until("the counting button says to wait, and asks nothing", lambda: (
        "请等待" in visit.text("status") and visit.requests() == sent))

    for _ in range(10):
        if visit.focus() == "language":
            break
        visit.press_back()
    visit.press(Keys.ENTER)
    visit.until("the other language is a key away", lambda: (
        visit.text("send").startswith("Send again in") and browser.title == "SMS code demo"))
    shoot("4-english")


def second_visit(visit, url, mobile, shoot):
    """The page was loaded anew, so only the service knows that the number was just sent to."""
    visit.browser.get(url)
    captcha = visit.new_picture()
    visit.until("the choice of language was kept", lambda: visit.text("send") == "Send me a code")
    visit.press(mobile, Keys.TAB, visit.read(captcha), Keys.ENTER)
    visit.until("a second message to the number is refused as too frequent",
                lambda: "Too frequent" in visit.text("status"))
    visit.new_picture(other_than=captcha)
    shoot("5-too-frequent")


def console_errors(browser):
    """What the page did wrong, policy violations above all; an answer that is no success is not the page's fault."""
    return [entry["message"] for entry in browser.get_log("browser")
            if entry["level"] == "SEVERE" and "Failed to load resource" not in entry["message"]]


def start_browser():
    binary = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not binary or not driver:
        sys.exit("Chromium or its driver is missing. Install them: apt-get install chromium chromium-driver")
    options = Options()
    options.binary_location = binary
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--window-size=1000,900", "--lang=zh-CN"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"intl.accept_languages": "zh-CN,zh"})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(driver))


def screenshots(browser, folder):
    """A function that takes the page as it is now: light, dark, and as wide as a phone."""
    if folder is None:
        return lambda name: None
    folder.mkdir(parents=True, exist_ok=True)

    def shoot(name):
        for width, form in ((1000, ""), (360, "-phone")):
            height = 900 if width == 1000 else 1300
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
            for scheme in ("light", "dark"):
                browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
                    "features": [{"name": "prefers-color-scheme", "value": scheme}]})
                browser.save_screenshot(str(folder / f"{name}{form}-{scheme}.png"))
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    return shoot


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8080/", help="the demo page (default: %(default)s)")
    parser.add_argument("--redis-url", default="redis://127.0.0.1:6379/2", help="the store (default: %(default)s)")
    parser.add_argument("--mobile", default=f"139{random.randrange(10**8):08}", help="the number (default: random)")
    parser.add_argument("--screenshots", type=pathlib.Path, metavar="DIR", help="where to save pictures of the steps")
    parser.add_argument("--timeout", type=float, default=10, help="seconds to wait for a step (default: %(default)s)")
    arguments = parser.parse_args()
    url = urllib.parse.urljoin(arguments.url, "/")

    store = redis.Redis.from_url(arguments.redis_url, decode_responses=True)
    browser = start_browser()
    try:
        store.ping()
        visit = Visit(browser, store, arguments.timeout)
        shoot = screenshots(browser, arguments.screenshots)
        walk(visit, url, arguments.mobile, shoot)
        second_visit(visit, url, arguments.mobile, shoot)
        if errors := console_errors(browser):
            raise Failed("the browser's console has errors:\n  " + "\n  ".join(errors))
        print("ok  the browser's console has no errors")
    except (Failed, WebDriverException, redis.RedisError) as error:
        print(f"FAILED  {getattr(error, 'msg', error)}", file=sys.stderr)
        if arguments.screenshots:
            browser.save_screenshot(str(arguments.screenshots / "failed.png"))
        return 1
    finally:
        browser.quit()
    print("The demo page works with the keyboard alone.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
