"""What was done out of order or too late: recorded once, for good."""

from __future__ import annotations

from datetime import datetime

from desk import schema
from desk.access import Access
from desk.place import Place
from desk.records import Violation


class Violations:
    """The violations of one place. Written inside the transaction of the act that they belong to."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._table = place.store.records(schema.VIOLATIONS, Violation)

    def add(self, outage: str, article: str, what: str, at: datetime, reason: str = "", about: str = "") -> Violation:
        """Record one; leaves a line in the audit too."""
        by = self._place.agent
        made = self._table.add(
            lambda number: Violation(
                id=f"V{number}", outage=outage, article=article, what=what, at=at, reason=reason, by=by
            )
        )
        Access(self._place).note("violation", about or outage, {"article": article})
        return made

    def listed(self, outage: str = "", since: datetime | None = None) -> list[Violation]:
        """Those of one outage, or of all since a moment; oldest first."""
        if outage:
            return [found for found in self._table.where(outage=outage) if since is None or found.at >= since]
        return self._table.range("at", since.isoformat() if since else None, None)
