"""How long each kind of record is kept, and from which moment that time runs: data, no doing.

A `Kind` is one line: a table, the setting of `[privacy] keep` it goes by, and when a record of it was over (None: it is
not over, and is kept). What hangs on an outage is not here: it goes with the outage, see outage_bundles.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from desk import schema
from desk.config.settings import KEPT
from desk.durations import parse_duration
from desk.i18n import N_
from desk.place import Place
from desk.records import (
    ENDS,
    Agent,
    Batch,
    Callback,
    CallbackState,
    Case,
    CaseState,
    Claim,
    Draft,
    Handover,
    Message,
    Presence,
    Record,
    Ring,
    Session,
    WorkOrder,
    WorkOrderState,
)

Over = Callable[[Any], datetime | None]

OPEN_CALLBACKS = frozenset({CallbackState.OWED, CallbackState.ASSIGNED, CallbackState.MESSAGED})
DONE_ORDERS = frozenset({WorkOrderState.CLOSED, WorkOrderState.CANCELLED})


class Parked(Record, frozen=True, kw_only=True):
    """As much of a parked receipt as retention asks for."""

    id: str
    came_at: datetime


class AddressNoted(Record, frozen=True, kw_only=True):
    """As much of a note on an address as retention asks for."""

    id: str
    state: str
    at: datetime


class Kind(Struct, frozen=True, kw_only=True):
    """One line of the table below. `outage`: whether a record may belong to an outage, and then goes with it."""

    table: str
    key: str
    keep: str
    type: type[Record]
    over: Over
    outage: bool = False


def _case_over(case: Case) -> datetime | None:
    if case.state is not CaseState.CLOSED:
        return None
    return case.steps[-1].at if case.steps else case.answered_at or case.at


def _callback_over(one: Callback) -> datetime | None:
    return None if one.state in OPEN_CALLBACKS else one.closed_at or one.at


def _order_over(one: WorkOrder) -> datetime | None:
    return (one.closed_at or one.at) if one.state in DONE_ORDERS else None


def _message_over(one: Message) -> datetime | None:
    return one.made_at if one.state in ENDS else None


def _note_over(one: AddressNoted) -> datetime | None:
    """That somebody wants no messages is kept for as long as we could send any."""
    return None if one.state == "opted_out" else one.at


KINDS: tuple[Kind, ...] = (
    Kind(table=schema.RINGS, key="id", keep="rings", type=Ring, over=lambda one: one.ended_at or one.at),
    Kind(table=schema.DRAFTS, key="id", keep="drafts", type=Draft, over=lambda one: one.at),
    Kind(
        table=schema.SESSIONS, key="id", keep="drafts", type=Session, over=lambda one: one.closed_at or one.expires_at
    ),
    Kind(table=schema.STRANGERS, key="name", keep="drafts", type=Agent, over=lambda one: one.failed_at or one.since),
    Kind(table=schema.PRESENCES, key="seat", keep="drafts", type=Presence, over=lambda one: one.until),
    Kind(table=schema.CLAIMS, key="id", keep="drafts", type=Claim, over=lambda one: one.until),
    Kind(table=schema.CALLBACKS, key="id", keep="calls", type=Callback, over=_callback_over, outage=True),
    Kind(table=schema.CASES, key="id", keep="calls", type=Case, over=_case_over, outage=True),
    Kind(table=schema.WORK_ORDERS, key="id", keep="calls", type=WorkOrder, over=_order_over, outage=True),
    Kind(table=schema.HANDOVERS, key="id", keep="calls", type=Handover, over=lambda one: one.at),
    Kind(table=schema.MESSAGES, key="id", keep="messages", type=Message, over=_message_over, outage=True),
    Kind(table=schema.BATCHES, key="id", keep="messages", type=Batch, over=lambda one: one.at, outage=True),
    Kind(table=schema.PARKED_RECEIPTS, key="id", keep="messages", type=Parked, over=lambda one: one.came_at),
    Kind(table=schema.ADDRESSES, key="id", keep="messages", type=AddressNoted, over=_note_over),
)
NEVER: Mapping[str, str] = {
    schema.AUDIT: N_("the audit proves what was done; nothing of it is ever deleted"),
    schema.CHECKPOINTS: N_("they vouch for the audit"),
    schema.DELETIONS: N_("they prove what was deleted"),
    schema.EXPORT_APPROVALS: N_("they prove who took data out of the desk, and what for"),
    schema.AGENTS: N_("whoever stands in the audit is known by name"),
}
# Nobody's data: counters, marks, the network, tables of feeders; customers are the billing office's to end.
NOT_AGED = frozenset({schema.NETWORK, schema.MARKS, schema.SEATS, schema.ORDER_TABLES, schema.PACES, schema.CUSTOMERS})
WITH_OUTAGE = frozenset({schema.DUTIES, schema.APPROVALS, schema.VIOLATIONS, schema.PAPERS, schema.ATTEMPTS})


def oldest_kept(place: Place, keep: str) -> datetime | None:
    """What was over before this moment may go; None: it is kept for ever."""
    written = place.config.privacy.keep.get(keep, KEPT[keep])
    return place.now() - parse_duration(written).length if written else None
