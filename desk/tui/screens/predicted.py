"""Predicted outages: why, with which calls; confirmed, moved up or down, split, merged; storm mode."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct

from desk import schema
from desk.i18n import N_, _, language, ngettext
from desk.outages.board import area_words, why_predicted
from desk.predicting import TROUBLE_CODES, Storm
from desk.records import Call, Outage
from desk.text import clean
from desk.trouble import Level
from desk.tui import times
from desk.tui.cells import Line, Piece, heading, line, wrap
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.screens.listed import ListScreen
from desk.tui.widgets.lines import Lines
from desk.tui.words import say
from desk.work_orders import HAZARDS

PREDICTED: tuple[Column, ...] = (
    Column("since", N_("Since"), 12),
    Column("id", N_("No."), 7),
    Column("device", N_("Device"), 24),
    Column("calls", N_("Calls"), 6, True),
    Column("customers", N_("Cust."), 8, True),
    Column("gap", "", 2),
    Column("why", N_("Why"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "since", 7), (100, "device", 18))
LEVELS = {
    "meter_box": N_("meter box"),
    "transformer_area": N_("transformer area"),
    "lateral": N_("lateral"),
    "feeder": N_("feeder"),
}
assert LEVELS.keys() == {level.name.lower() for level in Level if level is not Level.SERVICE}


class Guess(Struct, frozen=True):
    """One predicted outage with its calls."""

    outage: Outage
    calls: tuple[Call, ...]


class GuessLines(Lines[Guess]):
    """One line for each."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime

    def row_id(self, row: Guess) -> str:
        return row.outage.id

    def row_key(self, row: Guess) -> Hashable:
        return (row.outage.calls, row.outage.scope, why_predicted(row.outage), language())

    def row_line(self, row: Guess, width: int) -> Line:
        outage = row.outage
        texts = (
            (("!" if outage.danger_to_life else " ") + times.shown(outage.actual_start, self.now), "predicted"),
            (outage.id, "dim"),
            (clean(area_words(outage)), "strong"),
            (str(outage.calls), "text"),
            (f"{outage.affected.customers:,}", "text"),
            ("", "text"),
            (why_predicted(outage), "text"),
        )
        return cells(PREDICTED, widths(PREDICTED, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(PREDICTED, widths(PREDICTED, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return _("No outage is suspected. Several trouble reports below one device put one here.")


class PredictedScreen(ListScreen[Guess]):
    """Only a dispatcher's word or a report from the field confirms; calls never move what a person has placed."""

    PLACE = "predicted"
    TABLES = (schema.OUTAGES, schema.CALLS, schema.MARKS)

    def __init__(self) -> None:
        super().__init__(GuessLines())
        self.storm = Storm(on=False, proposed=False)

    def title_words(self) -> str:
        return _("Predicted outages")

    def opened(self) -> None:
        self.list.now = self.app.desk.now()  # type: ignore[attr-defined]
        super().opened()

    def found(self) -> Sequence[Guess]:
        desk = self.app.desk
        self.list.now = desk.now()  # type: ignore[attr-defined]
        self.storm = desk.calls.predicting.storm()
        return [Guess(one, tuple(desk.calls.predicting.of(one.id))) for one in desk.outages.listed("predicted")]

    def sums(self) -> Sequence[Piece]:
        storm = self.storm
        if storm.on:
            words = _("STORM since {time}").format(time=times.shown(storm.since, self.app.desk.now()))
            return [Piece(f" {words}", "sandbox")]
        count = ngettext(
            "{count} call without a known outage lately", "{count} calls without a known outage lately", storm.calls
        )
        pieces = [Piece(" " + count.format(count=storm.calls), "dim")]
        return [*pieces, Piece("  " + _("! storm mode? `t`"), "warn")] if storm.proposed else pieces

    def context_of(self, row: Guess | None) -> dict[str, object]:
        may = self.app.desk.access.may("act_on_outage")
        id = row.outage.id if row else ""
        return {"part": id, "outage": id, "may_write": may}

    def about(self, row: Guess, now: datetime, width: int) -> list[Line]:
        return guess_lines(row, now, width)

    def copied(self) -> str:
        return f"{self.list.current.outage.id} {area_words(self.list.current.outage)}" if self.list.current else ""

    # commands

    def predicted_leave(self) -> None:
        """The key that opened the screen closes it."""
        self.app.desk_back()

    def predicted_confirm(self) -> None:
        """It is an outage: who said so (dispatch, or the field when the name begins with `field`)."""
        self._ask(_("{id}: who confirmed it? A crew's name behind “field:”"), _("Name"), self._confirm)

    def _confirm(self, id: str, typed: str) -> None:
        head, colon, name = typed.replace("：", ":").partition(":")
        field = bool(colon) and head.strip().lower() in ("field", "现场")
        confirm = self.app.desk.calls.predicting.confirm
        verb = partial(confirm, id, by=name if field else typed, source="field" if field else "dispatch")
        self.act(verb, lambda done: _("{id} is confirmed; its duties are owed now").format(id=done.id))

    def predicted_move(self) -> None:
        """Another device, above or below."""
        row = self.list.current
        if row is not None:
            choices = [(name, _(words)) for name, words in LEVELS.items()]
            question = _("{id}: which device is it?").format(id=row.outage.id)
            self.question(question, partial(self._move, row.outage.id), choices=choices)

    def _move(self, id: str, level: str) -> None:
        verb = self.app.desk.calls.predicting.move
        said = lambda done: _("{id}: {device}").format(id=done.id, device=area_words(done))  # noqa: E731
        act = lambda reason: self.act(partial(verb, id, level, reason), said)  # noqa: E731
        self.question(_("{id}: why?").format(id=id), act, label=_("Why"))

    def predicted_split(self) -> None:
        """Take calls out of it: their numbers, then the reason behind a comma."""
        self._ask(_("{id}: which calls do not belong? The reason after a comma"), _("Calls"), self._split)

    def _split(self, id: str, typed: str) -> None:
        calls, _comma, reason = typed.replace("，", ",").partition(",")
        verb = partial(self.app.desk.calls.predicting.split, id, calls.split(), reason)
        self.act(verb, lambda done: _("{id}: {count} calls").format(id=done.id, count=done.calls))

    def predicted_merge(self) -> None:
        """Both are one: into which, then the reason behind a comma."""
        self._ask(_("{id}: into which one? The reason after a comma"), _("Into"), self._merge)

    def _merge(self, id: str, typed: str) -> None:
        into, _comma, reason = typed.replace("，", ",").partition(",")
        verb = partial(self.app.desk.calls.predicting.merge, id, into, reason)
        self.act(verb, lambda done: _("{id}: {count} calls").format(id=done.id, count=done.calls))

    def predicted_storm(self) -> None:
        """Storm mode on or off."""
        predicting = self.app.desk.calls.predicting
        verb, words = (
            (predicting.end_storm, _("End storm mode?"))
            if self.storm.on
            else (predicting.begin_storm, _("Begin storm mode?"))
        )
        self.question(words, lambda _a: self.act(verb, lambda _d: _("storm mode is switched")))

    def _ask(self, question: str, label: str, then: Callable[[str, str], None]) -> None:
        row = self.list.current
        if row is not None:
            self.question(question.format(id=row.outage.id), partial(then, row.outage.id), label=label)


def guess_lines(row: Guess, now: datetime, width: int) -> list[Line]:
    """Why it is suspected, and the calls behind it."""
    outage = row.outage
    lines = [line(Piece(f"{outage.id} ", "title"), Piece(clean(area_words(outage)), "strong"), copy=outage.id)]
    lines += [line(Piece(part)) for part in wrap(why_predicted(outage), width)]
    if before := outage.facts.get("still_out"):
        lines.append(line(Piece(_("still out since {id} was restored").format(id=before), "off")))
    if by := outage.facts.get("placed_by"):
        lines.append(line(Piece(_("placed by {by}: calls move it no more").format(by=by), "dim")))
    lines.append(heading(_("Calls")))
    for call in row.calls:
        code = say(TROUBLE_CODES, call.trouble_code) if call.trouble_code else ""
        too = _("neighbours too") if call.multiple_premises else ""
        known = (
            call.id,
            times.shown(call.at, now),
            call.customer_name,
            call.transformer_area,
            call.meter_box,
            code,
            too,
            say(HAZARDS, call.hazard),
            call.note,
        )
        lines += [
            line(Piece(part, "dim"), copy=call.id) for part in wrap("  ".join(clean(k) for k in known if k), width)
        ]
    return lines
