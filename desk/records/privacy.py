"""Leave to take data out of the desk, and the record that is left of data deleted."""

from __future__ import annotations

from datetime import datetime

from desk.records.base import Record


class ExportApproval(Record, frozen=True, kw_only=True):
    """Leave for `agent` to export `what` for one purpose, until it expires; `agent` asks, somebody else gives it."""

    id: str
    what: str
    agent: str
    purpose: str
    asked_at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None
    expires_at: datetime | None = None
    refused_by: str = ""
    used_at: tuple[datetime, ...] = ()


class Deletion(Record, frozen=True, kw_only=True):
    """What a run of retention took away: how many documents of which table, older than when, and their digest."""

    id: str
    at: datetime
    by: str
    table: str
    before: datetime
    rows: int
    sha256: str = ""  # over the ids deleted, in order
