#!/usr/bin/env python3
"""Uses the page of sms-api in headless Chromium, with the keyboard alone.

Redis stands in for the person's eyes: a picture's text is read there. Messages are read in the sandbox. Every step is
checked and said; the exit code is 0 when all of them held, else 1.
"""

import random
import re
import sys
import urllib.parse

from visit import Keys, Visit, are_fine, read_arguments

used_numbers = set()


def new_number():
    while (number := f"139{random.randrange(10**8):08}") in used_numbers:
        pass
    used_numbers.add(number)
    return number


def another_code(code, distance=1):
    return f"{(int(code) + distance) % 10**6:06}"


def request_code(visit, mobile):
    """From the first step to the second."""
    visit.until("the first step is there", lambda: visit.is_shown("request"))
    visit.go_to("mobile")
    visit.press(mobile)
    visit.go_to("answer")
    visit.press(visit.read_picture().lower(), Keys.ENTER)
    visit.until("the code's field has the focus", lambda: visit.focus() == "code")


def seconds_on(visit, button):
    match = re.search(r"(\d+)", visit.text(button))
    return int(match[1]) if match else None


def success(visit):
    """Chinese; an empty field, a wrong number, a wrong picture, a reload, a wrong code, a pasted message."""
    visit.open("zh-CN")
    mobile = new_number()
    visit.until("the page is Chinese where the browser is", lambda: visit.text("send") == "发送验证码")
    visit.until("the first field has the focus", lambda: visit.focus() == "mobile")
    picture = visit.read_picture()
    visit.look("1-request-zh")

    visit.press(Keys.ENTER)
    visit.until("an empty field is said next to it", lambda: "请输入手机号" in visit.text("mobile-error"))
    visit.press("１２３４５", Keys.TAB, picture.lower(), Keys.ENTER)
    visit.until("a wrong number is said next to its field, which has the focus", lambda: (
        "无法向这个号码发送" in visit.text("mobile-error") and visit.focus() == "mobile"))
    visit.until("nothing was counted: the picture and its answer stay", lambda: (
        visit.value("answer") == picture.lower() and visit.shown_picture() == picture))

    visit.empty()
    visit.press(mobile)
    visit.go_to("answer")
    visit.empty()
    visit.press("?", Keys.ENTER)
    visit.until("a wrong answer is said next to its field, which is empty and has the focus", lambda: (
        "输入有误" in visit.text("answer-error") and visit.focus() == "answer" and not visit.value("answer")))
    visit.until("there is another picture", lambda: (new := visit.shown_picture()) and new != picture)
    visit.look("2-wrong-picture-zh")

    visit.press(visit.read_picture(), Keys.ENTER)
    visit.until("the code's field has the focus", lambda: visit.focus() == "code")
    visit.until("the number is shown", lambda: mobile in visit.text("sent-to"))
    before = visit.until("the wait counts", lambda: seconds_on(visit, "send-again"))
    code = visit.read_message(mobile)
    visit.browser.refresh()
    visit.until("a reload keeps the step", lambda: visit.focus() == "code" and mobile in visit.text("sent-to"))
    visit.until("and the wait, which goes on", lambda: 0 < seconds_on(visit, "send-again") < before)
    visit.look("3-message-zh")

    visit.go_to("send-again")
    visit.press(Keys.ENTER)
    visit.until("the counting button says to wait", lambda: "请等待" in visit.text("status"))
    visit.go_to("code")
    visit.press(another_code(code))
    visit.until("the sixth digit is enough, and the tries left are said", lambda: (
        "还可以试 4 次" in visit.text("code-error") and visit.focus() == "code"))
    visit.look("4-wrong-code-zh")
    visit.paste(f"【云通讯】您的验证码是{code}，请于5分钟内正确输入")
    verified(visit, mobile)
    visit.look("5-verified-zh")


def verified(visit, mobile):
    visit.until("the title of the last step has the focus", lambda: visit.focus() == "verified-title")
    visit.until("the receipt's claims are shown", lambda: f"+86{mobile}" in visit.text("claims"))


