"""Two programs on one store: both see each other's changes, nothing is lost, no id is given twice."""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import Struct
from store_worker import SPECS

from desk.errors import StaleWrite
from desk.store import open_store
from desk.store.terms import Term

WORKER = Path(__file__).with_name("store_worker.py")
ROOT = Path(__file__).parents[2]

Start = Callable[..., subprocess.Popen[str]]


class Call(Struct):
    name: str
    by: str = ""


@pytest.fixture
def start(url: str) -> Iterator[Start]:
    """Starts another process on the same store."""
    started: list[subprocess.Popen[str]] = []

    def start_one(*arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, str(WORKER), url, *map(str, arguments)]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment))
        return started[-1]

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


def ask(process: subprocess.Popen[str], question: str) -> str:
    assert process.stdin
    assert process.stdout
    process.stdin.write(question + "\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def test_both_see_what_the_other_changed(url: str, start: Start) -> None:
    store = open_store(url, SPECS)
    calls = store.table("calls")
    calls.insert({"name": "first"})
    other = start("converse")
    assert ask(other, "names") == "['first']"
    assert ask(other, "changed") == "[]"
    store.changed()
    calls.insert({"name": "second"})
    assert ask(other, "changed") == "['calls']"
    assert ask(other, "names") == "['first', 'second']"
    assert ask(other, "write") == "[1]"
    assert store.changed() == {"calls"}
    assert calls.get(doc_id=1) == {"name": "first", "by": "other"}
    store.close()


def test_a_stale_write_of_another_process_is_refused(url: str, start: Start) -> None:
    store = open_store(url, SPECS)
    calls = store.table("calls")
    calls.insert({"name": "first"})
    held = calls.get(doc_id=1)
    other = start("converse")
    assert ask(other, "names") == "['first']"
    calls.update({"by": "me"}, doc_ids=[1])
    assert ask(other, "write") == "StaleWrite"
    assert calls.all() == [{"name": "first", "by": "me"}]
    with pytest.raises(StaleWrite):
        calls.upsert(held)
    store.close()


def test_processes_that_insert_at_the_same_time_lose_nothing(url: str, start: Start) -> None:
    # The first to come makes the store: all are started before it is there.
    workers = [start("insert", name, 60) for name in "abc"]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    store = open_store(url, SPECS)
    calls = store.table("calls")
    assert sorted(call.doc_id for call in calls) == list(range(1, 181))
    assert Counter(call["by"] for call in calls) == {"a": 60, "b": 60, "c": 60}
    assert len(store.records("calls", Call).matching([[Term("n", prefix=True)]], 999)) == 180
    store.close()


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_no_call_reported_saved(url: str, start: Start) -> None:
    chance = random.Random(95598)
    acknowledged = 0
    for _ in range(20 if url.startswith("sqlite") else 6):  # a line that ends is nothing new to a server
        worker = start("acknowledge", acknowledged)
        saved = until_killed(worker, chance.uniform(0.0, 0.12))
        acknowledged = check(url, saved if saved is not None else acknowledged - 1)
    assert acknowledged > (100 if url.startswith("sqlite") else 10)


def until_killed(worker: subprocess.Popen[str], seconds: float) -> int | None:
    """Lets the worker run on after its first answer, kills it, and returns the last number it said."""
    assert worker.stdout
    select.select([worker.stdout], [], [], 20)
    time.sleep(seconds)
    os.kill(worker.pid, signal.SIGKILL)
    said = worker.stdout.read().rpartition("\n")[0].split()
    worker.wait()
    return int(said[-1]) if said else None


def check(url: str, saved: int) -> int:
    """Opens the store after a crash; every call up to `saved` must be there. Returns the next number."""
    if url.startswith("sqlite"):
        db = sqlite3.connect(url.removeprefix("sqlite:///"))
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.close()
    store = open_store(url, SPECS)
    calls = store.table("calls")
    numbers = [int(call["name"]) for call in calls]
    assert numbers == list(range(len(numbers)))
    # What was committed and not yet said may be there too: one call.
    assert saved + 1 <= len(numbers) <= saved + 2
    assert store.table("drafts").all() == [{"last": numbers[-1]}]
    assert len(calls) == store.records("calls", Call).count(by="x") == len(numbers)
    assert len(store.records("calls", Call).matching([[Term("n", prefix=True)]], 99_999)) == len(numbers)
    store.close()
    return len(numbers)
