"""Whether an outage can be opened as asked: every mistake at once, and what the agent should know besides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from desk.errors import BadInput
from desk.grid import Unknown, affected, nearest
from desk.i18n import _
from desk.outages.acts import check_order, shown
from desk.outages.board import began, expected_end
from desk.outages.facts import examine
from desk.outages.live import LiveOutages
from desk.outages.requests import BadRequest, FieldProblem, OutageRequest
from desk.place import Place
from desk.records import OVER, Affected, Outage, Scope, Status

if TYPE_CHECKING:
    from desk.plugins import OutageType


class Checked(Struct, frozen=True, kw_only=True):
    """A request found good: what it comes to."""

    type: str
    status: Status
    facts: dict[str, Any]
    received_at: datetime
    actual_start: datetime | None
    affected: Affected
    warnings: tuple[str, ...]


def check(place: Place, live: LiveOutages, request: OutageRequest) -> Checked:
    """What `request` comes to; raises BadRequest naming every mistake."""
    kind = type_named(place, request.type)
    wrong_scope = scope_problems(place, request.scope)
    touched = Affected() if wrong_scope else affected(place.store, place.grid, request.scope)
    told = examine(kind, request, touched, place) if kind else None
    problems = [
        *([] if kind else [_unknown_type(place, request.type)]),
        *wrong_scope,
        *_time_problems(request),
        *_reference_problems(place, request),
        *(told.problems if told else ()),
    ]
    if kind and kind.planned and not request.planned_start and "planned_start" not in kind.needs:
        problems.append(FieldProblem("planned_start", "", _("is needed for a planned outage")))
    if problems or kind is None or told is None:
        raise BadRequest(problems)
    return _checked(place, live, told.request, kind, touched, told.warnings)


def _checked(
    place: Place,
    live: LiveOutages,
    request: OutageRequest,
    kind: OutageType,
    touched: Affected,
    told: tuple[str, ...],
) -> Checked:
    now = place.now()
    received = request.received_at or now
    start = request.planned_start or received
    # A fault is off when it is reported; anything announced for later is not off yet.
    off = not kind.planned and start <= now
    return Checked(
        type=kind.id,
        status=Status.CONFIRMED if off else Status.SCHEDULED,
        facts=request.facts,
        received_at=received,
        actual_start=start if off else None,
        affected=touched,
        warnings=(*told, *_warnings(place, live, request, kind, touched)),
    )


def type_named(place: Place, name: str) -> OutageType | None:
    """The outage type with this id or label."""
    types = place.plugins.outage_types
    return types.get(name) or next((kind for kind in types.values() if name in kind.labels.values()), None)


def scope_problems(place: Place, scope: Scope) -> list[FieldProblem]:
    """What is wrong with a scope: nothing in it, or names the county does not have."""
    if not scope:
        needed = _("name at least one feeder, lateral, transformer area or account")
        return [FieldProblem("feeders", "", needed)]
    return [
        *(FieldProblem(found.field, found.value, _sentence(found)) for found in place.grid.unknown(scope)),
        *_unknown_accounts(place, scope.accounts),
        *_unknown_boxes(place, scope.meter_boxes),
    ]


def _sentence(found: Unknown) -> str:
    words = ", ".join(found.suggestions)
    if found.ambiguous:
        return _("{name} is on several feeders; write one of {choices}").format(name=found.value, choices=words)
    if words:
        return _("there is no {name}; did you mean {choices}?").format(name=found.value, choices=words)
    return _("there is no {name} in the network").format(name=found.value)


def _unknown_accounts(place: Place, accounts: tuple[str, ...]) -> Iterator[FieldProblem]:
    known = place.customers.revisions(account_no=list(accounts)) if accounts else {}
    for account in accounts:
        if account not in known:
            near = place.customers.range("account_no", account[:-2], account[:-2] + "\uffff", limit=100)
            suggestions = nearest(account, [customer.account_no for customer in near], 2)
            yield FieldProblem("accounts", account, _sentence(Unknown("accounts", account, suggestions)))


def _unknown_boxes(place: Place, boxes: tuple[str, ...]) -> Iterator[FieldProblem]:
    for box in boxes:
        if not place.customers.count(meter_box=box):
            yield FieldProblem("meter_boxes", box, _sentence(Unknown("meter_boxes", box, ())))


def _unknown_type(place: Place, name: str) -> FieldProblem:
    types = place.plugins.outage_types
    near = nearest(name, [*types, *(kind.label for kind in types.values())], 1) or tuple(types)
    words = {"name": name, "choices": ", ".join(near)}
    return FieldProblem("type", name, _("there is no outage type {name}; did you mean {choices}?").format(**words))


def _time_problems(request: OutageRequest) -> Iterator[FieldProblem]:
    yield from _wrong_order("planned_end", lambda: check_order(request.planned_start, request.planned_end))
    for phase in request.phases:
        yield from _wrong_order("phases", lambda phase=phase: check_order(phase.start, phase.end))  # type: ignore[misc]


def _wrong_order(field: str, checked: Callable[[], None]) -> Iterator[FieldProblem]:
    try:
        checked()
    except BadInput as problem:
        yield FieldProblem(field, "", str(problem))


def _reference_problems(place: Place, request: OutageRequest) -> Iterator[FieldProblem]:
    if not request.reference:
        return
    for outage in place.outages_table.where(reference=request.reference):
        words = {"reference": request.reference, "id": outage.id}
        yield FieldProblem("reference", request.reference, _("{reference} is already outage {id}").format(**words))


def _warnings(
    place: Place, live: LiveOutages, request: OutageRequest, kind: OutageType, touched: Affected
) -> Iterator[str]:
    if request.fingerprint:  # an imported list: nobody reads warnings row by row, and comparing each with all is slow
        return
    now = place.now()
    if not touched.customers:
        yield _("nobody is below these devices: no customer is affected")
    if kind.planned and request.planned_start and request.planned_start <= now:
        yield _("the planned start {at} is already past").format(at=shown(request.planned_start))
    if request.received_at and request.received_at > now:
        yield _("the time of receipt {at} is still to come").format(at=shown(request.received_at))
    start = request.planned_start or request.received_at or now
    for other in overlapping(place, live, request.scope, touched, start, request.etr or request.planned_end):
        named = place.plugins.outage_types.get(other.type)
        cause = other.cause or (named.label if named else other.type)
        yield _("{id} ({cause}) takes some of the same devices at the same time").format(id=other.id, cause=cause)


def overlapping(
    place: Place, live: LiveOutages, scope: Scope, touched: Affected, start: datetime, end: datetime | None
) -> list[Outage]:
    """The live outages that take some of the same supply within the same time."""
    others = (row.outage for row in live.held() if row.outage.status not in OVER)
    return [other for other in others if _meet(other, start, end) and _share(place, other, scope, touched)]


def _meet(other: Outage, start: datetime, end: datetime | None) -> bool:
    other_end = expected_end(other)
    return (end is None or began(other) < end) and (other_end is None or start < other_end)


def _share(place: Place, other: Outage, scope: Scope, touched: Affected) -> bool:
    if set(scope.accounts) & set(other.scope.accounts) or set(scope.meter_boxes) & set(other.scope.meter_boxes):
        return True
    # Two accounts of one area do not overlap: an area counts only where one side takes it whole.
    return bool(
        _whole(place, scope).intersection(other.affected.transformer_areas)
        or _whole(place, other.scope).intersection(touched.transformer_areas)
    )


def _whole(place: Place, scope: Scope) -> set[str]:
    return {area.transformer_area for area in place.grid.areas_below(scope)}
