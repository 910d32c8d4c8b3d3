"""What stands on the cards: an outage, a caller, a logged call, as lines for a width. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from desk.calls.topics import TOPICS
from desk.i18n import _
from desk.phone_numbers import shown
from desk.records import Call, Customer, Outage, Phone
from desk.text import cell_width, clean
from desk.tui import times
from desk.tui.cells import BLANK, Line, Piece, field, heading, join, line, wrap
from desk.tui.words import ACTS, AREA_KINDS, GRADES, OUTCOMES, SECTORS, STAGE_SENTENCES, flags, say

if TYPE_CHECKING:
    from desk.calls import Card

MANY = 6  # names shown of a long list of devices


def outage_lines(
    outage: Outage, stage: str, label: str, now: datetime, width: int, owed: Sequence[Line] = ()
) -> list[Line]:
    """The card of an outage: what, where, who, when, what is `owed` because of it, and what was done to it."""
    head = line(Piece(f"{outage.id} ", "title"), Piece(label, "title"), copy=f"{outage.id} {label}")
    state = Piece(_(STAGE_SENTENCES[stage]) if stage in STAGE_SENTENCES else stage, stage or "dim")
    danger = Piece(_("! Danger to life"), "danger") if outage.danger_to_life else Piece("")
    lines = [head, Line(tuple(join([state, danger]))), BLANK, *_affected(outage, width), *owed, BLANK]
    lines += _fields(
        width,
        (_("Area"), clean(outage.area)),
        (_("Cause"), clean(outage.cause)),
        (_("Planned"), _planned(outage, now)),
        (_("Off since"), times.shown(outage.actual_start, now)),
        (_("Back at"), times.shown(outage.actual_end, now)),
        (_("Expected"), "" if outage.actual_end else times.shown(outage.etr, now)),
        (_("Reference"), outage.reference),
    )
    lines += [BLANK, *_scope(outage, width)]
    lines += _fields(width, (_("Branch"), _names(outage.affected.service_branches)))
    return [*lines, BLANK, *_history(outage, now, width)]


def caller_lines(
    card: Card,
    script: str,
    chosen: str,
    now: datetime,
    stage_of: Callable[[Outage], str],
    labels: Mapping[str, str],
    revealed: Customer | None,
    above: Callable[[int], Sequence[Line]],
    width: int,
) -> list[Line]:
    """The caller's card: who it is, what `above` tells of them, what to say, what touches them, their calls before."""
    customer = card.customer
    tags = [Piece(f"[{words}]", role) for words, role in flags(customer)]
    head = line(Piece(clean(customer.name) + "  ", "title"), *join(tags, " "), copy=customer.name)
    lines = [head]
    lines += _fields(
        width,
        (_("Account"), customer.account_no, customer.account_no),
    )
    phones, role = _phones(customer, revealed), "number" if revealed else "text"
    lines += field(_("Phones"), phones, width, role=role) if phones else []
    lines += _fields(width, (_("Address"), clean(customer.address)))
    lines += above(width)
    if script:
        lines += script_lines(script, width)
    lines += [heading(_("Outages")), *outages_touching(card.outages, chosen, now, stage_of, labels, width)]
    lines += [heading(_("Supply")), *_supply(card, width)]
    return [*lines, heading(_("Calls before")), *_calls(card.calls, now)]


def no_lines(_width: int) -> Sequence[Line]:
    """Nothing to be told above the script."""
    return ()


def nobody_lines(
    number: str, script: str, above: Callable[[int], Sequence[Line]], width: int, *, role: str = "text"
) -> list[Line]:
    """The card of a caller who is no customer, or not yet known; `role` says whether the number is in clear."""
    lines = [line(Piece(_("Unknown caller"), "title"))]
    lines += field(_("Number"), number, width, role=role) if number else []
    hint = _("F2 looks the customer up; the call can be saved without one.")
    lines += [line(Piece(row, "dim")) for row in wrap(hint, width)]
    return [*lines, *above(width), *script_lines(script, width)]


def script_lines(script: str, width: int) -> list[Line]:
    """What to say; a paragraph in brackets is for the agent and is not read out."""
    lines = [heading(_("Say"))]
    for paragraph in script.splitlines():
        role = "off" if paragraph.startswith(("【", "[")) else "script"
        lines += [line(Piece(row, role)) for row in wrap(paragraph, width)]
    return lines


def outages_touching(
    outages: Iterable[Outage],
    chosen: str,
    now: datetime,
    stage_of: Callable[[Outage], str],
    labels: Mapping[str, str],
    width: int,
) -> list[Line]:
    """One or two lines for each outage now or ahead; the one the call is about has a `>`."""
    lines: list[Line] = []
    for outage in outages:
        stage = stage_of(outage)
        mark = "> " if outage.id == chosen else "  "
        name = Piece(f"{outage.id} {labels.get(outage.type, outage.type)}  ", "text")
        state, when = _(STAGE_SENTENCES.get(stage, stage)), _when(outage, now)
        beside = Piece(state if outage.id == chosen else when, stage or "dim")
        lines.append(line(Piece(mark, "key"), name, beside, copy=outage.id))
        if outage.id == chosen:
            lines.append(line("  ", Piece(when, stage or "dim")))
            lines += [line("  ", Piece(row, "dim")) for row in wrap(clean(outage.cause), width - 2) if row]
    return lines or [line(Piece(_("No outage is known here."), "text"))]


