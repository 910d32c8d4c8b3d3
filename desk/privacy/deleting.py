"""Deleting in slices, each a transaction of a few milliseconds with the record that is left of it and an audit line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from time import monotonic, sleep
from typing import Any

from desk import schema
from desk.access import Access
from desk.place import Place
from desk.records import Deletion
from desk.store import RecordTable

SLICE = 100  # records of one transaction: some 5 ms
LONGEST_REST = 0.05  # seconds; between slices the others write
ACT = "retention.delete"

Cancelled = Callable[[], bool]


def never() -> bool:
    return False


class Deleting:
    """Removes records by key; `act` is what the audit calls it."""

    def __init__(self, place: Place, act: str = ACT) -> None:
        self._place = place
        self._act = act
        self._access = Access(place)
        self._deletions = place.store.records(schema.DELETIONS, Deletion)

    def of(self, table: RecordTable[Any], keys: Sequence[str], before: datetime, cancelled: Cancelled = never) -> int:
        """Remove the records with these keys; returns how many there were."""
        gone = 0
        for some in sliced(keys):
            if cancelled():
                break
            with resting(), self._place.store.transaction():
                removed = [key for key in some if table.remove(key)]
                self.written(table.name, removed, before)
            gone += len(removed)
        return gone

    def written(self, name: str, keys: Sequence[str], before: datetime, act: str = "") -> None:
        """The record of a slice; inside its transaction."""
        if not keys:
            return
        digest = sha256("\n".join(keys).encode()).hexdigest()
        now, by = self._place.now(), self._place.agent
        self._deletions.add(
            lambda number: Deletion(
                id=f"X{number}", at=now, by=by, table=name, before=before, rows=len(keys), sha256=digest
            )
        )
        details = {"rows": len(keys), "before": before.isoformat(), "sha256": digest}
        self._access.note(act or self._act, name, details)


def sliced(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """The keys in slices of one transaction each."""
    for start in range(0, len(keys), SLICE):
        yield keys[start : start + SLICE]


@contextmanager
def resting() -> Iterator[None]:
    """Leaves the store to others afterwards, for as long as what is done inside took."""
    began = monotonic()
    yield
    sleep(min(monotonic() - began, LONGEST_REST))
