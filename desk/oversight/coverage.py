"""How far the duties of an outage are met: told of owed, what was late, who is still open. Pure, one pass over duties.

table = counted(duties, now, by=of_outage)
table["O17"].owed, table["O17"].told, table["O17"].open_names
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from desk.oversight.words import recipient
from desk.records import OPEN_DUTIES, Duty, DutyState

NOT_OWED = frozenset({DutyState.EXEMPT, DutyState.WITHDRAWN})
TOLD = frozenset({DutyState.DONE, DutyState.REFUSED})  # who would not hear or sign was told all the same
NAMES = 200  # names of open duties that are kept: more are only counted


class Coverage:
    """The duties under one heading, counted. `open` counts the overdue too; `open_names` holds the first of them."""

    __slots__ = ("done", "late", "open", "open_names", "overdue", "owed", "refused", "unreachable")

    def __init__(self) -> None:
        self.owed = self.done = self.refused = self.unreachable = self.open = self.overdue = self.late = 0
        self.open_names: list[str] = []

    @property
    def told(self) -> int:
        return self.done + self.refused

    @property
    def missed(self) -> int:
        """Owed, and not done in time or at all."""
        return self.late + self.overdue + self.unreachable

    @property
    def share(self) -> float:
        """Told of owed, from 0 to 1; 1 where nothing was owed."""
        return self.told / self.owed if self.owed else 1.0

    def add(self, duty: Duty, now: datetime) -> None:
        """Count one more duty, as it stands at `now`."""
        if missed_before_it_fell_away(duty):
            self.owed += 1
            self.overdue += 1
        if duty.state in NOT_OWED:
            return
        self.owed += 1
        self.late += duty.late
        if duty.state in OPEN_DUTIES:
            self.open += 1
            self.overdue += duty.due < now
            if len(self.open_names) < NAMES:
                self.open_names.append(recipient(duty.recipient))
        elif duty.state is DutyState.DONE:
            self.done += 1
        elif duty.state is DutyState.REFUSED:
            self.refused += 1
        else:
            self.unreachable += 1


def missed_before_it_fell_away(duty: Duty) -> bool:
    """Whether a duty was withdrawn only after its deadline: calling an outage off does not undo the miss."""
    return duty.state is DutyState.WITHDRAWN and duty.closed_at is not None and duty.due < duty.closed_at


def counted(duties: Iterable[Duty], now: datetime, by: Callable[[Duty], Iterable[str]]) -> dict[str, Coverage]:
    """Coverage under each heading that `by` gives a duty; duties are taken one by one."""
    found: dict[str, Coverage] = {}
    for duty in duties:
        for name in by(duty):
            if name not in found:
                found[name] = Coverage()
            found[name].add(duty, now)
    return found


def of_outage(duty: Duty) -> Iterator[str]:
    yield duty.outage


def of_article(duty: Duty) -> Iterable[str]:
    """Every article that owes it: a duty of two packs counts under both."""
    return dict.fromkeys(duty.articles)


def coverage(duties: Iterable[Duty], now: datetime) -> Coverage:
    """All the duties under one heading."""
    one = Coverage()
    for duty in duties:
        one.add(duty, now)
    return one