def five_wrong_codes(visit):
    """English, chosen and remembered; narrow."""
    visit.open("zh-CN")
    visit.go_to("language")
    visit.press(Keys.ENTER)
    visit.until("the other language is a key away", lambda: (
        visit.text("send") == "Send me a code" and visit.browser.title == "Verify a phone number"))
    visit.browser.refresh()
    visit.until("the choice is remembered", lambda: visit.text("send") == "Send me a code")
    mobile = new_number()
    request_code(visit, mobile)
    code = visit.read_message(mobile)
    visit.look("6-message-en")
    for left in (4, 3, 2, 1):
        visit.press(another_code(code, left))
        words = "One try is left" if left == 1 else f"{left} tries are left"
        visit.until(words, lambda: words in visit.text("code-error"))
        # The sixth digit has sent it already: the key that people press all the same must not use up a try.
        visit.press(Keys.ENTER, another_code(code, left), Keys.ENTER)
        visit.until("the same code again is no try", lambda: (
            words in visit.text("code-error") and visit.value("code") == another_code(code, left)))
    visit.press(another_code(code, 5))
    visit.until("the fifth wrong code makes it void, and a new one is a key away", lambda: (
        "void" in visit.text("problem") and visit.focus() == "restart"))
    visit.look("7-void-en")
    visit.press(Keys.ENTER)
    visit.until("the number is kept, and the wait for it goes on", lambda: (
        visit.value("mobile") == mobile and seconds_on(visit, "send")))
    visit.shorten_wait(0)
    request_code(visit, mobile)
    second = visit.read_message(mobile, count=2)
    visit.press(code)
    if code != second:
        visit.until("the void code stays void", lambda: "4 tries are left" in visit.text("code-error"))
        visit.press(second)
    verified(visit, mobile)
    visit.look("8-verified-en")


def work_instead_of_a_picture(visit):
    """English from the browser; the device works, and the browser reads the message."""
    visit.open("en-GB")
    visit.until("the page is English where the browser is not Chinese", lambda: visit.text("send") == "Send me a code")
    mobile = new_number()
    visit.press(mobile)
    visit.go_to("switch")
    visit.press(Keys.ENTER)
    visit.until("the work is done", lambda: "done" in visit.text("work-label") and visit.text("work-share") == "100 %")
    visit.until("no picture is asked for", lambda: not visit.is_shown("answer"))
    visit.look("9-work-en")
    visit.go_to("send")
    visit.press(Keys.ENTER)
    visit.until("the code's field has the focus", lambda: visit.focus() == "code")
    code = visit.read_message(mobile)
    visit.browser.execute_script("standIns.messageCode = arguments[0]", code)
    verified(visit, mobile)


def much_work_without_a_picture(visit):
    """Where much was asked for, whoever does not see pictures goes on without."""
    visit.open("en")
    mobile = new_number()
    visit.use_up_credit(mobile)
    visit.press(mobile)
    visit.go_to("switch")
    visit.press(Keys.ENTER)
    visit.until("the first work is done", lambda: visit.text("work-share") == "100 %")
    visit.go_to("send")
    visit.press(Keys.ENTER)
    visit.until("the person is told", lambda: "one more step" in visit.text("problem"))
    visit.until("still no picture is asked for", lambda: not visit.is_shown("answer"))
    visit.go_to("send")
    visit.press(Keys.ENTER)
    visit.until("the harder work alone is accepted", lambda: visit.focus() == "code")
    visit.press(visit.read_message(mobile))
    verified(visit, mobile)


def resend_and_expiry(visit):
    visit.open("en")
    mobile = new_number()
    request_code(visit, mobile)
    code = visit.read_message(mobile)
    visit.shorten_wait(2)
    visit.until("the wait counts to its end", lambda: visit.text("send-again") == "Send it again")
    visit.go_to("send-again")
    visit.press(Keys.ENTER)
    visit.until("the same code is said to be on its way", lambda: "same code" in visit.text("status"))
    again = visit.read_message(mobile, count=2)
    visit.until("it is the same code", lambda: again == code)
    wait = visit.until("the next wait counts", lambda: seconds_on(visit, "send-again"))
    visit.until("and is longer", lambda: wait > 60 or ":" in visit.text("send-again"))

    visit.forget("sms:verification:*")
    visit.press(code)
    visit.until("an expired code is said to be one", lambda: (
        "no longer good" in visit.text("problem") and visit.focus() == "restart"))
    visit.press(Keys.ENTER)
    visit.until("a new one can be asked for", lambda: visit.is_shown("request"))

    # What the service says about times is what counts.
    visit.shorten_wait(0)
    visit.answer("verifications", 202, id="1", expires_in=1, resend_after=60)
    visit.go_to("mobile")
    visit.press(new_number())
    visit.go_to("answer")
    visit.press(visit.read_picture(), Keys.ENTER)
    visit.until("the page knows by itself when a code expires", lambda: "has expired" in visit.text("problem"))


