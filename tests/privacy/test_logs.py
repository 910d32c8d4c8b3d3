"""No log, fault file or technical detail holds a person's data: what fails with a name or a number in it is masked."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from marked_county import LANDLINE, MARKS, MOBILE, shown

from desk.app import Desk
from desk.cli.base import Flags, report
from desk.plugins.journal import NAME, note
from desk.tui.fault_log import FILE_NAME, FaultLog

NUMBERS = list(MARKS.values())
SENTENCE = "王建国 (13811112222, 0951-6667771, 138 1111 2222) cannot be reached"


def failing(words: str) -> BaseException:
    try:
        raise ValueError(words)
    except ValueError as problem:
        return problem


def test_the_fault_log_holds_neither_names_nor_numbers(tmp_path: Path) -> None:
    FaultLog(tmp_path).fault(failing(SENTENCE))
    written = (tmp_path / FILE_NAME).read_text()
    assert not shown(written)
    assert "王建国" not in written
    assert "ValueError" in written


@pytest.mark.parametrize("number", NUMBERS)
def test_what_a_plugin_prints_is_logged_without_numbers(tmp_path: Path, number: str) -> None:
    grouped = f"{number[:4]}-{number[4:]}" if number[0] == "0" else f"{number[:3]} {number[3:7]} {number[7:]}"
    note(f"sending to {number}: refused ({grouped})", tmp_path)
    assert not shown((tmp_path / NAME).read_text())


def test_whatever_is_logged_for_plugins_goes_through_the_same_door(tmp_path: Path) -> None:
    note("begin", tmp_path)
    logging.getLogger("desk.plugins").error("an arrival that cannot be read: %r", {"from": MOBILE})
    assert not shown((tmp_path / NAME).read_text())


@pytest.mark.parametrize("why", [False, True], ids=["sentence", "--why"])
def test_an_error_tells_no_number(capsys: pytest.CaptureFixture[str], why: bool) -> None:
    report(SENTENCE, f"Traceback …\nValueError: {SENTENCE}", Flags(why=why))
    assert not shown(capsys.readouterr().err)


def test_a_command_that_fails_inside_shows_no_number(desk: Desk, run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk

    def fails(*_arguments: object, **_more: object) -> None:
        raise RuntimeError(f"{MOBILE} is in the way, so is {LANDLINE}")

    monkeypatch.setattr("desk.calls.Calls.find", fails)
    code, out = run("lookup", "王", "--why")
    assert code == 2
    assert "RuntimeError" in out
    assert not shown(out)


def test_nothing_below_the_data_folder_but_the_store_and_what_proves_holds_a_number(desk: Desk, folder: Path) -> None:
    """The store, drafts kept while it was away, attachments and the county's own settings are what they are for."""
    desk.place.plugins.listed()
    held = {"desk.db", "desk.db-wal", "desk.db-shm", "config.toml"}
    files = (file for file in folder.rglob("*") if file.is_file() and file.name not in held)
    assert not [str(file) for file in files if shown(file.read_text(errors="replace"))]
