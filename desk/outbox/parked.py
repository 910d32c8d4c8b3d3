"""Reports that nobody can be matched to yet: they came before their id was stored, or from nowhere (strays)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from desk import schema
from desk.place import Place
from desk.plugins.messages import Report
from desk.records import AttemptState, Record


class ParkedReceipt(Record, frozen=True, kw_only=True):
    """One report that waits for its try. `external` is the gateway's id behind the channel's name."""

    id: str
    external: str
    channel: str
    state: AttemptState
    came_at: datetime
    at: datetime | None = None
    error: str = ""
    words: str = ""
    proof: str = ""


class Parking:
    """Keeps reports until their try is known. A report that comes twice is kept once."""

    def __init__(self, place: Place) -> None:
        self._table = place.store.records(schema.PARKED_RECEIPTS, ParkedReceipt)

    def park(self, channel: str, report: Report, now: datetime) -> None:
        """Keep one; called inside a transaction."""
        external = f"{channel} {report.external_id}"
        id = f"{external} {report.state}"
        if self._table.get(id) is not None:
            return
        kept = ParkedReceipt(
            id=id,
            external=external,
            channel=channel,
            state=report.state,
            came_at=now,
            at=report.at,
            error=report.error,
            words=report.words,
            proof=report.proof,
        )
        self._table.put(kept)

    def taken(self, externals: Iterable[str]) -> dict[str, list[ParkedReceipt]]:
        """What waits for these, and does so no longer; called inside a transaction."""
        names = list(externals)
        found: dict[str, list[ParkedReceipt]] = {}
        for one in self._table.where(external=names) if names else ():
            found.setdefault(one.external, []).append(one)
            self._table.remove(one.id)
        return found

    def strays(self) -> list[ParkedReceipt]:
        """What belongs to no message so far, as it came."""
        return list(self._table.all())
