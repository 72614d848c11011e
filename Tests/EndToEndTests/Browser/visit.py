"""A headless Chromium on the page of sms-api, and what a person would do outside of it: read pictures and messages."""

import argparse
import importlib.resources
import json
import pathlib
import shutil
import sys
import time
import urllib.request

try:
    import axe_core_python
    import msgpack
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
    sys.exit(f"{error}. Install it: pip install axe-core-python selenium redis")

WIDE, NARROW = (1280, 860), (360, 780)

# Before the page's own scripts: answers that the service gives only under circumstances that are hard to bring about,
# and the code that a phone's browser would read from a message. Each is given once; everything else is real.
STAND_INS = """
window.standIns = { answers: {}, messageCode: null };
const realFetch = window.fetch;
window.fetch = (path, options) => {
  const answer = standIns.answers[path];
  delete standIns.answers[path];
  if (!answer) return realFetch(path, options);
  if (answer.status === 0) return Promise.reject(new TypeError("no network"));
  return Promise.resolve(new Response(answer.body, { status: answer.status, headers: answer.headers }));
};
window.OTPCredential ??= class OTPCredential {};
navigator.credentials.get = ({ signal }) => new Promise((resolve, reject) => {
  const look = setInterval(() => standIns.messageCode && resolve({ code: standIns.messageCode }), 20);
  signal.addEventListener("abort", () => { clearInterval(look); reject(signal.reason); });
});
"""


class Failed(Exception):
    """A step did not hold."""


class Visit:
    """Visits to the page by somebody without a mouse."""

    def __init__(self, arguments, cookies=True):
        self.url = arguments.url
        self.sandbox = arguments.sandbox_url
        self.timeout = arguments.timeout
        self.screenshots = arguments.screenshots
        self.store = redis.Redis.from_url(arguments.redis_url, decode_responses=True)
        self.store.ping()
        self.axe = importlib.resources.files(axe_core_python).joinpath("axe.min.js").read_text(encoding="utf-8")
        self.browser = start_browser(cookies)
        self.browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": STAND_INS})
        self.size = WIDE
        self.appear()

    # What a person does.

    def open(self, language=None):
        """A first visit, from elsewhere: nothing is remembered. The language is the browser's."""
        self.forget("sms:limit:address:*")
        self.forget("sms:limit:pictures:*")
        if language:
            agent = self.browser.execute_script("return navigator.userAgent")
            self.browser.execute_cdp_cmd(
                "Network.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": language})
        self.browser.get(self.url)
        self.browser.execute_script("try { localStorage.clear(); sessionStorage.clear() } catch {}")
        self.browser.delete_all_cookies()
        self.browser.get(self.url)

    def press(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def press_back(self):
        ActionChains(self.browser).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()

    def empty(self):
        """Removes what stands in the field that has the focus."""
        ActionChains(self.browser).key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL) \
            .send_keys(Keys.BACKSPACE).perform()

    def go_to(self, name):
        """Tabs to an element, forward and round."""
        for _ in range(20):
            if self.focus() == name:
                return
            self.press(Keys.TAB)
        raise Failed(f"Tab does not lead to {name!r}\n  {self.state()}")

    def paste(self, words):
        """Pastes as a browser does: in one input."""
        self.browser.execute_cdp_cmd("Input.insertText", {"text": words})

    # What a person sees.

    def until(self, what, condition):
        """Waits for a condition and says it; fails with the same words."""
        try:
            value = WebDriverWait(self.browser, self.timeout, poll_frequency=0.05).until(lambda _: condition())
        except WebDriverException as error:
            raise Failed(f"not within {self.timeout} s: {what}\n  {self.state()}") from error
        print(f"ok  {what}", flush=True)
        return value

    def element(self, name):
        return self.browser.find_element(By.ID, name)

    def is_shown(self, name):
        return self.element(name).is_displayed()

    def text(self, name):
        return self.element(name).text

    def value(self, name):
        return self.element(name).get_property("value")

    def focus(self):
        return self.browser.switch_to.active_element.get_attribute("id")

    def state(self):
        """What the page shows, for a failure's message."""
        return f"focus on {self.focus()!r}; the page shows {self.browser.find_element(By.TAG_NAME, 'main').text!r}"

    # What a person has eyes and a phone for.

    def shown_picture(self):
        """The characters of the picture, once it is drawn."""
        drawn = self.browser.execute_script(
            "const image = document.getElementById('captcha');"
            "return image.complete && image.naturalWidth > 0 && !document.getElementById('picture-note').textContent")
        keys = self.store.keys("sms:captcha:*") if drawn else []
        newest = max(keys, key=self.store.pttl, default=None)
        return newest and self.store.get(newest).split(" ")[1]

    def read_picture(self):
        return self.until("a picture is shown", self.shown_picture)

    def messages(self, mobile):
        with urllib.request.urlopen(f"{self.sandbox}/messages") as answer:
            return [message["code"] for message in json.load(answer) if message["mobile"] == mobile]

    def read_message(self, mobile, count=1):
        codes = self.until(f"message {count} is on the phone", lambda: (
            (codes := self.messages(mobile)) and len(codes) == count and codes))
        return codes[0]

    # What somebody does to the service meanwhile.

    def answer(self, path, status, kind=None, **members):
        """The next answer to that path of /v1 is this one; status 0 is a network that is gone."""
        problem = {"type": f"urn:sms-queue:problem:{kind}" if kind else "about:blank", **members}
        headers = {"Content-Type": "application/problem+json"}
        if "retry_after" in members:
            headers["Retry-After"] = str(members["retry_after"])
        self.browser.execute_script(
            "standIns.answers[arguments[0]] = arguments[1]",
            f"/v1/{path}", {"status": status, "body": json.dumps(problem), "headers": headers})

    def forget(self, pattern):
        for key in self.store.keys(pattern):
            self.store.delete(key)

    def use_up_credit(self, mobile):
        """As many messages to numbers like this one are unresolved as may be: for more, both proofs are wanted."""
        expiry = round((time.time() + 300) * 1000)
        # The window, how many sends are unresolved, those sends, and the prefix' counters.
        credit = [2, 2, f"{expiry:013} a;{expiry:013} b;", []]
        self.store.set(f"sms:credit:+86{mobile[:-4]}", b"".join(map(msgpack.packb, credit)), ex=300)

    def shorten_wait(self, seconds):
        """Time passes, for the service and in this tab, until so many seconds of the wait are left; then a reload."""
        self.forget("sms:limit:number:*")
        for key in self.store.keys("sms:asked:*"):
            self.store.hset(key, "resend_at", 0)
        self.browser.execute_script(
            "const kept = JSON.parse(sessionStorage.getItem('verification'));"
            "kept.resendAt = Date.now() + arguments[0] * 1000;"
            "sessionStorage.setItem('verification', JSON.stringify(kept))", seconds)
        self.browser.refresh()

    # How it looks.

    def appear(self, scheme="light"):
        width, height = self.size
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": self.size == NARROW})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def look(self, name):
        """Looks at the page as it is, wide and narrow, light and dark: what axe-core finds, and what does not fit."""
        size = self.size
        for self.size, form in ((WIDE, "wide"), (NARROW, "narrow")):
            for scheme in ("light", "dark"):
                self.appear(scheme)
                self.find_faults(f"{name}, {form}, {scheme}")
                if self.screenshots:
                    self.browser.save_screenshot(str(self.screenshots / f"{name}-{form}-{scheme}.png"))
        self.size = size
        self.appear()
        print(f"ok  axe-core finds nothing, and all fits: {name}", flush=True)

    def find_faults(self, where):
        found = self.browser.execute_async_script(
            "const done = arguments[1];"
            "if (!window.axe) (0, Function)(arguments[0])();"
            "axe.run().then(({ violations }) => done(violations.map(({ id, impact, nodes }) =>"
            "  `${impact} ${id}: ${nodes.map((node) => node.target).join(' ')}`)), (error) => done([String(error)]))",
            self.axe)
        if found:
            raise Failed(f"axe-core, {where}:\n  " + "\n  ".join(found))
        overflow = self.browser.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            raise Failed(f"{where}: {overflow} pixels stick out at the side")

    def console_errors(self):
        """What the page did wrong, policy violations above all; a refusal by the service is not the page's fault."""
        return [entry["message"] for entry in self.browser.get_log("browser")
                if entry["level"] == "SEVERE" and "Failed to load resource" not in entry["message"]]


