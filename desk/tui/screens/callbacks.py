"""Callbacks: whom to call now, in order; taken in hand, then what the try came to."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from desk import schema
from desk.callbacks import KINDS, OUTCOMES, WORDS
from desk.callbacks.states import is_ripe
from desk.i18n import N_, _, language, ngettext
from desk.records import Callback
from desk.text import clean
from desk.tui import times
from desk.tui.cells import Line, Piece, field, heading, line, wrap
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.held_lines import talking_words
from desk.tui.screens.listed import ListScreen
from desk.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from desk.callbacks.telling import Foreseen

CALLBACKS: tuple[Column, ...] = (
    Column("ready", N_("Now"), 8),
    Column("state", N_("State"), 16),
    Column("kind", N_("For"), 16),
    Column("id", N_("No."), 6),
    Column("tries", N_("Tr."), 4, True),
    Column("outage", N_("Outage"), 8, True),
    Column("gap", "", 2),
    Column("who", N_("Who"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "kind", 12), (100, "state", 13))
CHOICES: Mapping[str, str] = {"ripe": N_("to be called now"), "open": N_("all that are owed"), "all": N_("all")}
# What a try may come to, by the kind of callback, the usual first.
RESULTS: Mapping[str, tuple[str, ...]] = {
    "restored": ("restored", "still_out", "no_answer", "busy", "wrong_number", "refused"),
    "follow_up": ("satisfied", "no_answer", "busy", "wrong_number", "refused"),
}


class CallbackLines(Lines[Callback]):
    """One line for each promise."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime

    def row_id(self, row: Callback) -> str:
        return row.id

    def row_key(self, row: Callback) -> Hashable:
        whose = (row.seat, row.agent)
        return (row.state, whose, len(row.attempts), row.not_before, is_ripe(row, self.now), language())

    def row_line(self, row: Callback, width: int) -> Line:
        ripe = is_ripe(row, self.now)
        when = _("now") if ripe else times.shown(row.not_before, self.now) or _("waits")
        texts = (
            (f" {when}", "overdue" if ripe else "dim"),
            (_(WORDS[row.state]) + (f" @{row.agent or row.seat}" if row.seat else ""), "text"),
            (_(KINDS[row.kind]), "text"),
            (row.id, "dim"),
            (str(len(row.attempts) or ""), "dim"),
            (row.outage, "off"),
            ("", "text"),
            (clean(row.customer_name or row.account_no or _("unknown caller")), "strong"),
        )
        return cells(CALLBACKS, widths(CALLBACKS, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(CALLBACKS, widths(CALLBACKS, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return _("Nobody is to be called back now. Who was promised it comes here once supply is back.")


class CallbacksScreen(ListScreen[Callback]):
    """Enter takes the one under the cursor in hand and shows its number; a digit says what the try came to."""

    PLACE = "callbacks"
    KIND = "callback"
    TABLES = (schema.CALLBACKS,)

    def __init__(self) -> None:
        super().__init__(CallbackLines())
        self.state = "ripe"
        self._in_hand = ""
        self._number = ""

    def title_words(self) -> str:
        return _("Callbacks")

    def opened(self) -> None:
        self.list.now = self.app.desk.now()  # type: ignore[attr-defined]
        super().opened()

    def found(self) -> Sequence[Callback]:
        self.list.now = self.app.desk.now()  # type: ignore[attr-defined]
        found = self.app.desk.callbacks.listed(self.state)
        if self._in_hand and self._in_hand not in {one.id for one in found}:
            mine = self.app.desk.callbacks.get(self._in_hand)
            return [mine, *found]  # what this seat has in hand stays on screen until it is settled
        return found

    def sums(self) -> Sequence[Piece]:
        count = len(self.list.rows)
        words = ngettext("{count} callback", "{count} callbacks", count).format(count=count)
        return [Piece(" " + _("Which") + " ", "dim"), Piece(f"[{_(CHOICES[self.state])}]  "), Piece(words, "strong")]

    def context_of(self, row: Callback | None) -> dict[str, object]:
        mine = row is not None and row.id == self._in_hand
        return {"part": row.id if row else "", "stage": "in_hand" if mine else "", "outage": row.outage if row else ""}

    def about(self, row: Callback, now: datetime, width: int) -> list[Line]:
        return callback_lines(row, self._number if row.id == self._in_hand else "", now, width)

    def copied(self) -> str:
        row = self.list.current
        return (self._number if row.id == self._in_hand else row.id) if row else ""

    # commands

    def callbacks_leave(self) -> None:
        """The key that opened the screen closes it."""
        self.app.desk_back()

    def callbacks_which(self) -> None:
        """Those to be called now, all that are owed, or all."""
        names = list(CHOICES)
        self.state = names[(names.index(self.state) + 1) % len(names)]
        self.reload()

    def callbacks_take(self) -> None:
        """In this seat's hand for ten minutes, with the number in full (which leaves a line in the audit)."""
        if self.list.current is not None:
            self.app.go(self._take, self.list.current.id)

    async def _take(self, id: str) -> None:
        callbacks, before = self.app.desk.callbacks, self._in_hand
        taken = await self.app.work.do(callbacks.take, id)
        if taken is None:
            return
        if before and before != taken.id:  # one at a time
            await self.app.work.do(callbacks.let_go, before)
        self._in_hand = taken.id
        self._number = await self.app.work.do(callbacks.number, taken.id)
        await self._read()
        if held := await self.app.work.look(callbacks.elsewhere, taken):
            self.app.say(talking_words(held), "bad")

    def on_unmount(self) -> None:
        """Whoever leaves the list leaves what was in hand to the others."""
        if self._in_hand and self.app.is_running:
            self.app.go(self._let_go, self._in_hand)

    async def _let_go(self, id: str) -> None:
        await self.app.work.do(self.app.desk.callbacks.let_go, id)

    def callbacks_settle(self) -> None:
        """What the try came to."""
        row = self.list.current
        if row is not None:
            choices = [(name, _(OUTCOMES[name].words)) for name in RESULTS[row.kind]]
            hint = "  ".join(f"{at} {words}" for at, (_name, words) in enumerate(choices, 1))
            self.question(
                _("{id}: what did it come to?").format(id=row.id),
                partial(self._settle, row.id),
                choices=choices,
                hint=hint,
            )

    def _settle(self, id: str, outcome: str) -> None:
        if outcome == "satisfied":
            choices = [(str(mark), str(mark)) for mark in (5, 4, 3, 2, 1)]
            self.question(
                _("{id}: how satisfied, from 1 to 5?").format(id=id), partial(self._rate, id), choices=choices
            )
            return
        self._in_hand = self._number = ""
        self.act(partial(self.app.desk.callbacks.settle, id, outcome), _said)

    def _rate(self, id: str, mark: str) -> None:
        self._in_hand = self._number = ""
        self.act(partial(self.app.desk.callbacks.settle, id, "satisfied", satisfaction=int(mark)), _said)

    def callbacks_message(self) -> None:
        """Whoever may be called now is told by a text message; how many, over what, at what cost is shown first."""
        self.app.go(self._foresee)

    async def _foresee(self) -> None:
        found = await self.app.work.look(self.app.desk.callbacks.foresee)
        if not found.messages:
            self.app.say("; ".join(dict.fromkeys(found.left.values())) or _("Nobody is to be called back now."))
            return
        words = _("{people} by message over {channels}, {price} yuan; {left} left to call. {confirm}")
        told = {
            "people": len(found.messages),
            "channels": ", ".join(dict.fromkeys(one.channel for one in found.messages)),
            "price": f"{found.price:.2f}",
            "left": len(found.left),
            "confirm": found.confirm,
        }
        ids = [one.callback for one in found.messages]
        send = partial(self.app.desk.callbacks.message, ids)
        self.question(
            words.format(**told).strip(),
            lambda _answer: self.act(send, _sent),
            hint=f"{self.ask.default_hint()}  {clean(found.messages[0].body)}",
        )

    def callbacks_drop(self) -> None:
        """Nobody needs to be called after all."""
        if self.list.current is not None:
            id = self.list.current.id
            drop = partial(self.app.desk.callbacks.drop, id)
            act = lambda why: self.act(partial(drop, why), _said)  # noqa: E731
            self.question(_("{id}: why is nobody called?").format(id=id), act, label=_("Why"))


def callback_lines(one: Callback, number: str, now: datetime, width: int) -> list[Line]:
    """One promise in full: why, to whom, what was tried."""
    beside = number or _("Enter takes it and shows the number")
    head = line(
        Piece(f"{one.id} ", "title"),
        Piece(clean(one.customer_name or _("unknown caller")), "strong"),
        Piece(f"  {beside}", "number" if number else "dim"),
        copy=number or one.id,
    )
    facts = (
        (_("For"), _(KINDS[one.kind])),
        (_("Call"), f"{one.call} {one.outage} {one.work_order}".strip()),
        (_("Not before"), times.shown(one.not_before, now)),
        (_("Until"), times.shown(one.due, now)),
        (_("Case"), one.case),
        (_("Satisfied"), f"{one.satisfaction}  {clean(one.words)}" if one.satisfaction else ""),
    )
    lines = [head, *(row for label, value in facts if value for row in field(label, value, width))]
    if one.attempts:
        lines.append(heading(_("Tried before")))
    for step in reversed(one.attempts):
        result = _(OUTCOMES[step.act].words) if step.act in OUTCOMES else step.act
        words = "  ".join(filter(None, (times.shown(step.at, now), result, step.person, clean(step.note), step.by)))
        lines += [line(Piece(row, "dim")) for row in wrap(words, width)]
    return lines


def _sent(done: Foreseen) -> str:
    return _("{count} by message").format(count=len(done.messages))


def _said(one: Callback) -> str:
    words = _("{id}: {state}").format(id=one.id, state=_(WORDS[one.state]))
    return words + (_(", new case {case}").format(case=one.case) if one.case else "")
