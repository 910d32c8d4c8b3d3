"""What a type of outage wants to know and forbids: read when an outage is opened or changed, asked when it begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from desk.errors import Refused
from desk.i18n import _
from desk.orders import Orders
from desk.outages.requests import BadRequest, FieldProblem, OutageChange, OutageRequest
from desk.place import Place
from desk.records import Affected, Outage

if TYPE_CHECKING:
    from desk.plugins import OutageType, Problem


class Examined(Struct, frozen=True):
    """A request with its facts as they are stored, what forbids it, and what the agent should know."""

    request: OutageRequest
    problems: tuple[FieldProblem, ...]
    warnings: tuple[str, ...]


def examine(kind: OutageType, request: OutageRequest, touched: Affected, place: Place) -> Examined:
    """What `kind` says of `request`, which touches so many."""
    reading = kind.read_facts(request.facts, place.clock.zone)
    facts = _without_empty(reading.facts)
    start = request.planned_start or request.received_at or place.now()
    advice = Orders(place).advice(kind.id, facts, request.feeders, start)
    request = replace(request, facts={**advice.facts, **facts})
    told = kind.check(request, touched)
    wrong = [*_misread(reading.wrong, request.facts), *_fields(problem for problem in told if problem.refuses)]
    warnings = [*(problem.text for problem in told if not problem.refuses), *advice.warnings]
    if reading.unknown:
        text = _("{type} has no fact {names}; kept as written").format(
            type=kind.label, names=", ".join(reading.unknown)
        )
        warnings.append(text)
    return Examined(request, tuple(wrong), tuple(warnings))


def as_stored(place: Place, type: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """`facts` as an outage of this type keeps them; raises BadRequest naming every one that cannot be read."""
    kind = place.plugins.outage_types.get(type)
    if kind is None:
        return dict(facts)
    reading = kind.read_facts(facts, place.clock.zone)
    if reading.wrong:
        raise BadRequest(_misread(reading.wrong, facts))
    return _without_empty(reading.facts)


def read_change(place: Place, outage: Outage, change: OutageChange) -> OutageChange:
    """`change` with its facts as they are stored (None: taken away); raises BadRequest where the type forbids them."""
    kind = place.plugins.outage_types.get(outage.type)
    if kind is None or not change.facts:
        return change
    reading = kind.read_facts(change.facts, place.clock.zone)
    facts = _without_empty({**outage.facts, **reading.facts})
    told = kind.check(_asked_again(outage, facts), outage.affected)
    wrong = _fields(problem for problem in told if problem.refuses and problem.field.startswith("facts."))
    problems = [*_misread(reading.wrong, change.facts), *wrong]
    if problems:
        raise BadRequest(problems)
    return replace(change, facts=reading.facts)


def may_start(place: Place, outage: Outage, reason: str = "") -> tuple[Problem, ...]:
    """Whether the type lets `outage` be carried out. Returns what is against it and excused by `reason`: violations
    of their articles, to be recorded. Raises Refused for what nothing excuses, and for the others without a reason."""
    kind = place.plugins.outage_types.get(outage.type)
    found = [problem for problem in kind.check_start(outage) if problem.refuses] if kind else []
    excused = bool(reason.strip())
    forbidden = [problem for problem in found if not (problem.excusable and excused)]
    if not forbidden:
        return tuple(found)
    text = _("{id} may not begin: {problems}").format(id=outage.id, problems="; ".join(one.text for one in forbidden))
    if all(problem.excusable for problem in forbidden):
        text += _(" (a reason lets it begin all the same, as a recorded violation)")
    raise Refused(text)


def merged(known: Mapping[str, Any], change: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """`known` facts after a change of some; None when nothing is to change."""
    return None if change is None else _without_empty({**known, **change})


def _asked_again(outage: Outage, facts: dict[str, Any]) -> OutageRequest:
    scope = outage.scope
    return OutageRequest(
        type=outage.type,
        feeders=scope.feeders,
        laterals=scope.laterals,
        transformer_areas=scope.transformer_areas,
        meter_boxes=scope.meter_boxes,
        accounts=scope.accounts,
        planned_start=outage.planned_start,
        planned_end=outage.planned_end,
        cause=outage.cause,
        area=outage.area,
        received_at=outage.received_at,
        facts=facts,
    )


def _without_empty(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def _misread(wrong: Mapping[str, str], given: Mapping[str, Any]) -> list[FieldProblem]:
    return [FieldProblem(f"facts.{name}", str(given.get(name, "")), text) for name, text in wrong.items()]


def _fields(problems: Iterable[Problem]) -> list[FieldProblem]:
    return [FieldProblem(problem.field, "", problem.text) for problem in problems]
