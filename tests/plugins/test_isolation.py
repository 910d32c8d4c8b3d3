"""Bad plugins beside good ones: the desk opens, the good ones work, each bad one is named with file, line, reason."""

from __future__ import annotations

import time

import pytest

from desk.plugins import Message, loading
from desk.plugins.parts import Listener

HEAD = "from desk.plugins import *\nimport sys, time\n"
BODY = (
    "class {kind}(Channel):\n"
    "    name = '{name}'\n"
    "    labels = {{'en': '{name}'}}\n"
    "    can = Capabilities(family='sms', timeout=0.2)\n"
    "    def send(self, message, timeout):\n"
    "        {act}\n"
)
GOOD = "return Receipt(state='sent', external_id=message.body)"
MESSAGE = Message(recipient="县医院", address="1", body="x")


def text(name: str, act: str, before: str = "") -> str:
    return HEAD + before + BODY.format(kind=name.title(), name=name, act=act)


BAD = {
    # name → (its text, code of the answer, words of it)
    "raising": (text("raising", "1 / 0"), "fault", "plugins/raising.py line 8: ZeroDivisionError"),
    "lying": (text("lying", "return None"), "fault", "plugins/lying.py line 7: send() must return a Receipt, not None"),
    "nodding": (text("nodding", "return True"), "fault", "plugins/nodding.py line 7: send() must return a Receipt"),
    "exiting": (text("exiting", "sys.exit(3)"), "fault", "plugins/exiting.py line 8: tried to end the program"),
    "hanging": (text("hanging", "time.sleep(9)"), "unknown_outcome", ""),
}
UNLOADABLE = {
    "stealing": (text("good", GOOD), '"good" of plugins/stealing.py is already the name of a part of plugins/good.py'),
    "exits_at_import": ("import sys\nsys.exit()\n", "plugins/exits_at_import.py line 2: tried to end the program"),
    "broken": ("def x(:\n", "plugins/broken.py line 1: this is not Python"),
}


@pytest.fixture
def host(parts):
    parts.ship(good=text("good", GOOD), printing=text("printing", GOOD, "print('hello')\n"))
    parts.ship(**{name: written for name, (written, _code, _words) in BAD.items()})
    parts.ship(**{name: written for name, (written, _words) in UNLOADABLE.items()})
    return parts.host()


def test_the_good_ones_work_beside_all_bad_ones_and_each_bad_one_is_named(host, capfd):
    asked = {name: host.runner(name).send([MESSAGE]) for name in (*BAD, "good", "printing")}
    answers = {name: future.result(3)[0] for name, future in asked.items()}
    assert [answers[name].external_id for name in ("good", "printing")] == ["x", "x"]
    for name, (_text, code, words) in BAD.items():
        assert answers[name].code == code, name
        assert words in str(answers[name])
    rows = {row.name: row for row in host.listed()}
    for name, (_text, words) in UNLOADABLE.items():
        assert (rows[name].state, words in rows[name].reason) == ("off", True), rows[name]
    assert capfd.readouterr() == ("", "")


def test_a_channel_that_hung_is_paused_and_says_in_which_line(host):
    host.runner("hanging").send([MESSAGE]).result(3)
    row = next(row for row in host.channel_states() if row.name == "hanging")
    assert (row.state, row.paused_until is not None) == ("paused", True)
    assert "plugins/hanging.py line 8: no answer within 0.2 seconds" in row.reason


HANGS = {
    "at import": ("import time\n\ntime.sleep(9)\n", "plugins/bad.py line 3: not ready after"),
    "in a hook": (
        HEAD + "@hookimpl\ndef desk_channels():\n    time.sleep(9)\n",
        "plugins/bad.py line 5: not ready after",
    ),
    "when it is made": (
        text("bad", GOOD) + "    def __init__(self, settings=None):\n        time.sleep(9)\n",
        "plugins/bad.py line 10: not ready after",
    ),
}


