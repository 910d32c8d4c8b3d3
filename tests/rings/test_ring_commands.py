"""`desk ring`, and what `desk work` and `desk doctor` do about telephones."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from fake_ami import FakeAmi
from ring_county import TOKEN, County, comes

from desk.app import Desk

Run = Callable[..., tuple[int, Any]]

AMI = """
[feeds.phone]
type = "asterisk_rings"
host = "127.0.0.1"
port = {port}
user = "desk"
secret = {{ file = "ami" }}
"""


@pytest.fixture
def run(desk: Desk, county: County, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    from desk.cli import main

    assert desk
    monkeypatch.setenv("DESK_DATA", str(county.folder))
    monkeypatch.delenv("DESK_CONFIG", raising=False)

    def ran(*arguments: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return code, json.loads(out) if "--json" in arguments and out else out + err

    return ran


def test_a_ring_by_command_waits_at_its_seat(run: Run, desk: Desk) -> None:
    code, found = run("ring", "13800138000", "--seat", "1", "--call-id", "17.1", "--json")
    assert (code, found["id"], found["number"], found["seats"]) == (0, "R1", "138****8000", ["1"])
    assert run("ring", "13800138000", "--seat", "1", "--call-id", "17.1", "--json")[1]["id"] == "R1"
    assert [(ring.number, ring.source) for ring in desk.rings.waiting("1")] == [("13800138000", "command")]


def test_a_ring_says_in_a_line_what_was_understood(run: Run) -> None:
    code, words = run("ring", "+8613800138000", "--extension", "8002")
    assert (code, words[:2]) == (0, "R1")
    assert "138****8000" in words


def test_a_withheld_number_is_a_ring_too(run: Run, desk: Desk) -> None:
    assert run("ring", "")[0] == run("ring", "anonymous")[0] == 0
    assert [ring.number for ring in desk.rings.waiting("2")] == ["", ""]


def test_the_end_of_a_call_is_told_by_command_too(run: Run, desk: Desk) -> None:
    run("ring", "138", "--call-id", "1")
    assert run("ring", "138", "--call-id", "1", "--state", "ended")[0] == 0
    assert desk.rings.waiting() == []


@pytest.mark.parametrize(
    "arguments", [("ring",), ("ring", "138", "--state", "gone"), ("ring", "138", "--call-id", "9", "--state", "ended")]
)
def test_what_is_no_ring_is_refused_in_a_sentence(run: Run, desk: Desk, arguments: tuple[str, ...]) -> None:
    code, words = run(*arguments)
    assert code == 2
    assert words.count("\n") == 1
    assert desk.rings.waiting() == []


def test_the_worker_hears_telephones_and_says_what_it_does_not_hear(county: County, port: int, ami: FakeAmi) -> None:
    (county.folder / "token").write_text(TOKEN)
    (county.folder / "ami").write_text("guessed")
    county.sections = f'[ring]\nport = {port}\ntoken = {{ file = "token" }}\n' + AMI.format(port=ami.port)
    desk = county.open()
    environ = os.environ | {"DESK_DATA": str(county.folder), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "desk", "work"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as process:
        try:
            comes(lambda: _rang(port), 20)
            assert comes(desk.rings.waiting)[0].source == "http"
            assert process.stderr is not None
            lines = (process.stderr.readline() for _line in range(3))
            assert any("phone: " in line for line in lines)
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def _rang(port: int) -> bool:
    try:
        line = HTTPConnection("127.0.0.1", port, timeout=2)
        line.request("POST", "/ring", '{"number": "138", "call_id": "1"}', {"X-Token": TOKEN})
        return line.getresponse().status == 200
    except OSError:
        return False


def test_the_doctor_logs_in_at_asterisk_and_looks_for_the_token(run: Run, county: County, ami: FakeAmi) -> None:
    (county.folder / "ami").write_text("s3cret")
    (county.folder / "config.toml").write_text("[ring]\nport = 9558\n" + AMI.format(port=ami.port), encoding="utf-8")
    found = {one["check"]: one for one in run("doctor", "--json")[1]}
    assert found["feed phone"]["ok"]
    until = time.monotonic() + 5  # the count is written after the answer was sent
    while not ami.logins and time.monotonic() < until:
        time.sleep(0.02)
    assert ami.logins == 1
    assert not found["ring"]["ok"]
    (county.folder / "ami").write_text("guessed")
    found = {one["check"]: one for one in run("doctor", "--json")[1]}
    assert not found["feed phone"]["ok"]
    assert "guessed" not in str(found)
