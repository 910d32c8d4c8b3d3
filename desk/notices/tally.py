"""How many duties an outage has in which state: counted along with every change, never by reading them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from desk.audit.evidence import Witness
from desk.notices.sheets import Sheet
from desk.records import OPEN_DUTIES, Duty, DutyState, DutyTally

NOT_OWED = frozenset({DutyState.EXEMPT, DutyState.WITHDRAWN})
TOLD = (DutyState.DONE, DutyState.REFUSED)


class Counting:
    """The tally of one outage while its duties change; `witness` sees what evidence is added meanwhile."""

    def __init__(self, before: DutyTally = DutyTally(), witness: Witness | None = None) -> None:
        self.witness = witness or Witness()
        self._states = Counter(before.states)
        self._open = Counter(before.open)
        self._late = before.late

    def seen(self, sheet: Sheet) -> Sheet:
        """Count a new sheet, whose duties are all pending; returns it."""
        self._states[DutyState.PENDING.value] += len(sheet.lines)
        self._open[sheet.due.isoformat()] += len(sheet.lines)
        return sheet

    def moved(self, before: Iterable[Duty], after: Iterable[Duty]) -> None:
        """Count duties that became others."""
        for old, new in zip(before, after, strict=True):
            if old is not new:
                self.witness.moved(old, new)
                self._count(old, -1)
                self._count(new, 1)

    def _count(self, duty: Duty, by: int) -> None:
        self._states[duty.state.value] += by
        self._late += by * duty.late
        if duty.state in OPEN_DUTIES:
            self._open[duty.due.isoformat()] += by

    def tally(self) -> DutyTally:
        """The counts now."""
        states = {state: number for state, number in self._states.items() if number}
        return DutyTally(states=states, late=self._late, open={due: n for due, n in sorted(self._open.items()) if n})


def counted(duties: Iterable[Duty]) -> DutyTally:
    """The tally that these duties come to."""
    counting = Counting()
    for duty in duties:
        counting._count(duty, 1)
    return counting.tally()


class DutyCounts(Struct, frozen=True, kw_only=True):
    """An outage's duties as the board and `desk outages --json` show them; exempt and withdrawn ones are not owed."""

    owed: int = 0
    done: int = 0
    overdue: int = 0
    late: int = 0


def counts(tally: DutyTally, now: datetime) -> DutyCounts:
    """The counts of one tally at one moment."""
    return DutyCounts(
        owed=owed(tally),
        done=tally.states.get(DutyState.DONE.value, 0),
        overdue=overdue(tally, now),
        late=tally.late,
    )


def owed(tally: DutyTally) -> int:
    return sum(number for state, number in tally.states.items() if state not in NOT_OWED)


def told(tally: DutyTally) -> int:
    """How many know: reached, or would not hear or sign."""
    return sum(tally.states.get(state.value, 0) for state in TOLD)


def overdue(tally: DutyTally, now: datetime) -> int:
    """How many open duties should have been done by now."""
    if not tally.open:
        return 0
    mark = now.isoformat()  # times are kept in one zone: texts sort as they do
    return sum(number for due, number in tally.open.items() if due < mark)


def next_due(tally: DutyTally) -> datetime | None:
    """When the next open duty is due, or the first overdue one was."""
    return datetime.fromisoformat(min(tally.open)) if tally.open else None
