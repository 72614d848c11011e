#!/usr/bin/env python3
"""Uses the console of sms-queue, started with --store, in headless Chromium, beside a queue that moves.

Every step is checked and said; the exit code is 0 when all of them held, else 1.
"""

import json
import sys
import time
import urllib.parse
import uuid

from visit import ActionChains, By, StrictPageVisit, WebDriverException, redis, run_walks

STRANGE = "<script>alert(1)</script>"
FLAGS = {
    "--url": {"default": "http://127.0.0.1:8095/", "help": "the console (default: %(default)s)"},
    "--redis-url": {"default": "redis://127.0.0.1:6379/3", "help": "the broker (default: %(default)s)"},
}


class ConsoleVisit(StrictPageVisit):
    """A visit to the console; the visitor also fills the queue."""

    def __init__(self, arguments):
        super().__init__(arguments)
        self.store = redis.Redis.from_url(arguments.redis_url, decode_responses=True)

    def go(self, path):
        self.browser.get(urllib.parse.urljoin(self.url, path))

    def press_button(self, words):
        self.browser.find_element(By.XPATH, f"//*[self::button or self::a][normalize-space()='{words}']").click()

    def text_at(self, path):
        """What an element shows; nothing while the page or that part of it makes room for the next."""
        try:
            return self.browser.find_element(By.XPATH, path).text
        except WebDriverException:
            return ""

    def shown(self):
        return self.text_at("//main")

    def tile(self, name):
        return self.text_at(f"//dl[@id='tiles']/div[dt='{name}']/dd")

    # What is in the queue.

    def message(self, task):
        job = str(uuid.uuid4())
        tag = f"{round(time.time() * 1000):012x}{uuid.uuid4().hex[:8]}"
        return job, json.dumps({
            "body": '[["13800138000","123456"],{},{}]', "content-type": "application/json",
            "headers": {"task": task, "id": job, "retries": 0},
            "properties": {"priority": 0, "body_encoding": "utf-8", "delivery_tag": tag}})

    def send(self, task, count=1):
        for _ in range(count):
            self.store.lpush("celery", self.message(task)[1])

    def bury(self, count):
        now = round(time.time() * 1000)
        for number in range(count):
            job, message = self.message(STRANGE)
            letter = str(uuid.uuid4())
            self.store.zadd("{celery}:dead", {letter: now - 60_000 * number})
            self.store.hset("{celery}:dead:messages", letter, message)
            self.store.hset("{celery}:dead:details", letter, json.dumps({
                "reason": "throttled", "message": f"the gateway says {STRANGE}", "task": STRANGE, "id": job,
                "attempts": 6, "worker": "celery@sms-1", "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}))

    def write_history(self, minutes):
        """What a worker would have written down until half a minute ago."""
        now = round(time.time() * 1000)
        succeeded = 0
        for slot in range(now // 10_000 - minutes * 6, now // 10_000 - 3):
            succeeded += 40 + slot % 17
            self.store.hset("{celery}:history", f"{slot % 360:03}", json.dumps({
                "at": slot * 10_000 + 500, "waiting": slot % 29, "claimed": slot % 5, "scheduled": 3, "dead": 4,
                "workers": 1, "wait": {"2": 30, "5": 12, "50": 1}, "run": {"20": 40, "100": 2},
                "counters": {"enqueued": succeeded + 3, "succeeded": succeeded, "retried": succeeded // 9}}))


def overview_is_live(visit):
    visit.write_history(45)
    visit.bury(3)
    visit.go("/")
    visit.until("the page says that it is live", lambda: visit.text("live") == "live")
    for name in ("Throughput", "Latency", "Depth"):
        plot = visit.browser.find_element(By.XPATH, f"//figure[.//h2='{name}']")
        lines = plot.find_elements(By.CSS_SELECTOR, "path.line")
        visit.until(f"{name} is drawn", lambda: len(lines[0].get_attribute("d")) > 1000)
    visit.press_button("Pause")
    visit.until("the queue is paused", lambda: visit.store.exists("{celery}:paused"))
    # What a worker had asked for before it heard of the pause comes and goes back.
    visit.send("ccp_send_sms_code", 3)
    visit.until("three jobs wait, without a reload", lambda: visit.tile("Waiting") == "3")
    svg = visit.browser.find_element(By.CSS_SELECTOR, ".plot svg")
    ActionChains(visit.browser).move_to_element(svg).perform()
    visit.until("the values under the pointer are told", lambda: (
        "ago" in visit.browser.find_element(By.CSS_SELECTOR, ".plot .reading").text))
    visit.look("1-overview")


def jobs_and_one_of_them(visit):
    visit.go("/jobs")
    visit.until("the waiting jobs are listed, masked", lambda: (
        visit.shown().count("138****8000") == 3 and "123456" not in visit.shown()))
    visit.look("2-jobs")
    visit.browser.find_element(By.CSS_SELECTOR, "tbody th a").click()
    visit.until("it is told why one waits", lambda: "the queue is paused" in visit.shown())
    visit.look("3-job")
    job = visit.browser.find_element(By.CSS_SELECTOR, ".facts code").text
    visit.go("/jobs")
    visit.element("text").send_keys("13800138000", "\n")
    visit.until("a number is found, and stands in no address", lambda: (
        "3 shown" in visit.shown() and "13800138000" not in visit.browser.current_url))
    visit.go("/")
    visit.element("find").send_keys(job, "\n")
    visit.until("the same is found by its id", lambda: job in visit.shown())


def dead_letters_by_hand(visit):
    visit.go("/dead")
    visit.until("strangers' names are only text", lambda: visit.shown().count(STRANGE) == 6)
    visit.look("4-dead")
    visit.element("all").click()
    boxes = visit.browser.find_elements(By.CSS_SELECTOR, "tbody input")
    visit.until("all are chosen at once", lambda: all(box.is_selected() for box in boxes))
    boxes[0].click()
    visit.press_button("Retry chosen…")
    visit.until("the plan says how many", lambda: "Put 2 dead letters back at the end of the line?" in visit.shown())
    visit.look("5-plan")
    visit.press_button("Put back 2")
    visit.until("it is done and said", lambda: "2 dead letters put back." in visit.shown())
    visit.until("two more wait, one is dead", lambda: (
        visit.store.llen("celery") == 5 and visit.store.zcard("{celery}:dead") == 1))
    visit.press_button("Delete all…")
    visit.press_button("Delete 1 for good")
    visit.until("none is left", lambda: "No job has failed for good." in visit.shown())


def the_other_pages(visit):
    visit.store.hset("sms:breakers", "aliyun", f"account-refused {round(time.time() * 1000) + 600_000}")
    visit.go("/limits")
    visit.until("the open breaker is told", lambda: "account-refused" in visit.shown())
    visit.until("the budgets of verifications are told", lambda: "budget-day" in visit.shown())
    visit.look("6-limits")
    visit.go("/workers")
    visit.until("the worker is alive", lambda: "alive" in visit.shown() and "last sign of life" in visit.shown())
    visit.look("7-workers")


def without_scripts(visit):
    visit.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    visit.go("/")
    visit.press_button("Resume")
    visit.until("it is resumed by the form alone", lambda: "is resumed" in visit.shown())
    visit.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


WALKS = [overview_is_live, jobs_and_one_of_them, dead_letters_by_hand, the_other_pages, without_scripts]


def main():
    return run_walks(__doc__.splitlines()[0], FLAGS, WALKS, ConsoleVisit, "The console works.")


if __name__ == "__main__":
    sys.exit(main())