class StrictPageVisit(Visit):
    """A visit, with a mouse too, to a page whose policy forbids to make a function of a text."""

    def __init__(self, arguments):
        self.url = arguments.url
        self.timeout = arguments.timeout
        self.screenshots = arguments.screenshots
        self.axe = importlib.resources.files(axe_core_python).joinpath("axe.min.js").read_text(encoding="utf-8")
        self.browser = start_browser(cookies=True)
        self.size = WIDE
        self.appear()

    def find_faults(self, where):
        # The driver may run what the page may not.
        self.browser.execute_script(self.axe)
        super().find_faults(where)


def read_arguments(description, flags):
    """What a script is told: its own flags, each with the options that argparse knows, and those that all have."""
    parser = argparse.ArgumentParser(description=description)
    for name, options in flags.items():
        parser.add_argument(name, **options)
    parser.add_argument("--screenshots", type=pathlib.Path, metavar="DIR", help="where to save pictures of the steps")
    parser.add_argument("--timeout", type=float, default=15, help="seconds to wait for a step (default: %(default)s)")
    arguments = parser.parse_args()
    if arguments.screenshots:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
    return arguments


def are_fine(walks, visit):
    """Goes through all of them, and ends the visit."""
    try:
        for walk in walks:
            print(f"--- {walk.__name__}")
            walk(visit)
        if errors := visit.console_errors():
            raise Failed("the browser's console has errors:\n  " + "\n  ".join(errors))
        print("ok  the browser's console has no errors")
        return True
    except (Failed, WebDriverException, redis.RedisError) as error:
        print(f"FAILED  {getattr(error, 'msg', error)}", file=sys.stderr)
        if visit.screenshots:
            visit.browser.save_screenshot(str(visit.screenshots / "failed.png"))
        return False
    finally:
        visit.browser.quit()


def run_walks(description, flags, walks, visit, last_words):
    """What a script of one kind of visit does; gives its exit code."""
    if not are_fine(walks, visit(read_arguments(description, flags))):
        return 1
    print(last_words)
    return 0


def start_browser(cookies):
    binary = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not binary or not driver:
        sys.exit("Chromium or its driver is missing. Install them: apt-get install chromium chromium-driver")
    options = Options()
    options.binary_location = binary
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    if not cookies:
        options.add_experimental_option("prefs", {"profile.default_content_setting_values.cookies": 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(driver))
