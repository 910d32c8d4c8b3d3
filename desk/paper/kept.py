"""Which notices were printed: when, by whom, on which form, and the hash of what stood on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from desk import schema
from desk.place import Place
from desk.records import Record


class PrintedNotice(Record, frozen=True, kw_only=True):
    """The last print of one duty's notice; `times`: how often it was printed. A draft was not yet approved."""

    duty: str
    outage: str
    form: str
    hash: str
    at: datetime
    by: str = ""
    times: int = 1
    draft: bool = False


class PrintedBook:
    """Reads and writes what was printed. Whoever writes is inside a transaction."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._table = place.store.records(schema.PAPERS, PrintedNotice)

    def get(self, duty: str) -> PrintedNotice | None:
        return self._table.get(duty)

    def of(self, outage: str) -> dict[str, PrintedNotice]:
        """What was printed for an outage, by duty."""
        return {one.duty: one for one in self._table.where(outage=outage)}

    def add(self, printed: Iterable[PrintedNotice]) -> None:
        """Store prints in place of earlier ones of the same duties, and count them."""
        from msgspec.structs import replace

        new = list(printed)
        before = {one.duty: one for outage in {one.outage for one in new} for one in self.of(outage).values()}
        self._table.put_many(
            replace(one, times=before[one.duty].times + 1) if one.duty in before else one for one in new
        )
