"""Approvals in their order: who approves which step, written down once, and never before the step ahead of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk import schema
from desk.errors import BadInput, NotFound, Refused
from desk.i18n import N_, _
from desk.place import Place
from desk.records import Approval

if TYPE_CHECKING:
    from desk.regulation.facts import ApprovalStep

MODES: Mapping[str, str] = {"written": N_("written"), "phone": N_("by phone")}


class Approving:
    """The approvals of one place. Written inside the transaction of the act that they belong to."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._table = place.store.records(schema.APPROVALS, Approval)

    def of(self, outage: str) -> list[Approval]:
        """The approvals one outage needs, in order."""
        return sorted(self._table.where(outage=outage), key=_order)

    def open(self, outages: Collection[str]) -> list[Approval]:
        """The approvals that are still missing for some of these outages, the one needed first in front."""
        missing = [one for one in self._table.where(outage=list(outages)) if one.at is None] if outages else []
        far = max((one.needed_by for one in missing if one.needed_by), default=None)
        return sorted(missing, key=lambda one: (one.needed_by is None, one.needed_by or far, one.outage, one.order))

    def add(self, outage: str, steps: Iterable[ApprovalStep]) -> None:
        """Store approvals that an outage needs."""
        for step in steps:
            self._table.add(lambda number, step=step: _approval(f"P{number}", outage, step))  # type: ignore[misc]

    def keep(self, outage: str, steps: Sequence[ApprovalStep]) -> None:
        """Store the approvals that an outage needs now: what was given stays."""
        from desk.regulation.approvals import difference  # reads no pack, but costs a lookup its time

        add, change, drop = difference(self.of(outage), steps)
        self.add(outage, add)
        for one in change:
            self._table.put(one)
        for one in drop:
            self._table.remove(one.id)

    def give(self, outage: str, step: str, by: str, mode: str, at: datetime | None, ref: str) -> Approval:
        """Write an approval down; raises Refused with the step that comes first when it is out of turn."""
        now = self._place.now()
        _check(by, mode, at, now)
        needed = self.of(outage)
        given = replace(in_turn(_named(outage, step, needed), needed), at=at or now, by=by, mode=mode, ref=ref)
        _after_the_one_before(given, needed)
        self._table.put(given)
        return given


def in_turn(step: Approval, needed: Sequence[Approval]) -> Approval:
    """The step, when it is its turn; raises Refused when it is not, or no more."""
    from desk.regulation.approvals import missing_before

    if step.at is not None:
        words = {"id": step.outage, "step": step_words(step), "by": step.by, "at": _shown(step.at)}
        raise Refused(_("{id}: {step} was approved already, by {by} at {at}").format(**words))
    ahead = missing_before(step, needed)
    if ahead:
        words = {"id": step.outage, "first": step_words(ahead[0]), "step": step_words(step)}
        raise Refused(_("{id}: {first} ({name}) comes before {step}").format(**words, name=ahead[0].step))
    return step


def step_words(step: Approval) -> str:
    """What a step is called by a person."""
    from desk.regulation.words import STEPS, word

    return word(STEPS, step.step)


def _approval(id: str, outage: str, step: ApprovalStep) -> Approval:
    return Approval(
        id=id,
        outage=outage,
        rule=step.rules[0] if step.rules else "",
        step=step.step,
        post=step.post,
        order=step.order,
        articles=step.articles,
        needed_by=step.needed_by,
    )


def _named(outage: str, step: str, needed: Sequence[Approval]) -> Approval:
    """The step called so, by its name, its words, its post or its number; raises NotFound with those there are."""
    named = step.strip().casefold()
    for one in needed:
        if named in (one.step.casefold(), one.id.casefold(), one.post.casefold(), step_words(one).casefold()):
            return one
    names = ", ".join(one.step for one in needed)
    if not names:
        raise NotFound(_("{id} needs no approval").format(id=outage))
    raise NotFound(_("{id} has no step {step}; it has: {steps}").format(id=outage, step=step, steps=names))


def _check(by: str, mode: str, at: datetime | None, now: datetime) -> None:
    if not by:
        raise BadInput(_("an approval needs the name of who gave it"))
    if mode not in MODES:
        raise BadInput(
            _("there is no mode {mode}; choose one of: {choices}").format(mode=mode, choices=", ".join(MODES))
        )
    if at is not None and at > now:
        raise BadInput(_("{at} is still to come; what was done is recorded, not what will be").format(at=_shown(at)))


def _after_the_one_before(step: Approval, needed: Sequence[Approval]) -> None:
    for one in needed:
        if one.order < step.order and one.at and step.at and one.at > step.at:
            words = {"step": step.step, "at": _shown(step.at), "first": one.step, "then": _shown(one.at)}
            raise BadInput(_("{step} at {at} would be before {first}, which was at {then}").format(**words))


def _order(one: Approval) -> tuple[int, str]:
    return one.order, one.id


def _shown(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if at else ""
