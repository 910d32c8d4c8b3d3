"""An outage with all that hangs on it: kept together, and deleted together once the outage's own period is over.

Its duties with their evidence, approvals, violations, messages with their tries, prints, callbacks, cases and work
orders prove lawful notice as one whole; a part of it alone would prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from desk import schema
from desk.place import Place
from desk.privacy.periods import DONE_ORDERS, OPEN_CALLBACKS
from desk.records import (
    ENDS,
    Approval,
    Attempt,
    AttemptState,
    Batch,
    Callback,
    Case,
    CaseState,
    Message,
    Outage,
    Record,
    Status,
    Violation,
    WorkOrder,
)
from desk.store import RecordTable

ENDED = (Status.CLOSED, Status.CANCELLED)
LAST_ACTS = frozenset({"close", "cancel"})


class Sheet(Record, frozen=True, kw_only=True):
    """As much of a sheet of duties as says which it is; see desk/notices/sheets.py."""

    id: str
    outage: str


class Print(Record, frozen=True, kw_only=True):
    """As much of a printed notice as says which it is; see desk/paper/kept.py."""

    duty: str
    outage: str


class Part(Struct, frozen=True):
    """Some records of one table that belong to an outage, by their keys."""

    table: str
    key: str
    type: type[Record]
    keys: list[str]


# In the order in which they are deleted: what is found through another goes before it, the outage last.
TABLES: tuple[tuple[str, str, type[Record]], ...] = (
    (schema.DUTIES, "id", Sheet),
    (schema.APPROVALS, "id", Approval),
    (schema.VIOLATIONS, "id", Violation),
    (schema.PAPERS, "duty", Print),
    (schema.CALLBACKS, "id", Callback),
    (schema.CASES, "id", Case),
    (schema.WORK_ORDERS, "id", WorkOrder),
    (schema.BATCHES, "id", Batch),
)


def over_at(outage: Outage) -> datetime:
    """When a closed or cancelled outage was over: its last act, and never before its supply was back."""
    acts = [line.at for line in outage.history if line.act in LAST_ACTS]
    return max([*acts, outage.actual_end or outage.opened_at])


def ended_before(place: Place, before: datetime) -> Iterator[Outage]:
    """The outages whose own period is over."""
    for outage in place.outages_table.where(status=[str(one) for one in ENDED]):
        if over_at(outage) < before:
            yield outage


def never_closed(place: Place, before: datetime) -> int:
    """How many are restored since then and were never closed: they are kept until somebody closes them."""
    found = place.outages_table.where(status=str(Status.RESTORED))
    return sum((outage.actual_end or outage.opened_at) < before for outage in found)


def is_in_use(place: Place, outage: str) -> bool:
    """Whether somebody still has something to do because of it: then all of it is kept."""
    records = place.store.records
    callbacks = records(schema.CALLBACKS, Callback).where(outage=outage)
    cases = records(schema.CASES, Case).where(outage=outage)
    orders = records(schema.WORK_ORDERS, WorkOrder).where(outage=outage)
    messages = records(schema.MESSAGES, Message).where(outage=outage)
    return (
        any(one.state in OPEN_CALLBACKS for one in callbacks)
        or any(one.state is not CaseState.CLOSED for one in cases)
        or any(one.state not in DONE_ORDERS for one in orders)
        or any(one.state not in ENDS and one.state is not AttemptState.UNKNOWN for one in messages)
    )


def parts(place: Place, outage: str) -> Iterator[Part]:
    """All that hangs on an outage, in the order in which it is deleted, and the outage."""
    messages = [one.id for one in _table(place, schema.MESSAGES, Message).where(outage=outage)]
    tries = _table(place, schema.ATTEMPTS, Attempt)
    attempts = [one.id for some in _batched(messages) for one in tries.where(message=some)]
    yield Part(schema.ATTEMPTS, "id", Attempt, attempts)
    yield Part(schema.MESSAGES, "id", Message, messages)
    for table, key, type in TABLES:
        keys = [getattr(one, key) for one in _table(place, table, type).where(outage=outage)]
        yield Part(table, key, type, keys)
    yield Part(schema.OUTAGES, "id", Outage, [outage])


def _table(place: Place, name: str, type: type[Any]) -> RecordTable[Any]:
    return place.store.records(name, type)


def _batched(keys: list[str], size: int = 500) -> Iterator[list[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