def call_lines(call: Call, now: datetime, width: int) -> list[Line]:
    """A logged call in full, for the log."""
    return _fields(
        width,
        (_("Customer"), f"{clean(call.customer_name)}  {call.account_no}".strip(), call.account_no),
        (_("Topic"), f"{say(TOPICS, call.topic)}  {say(OUTCOMES, call.outcome)}".strip()),
        (_("Outage"), call.outage),
        (_("Note"), clean(call.note)),
        (_("Agent"), f"{call.agent}  {call.seat}  {times.shown(call.at, now)}".strip()),
    )


def phone_words(phone: Phone) -> str:
    """A number with its role; whose numbers may not be seen arrives here masked already."""
    return f"{shown(phone)} {phone.role}".strip()


def _fields(width: int, *fields: tuple[str, ...]) -> list[Line]:
    lines: list[Line] = []
    for label, value, *copy in fields:
        if value:
            lines += field(label, value, width, copy=copy[0] if copy else value)
    return lines


def _affected(outage: Outage, width: int) -> list[Line]:
    affected = outage.affected
    parts = [Piece(_("{count} customers").format(count=f"{affected.customers:,}"), "strong")]
    if affected.special:
        parts.append(Piece(_("special {count}").format(count=affected.special), "off"))
    if affected.important:
        grades = "、".join(f"{say(GRADES, grade)} {count}" for grade, count in affected.grades.items() if grade)
        words = _("important {count}").format(count=affected.important) + (f" ({grades})" if grades else "")
        parts.append(Piece(words, "overdue"))
    if affected.public_services:
        parts.append(Piece(_("public services {count}").format(count=affected.public_services), "upcoming"))
    if outage.calls:
        parts.append(Piece(_("calls {count}").format(count=outage.calls), "text"))
    return _flow(parts, width)


def _flow(parts: Sequence[Piece], width: int) -> list[Line]:
    rows: list[list[Piece]] = [[]]
    used = 0
    for part in parts:
        size = cell_width(part.text) + 2
        if rows[-1] and used + size > width:
            rows.append([])
            used = 0
        rows[-1].append(part)
        used += size
    return [Line(tuple(join(row))) for row in rows]


def _scope(outage: Outage, width: int) -> list[Line]:
    scope, affected = outage.scope, outage.affected
    areas = scope.transformer_areas or affected.transformer_areas
    return _fields(
        width,
        (_("Feeder"), _names(scope.feeders or affected.feeders)),
        (_("Lateral"), _names(scope.laterals)),
        (_("Areas"), _names(areas)),
        (_("Meter box"), _names(scope.meter_boxes)),
        (_("Accounts"), _names(scope.accounts)),
    )


def _names(names: Sequence[str]) -> str:
    more = _(" and {count} more").format(count=len(names) - MANY) if len(names) > MANY else ""
    return "、".join(map(clean, names[:MANY])) + more


def _history(outage: Outage, now: datetime, width: int) -> list[Line]:
    lines = [heading(_("Done so far"))]
    for change in reversed(outage.history):
        words = "  ".join(part for part in (say(ACTS, change.act), change.by, clean(change.reason)) if part)
        when = f"{times.shown(change.at, now)}  "
        rows = wrap(words, width - cell_width(when))
        lines.append(line(Piece(when, "dim"), Piece(rows[0], "text")))
        lines += [line(" " * cell_width(when), Piece(row, "text")) for row in rows[1:]]
    return lines


def _phones(customer: Customer, revealed: Customer | None) -> str:
    source = revealed or customer
    return "  ".join(map(phone_words, source.phones))


def _supply(card: Card, width: int) -> list[Line]:
    customer, area = card.customer, card.area
    network: tuple[str, ...] = (_("Area no."), _("{area} (not in the network)").format(area=customer.transformer_area))
    if area is not None:
        kind = say(AREA_KINDS, area.kind)
        names = f"{area.transformer_area} {clean(area.transformer_name)} {kind}"
        network = (_("Area no."), names.strip(), area.transformer_area)
    return _fields(
        width,
        network,
        (_("Feeder"), " < ".join(clean(name) for name in (area.lateral, area.feeder, area.substation) if name))
        if area
        else ("", ""),
        (_("Branch"), area.service_branch if area else ""),
        (_("Meter"), "  ".join(part for part in (customer.meter_no, customer.meter_box) if part), customer.meter_no),
        (_("Sector"), "  ".join(part for part in (say(SECTORS, customer.sector), customer.voltage) if part)),
    )


def _planned(outage: Outage, now: datetime) -> str:
    return times.shown_period(outage.planned_start, outage.planned_end, now) if outage.planned_start else ""


def _when(outage: Outage, now: datetime) -> str:
    if outage.actual_start:
        parts = [_("off since {time}").format(time=times.shown(outage.actual_start, now))]
        if outage.etr or outage.planned_end:
            parts.append(_("back about {time}").format(time=times.shown(outage.etr or outage.planned_end, now)))
        return "  ".join(parts)
    return times.shown_period(outage.planned_start, outage.planned_end, now)


def _calls(calls: Sequence[Call], now: datetime) -> list[Line]:
    lines = []
    for call in calls[:8]:
        words = "  ".join(
            part for part in (say(TOPICS, call.topic), say(OUTCOMES, call.outcome), clean(call.note)) if part
        )
        when = f"{times.shown(call.at, now)}  "
        lines.append(line(Piece(when, "dim"), Piece(words, "text"), copy=call.id))
    return lines or [line(Piece(_("No call from this customer yet."), "dim"))]
