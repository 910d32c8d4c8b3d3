"""What commands print about a desk full of attacks is text, on a terminal and in a pipe; JSON says what is stored."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from hostile_county import ATTACK, attacked, bad_signs, build

from desk import cli
from desk.cli.output import Output

ROOT = Path(__file__).resolve().parents[2]
READING = (
    "outages", "outage show O1", "duties", "duties O1", "calls", "lookup 8001", "messages", "callbacks", "cases",
    "workorders", "predicted", "shift", "audit show", "plugins list", "doctor", "orders list", "paper list O1",
    "report compliance --from 2026-11-01 --to 2026-11-30",
    "outage show nothing-\x1b[31m", "lookup \x1b]0;PWNED\x07",
    "ring \x1b[31m --seat \x1b[2J",
)  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "county"
    build(folder).close()
    return folder


def printed(data: Path, words: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """What a command writes to standard output and standard error, through the guard that the program has."""
    streams = {name: io.BytesIO() for name in ("stdout", "stderr")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, Output(stream, "utf-8", "replace", write_through=True))
    monkeypatch.setenv("DESK_NOW", "2026-11-23T11:00:00+08:00")
    try:
        cli.main([*words, "--data", str(data)])
        for name in streams:
            getattr(sys, name).flush()
        return streams["stdout"].getvalue().decode(), streams["stderr"].getvalue().decode()
    finally:
        monkeypatch.undo()


@pytest.mark.parametrize("command", READING, ids=[words.encode("unicode_escape").decode() for words in READING])
def test_a_command_prints_text_only(data: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    for text in printed(data, command.split(" "), monkeypatch):
        assert "did not expect" not in text
        assert "\n\\u0009" not in text, "a text began a line of its own"
        assert not bad_signs(text.replace("\n", ""))


@pytest.mark.parametrize("command", [words for words in READING if "\x1b" not in words and "paper" not in words])
def test_a_document_is_json_and_nothing_in_it_is_obeyed(
    data: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    text, _errors = printed(data, [*command.split(" "), "--json"], monkeypatch)
    assert not bad_signs(text.replace("\n", ""))
    json.loads(text)


def test_a_document_says_exactly_what_is_stored(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, _errors = printed(data, ["lookup", "8001", "--json"], monkeypatch)
    assert json.loads(text)[0]["name"] == attacked("客户1")
    text, _errors = printed(data, ["outages", "--json"], monkeypatch)
    assert attacked("东湖镇") in [row["area"] for row in json.loads(text)]


def test_the_program_guards_what_it_prints(data: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "desk", "lookup", "8001", f"{ATTACK[:20]}", "--data", str(data)],
        cwd=ROOT, capture_output=True, check=False, env={**os.environ, "DESK_NOW": "2026-11-23T11:00:00+08:00"},
    )  # fmt: skip
    assert b"\x1b" not in ran.stdout + ran.stderr
    assert b"\x07" not in ran.stdout + ran.stderr


def test_a_plain_board_on_a_terminal_is_text(data: Path) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "desk", "outages", "--data", str(data)]
    environment = {**os.environ, "DESK_NOW": "2026-11-23T11:00:00+08:00"}
    with subprocess.Popen(
        command, cwd=ROOT, stdin=follower, stdout=follower, stderr=follower, env=environment
    ) as child:
        os.close(follower)
        written = b""
        try:
            while piece := os.read(leader, 65536):
                written += piece
        except OSError:  # the end of a terminal
            pass
        assert child.wait() == 0
    os.close(leader)
    assert "东湖镇".encode() in written
    assert not bad_signs(written.decode().replace("\r\n", ""))
