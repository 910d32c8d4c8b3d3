"""What must be answerable later: the lines of the audit, and the checkpoints that vouch for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desk.records.base import Record


class AuditLine(Record, frozen=True, kw_only=True):
    """One act that must be answerable later: data shown, exported, changed.

    `number` is its place in the chain, `previous` the hash of the line before, `hash` its own over all the rest, as
    docs/audit.md says. Lines from before there was a chain have none of the three.
    """

    id: str
    at: datetime
    by: str
    act: str
    about: str = ""
    details: dict[str, Any] = {}
    number: int = 0
    previous: str = ""
    hash: str = ""
    seat: str = ""
    role: str = ""


class Checkpoint(Record, frozen=True, kw_only=True):
    """One seat's signed word that line `number` of the audit had this `hash`. `previous` is the SHA-256 of the
    checkpoint before, `key` the public key and `signature` what it signed, both hexadecimal."""

    id: str
    number: int
    hash: str
    at: datetime
    seat: str = ""
    previous: str = ""
    key: str
    signature: str = ""
