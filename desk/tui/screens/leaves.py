"""Leave to export: who asks for what and why; given, refused, used. Enter gives it, `x` refuses, `n` asks."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from desk import schema
from desk.i18n import N_, _, language
from desk.privacy.approvals import DATA, WORDS, Approvals, Standing
from desk.privacy.watermark import WHAT
from desk.records import ExportApproval
from desk.text import clean
from desk.tui import times
from desk.tui.cells import Line, Piece, field, line, wrap
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.screens.listed import ListScreen
from desk.tui.widgets.lines import Lines

LEAVES: tuple[Column, ...] = (
    Column("id", N_("No."), 7),
    Column("state", N_("State"), 12),
    Column("what", N_("Data"), 18),
    Column("agent", N_("Agent"), 12),
    Column("asked", N_("Asked"), 13),
    Column("purpose", N_("What for"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "asked", 0), (100, "what", 14))
ROLES: dict[Standing, str] = {Standing.ASKED: "warn", Standing.GIVEN: "good", Standing.REFUSED: "bad"}
CHOICES: dict[str, str] = {"": N_("all"), Standing.ASKED: N_("asked for"), Standing.GIVEN: N_("granted")}


class Leave(NamedTuple):
    """One leave and where it stands."""

    record: ExportApproval
    standing: Standing


class LeaveLines(Lines[Leave]):
    """One line for each leave."""

    now: datetime

    def row_id(self, row: Leave) -> str:
        return row.record.id

    def row_key(self, row: Leave) -> Hashable:
        return (row.record.id, row.standing, language())

    def row_line(self, row: Leave, width: int) -> Line:
        leave = row.record
        texts = (
            (f" {leave.id}", "strong"),
            (_(WORDS[row.standing]), ROLES.get(row.standing, "dim")),
            (_(WHAT.get(leave.what, leave.what)), "text"),
            (clean(leave.agent), "text"),
            (times.shown(leave.asked_at, self.now), "dim"),
            (clean(leave.purpose), "text"),
        )
        return cells(LEAVES, widths(LEAVES, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(LEAVES, widths(LEAVES, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return _("No leave was asked for. `n` asks for it; somebody else gives it, and it holds for one export.")


class LeavesScreen(ListScreen[Leave]):
    """Enter gives leave, `x` refuses it, `n` asks for it."""

    PLACE = "leaves"
    TABLES = (schema.EXPORT_APPROVALS,)

    def __init__(self) -> None:
        super().__init__(LeaveLines())
        self.state = ""

    def title_words(self) -> str:
        return _("Leave to export")

    def opened(self) -> None:
        self.list.now = self.app.desk.now()  # type: ignore[attr-defined]
        super().opened()

    def found(self) -> Sequence[Leave]:
        self.list.now = self.app.desk.now()  # type: ignore[attr-defined]
        return [Leave(one, self._book.standing(one)) for one in self._book.listed(self.state)]

    def sums(self) -> Sequence[Piece]:
        return [Piece(" " + _("Which") + " ", "dim"), Piece(f"[{_(CHOICES[self.state])}]")]

    def context_of(self, row: Leave | None) -> dict[str, object]:
        return {"part": row.record.id if row else "", "stage": str(row.standing) if row else ""}

    def about(self, row: Leave, now: datetime, width: int) -> list[Line]:
        leave = row.record
        facts = (
            (_("Agent"), clean(leave.agent)),
            (_("What for"), clean(leave.purpose)),
            (_("Asked"), times.shown(leave.asked_at, now)),
            (_("Given by"), clean(f"{leave.approved_by} {times.shown(leave.approved_at, now)}".strip())),
            (_("Refused by"), clean(leave.refused_by)),
            (_("Valid until"), times.shown(leave.expires_at, now)),
            (_("Used"), " ".join(times.shown(at, now) for at in leave.used_at)),
        )
        head = line(Piece(f"{leave.id} ", "title"), Piece(_(WORDS[row.standing]), "strong"), copy=leave.id)
        lines = [head, *(part for label, value in facts if value for part in field(label, value, width))]
        if row.standing is Standing.GIVEN:
            how = f"desk export {leave.what} FILE --approval {leave.id}"
            lines += [line(Piece(part, "dim")) for part in wrap(how, width)]
        return lines

    def copied(self) -> str:
        return self.list.current.record.id if self.list.current else ""

    # commands

    def leaves_which(self) -> None:
        """All, those asked for, or those given."""
        names = list(CHOICES)
        self.state = names[(names.index(self.state) + 1) % len(names)]
        self.reload()

    def leaves_give(self) -> None:
        """Give leave, once it was read what it is for."""
        if (row := self.list.current) is not None:
            told = {"id": row.record.id, "agent": row.record.agent, "what": _(WHAT.get(row.record.what, ""))}
            words = _("{id}: {agent} may export {what}? It holds for one export").format(**told)
            self.question(words, lambda _yes: self.act(partial(self._book.give, row.record.id), self._said))

    def leaves_refuse(self) -> None:
        """Refuse it, or take it back before it is used."""
        if (row := self.list.current) is not None:
            self.act(partial(self._book.refuse, row.record.id), self._said)

    def leaves_ask(self) -> None:
        """Ask for leave: what, then what for."""
        choices = [(what, _(WHAT[what])) for what in DATA]
        self.question(_("Leave to export what?"), self._ask_purpose, choices=choices)

    def _ask_purpose(self, what: str) -> None:
        words = _("{what}: what for?").format(what=_(WHAT[what]))
        self.question(
            words, lambda said: self.act(partial(self._book.ask, what, said), self._said), label=_("What for")
        )

    @property
    def _book(self) -> Approvals:
        return Approvals(self.app.desk.place)

    def _said(self, leave: ExportApproval) -> str:
        return _("{id}: {state}").format(id=leave.id, state=_(WORDS[self._book.standing(leave)]))
