"""What another process does to a store in the tests: `python store_worker.py URL ACT [ARGUMENTS]`."""

from __future__ import annotations

import sys
from itertools import count
from typing import Any

from tinydb import Query

from desk.errors import StaleWrite
from desk.store import DocumentStore, TableSpec, open_store
from tests.postgres_server import heard_at_once

SPECS = [TableSpec("calls", key="name", indexes=("by",), terms=lambda call: ["n" + call["name"]])]


def insert(store: DocumentStore, by: str, how_many: str) -> None:
    for number in range(int(how_many)):
        store.table("calls").insert({"by": by, "name": f"{by}{number}"})


def acknowledge(store: DocumentStore, start: str) -> None:
    """Saves calls one after the other, a draft with each, and says each number once it is saved."""
    for number in count(int(start)):
        with store.transaction():
            store.table("calls").insert({"by": "x", "name": str(number), "note": "n" * (number % 3000)})
            store.table("drafts").upsert({"last": number}, Query().noop())
        say(number)


def converse(store: DocumentStore) -> None:
    """Answers each line on stdin: what is there, what changed, a write with what was read at first."""
    calls = store.table("calls")
    held: Any = calls.get(doc_id=1)
    for line in map(str.strip, sys.stdin):
        if line == "changed":
            say(sorted(store.changed()))
        elif line == "names":
            say([call["name"] for call in calls])
        elif line == "write":
            held["by"] = "other"
            try:
                say(calls.upsert(held))
            except StaleWrite as error:
                say(type(error).__name__)


def say(answer: object) -> None:
    print(answer, flush=True)


if __name__ == "__main__":
    url, act, *arguments = sys.argv[1:]
    if url.startswith("postgresql"):
        heard_at_once()
    globals()[act](open_store(url, SPECS), *arguments)