@pytest.mark.parametrize(("written", "words"), HANGS.values(), ids=HANGS)
def test_a_dropped_in_part_that_hangs_is_left_behind_and_the_desk_opens(parts, good, monkeypatch, written, words):
    from datetime import UTC, datetime

    monkeypatch.setattr(loading, "LOAD_SECONDS", 0.2)
    parts.drop(bad=written, flood=good("flood"))
    for name in ("bad", "flood"):
        parts.host().approve(name, "王芳", datetime(2026, 12, 1, tzinfo=UTC))
    started = time.monotonic()
    host = parts.host()
    assert time.monotonic() - started < 1
    rows = {row.name: row for row in host.listed()}
    assert rows["bad"].state == "off"
    assert words in rows["bad"].reason
    assert list(host.outage_types) == ["flood"]


def test_a_part_that_was_left_behind_brings_nothing_later(parts, monkeypatch):
    from datetime import UTC, datetime

    monkeypatch.setattr(loading, "LOAD_SECONDS", 0.1)
    parts.drop(bad="import time\ntime.sleep(0.3)\n" + text("bad", GOOD))
    parts.host().approve("bad", "王芳", datetime(2026, 12, 1, tzinfo=UTC))
    host = parts.host()
    time.sleep(0.4)
    assert dict(host.channels) == {}


def test_a_check_that_hangs_is_a_problem(parts):
    check = (
        "class Slow(Check):\n    name = 'slow'\n    def check(self, timeout):\n        time.sleep(9)\n"
        "@hookimpl\ndef desk_checks():\n    return [Slow]\n"
    )
    parts.ship(slow=HEAD + check)
    assert "plugins/slow.py line 6: not ready after" in parts.host().run_check("slow", -0.9).text


LISTENER = (
    "class {kind}(Listener):\n    name = '{name}'\n    def hear(self, event, about):\n        {act}\n"
    "@hookimpl\ndef desk_listeners():\n    return [{kind}]\n"
)


def wait_for(seen, seconds: float = 3.0) -> None:
    until = time.monotonic() + seconds
    while not seen() and time.monotonic() < until:
        time.sleep(0.005)
    assert seen()


def test_a_slow_listener_holds_nobody_up_and_what_it_missed_is_counted(parts, monkeypatch, tmp_path):
    from desk.plugins import hearing

    monkeypatch.setattr(hearing, "QUEUE", 3)
    heard = tmp_path / "heard"
    parts.ship(
        slow=HEAD + LISTENER.format(kind="Slow", name="slow", act="time.sleep(9)"),
        quick=HEAD + LISTENER.format(kind="Quick", name="quick", act=f"open({str(heard)!r}, 'a').write(event + ' ')"),
    )
    host = parts.host()
    started = time.monotonic()
    for _time in range(10):
        host.hear("call_logged", {"id": "C1"})
        time.sleep(0.01)
    assert time.monotonic() - started < 1
    wait_for(lambda: heard.exists() and heard.read_text().count("call_logged") == 10)
    rows = {row.name: row for row in host.listed()}
    assert rows["slow"].reason == "too slow: missed 6 events"
    assert (rows["quick"].state, rows["quick"].reason) == ("on", "")


def test_a_listener_that_raises_is_named_and_hears_the_next_event(parts, tmp_path):
    heard = tmp_path / "heard"
    act = f"open({str(heard)!r}, 'a').write(event); 1 / 0"
    parts.ship(bad=HEAD + LISTENER.format(kind="Bad", name="bad", act=act))
    host = parts.host()
    host.hear("call_logged", {})
    host.hear("outage_opened", {})
    wait_for(lambda: heard.exists() and heard.read_text() == "call_loggedoutage_opened")
    wait_for(lambda: host.listed()[0].reason != "")
    assert "plugins/bad.py line 6: ZeroDivisionError" in host.listed()[0].reason


def test_a_listener_cannot_change_what_others_hear():
    seen: list[dict] = []

    class Changing(Listener):
        name = "changing"

        def hear(self, event, about):  # noqa: ARG002
            about["id"] = "stolen"
            seen.append(dict(about))

    from desk.plugins.hearing import Ear

    about = {"id": "C1"}
    Ear(Changing(), None, lambda _words: None).hear("call_logged", about)
    wait_for(lambda: seen)
    assert about == {"id": "C1"}


def test_without_a_listener_hearing_costs_nothing(parts):
    parts.host().hear("call_logged", {})
