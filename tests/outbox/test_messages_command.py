"""`desk messages` and `desk work`: the same outbox from the command line, for people and for programs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from outbox_county import NOW, FakeChannel, message, sent

from desk.app import Desk
from desk.cli import main
from desk.plugins.messages import Receipt
from desk.plugins.send_errors import Refused, UnknownOutcome

REPO = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    data = desk.place.config.data
    (data / "config.toml").write_text('[desk]\nlanguage = "en"\n')
    monkeypatch.delenv("DESK_CONFIG", raising=False)
    monkeypatch.setenv("DESK_NOW", NOW.isoformat())

    def ran(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*words, "--data", str(data)])
        return code, *capsys.readouterr()

    return ran


@pytest.fixture
def five(desk: Desk, sms: FakeChannel) -> list[Any]:
    sms.answers.extend([Receipt(state="delivered", external_id="x1"), UnknownOutcome(), Refused(why="blacklisted")])
    return [*sent(desk, *(message(number) for number in range(1, 4))), *desk.outbox.add([message(4, channel="away")])]


@pytest.mark.usefixtures("five")
def test_the_outbox_as_json_has_every_key_of_the_interface(run: Run) -> None:
    _code, out, _err = run("messages", "--json")
    rows = json.loads(out)
    keys = "id outage duty recipient channel state valid_until not_before body attempts"
    assert [" ".join(row) for row in rows] == [keys] * 4
    assert [row["state"] for row in rows] == ["delivered", "unknown", "rejected", "queued"]
    assert " ".join(rows[0]["attempts"][0]) == "at channel state external_id error"
    assert "blacklisted" in rows[2]["attempts"][0]["error"]


@pytest.mark.usefixtures("five")
def test_one_state_is_listed_and_a_wrong_one_is_named(run: Run) -> None:
    _code, out, _err = run("messages", "--state", "unknown")
    assert "M2" in out
    assert "M1" not in out
    code, _out, err = run("messages", "--state", "lost")
    assert code == 2
    assert "unknown" in err


def test_a_person_decides_from_the_command_line(run: Run, desk: Desk, five: list[Any]) -> None:
    code, out, _err = run("messages", "decide", "m2", "arrived", "--note", "rang up")
    assert (code, out.strip()) == (0, "M2: delivered")
    code, _out, err = run("messages", "decide", "m1", "again")
    assert code == 2
    assert "nothing to decide" in err
    assert run("messages", "cancel", five[3].id)[0] == 0
    assert desk.outbox.get(five[3].id).message.state.value == "cancelled"


@pytest.mark.usefixtures("five")
def test_one_message_is_shown_with_its_words_and_tries(run: Run) -> None:
    _code, out, _err = run("messages", "show", "M3")
    assert "明日停电" in out
    assert "blacklisted" in out


def test_work_once_says_what_it_did(run: Run, desk: Desk) -> None:
    assert run("work", "--once")[1].strip() == "nothing to do"
    desk.outbox.add([message(channel="nowhere")])
    assert "1 failed" in run("work", "--once")[1]


def test_a_worker_that_is_asked_to_stop_ends_in_good_order(run: Run, desk: Desk) -> None:
    assert run
    command = [sys.executable, "-m", "desk", "work", "--data", str(desk.place.config.data)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(REPO)}, stderr=subprocess.PIPE) as worker:
        assert worker.stderr
        assert b"Ctrl-C" in worker.stderr.readline()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
        assert worker.stderr.read() == b""
    assert not list((desk.place.config.data / "workers").iterdir())


def test_the_open_desk_sends_beside_what_it_does_and_stops_when_asked(desk: Desk, sms: FakeChannel) -> None:
    desk.outbox.start_worker()
    desk.outbox.start_worker()
    desk.outbox.add([message()])
    until = time.monotonic() + 5
    while not sms.handed and time.monotonic() < until:
        time.sleep(0.01)
    desk.outbox.stop_worker()
    assert desk.outbox.counts() == {"accepted": 1}
