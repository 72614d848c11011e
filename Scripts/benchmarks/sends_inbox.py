"""What a sandbox has in its inbox."""

import datetime
import json
import urllib.request


def messages(address):
    """Each as its number, without the calling code, and the time at which it came."""
    with urllib.request.urlopen(f"{address}/messages?limit=10000") as answer:
        return [(message["mobile"][-11:], seconds(message["received"])) for message in json.load(answer)]


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
