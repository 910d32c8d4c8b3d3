"""The call log: searched while typing, newest first; of one customer when opened from a card."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from desk.calls.topics import TOPICS
from desk.i18n import N_, _
from desk.privacy.revealing import reveal
from desk.records import Call
from desk.text import clean
from desk.tui import times
from desk.tui.card import call_lines
from desk.tui.cells import Line, Piece, opened
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.field import Field
from desk.tui.widgets.lines import Lines
from desk.tui.widgets.page import Page
from desk.tui.widgets.row import Row
from desk.tui.widgets.words_line import Words
from desk.tui.words import OUTCOMES, say

if TYPE_CHECKING:
    from datetime import datetime

LOG: tuple[Column, ...] = (
    Column("at", N_("When"), 13),
    Column("topic", N_("Topic"), 13),
    Column("customer", N_("Customer"), 17),
    Column("number", N_("Number"), 15),
    Column("outage", N_("Outage"), 7),
    Column("outcome", N_("Outcome"), 12),
    Column("note", N_("Note"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "number", 0), (100, "outcome", 0), (100, "customer", 15))
LIMIT = 200


class LogList(Lines[Call]):
    """One line for each call."""

    now: datetime
    asked = ""

    @property
    def keeps_cursor(self) -> bool:
        return True

    def row_id(self, row: Call) -> str:
        return row.id

    def row_key(self, row: Call) -> Hashable:
        return (row.id, self.now.date())

    def row_line(self, row: Call, width: int) -> Line:
        texts = (
            (" " + times.shown(row.at, self.now), "dim"),
            (say(TOPICS, row.topic), "text"),
            (clean(row.customer_name) or "-", "strong"),
            (clean(row.written_number), "dim"),
            (row.outage, "off"),
            (say(OUTCOMES, row.outcome), "text"),
            (clean(row.note), "text"),
        )
        return cells(LOG, widths(LOG, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(LOG, widths(LOG, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        if self.asked:
            return _("No call holds “{words}”.").format(words=self.asked)
        return _("No call was logged yet. F2 on the board finds a caller; saving the call puts it here.")


class LogScreen(DeskSubscreen[None]):
    """`LogScreen(account_no)`: the calls of one customer; without one, every call."""

    PLACE = "log"

    def __init__(self, account_no: str = "") -> None:
        super().__init__()
        self.account_no = account_no
        self._asked = 0
        self._shown = ""  # the call whose numbers somebody asked to see

    def title_words(self) -> str:
        if self.account_no:
            return _("Calls of {account}").format(account=self.account_no)
        return _("Call log")

    def body(self) -> Iterable[Widget]:
        self.label, self.field, self.list, self.page = Words(), Field(id="log-field"), LogList(), Page(id="log-page")
        self.label.styles.width, self.page.styles.height = 8, 5
        self.list.now = self.app.desk.place.now()
        yield Row(self.label, self.field)
        yield self.list
        yield self.page

    def opened(self) -> None:
        self.set_focus(self.field)
        self._ask("")

    def speak_again(self) -> None:
        super().speak_again()
        self.label.say(Piece(" " + _("Find"), "title"))

    def moves(self) -> LogList:
        return self.list

    def copied(self) -> str:
        return self.list.current.id if self.list.current else ""

    def log_all(self) -> None:
        """Every customer's calls."""
        self.account_no = ""
        self.speak_again()
        self._ask(self.field.value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._ask(event.value)

    def _ask(self, words: str) -> None:
        self._asked += 1
        self.app.go_last("log", self._search, words, self._asked)

    async def _search(self, words: str, asked: int) -> None:
        calls = await self.app.work.look(self._find, words, asked)
        if asked == self._asked:
            self.list.asked = words.strip()
            self.list.show(calls)

    def _find(self, words: str, asked: int) -> list[Call]:
        if asked != self._asked:
            return []
        return self.app.desk.calls.search(words, account_no=self.account_no, limit=LIMIT)

    @on(Lines.Moved)
    def _moved(self) -> None:
        call, now, shown = self.list.current, self.list.now, self._shown
        if call is None:
            self.page.show(lambda _width: ())
            return
        in_full = shown == call.id
        self.page.show(lambda width: opened(call_lines(call, now, width)) if in_full else call_lines(call, now, width))

    def list_reveal(self) -> None:
        """Show the telephone numbers in what is said of the call, or hide them again; showing leaves an audit line."""
        if self.list.current is not None:
            self.app.go(self._reveal, self.list.current.id)

    async def _reveal(self, call: str) -> None:
        if self._shown == call:
            self._shown = ""
        else:
            await self.app.work.do(reveal, self.app.desk.place, call)
            self._shown = call
        self._moved()
