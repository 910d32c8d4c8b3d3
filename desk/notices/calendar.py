"""Duties of the calendar: owed every year by one day, whatever happens (Art. 11.2: the capacity-limit order table).

They stand in the book like all others, with no outage. What a desk owed before anybody worked at it is not its duty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.audit.evidence import Witness
from desk.notices.sheets import packed
from desk.notices.tally import Counting
from desk.orders import Kind, Orders
from desk.records import OPEN_DUTIES, Duty, DutyState, Evidence, Recipient

if TYPE_CHECKING:
    from desk.notices.book import DutyBook
    from desk.place import Place
    from desk.regulation.pack import CalendarRule

TABLE = "approved_table"  # the proof of a duty that an approved order table closes by itself


class Calendar:
    """Keeps the calendar's duties of one place; asking costs nothing while neither day nor tables have changed."""

    def __init__(self, place: Place, book: DutyBook, rules: Callable[[], Iterable[CalendarRule]]) -> None:
        self._place = place
        self._book = book
        self._rules = rules
        self._kept: tuple[date, int] | None = None

    def keep(self) -> None:
        """Make sure that what is owed by now stands in the book, and that what is met is closed."""
        seen = (self._place.now().date(), self._place.changes.version(schema.ORDER_TABLES))
        if seen == self._kept:
            return
        begun = self._place.audit_table.range("at", None, None, limit=1)
        if begun:
            for year in range(begun[0].at.year, self._place.now().year + 1):
                self._owe(year, begun[0].at)
            self._close_met()
        self._kept = seen

    def _owe(self, year: int, begun: datetime) -> None:
        mark = f"calendar {year}"
        if self._place.marks_table.get(mark) is not None:
            return
        with self._place.store.transaction():
            for duty in owed_in(year, self._rules(), self._place.now()):
                if begun <= duty.due:
                    number = self._book.next_number()
                    self._book.add([packed([replace(duty, id=f"D{number}")], number)], Counting())
            self._place.mark(mark)

    def _close_met(self) -> None:
        waiting = [duty for duty in self._book.of("") if duty.state in OPEN_DUTIES and duty.evidence_kind == TABLE]
        if not waiting:
            return
        tables = Orders(self._place).listed(Kind.CAPACITY)
        approved = {table.year: table for table in reversed(tables) if table.consents}
        witness = Witness()
        with self._place.store.transaction():
            for duty in waiting:
                table = approved.get(duty.due.year)
                if table is None:
                    continue
                given = table.consents[0]
                line = Evidence(at=given.at, result="done", by=table.by, person=given.by, ref=given.ref, note=table.id)
                done = replace(
                    duty,
                    state=DutyState.DONE,
                    evidence=(*duty.evidence, line),
                    closed_at=given.at,
                    late=given.at > duty.due,
                )
                self._book.write(done, Counting(witness=witness))
            if witness.seen:
                Access(self._place).note("duties.calendar", "", witness.details())


def owed_in(year: int, rules: Iterable[CalendarRule], now: datetime) -> Iterator[Duty]:
    """The duties that the calendar brings in a year, without a number, each due at the end of its day."""
    for rule in rules:
        month, day = map(int, rule.every.split("-"))
        due = now.replace(year=year, month=month, day=day, hour=23, minute=59, second=59, microsecond=0)
        for recipient in rule.recipients:
            kind, _colon, name = recipient.partition(":")
            yield Duty(
                id="",
                outage="",
                key=f"{rule.full} {year}>{kind}:{name}",
                rules=(rule.full,),
                articles=(rule.article,),
                recipient=Recipient(kind=kind, id=name, name=name),
                due=due,
                owner=rule.owner,
                evidence_kind=rule.evidence_kind,
                trigger="calendar",
            )
