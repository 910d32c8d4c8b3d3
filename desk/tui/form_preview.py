"""What the outage form shows before anything is saved: who is touched, what is doubtful, what will be owed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk.errors import DeskError
from desk.i18n import _, ngettext
from desk.outages.requests import BadRequest
from desk.records import Affected, Outage
from desk.tui.cells import Line, Piece, heading, join, line, wrap
from desk.tui.duty_preview import approval_lines, change_lines, expected, expected_lines
from desk.tui.reasons import Reasons
from desk.tui.scope_names import to_scope
from desk.tui.typed_outage import TypedOutage, to_change, to_request

if TYPE_CHECKING:
    from desk.app import Desk

Shown = Callable[[int], Sequence[Line]]
LACKING = 3  # mistakes of an unfinished form that are named


def nothing_yet(_width: int) -> list[Line]:
    """Before a scope is chosen."""
    return [line(Piece(_("Choose a scope: who it touches is counted here."), "dim"))]


def preview(desk: Desk, outage: Outage | None, typed: TypedOutage) -> Shown:
    """What saving `typed` would mean, ready to be shown in any width. Reads the store: not for the screen's thread."""
    scope = to_scope(typed.scope)
    if not scope:
        return nothing_yet
    return _of_opening(desk, typed) if outage is None else _of_change(desk, outage, typed)


def _of_opening(desk: Desk, typed: TypedOutage) -> Shown:
    now, outages = desk.place.now(), desk.outages
    try:
        found = outages.preview(to_request(typed, now))
    except DeskError as problem:
        # The form is not finished: the count is shown all the same, and what it still lacks.
        affected, lacking = outages.affected(to_scope(typed.scope)), _lacking(problem)
        return lambda width: [*who_lines(affected), *_dim(lacking, width)]
    groups = expected(found.duties, Reasons(desk).title)
    steps = getattr(found.duties, "approvals", ())
    return lambda width: [
        *who_lines(found.affected, len(found.warnings)),
        *approval_lines(steps, typed.approvers, now, width),
        *expected_lines(groups, now, width),
        *_remarks(found.warnings, width),
    ]


def _of_change(desk: Desk, outage: Outage, typed: TypedOutage) -> Shown:
    now = desk.place.now()
    affected = desk.outages.affected(to_scope(typed.scope))
    try:
        change = to_change(typed, outage, now)
        # The reason is asked for when the change is saved; whom it concerns is shown before it is typed.
        steps = desk.outages.foresee(outage.id, replace(change, reason=change.reason or "-"))
    except DeskError as problem:
        lacking = _lacking(problem)
        return lambda width: [*who_lines(affected), *_dim(lacking, width)]
    reasons = Reasons(desk)
    return lambda width: [*who_lines(affected), *change_lines(steps, reasons, now, width)]


def who_lines(affected: Affected, remarks: int = 0) -> list[Line]:
    """Who would be touched, and that there is something to remark on."""
    counts = [
        Piece(" " + _("{count} customers").format(count=f"{affected.customers:,}"), "strong"),
        Piece(_("special {count}").format(count=affected.special), "off"),
        Piece(_("important {count}").format(count=affected.important), "overdue"),
        Piece(_("medal {count}").format(count=affected.medal), "upcoming"),
        Piece(_("public services {count}").format(count=affected.public_services), "upcoming"),
    ]
    below = [
        Piece(" " + "、".join(affected.service_branches), "dim"),
        Piece(_("areas {count}").format(count=len(affected.transformer_areas)), "dim"),
    ]
    if remarks:
        words = ngettext("! {count} remark below", "! {count} remarks below", remarks).format(count=remarks)
        below.append(Piece(words, "warn"))
    return [Line(tuple(join(counts))), Line(tuple(join(below)))]


def _remarks(warnings: Sequence[str], width: int) -> list[Line]:
    if not warnings:
        return []
    return [
        heading(_("Remarks")),
        *(line(Piece(row, "warn")) for warning in warnings for row in wrap(f"! {warning}", width)),
    ]


def _lacking(problem: DeskError) -> list[str]:
    if isinstance(problem, BadRequest):
        return [found.problem for found in problem.problems[:LACKING]]
    return [str(problem)]


def _dim(sentences: Iterable[str], width: int) -> list[Line]:
    return [
        line(Piece(row, "dim")) for text in sentences for row in wrap(_("Not yet: {text}").format(text=text), width)
    ]
