"""What the acts of an outage make of its duties: derived when it is opened, followed up whenever something happens.

Everything here is called inside the transaction of the act, and gives back the outage with its new tally.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from desk.access import Access
from desk.grid import Grid, customers_of
from desk.i18n import _
from desk.notices.after import lapsed, withdrawn
from desk.notices.approving import Approving
from desk.notices.book import DutyBook
from desk.notices.sheets import Sheet, drafted, unpacked
from desk.notices.tally import Counting
from desk.notices.violations import Violations
from desk.orders import Orders
from desk.place import Place
from desk.records import ACTIVE, OVER, Customer, Duty, Outage, Status
from desk.regulation import Regulation
from desk.regulation.approvals import approved_at
from desk.regulation.derive import derive
from desk.regulation.facts import ApprovalStep, Broken, Derived, DutyDraft, Happening, OutageFacts, Steps
from desk.regulation.replan import REASONS, difference, told


class Expected(Struct, frozen=True, kw_only=True):
    """What opening an outage would mean: its duties, as long as they are asked for one by one, and what is late."""

    sheets: tuple[Sheet, ...] = ()
    broken: tuple[Broken, ...] = ()
    approvals: tuple[ApprovalStep, ...] = ()

    def __len__(self) -> int:
        return sum(len(sheet.lines) for sheet in self.sheets)

    def __iter__(self) -> Iterator[Duty]:
        for sheet in self.sheets:
            yield from unpacked(sheet)


class Opened(Struct, frozen=True, kw_only=True):
    """An outage that was taken in, and what is late about it from the first second."""

    outage: Outage
    late: tuple[str, ...] = ()


class Happened(NamedTuple):
    """What is to be done because something happened: to the duties, and to the approvals (None: nothing)."""

    steps: Steps
    approvals: tuple[ApprovalStep, ...] | None
    why: str


class Owing:
    """Derives, stores and follows up the duties of one place's outages."""

    def __init__(self, place: Place, book: DutyBook, approving: Approving, violations: Violations) -> None:
        self._place = place
        self._book = book
        self._approving = approving
        self._violations = violations
        self._access = Access(place)

    @cached_property
    def regulation(self) -> Regulation:
        """The rule packs in force."""
        return Regulation.of(self._place.plugins.rule_packs, self._place.config.regulation)

    def expected(self, outage: Outage) -> Expected:
        """What `outage` will owe once it is opened; nothing is written, and the approval is taken as given at entry."""
        derived = self._derived(outage, self._place.grid)
        sheets = tuple(self._sheets(derived.duties, outage.id, {}))
        return Expected(sheets=sheets, broken=derived.broken, approvals=derived.approvals)

    def opened(self, outage: Outage) -> Opened:
        """Store what a new outage owes, the approvals it needs, and what is late from the first second."""
        derived = self._derived(outage, self._place.grid)
        self._approving.add(outage.id, derived.approvals)
        for limit in derived.broken:
            self._violations.add(outage.id, limit.article, limit.what, limit.at)
        cut = Orders(self._place).broken_by(outage)
        for article, what in cut:
            self._violations.add(outage.id, article, what, outage.actual_start or outage.opened_at)
        count = Counting()
        self._book.add(self._sheets(derived.duties, outage.id, {}), count)
        after = replace(outage, duties=count.tally(), packs=self.regulation.used())
        return Opened(outage=after, late=(*(limit.what for limit in derived.broken), *(what for _article, what in cut)))

    def approved(self, outage: Outage) -> Outage:
        """An approval was given: once it was the last, deadlines that count from the entry count from it.

        One written down after the outage is over is kept, but asks nobody to tell of it any more.
        """
        if outage.status in OVER or approved_at(self._approving.of(outage.id)) is None:
            return outage
        return self._stored(outage, self._happened(outage, outage, {"approved"}, ""))

    def followed(self, before: Outage, after: Outage) -> Outage:
        """Follow an act up: only the difference is acted on, and whoever was told hears what has become of it."""
        if before.status is Status.PREDICTED and after.status in ACTIVE:
            return self.opened(after).outage  # nobody was owed anything while it was only probable
        happened = self._between(before, after)
        done = self._stored(after, happened) if happened else after
        return self._lapsed(done) if _restored(before, after) else done

    def steps(self, before: Outage, after: Outage) -> Steps:
        """What following this act up would do; nothing is written."""
        happened = self._between(before, after)
        return happened.steps if happened else Steps()

    def customers_changed(self, outage: Outage, grid: Grid) -> Outage:
        """The county's customers or network have changed: who is new below the outage is owed the first notices."""
        return self._stored(outage, self._happened(outage, outage, {"customer_added", "scope_changed"}, "", grid))

    def _between(self, before: Outage, after: Outage) -> Happened | None:
        triggers = [
            name for name, happens in TRIGGERS.items() if happens(before, after) and self._matters(name, before)
        ]
        return self._happened(before, after, triggers, after.history[-1].reason) if triggers else None

    def _matters(self, trigger: str, before: Outage) -> bool:
        """Whether the duties must be looked at: that supply goes or comes back as planned is nothing new to them."""
        if trigger not in ("started", "restored") or (trigger == "started" and before.planned_start is None):
            return True
        return any(rule.trigger == trigger for rule in self.regulation.rules)

    def _happened(
        self, before: Outage, after: Outage, triggers: Iterable[str], reason: str, grid: Grid | None = None
    ) -> Happened:
        held = tuple(self._book.of(after.id))
        happening = Happening(
            triggers=frozenset(triggers),
            at=self._place.now(),
            number=len(after.history),
            before=before,
            told=told(held),
            reason=reason,
            by=self._place.agent,
        )
        derived = self._derived(after, grid or self._place.grid, happening)
        # What is called off needs no approval any more, and loses none that it had.
        approvals = None if "cancelled" in happening.triggers else derived.approvals
        why = reason or next((_(words) for name, words in REASONS.items() if name in happening.triggers), "")
        return Happened(difference(held, derived, happening), approvals, why)

    def _stored(self, outage: Outage, happened: Happened) -> Outage:
        steps = happened.steps
        if happened.approvals is not None:
            self._approving.keep(outage.id, happened.approvals)
        if not steps:
            return outage
        count = Counting(outage.duties)
        gone = (withdrawn(duty, happened.why, self._place.now(), self._place.agent) for duty in steps.withdraw)
        self._book.write_many(outage.id, [*steps.move, *gone], count)
        new = [*steps.add, *steps.inform]
        if new:
            held = {duty.key: duty.id for duty in self._book.of(outage.id)}
            self._book.add(self._sheets(new, outage.id, held), count)
        told = {"added": len(new), "moved": len(steps.move), "withdrawn": len(steps.withdraw)}
        self._access.note("duties.follow", outage.id, {**told, **count.witness.details()})
        return replace(outage, duties=count.tally())

    def _lapsed(self, outage: Outage) -> Outage:
        count, now, by = Counting(outage.duties), self._place.now(), self._place.agent
        at = outage.actual_end or now
        self._book.rewrite(outage.id, lambda duty: lapsed(duty, at, now, by), count)
        if count.witness.seen:
            self._access.note("duties.lapse", outage.id, count.witness.details())
        return replace(outage, duties=count.tally())

    def _sheets(self, drafts: Iterable[DutyDraft], outage: str, held: dict[str, str]) -> Iterator[Sheet]:
        return drafted(drafts, outage, self._book.next_number(), held)

    def _derived(self, outage: Outage, grid: Grid, happening: Happening | None = None) -> Derived:
        facts = OutageFacts(outage=outage, approved_at=self._approved_at(outage), happening=happening)
        return derive(facts, self._customers(outage, grid), grid.areas, self.regulation.in_force(outage.packs))

    def _approved_at(self, outage: Outage) -> datetime | None:
        return approved_at(self._approving.of(outage.id)) if outage.id else None

    def _customers(self, outage: Outage, grid: Grid) -> Iterator[Customer]:
        return customers_of(self._place.store, grid, outage.scope, Customer)


def _times(outage: Outage) -> tuple[object, ...]:
    return outage.planned_start, outage.planned_end, outage.phases


def _restored(before: Outage, after: Outage) -> bool:
    return after.actual_end is not None and before.actual_end is None


# What has happened between two states of an outage, in the words of the rules.
TRIGGERS: Mapping[str, Callable[[Outage, Outage], bool]] = {
    "started": lambda before, after: before.actual_start is None and after.actual_start is not None,
    "changed": lambda before, after: _times(before) != _times(after),
    "scope_changed": lambda before, after: before.scope != after.scope,
    "cancelled": lambda before, after: before.status is not after.status is Status.CANCELLED,
    "restored": _restored,
}
