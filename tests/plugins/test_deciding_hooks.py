"""The hooks that decide: the first route, the strictest review, and what holds when one fails."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from desk.plugins import Message, deciding

HEAD = "import time\nfrom desk.plugins import *\n"
ROUTE = HEAD + "@hookimpl\ndef desk_route(outage, customer, channels):\n    {body}\n"
REVIEW = HEAD + "@hookimpl\ndef desk_review(message):\n    {body}\n"
MESSAGE = Message(recipient="县医院", address="1", body="x")
NAMES = ("sms", "fax", "phone")


@pytest.fixture
def outage() -> SimpleNamespace:
    return SimpleNamespace(id="O1", type="flood")


def shipped(parts, template: str, *bodies: str):
    parts.ship(**{f"part{place}": template.format(body=body) for place, body in enumerate(bodies)})
    return parts.host()


def test_without_a_plugin_nobody_has_a_say(parts, outage):
    host = parts.host()
    assert host.route(outage, None, NAMES) is None
    assert host.review(MESSAGE, outage, None).verdict == "send"


def test_the_first_that_answers_decides_the_last_loaded_first(parts, outage):
    host = shipped(parts, ROUTE, "return ['sms']", "return ['fax', 'phone']", "return None")
    assert host.route(outage, None, NAMES) == ["fax", "phone"]


def test_an_empty_route_means_a_person(parts, outage):
    assert shipped(parts, ROUTE, "return []").route(outage, None, NAMES) == []


NO_SAY = {
    "raises": ("1 / 0", "part1.py line 5: ZeroDivisionError"),
    "exits": ("raise SystemExit", "part1.py line 5: tried to end the program"),
    "junk": ("return 'sms'", "part1.py line 3: desk_route must return a list of names of channels, not 'sms'"),
    "unknown channel": ("return ['sms', 'pigeon']", "desk_route named pigeon, which was not to choose from"),
}


@pytest.mark.parametrize(("body", "words"), NO_SAY.values(), ids=NO_SAY)
def test_a_route_that_fails_has_no_say_and_its_plugin_is_named(parts, outage, body, words):
    host = shipped(parts, ROUTE, "return ['sms']", body)
    assert host.route(outage, None, NAMES) == ["sms"]
    row = next(row for row in host.listed() if row.name == "part1")
    assert (row.state, words in row.reason) == ("on", True), row.reason


REVIEWS = {
    "nobody minds": (("return None", "return Review(verdict='send')"), "send", ""),
    "one holds": (("return Review(verdict='hold', why='no number')", "return None"), "hold", "no number"),
    "stop is stricter": (
        ("return Review(verdict='hold', why='a')", "return Review(verdict='stop', why='b')"),
        "stop",
        "b",
    ),
    "two reasons": (
        ("return Review(verdict='hold', why='a')", "return Review(verdict='hold', why='b')"),
        "hold",
        "b; a",
    ),
    "raises": (("1 / 0",), "hold", "part0.py line 5: ZeroDivisionError: division by zero"),
    "junk": (("return True",), "hold", "desk_review must return a Review or None, not True"),
    "strange": (("return Review(verdict='perhaps')",), "hold", "desk_review must return a Review or None"),
}


@pytest.mark.parametrize(("bodies", "verdict", "why"), REVIEWS.values(), ids=REVIEWS)
def test_the_strictest_review_holds_and_one_that_fails_means_hold(parts, outage, bodies, verdict, why):
    review = shipped(parts, REVIEW, *bodies).review(MESSAGE, outage, None)
    assert review.verdict == verdict
    assert why in review.why


def test_a_message_about_no_outage_is_not_asked_about(parts):
    assert shipped(parts, REVIEW, "1 / 0").review(MESSAGE, None, None).verdict == "send"


def test_one_that_does_not_come_back_is_asked_once_and_holds(parts, outage, monkeypatch):
    monkeypatch.setattr(deciding, "SECONDS", 0.1)
    host = shipped(parts, REVIEW, "time.sleep(9)")
    started = time.monotonic()
    first, second = host.review(MESSAGE, outage, None), host.review(MESSAGE, outage, None)
    assert time.monotonic() - started < 1
    assert (first.verdict, second.verdict) == ("hold", "hold")
    assert "part0.py line 3: no answer within 0.1 seconds" in first.why
    assert "is not asked again" in second.why


HEADS = {
    "a strange argument": ("def desk_route(outage, weather):", "desk_route takes outage, customer, channels"),
    "a wrapper": ("@hookimpl(wrapper=True)\ndef desk_review(message):", "desk_review takes message, outage, customer"),
}


@pytest.mark.parametrize(("head", "words"), HEADS.values(), ids=HEADS)
def test_a_hook_that_takes_what_there_is_not_is_off(parts, head, words):
    mark = "" if head.startswith("@") else "@hookimpl\n"
    parts.ship(bad=f"{HEAD}{mark}{head}\n    yield\n")
    assert words in parts.row("bad").reason
