"""From an outage and its customers to everything that is owed: duties, approvals, limits not kept.

    derived = derive(OutageFacts(outage=outage), customers, grid.areas, regulation)

How the text was read where it leaves something open:

- Duties of the triggers `opened` and `approved` are there from the opening on; a deadline that counts from the
  entry counts from the last approval once that came later. Other triggers make a duty when they happen.
- The start is the planned one, else that of the first phase, else the actual one.
- A group of which two or more sites are affected is told through its contact, also where a rule means one of
  them only: who is told does not change from article to article. The sites listed are those the rule means.
  Of several contracts the longest notice counts.
- The branches in scope are those of the affected areas, and those counted with the outage.
- For a change, the moment at which it takes effect is the first one that is no longer as announced: an earlier
  start itself, or the old end of an outage that lasts longer.
- The result is the same for any order of the customers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from desk.records import Customer, Outage, TransformerArea
from desk.regulation import approvals, limits
from desk.regulation.audience import Audience, Owed
from desk.regulation.facts import STANDING, Derived, DutyDraft, Happening, OutageFacts
from desk.regulation.moments import Anchors, anchors_of
from desk.regulation.pack import Rule
from desk.regulation.packs import Regulation
from desk.regulation.terms import Drafting


def derive(
    facts: OutageFacts,
    customers: Iterable[Customer],
    areas: Mapping[str, TransformerArea],
    regulation: Regulation,
) -> Derived:
    """Everything this outage asks for; `customers` are the affected ones, read once and not kept."""
    outage, happening = facts.outage, facts.happening
    called_off = happening is not None and "cancelled" in happening.triggers
    rules = tuple(rule for rule in regulation.rules if _applies(rule, outage, happening))
    audience = Audience(rules, outage, areas, happening)
    if not called_off:
        audience.take(customers)
    anchors = {**anchors_of(outage), **_change_anchors(outage, happening)}
    steps = approvals.chain(outage.type, audience.sorts, regulation, anchors)
    drafting = Drafting(rules, regulation, anchors, facts.approved_at, steps)
    owed = audience.called_off() if called_off else audience.owed()
    duties = tuple(_drafts(owed, drafting))
    return Derived(
        duties=duties,
        approvals=approvals.bounded(steps, drafting.needed_by),
        broken=limits.broken(outage, regulation),
        accounts=frozenset(audience.accounts),
        own_notice=audience.own_notice,
    )


def calendar_due(every: str, year: int, like: datetime) -> datetime:
    """The last second of a yearly day (`04-30`) of that year, in the zone of `like`."""
    month, day = every.split("-")
    return like.replace(year=year, month=int(month), day=int(day), hour=23, minute=59, second=59, microsecond=0)


def _drafts(owed: Iterable[Owed], drafting: Drafting) -> Iterator[DutyDraft]:
    for recipient, rules, contracts, members in owed:
        for plan in drafting.plans(rules, contracts, recipient.kind):
            if not members:
                yield DutyDraft(plan.terms, recipient)
                continue
            sites = tuple(account for account, names in members if not plan.rules.isdisjoint(names))
            if sites:
                yield DutyDraft(plan.terms, recipient, sites)


def _applies(rule: Rule, outage: Outage, happening: Happening | None) -> bool:
    """Whether the rule is in play at all; who is affected is not yet looked at."""
    if not rule.holds_for(outage.type) or outage.facts.get("cause_code") in rule.exempt_causes:
        return False
    if happening is None:
        return rule.trigger in STANDING
    if "cancelled" in happening.triggers:
        return rule.trigger == "cancelled"
    # Whoever fell out of the scope is owed a correction, whatever made them fall out.
    happened = rule.trigger in happening.triggers or "fallen_out" in rule.recipients
    return rule.trigger in STANDING or (happened and _changed_so(rule, outage, happening.before))


def _changed_so(rule: Rule, after: Outage, before: Outage | None) -> bool:
    wanted = [name for name in rule.only_if if name in ("starts_earlier", "ends_later")]
    if not wanted or before is None:
        return not wanted
    old, new = anchors_of(before), anchors_of(after)
    earlier = _is_before(new["planned_start"], old["planned_start"])
    later = _is_before(old["planned_end"], new["planned_end"])
    return ("starts_earlier" in wanted and earlier) or ("ends_later" in wanted and later)


def _change_anchors(outage: Outage, happening: Happening | None) -> Anchors:
    if happening is None:
        return {}
    effective = None
    if happening.before is not None:
        old, new = anchors_of(happening.before), anchors_of(outage)
        effective = _first_difference(old, new)
    return {"changed_at": happening.at, "change_effective_at": effective or happening.at}


def _first_difference(old: Anchors, new: Anchors) -> datetime | None:
    """The first moment at which what was announced is no longer true."""
    for name in ("planned_start", "planned_end"):
        one, other = old[name], new[name]
        if one != other:
            return min(at for at in (one, other) if at is not None)
    return None


def _is_before(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one < other
