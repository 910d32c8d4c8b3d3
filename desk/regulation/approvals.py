"""Who must agree to an outage before anyone is told of it, in which order and until when.

An outage may need several approvals (Articles 16 and 17 for a plan on a line with 10 kV customers): they make
one chain, in which a step of the same name stands once, with every article that asks for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from desk.records import Approval, Duty
from desk.regulation.facts import ApprovalStep
from desk.regulation.moments import Anchors, earliest
from desk.regulation.pack import ApprovalRule
from desk.regulation.packs import Regulation
from desk.regulation.sorts import Sort, select_any


def chain(
    outage_type: str, sorts: Iterable[Sort], regulation: Regulation, anchors: Anchors | None = None
) -> tuple[ApprovalStep, ...]:
    """The steps that an outage of this type needs, in order; `sorts` are of the affected customers.

    With `anchors`, each step knows the last moment at which the chain may be complete with nothing missed.
    """
    sorts = set(sorts)
    needed = [rule for rule in regulation.approvals if _is_needed(rule, outage_type, sorts)]
    return steps_of(needed, _needed_by(needed, regulation, anchors or {}))


def order_table_chain(regulation: Regulation, outage_type: str = "supply_shortage") -> tuple[ApprovalStep, ...]:
    """The steps that an order table needs before it is used."""
    found = (rule for rule in regulation.approvals if rule.subject == "order_table" and rule.holds_for(outage_type))
    return steps_of(found, None)


def steps_of(rules: Iterable[ApprovalRule], needed_by: datetime | None) -> tuple[ApprovalStep, ...]:
    """The steps of several approvals as one chain."""
    steps: dict[str, ApprovalStep] = {}
    for rule in rules:
        for step in rule.steps:
            known = steps.get(step.step)
            steps[step.step] = ApprovalStep(
                step=step.step,
                post=known.post if known else step.post,
                order=known.order if known else step.order,
                rules=(*(known.rules if known else ()), rule.full),
                articles=tuple(dict.fromkeys((*(known.articles if known else ()), *rule.articles))),
                needed_by=needed_by,
            )
    return tuple(sorted(steps.values(), key=lambda step: (step.order, step.step)))


def bounded(steps: Iterable[ApprovalStep], latest: datetime | None) -> tuple[ApprovalStep, ...]:
    """The steps, needed by `latest` where that is sooner."""
    return tuple(replace(step, needed_by=_sooner(step.needed_by, latest)) for step in steps)


def next_step(approvals: Iterable[Approval]) -> Approval | None:
    """The first step that is not given yet; None when all are."""
    waiting = [approval for approval in approvals if approval.at is None]
    return min(waiting, key=lambda approval: (approval.order, approval.step), default=None)


def complete(approvals: Collection[Approval]) -> bool:
    """Whether every step is given; an outage that needs none is approved."""
    return next_step(approvals) is None


def approved_at(approvals: Collection[Approval]) -> datetime | None:
    """When the last step was given; None while one is missing, or where none is needed."""
    given = [approval.at for approval in approvals if approval.at is not None]
    return max(given, default=None) if len(given) == len(approvals) else None


def missing_before(approval: Approval, approvals: Iterable[Approval]) -> tuple[Approval, ...]:
    """The steps that should have been given before this one and are not: giving it now breaks the order."""
    earlier = (other for other in approvals if other.order < approval.order and other.at is None)
    return tuple(sorted(earlier, key=lambda other: (other.order, other.step)))


def blocks(duty: Duty, approvals: Iterable[Approval]) -> tuple[Approval, ...]:
    """The steps that this duty still waits for: those up to the one it names."""
    held = {approval.step: approval for approval in approvals}
    last = max((held[step].order for step in duty.waits_for if step in held), default=None)
    if last is None:
        return ()
    return tuple(approval for approval in held.values() if approval.at is None and approval.order <= last)


def difference(
    held: Sequence[Approval], steps: Sequence[ApprovalStep]
) -> tuple[tuple[ApprovalStep, ...], tuple[Approval, ...], tuple[Approval, ...]]:
    """What is to be done when another chain is needed: steps to add, approvals to change, approvals to drop.

    What was given stays, also where it is no longer needed.
    """
    known = {approval.step: approval for approval in held}
    wanted = {step.step: step for step in steps}
    add = tuple(step for name, step in wanted.items() if name not in known)
    both = ((approval, _as(approval, wanted[name])) for name, approval in known.items() if name in wanted)
    move = tuple(changed for approval, changed in both if changed != approval)
    drop = tuple(approval for name, approval in known.items() if name not in wanted and approval.at is None)
    return add, move, drop


def _as(approval: Approval, step: ApprovalStep) -> Approval:
    if approval.at is not None:
        return approval
    return replace(approval, order=step.order, articles=step.articles, rule=step.rules[0], needed_by=step.needed_by)


def _is_needed(rule: ApprovalRule, outage_type: str, sorts: Collection[Sort]) -> bool:
    if rule.subject != "outage" or not rule.holds_for(outage_type):
        return False
    if rule.customers == ("customers",) and not rule.except_customers:
        return True  # whoever is affected, and be it nobody
    return any(select_any(rule.customers, sort) and not select_any(rule.except_customers, sort) for sort in sorts)


def _needed_by(rules: Iterable[ApprovalRule], regulation: Regulation, anchors: Anchors) -> datetime | None:
    moments = (earliest(rule.needed_by, anchors, regulation.lengths(rule.pack), regulation.day_count) for rule in rules)
    return min((at for at in moments if at is not None), default=None)


def _sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [at for at in (one, other) if at is not None]
    return min(known, default=None)
