"""Which tables a desk keeps, what identifies a row and what may be asked for quickly."""

from __future__ import annotations

from datetime import datetime

from desk.records import Record
from desk.store import TableSpec
from desk.store.terms import TERMS_VERSION, customer_terms

CUSTOMERS = "customers"
NETWORK = "network"
OUTAGES = "outages"
CALLS = "calls"
DRAFTS = "drafts"
AUDIT = "audit"
MARKS = "marks"
DUTIES = "duties"
APPROVALS = "approvals"
VIOLATIONS = "violations"
ORDER_TABLES = "shedding_order_lists"
SEATS = "seats"
RINGS = "rings"
WORK_ORDERS = "work_orders"
CALLBACKS = "callbacks"
CASES = "cases"
HANDOVERS = "handovers"
PAPERS = "papers"
MESSAGES = "messages"
ATTEMPTS = "attempts"
BATCHES = "batches"
ADDRESSES = "addresses"
PARKED_RECEIPTS = "parked_receipts"
PACES = "paces"
AGENTS = "agents"
SESSIONS = "sessions"
STRANGERS = "strangers"
CLAIMS = "claims"
PRESENCES = "presences"
EXPORT_APPROVALS = "export_approvals"
DELETIONS = "deletions"
CHECKPOINTS = "audit_checkpoints"

# By `counted` the calls below one feeder are found, by `counted_at` those that nothing explains yet.
CALL_INDEXES = (
    "at",
    "account_no",
    "number",
    "outage",
    "predicted",
    "transformer_area",
    "counted",
    "counted_at",
    "key",
)


class Mark(Record, frozen=True):
    """When something was last known to be true, e.g. `outages`: the last plan, act, import or feed."""

    name: str
    at: datetime


def table_specs(area_code: str) -> tuple[TableSpec, ...]:
    """The desk's tables; `area_code` is the county's, needed to index telephone numbers."""
    return (
        TableSpec(
            CUSTOMERS,
            key="account_no",
            indexes=("transformer_area", "meter_box"),
            terms=customer_terms(area_code),
            # Another area code reads the same numbers differently.
            terms_version=f"{TERMS_VERSION}/{area_code}",
        ),
        TableSpec(NETWORK, key="transformer_area"),
        TableSpec(OUTAGES, key="id", indexes=("status", "reference", "actual_end")),
        TableSpec(CALLS, key="id", indexes=CALL_INDEXES),
        TableSpec(DRAFTS, key="id", indexes=("seat",)),
        TableSpec(AUDIT, key="id", indexes=("at",)),
        TableSpec(MARKS, key="name"),
        # A document of this table is a sheet of duties, see desk/notices/sheets.py.
        TableSpec(DUTIES, key="id", indexes=("outage", "next", "by_owner", "by_outage", "late")),
        TableSpec(APPROVALS, key="id", indexes=("outage",)),
        TableSpec(VIOLATIONS, key="id", indexes=("outage", "at")),
        TableSpec(ORDER_TABLES, key="id", indexes=("kind",)),
        TableSpec(SEATS, key="seat"),
        TableSpec(RINGS, key="id", indexes=("state", "call_id", "at")),
        TableSpec(WORK_ORDERS, key="id", indexes=("state", "outage", "account_no", "transformer_area", "at")),
        TableSpec(CALLBACKS, key="id", indexes=("state", "outage", "call", "work_order", "account_no")),
        TableSpec(CASES, key="id", indexes=("state", "kind", "due", "account_no", "outage")),
        TableSpec(HANDOVERS, key="id", indexes=("at",)),
        TableSpec(PAPERS, key="duty", indexes=("outage",)),  # which notices were printed, see desk/paper/kept.py
        TableSpec(MESSAGES, key="id", indexes=("state", "outage", "duty", "due", "batch", "account_no", "made_at")),
        TableSpec(ATTEMPTS, key="id", indexes=("message", "external", "key", "state", "awaits")),
        TableSpec(BATCHES, key="id", indexes=("outage", "at")),
        TableSpec(ADDRESSES, key="id"),  # what is known of a number or address, over one family of channels
        TableSpec(PARKED_RECEIPTS, key="id", indexes=("external",)),
        TableSpec(PACES, key="channel"),
        TableSpec(AGENTS, key="name"),
        TableSpec(SESSIONS, key="id", indexes=("agent", "expires_at")),
        TableSpec(STRANGERS, key="name", indexes=("failed_at",)),  # tries under names that nobody has
        TableSpec(CLAIMS, key="id", indexes=("seat", "until", "about")),
        TableSpec(PRESENCES, key="id", indexes=("card",)),
        TableSpec(EXPORT_APPROVALS, key="id", indexes=("agent", "asked_at")),
        TableSpec(DELETIONS, key="id", indexes=("at",)),
        TableSpec(CHECKPOINTS, key="id", indexes=("at",)),
    )
