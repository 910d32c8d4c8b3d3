"""Several processes write on one audit, are killed, and their clocks jump: what is left is one chain."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from audited import later, place_at, written

from desk.audit import AGE, LINES, Audit
from desk.errors import StoreUnreachable
from desk.place import Place
from desk.store import RecordTable

WORKER = Path(__file__).with_name("audit_worker.py")
ROOT = Path(__file__).parents[2]

Start = Callable[[str, int], subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path, url: str) -> Iterator[Start]:
    """Starts a seat of its own on the same store."""
    started: list[subprocess.Popen[str]] = []

    def start_one(seat: str, lines: int) -> subprocess.Popen[str]:
        words = [str(tmp_path / f"seat{seat}"), url, seat, str(lines)]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, str(WORKER), *words]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment))
        return started[-1]

    yield start_one
    for process in started:
        process.kill()
        process.wait()


def test_three_processes_at_once_make_one_chain_with_every_line(place: Place, start: Start) -> None:
    seats = [start(seat, 40) for seat in ("2", "3", "4")]
    written(place, 20)
    while any(process.poll() is None for process in seats):
        assert Audit(place).verify().ok  # also while others write
    for process in seats:
        process.communicate(timeout=60)
    found = Audit(place).verify()
    assert (found.ok, found.lines, len(found.keys)) == (True, 20 + 3 * 40 + 3, 3)


def test_whoever_is_killed_leaves_a_chain_with_all_that_was_told(place: Place, start: Start) -> None:
    random = Random(95598)
    for _round in range(3):
        process = start("2", 0)
        assert process.stdout
        told = [process.stdout.readline().strip() for _line in range(random.randrange(5, 30))]
        process.kill()
        process.wait()
        process.stdout.close()
        until = time.monotonic() + 5  # what another process wrote is heard of milliseconds later
        while (
            not set(told) <= (stored := {line.about for line in place.audit_table.all()}) and time.monotonic() < until
        ):
            time.sleep(0.01)
        assert set(told) <= stored
    assert place.audit_table.count() == Audit(place).verify().lines
    assert Audit(place).verify().ok
    # What was written and its line are there together, or neither is.
    marks = {mark.name for mark in place.marks_table.all() if not mark.name.startswith("audit_key")}
    assert marks == {line.about for line in place.audit_table.all() if line.act == "mark.set"}


def test_a_clock_that_jumps_breaks_nothing_and_does_not_silence_checkpoints(place: Place) -> None:
    audit = Audit(place)
    for step in (0, 10, -300, 500, -900, 3):
        later(place, timedelta(hours=step))
        audit.note("case.open", "K1")
    found = audit.verify()
    assert found.ok
    assert found.checkpoints >= 4


def test_an_hour_or_a_thousand_lines_call_for_a_checkpoint(place: Place) -> None:
    audit = Audit(place)
    audit.note("case.open", "K1")
    audit.note("case.open", "K2")
    assert audit.verify().checkpoints == 0
    later(place, AGE)
    audit.note("case.open", "K3")
    assert audit.verify().checkpoints == 1
    written(place, LINES - 10)
    assert audit.verify().checkpoints == 1
    written(place, 20)
    assert audit.verify().checkpoints == 2


def test_a_seat_with_a_folder_that_takes_nothing_goes_on_writing(tmp_path: Path) -> None:
    (tmp_path / "seat1").mkdir()
    (tmp_path / "seat1" / "audit").write_text("a file where the folder should be")
    place = place_at(tmp_path / "seat1")
    audit = Audit(place)
    audit.note("case.open", "K1")
    later(place, AGE)
    audit.note("case.open", "K2")
    assert audit.lines.count() == 2
    assert "signing key" in audit.trouble
    place.store.close()


def test_what_is_undone_leaves_no_line(place: Place) -> None:
    audit = Audit(place)
    audit.note("case.open", "K1")
    with suppress(RuntimeError), place.store.transaction():
        audit.note("case.open", "K2")
        raise RuntimeError
    with place.store.transaction():
        audit.note("case.open", "K3")
        with suppress(RuntimeError), place.store.transaction():
            audit.note("case.open", "K4")
            raise RuntimeError
        audit.note("case.open", "K5")
    assert [line.about for line in audit.lines.all()] == ["K1", "K3", "K5"]
    assert audit.verify().ok


def test_the_key_is_for_its_owner_alone(place: Place) -> None:
    written(place, 1).checkpoint()
    folder = place.config.data / "audit"
    assert (folder / "signing.key").stat().st_mode & 0o777 == 0o600
    assert not list(folder.glob(".*"))


def test_a_checkpoint_that_was_not_copied_is_copied_with_the_next(place: Place) -> None:
    audit = written(place, 3)
    audit.checkpoint()
    file = place.config.data / "audit" / "checkpoints.jsonl"
    whole = file.read_bytes()
    written(place, 3)
    audit.checkpoint()
    file.write_bytes(whole + b'{"at":"2026-')  # killed while it was appended
    assert audit.verify().ok
    written(place, 3)
    audit.checkpoint()
    assert len(file.read_bytes().splitlines()) == 3
    assert audit.verify().ok


def test_a_store_that_goes_away_right_after_a_line_does_not_make_the_act_look_undone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_what: object, **_how: object) -> None:
        raise StoreUnreachable("the store is out of reach")

    audit = Audit(place)
    with monkeypatch.context() as patched, place.store.transaction():
        line = audit.note("case.open", "K1")
        patched.setattr(RecordTable, "newest", away)
        patched.setattr(RecordTable, "range", away)
        place.store.after_commit(patched.undo)
    assert [one.id for one in audit.lines.all()] == [line.id]
