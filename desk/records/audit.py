"""What must be answerable later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desk.records.base import Record


class AuditLine(Record, frozen=True, kw_only=True):
    """One act that must be answerable later: data shown, exported, changed."""

    id: str
    at: datetime
    by: str
    act: str
    about: str = ""
    details: dict[str, Any] = {}