def both_proofs(visit):
    """Much was asked for: the first time, and for one more message."""
    visit.open("en")
    mobile = new_number()
    visit.use_up_credit(mobile)
    visit.press(mobile)
    visit.go_to("answer")
    visit.press(visit.read_picture(), Keys.ENTER)
    visit.until("the person is told, and led to the picture", lambda: (
        "one more step" in visit.text("problem") and visit.focus() == "answer"))
    visit.until("the work shows how far it is", lambda: visit.is_shown("work-progress"))
    visit.look("10-both-proofs-en")
    visit.press(visit.read_picture(), Keys.ENTER)
    visit.until("both together are accepted", lambda: visit.focus() == "code")
    code = visit.read_message(mobile)

    visit.shorten_wait(0)
    visit.until("the step is kept", lambda: visit.focus() == "code")
    visit.use_up_credit(mobile)
    visit.go_to("send-again")
    visit.press(Keys.ENTER)
    visit.until("one more message may need them too", lambda: (
        visit.is_shown("work-progress") and visit.focus() == "answer"))
    visit.look("11-both-proofs-again-en")
    visit.press(visit.read_picture(), Keys.ENTER)
    visit.until("the same code is on its way", lambda: "same code" in visit.text("status"))
    visit.read_message(mobile, count=2)
    visit.press(code)
    verified(visit, mobile)


def every_problem(visit):
    """Each type of problem has words of its own, with the service's numbers, in the language of the person."""
    visit.open("en")
    mobile = new_number()
    problems = [
        (400, "invalid-request", {}, "Reload the page"),
        (415, "unsupported-content", {}, "requests of this form"),
        (413, None, {}, "too long"),
        (403, "foreign-origin", {}, "the service's own address"),
        (403, "proof-required", {"needs": ["captcha"], "pressure": 0}, "once more that you are not a program"),
        (422, "idempotency-conflict", {}, "Press once more"),
        (503, "unavailable", {"retry_after": 7}, "again in 7 s"),
        (0, None, {}, "cannot be reached"),
        (500, None, {}, "HTTP 500"),
        (422, "number-not-accepted", {}, "No code can be sent to this number"),
        (403, "proof-refused", {}, "not what the picture showed"),
        (409, "verification-ended", {}, "no longer good"),
        (429, "too-many-requests", {"retry_after": 150}, "again in 2:30"),
    ]
    visit.press(mobile)
    for status, kind, members, words in problems:
        picture = visit.read_picture()
        visit.go_to("answer")
        visit.empty()
        visit.press(picture)
        visit.answer("verifications", status, kind, **members)
        visit.press(Keys.ENTER)
        visit.until(f"{kind or status}: {words}", lambda: (
            words in visit.text("problem") + visit.text("mobile-error") + visit.text("answer-error")))
    visit.until("the service's wait counts", lambda: re.fullmatch(r"Send in 2:\d\d", visit.text("send")))
    visit.look("12-too-many-en")
    visit.answer("captchas", 429, "too-many-requests", retry_after=9)
    visit.go_to("renew")
    visit.press(Keys.ENTER)
    visit.until("where no picture is to be had, its place says so",
                lambda: "again in 9 s" in visit.text("picture-note"))
    visit.go_to("language")
    visit.press(Keys.ENTER)
    visit.until("what is said changes its language", lambda: "9 秒后重试" in visit.text("picture-note"))


def without_cookies(visit):
    """The person's settings forbid cookies and all storage."""
    visit.open("en")
    mobile = new_number()
    request_code(visit, mobile)
    visit.press(visit.read_message(mobile))
    verified(visit, mobile)
    visit.until("no cookie was kept", lambda: not visit.browser.get_cookies())


WALKS = [success, five_wrong_codes, work_instead_of_a_picture, much_work_without_a_picture,
         resend_and_expiry, both_proofs, every_problem,
         without_cookies]
FLAGS = {
    "--url": {"default": "http://127.0.0.1:8080/", "help": "the page (default: %(default)s)"},
    "--redis-url": {"default": "redis://127.0.0.1:6379/2", "help": "the store (default: %(default)s)"},
    "--sandbox-url": {"default": "http://127.0.0.1:8090", "help": "the phones (default: %(default)s)"},
    "--only": {"choices": [walk.__name__ for walk in WALKS], "help": "one part alone"},
}


def main():
    arguments = read_arguments(__doc__.splitlines()[0], FLAGS)
    arguments.url = urllib.parse.urljoin(arguments.url, "/")
    wanted = [walk for walk in WALKS if arguments.only in (None, walk.__name__)]
    for cookies in (True, False):
        walks = [walk for walk in wanted if (walk is without_cookies) != cookies]
        if walks and not are_fine(walks, Visit(arguments, cookies)):
            return 1
    print("The page works with the keyboard alone.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
