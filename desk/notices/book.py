"""The book of duties: every duty of every outage, found by number, by outage, or in the order in which they are due."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from desk import schema
from desk.notices.sheets import Head, Sheet, duty_at, number_of, packed, sheet_id, unpacked
from desk.notices.tally import Counting
from desk.place import Place
from desk.records import OPEN_DUTIES, Duty
from desk.store import RecordTable

_READ = 8  # sheets read at a time while a page is filled


class DutyBook:
    """Reads and writes duties. Whoever writes is inside a transaction, and hands the `Counting` on to the outage."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._table: RecordTable[Sheet] = place.store.records(schema.DUTIES, Sheet)
        self._heads: RecordTable[Head] = place.store.records(schema.DUTIES, Head)

    def get(self, id: str) -> Duty | None:
        """The duty with this id, however it was typed."""
        number = number_of(id)
        sheet = self._holding(number) if number is not None else None
        return duty_at(sheet, number - sheet.first) if sheet and number is not None else None

    def several(self, ids: Iterable[str], held: dict[str, Duty]) -> list[Duty]:
        """The duties with these ids; `held` keeps their whole sheets for whoever asks for line after line."""
        for id in ids:
            if id not in held and (sheet := self._holding(number_of(id) or 0)):
                held |= {duty.id: duty for duty in unpacked(sheet)}
        return [held[id] for id in ids if id in held]

    def of(self, outage: str) -> Iterator[Duty]:
        """The duties of one outage by number."""
        return self._each(self._table.each(outage=outage))

    def all(self) -> Iterator[Duty]:
        """Every duty ever owed, by number."""
        return self._each(self._table.all())

    def late(self) -> Iterator[Duty]:
        """The duties of sheets on which something was done late."""
        return self._each(self._table.each(late=True))

    def by_due(
        self,
        owner: str = "",
        outage: str = "",
        before: datetime | None = None,
        keep: Callable[[Head], bool] = lambda _head: True,
    ) -> Iterator[Duty]:
        """Open duties as they are due, soonest first; with `before`, only those due by then.

        Sheets that `keep` does not want are not read.
        """
        waiting: list[Duty] = []
        for sheet in self._heads_by_due(owner, outage):
            if waiting and waiting[-1].due <= sheet.next:
                yield from waiting
                waiting = []
            elif waiting:
                ready = [duty for duty in waiting if duty.due <= sheet.next]
                yield from ready
                waiting = waiting[len(ready) :]
            if before is not None and sheet.next >= before:
                break
            if keep(sheet):
                waiting += [duty for duty in self._lines(sheet.id) if _wanted(duty, owner, before)]
            waiting.sort(key=_due_order)
        yield from waiting

    def next_number(self) -> int:
        """The number the next duty gets."""
        last = self._table.range("id", None, None, newest_first=True, limit=1)
        return last[0].first + len(last[0].lines) if last else 1

    def add(self, made: Iterable[Sheet], count: Counting) -> None:
        """Store new sheets, numbered from `next_number()`."""
        self._table.put_many(count.seen(sheet) for sheet in made)

    def write(self, duty: Duty, count: Counting) -> None:
        """Store one duty in place of the one with its id."""
        number = number_of(duty.id)
        sheet = self._holding(number) if number is not None else None
        assert sheet is not None, duty.id
        self._store(sheet, {duty.id: duty}, count)

    def write_many(self, outage: str, duties: Iterable[Duty], count: Counting) -> None:
        """Store duties of one outage in place of those with their ids."""
        changed = {duty.id: duty for duty in duties}
        if changed:
            self.rewrite(outage, lambda duty: changed.get(duty.id, duty), count)

    def write_several(self, duties: Iterable[Duty], counts: Mapping[str, Counting]) -> None:
        """Store duties of any outages in place of those with their ids, each sheet once.

        `counts` has the counting of every outage among them; a duty of the calendar, of no outage, is not counted.
        """
        changed = {number: duty for duty in duties if (number := number_of(duty.id)) is not None}
        while changed:
            sheet = self._holding(min(changed))
            assert sheet is not None, min(changed)
            here = {number: changed.pop(number) for number in _numbers(sheet) if number in changed}
            assert here, sheet.id
            self._store(sheet, {duty.id: duty for duty in here.values()}, counts.get(sheet.outage) or Counting())

    def rewrite(self, outage: str, after: Callable[[Duty], Duty], count: Counting) -> None:
        """Give every duty of an outage to `after`, and store those that come back different."""
        for sheet in self._table.where(outage=outage):
            before = unpacked(sheet)
            changed = {duty.id: new for duty in before if (new := after(duty)) is not duty}
            if changed:
                self._store(sheet, changed, count)

    def _store(self, sheet: Sheet, changed: dict[str, Duty], count: Counting) -> None:
        before = unpacked(sheet)
        after = [changed.get(duty.id, duty) for duty in before]
        count.moved(before, after)
        self._table.put(packed(after, sheet.first))

    def _each(self, found: Iterable[Sheet]) -> Iterator[Duty]:
        for sheet in found:
            yield from unpacked(sheet)

    def _holding(self, number: int) -> Sheet | None:
        found = self._table.range("id", sheet_id(number), None, limit=1)
        return found[0] if found and found[0].first <= number else None

    def _lines(self, id: str) -> list[Duty]:
        sheet = self._table.get(id)
        return unpacked(sheet) if sheet else []

    def _heads_by_due(self, owner: str, outage: str) -> Iterator[Head]:
        field, prefix = ("by_outage", outage) if outage else ("by_owner", owner) if owner else ("next", "")
        low, high = (f"{prefix}|", f"{prefix}}}") if prefix else (None, None)  # "}" is what follows "|"
        seen: set[str] = set()
        limit = _READ
        while True:
            page = self._heads.range(field, low, high, limit=limit)
            fresh = [sheet for sheet in page if sheet.id not in seen]
            yield from fresh
            if len(page) < limit:
                return
            # The next page begins at the very moment with which this one ended: what was seen is left out.
            seen = seen | {sheet.id for sheet in fresh} if fresh else seen
            last = page[-1]
            moment = last.next.isoformat()
            at = f"{prefix}|{moment}" if prefix else moment
            limit = _READ if at != low else limit * 2
            low = at


class DutiesOf:
    """The duties of one outage, read anew each time they are gone through."""

    def __init__(self, book: DutyBook, outage: str) -> None:
        self._book = book
        self._outage = outage

    def __iter__(self) -> Iterator[Duty]:
        return self._book.of(self._outage)


def _numbers(sheet: Sheet) -> range:
    return range(sheet.first, sheet.first + len(sheet.lines))


def _wanted(duty: Duty, owner: str, before: datetime | None) -> bool:
    if duty.state not in OPEN_DUTIES or (owner and duty.owner != owner):
        return False
    return before is None or duty.due < before


def _due_order(duty: Duty) -> tuple[datetime, int]:
    return duty.due, number_of(duty.id) or 0
