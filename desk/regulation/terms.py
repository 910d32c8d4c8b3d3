"""From rules to terms: the rules that fall on one recipient, those that are the same duty made one.

Rules of different packs with the same `notice` word are the same duty: the earliest deadline, the channels that
both allow, the stronger proof, both articles. Rules of one pack never are: each of its rows is a duty of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from desk.durations import Duration
from desk.regulation import vocabulary
from desk.regulation.facts import STANDING, ApprovalStep, Terms
from desk.regulation.moments import CONTRACT, Anchors, Lengths, Moment, earliest, latest_opening
from desk.regulation.pack import Rule
from desk.regulation.packs import Regulation

Contracts = frozenset[int | None]  # the days ahead that the contracts of the customers concerned name
NO_CONTRACT: Contracts = frozenset({None})


class Plan(Struct, frozen=True):
    """One duty of a recipient: its terms, and the places of its rules among the outage's."""

    terms: Terms
    rules: frozenset[int]


class Drafting:
    """Makes the terms for any of an outage's rules that fall on one recipient, once for each choice.

    `needed_by` is the last moment for the approvals: the first deadline, among the duties made so far, that waits
    for one and does not move with it.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        regulation: Regulation,
        anchors: Anchors,
        approved_at: datetime | None,
        steps: Sequence[ApprovalStep],
    ) -> None:
        self.needed_by: datetime | None = None
        self._rules = rules
        self._regulation = regulation
        self._anchors = anchors
        self._after_approval = {**anchors, "opened_at": _latest((anchors.get("opened_at"), approved_at))}
        self._steps = steps
        self._by_contract = frozenset(place for place, rule in enumerate(rules) if rule.due_by_contract)
        self._made: dict[tuple[tuple[int, ...], Contracts, bool], tuple[Plan, ...]] = {}

    def plans(self, chosen: tuple[int, ...], contracts: Contracts, kind: str) -> tuple[Plan, ...]:
        """The duties of a recipient of this kind (`customer`, `public`, …) on whom the chosen rules fall."""
        if contracts is not NO_CONTRACT and self._by_contract.isdisjoint(chosen):
            contracts = NO_CONTRACT
        key = (chosen, contracts, kind == "public")
        plans = self._made.get(key)
        if plans is None:
            groups = self._same_duty(chosen)
            made = (self._plan(same, groups, contracts, kind) for same in groups)
            self._made[key] = plans = tuple(plan for plan in made if plan is not None)
        return plans

    def _plan(
        self, places: Sequence[int], groups: Iterable[Sequence[int]], contracts: Contracts, kind: str
    ) -> Plan | None:
        rules = [self._rules[place] for place in places]
        due = _earliest(self._due(rule, contracts) for rule in rules)
        if due is None:
            return None
        first, not_before = rules[0], _latest(self._not_before(rule) for rule in rules)
        terms = Terms(
            base=first.full,
            rules=tuple(rule.full for rule in rules),
            articles=tuple(rule.article for rule in rules),
            due=due,
            channels=_channels(rules, kind),
            channel_mode=first.channel_mode,
            not_before=not_before if not_before is not None and not_before <= due else None,
            owner=first.owner,
            evidence_kind=max((rule.evidence_kind for rule in rules), key=vocabulary.EVIDENCE.index),
            notice=first.notice,
            trigger=first.trigger,
            follows=tuple(self._follows(rules, groups)),
            waits_for=self._waits_for(rules),
        )
        if terms.waits_for and terms.standing:
            self.needed_by = _earliest((self.needed_by, *(self._bound(rule, contracts) for rule in rules)))
        return Plan(terms, frozenset(places))

    def _same_duty(self, chosen: Iterable[int]) -> list[list[int]]:
        """The chosen rules in their order, those of different packs with one notice word together."""
        found: list[list[int]] = []
        for place in chosen:
            rule = self._rules[place]
            same = next((group for group in found if _joins(rule, [self._rules[other] for other in group])), None)
            if same is None:
                found.append([place])
            else:
                same.append(place)
        return found

    def _follows(self, rules: Iterable[Rule], groups: Iterable[Sequence[int]]) -> Iterator[str]:
        """The bases of the recipient's duties that come first, as far as this recipient has them."""
        names = {name if ":" in name else f"{rule.pack}:{name}" for rule in rules for name in rule.must_follow}
        for group in groups:
            if names.intersection(self._rules[place].full for place in group):
                yield self._rules[group[0]].full

    def _due(self, rule: Rule, contracts: Contracts) -> datetime | None:
        return _earliest(self._moment(rule, moments, days) for days, moments in _dues(rule, contracts))

    def _moment(self, rule: Rule, moments: Iterable[Moment], contract: int | None) -> datetime | None:
        return earliest(moments, self._anchors_for(rule), self._lengths(rule, contract), self._regulation.day_count)

    def _not_before(self, rule: Rule) -> datetime | None:
        lengths = self._lengths(rule, None)
        return latest_opening(rule.not_before, self._anchors_for(rule), lengths, self._regulation.day_count)

    def _bound(self, rule: Rule, contracts: Contracts) -> datetime | None:
        """The last moment at which what this rule waits for may come: a deadline from the entry moves with it."""
        return _earliest(
            self._moment(rule, [moment for moment in moments if moment.anchor != "opened_at"], days)
            for days, moments in _dues(rule, contracts)
        )

    def _anchors_for(self, rule: Rule) -> Anchors:
        return self._after_approval if rule.waits_for and self._steps else self._anchors

    def _lengths(self, rule: Rule, contract: int | None) -> Lengths:
        lengths = self._regulation.lengths(rule.pack)
        return lengths if contract is None else {**lengths, CONTRACT: Duration(days=contract)}

    def _waits_for(self, rules: Iterable[Rule]) -> tuple[str, ...]:
        """The last step that these rules wait for: steps are given in order, so it stands for all before it."""
        names = {name if ":" in name else f"{rule.pack}:{name}" for rule in rules for name in rule.waits_for}
        every = any("approvals" in rule.waits_for for rule in rules)
        steps = [step.step for step in self._steps if every or names.intersection(step.rules)]
        return tuple(steps[-1:])


def _joins(rule: Rule, group: Sequence[Rule]) -> bool:
    return (
        bool(rule.notice)
        and rule.notice == group[0].notice
        and (rule.trigger in STANDING) == (group[0].trigger in STANDING)
        and all(other.pack != rule.pack for other in group)
    )


def _dues(rule: Rule, contracts: Contracts) -> Iterator[tuple[int | None, tuple[Moment, ...]]]:
    for days in contracts:
        if days is None or not rule.due_by_contract:
            yield None, rule.due
        else:
            yield days, rule.due_by_contract


def _channels(rules: Sequence[Rule], kind: str) -> tuple[str, ...]:
    """What all of the rules allow, in the first one's order; the first's own where they agree on none."""
    fitting = [_fitting(rule.channels, kind) for rule in rules]
    common = tuple(name for name in fitting[0] if all(name in other for other in fitting))
    return common or fitting[0]


def _fitting(channels: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Without what cannot reach such a recipient: the public has no telephone, a customer is not told by the media."""
    reach = tuple(name for name in channels if (name in vocabulary.PUBLIC_CHANNELS) == (kind == "public"))
    return reach or channels


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in moments if at is not None), default=None)
