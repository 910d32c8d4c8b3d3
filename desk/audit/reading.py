"""Which lines of the audit are asked for, by when, who, what and about what."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from desk.records import AuditLine

if TYPE_CHECKING:
    from desk.store import RecordTable


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked for; what is empty does not matter. `act` is an act (`outage.open`) or a kind (`outage`);
    `limit` 0 means all, else the newest so many."""

    since: datetime | None = None
    until: datetime | None = None
    by: str = ""
    act: str = ""
    about: str = ""
    limit: int = 0

    def wants(self, line: AuditLine) -> bool:
        if self.by and line.by != self.by:
            return False
        if self.about and line.about.casefold() != self.about.casefold():
            return False
        return not self.act or line.act == self.act or line.act.startswith(self.act.rstrip(".*") + ".")


def listed(lines: RecordTable[AuditLine], asked: Asked) -> list[AuditLine]:
    """Oldest first. The order is that of the chain, whatever the clock did."""
    low, high = (moment.isoformat() if moment else None for moment in (asked.since, asked.until))
    every = not (asked.by or asked.act or asked.about)
    newest = lines.range("at", low, high, newest_first=True, limit=asked.limit or None if every else None)
    found = [line for line in newest if asked.wants(line)]
    found = found[: asked.limit] if asked.limit else found
    return sorted(found, key=lambda line: (line.number, int(line.id[1:])))
