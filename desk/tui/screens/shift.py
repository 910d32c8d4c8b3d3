"""The shift: what is open, the hand-over note that waits, and what a supervisor watches, with pictures."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual.widget import Widget

from desk import schema
from desk.calls.topics import TOPICS
from desk.errors import DeskError
from desk.i18n import _, ngettext
from desk.records import Handover
from desk.shift import View
from desk.text import clean, fit, fit_right
from desk.tui import times
from desk.tui.cells import Line, Piece, heading, line, wrap
from desk.tui.context import InputContext
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.ask import Ask
from desk.tui.widgets.field import Field
from desk.tui.widgets.page import Page
from desk.tui.words import say

TABLES = (schema.CALLS, schema.DUTIES, schema.CALLBACKS, schema.WORK_ORDERS, schema.MESSAGES, schema.HANDOVERS)
BAR = 30  # cells of the longest bar


class ShiftScreen(DeskSubscreen[None]):
    """One page; `n` hands over, `a` accepts the note that waits, `g` shows the calls as a picture."""

    PLACE = "shift"

    def __init__(self) -> None:
        super().__init__()
        self.page, self.ask = Page(id="shift-page"), Ask()
        self.view: View | None = None
        self.note: Handover | None = None
        self._seen: tuple[int, ...] = ()

    def title_words(self) -> str:
        return _("Shift")

    def body(self) -> Iterable[Widget]:
        yield self.page
        yield self.ask

    def opened(self) -> None:
        self.set_focus(self.page)
        self.set_interval(2.0, self._beat)
        self.app.go(self._read)

    def input_context(self) -> InputContext:
        asking, typing = bool(self.ask.display), isinstance(self.focused, Field)
        mine = self.note is not None and self.note.by != self.app.desk.place.agent
        return InputContext(
            where=self.PLACE, asking=asking, typing=typing, part=self.note.id if self.note and mine else ""
        )

    def moves(self) -> Page:
        return self.page

    def move(self, command: str) -> None:
        self.page.scroll_by({"up": -1, "down": 1, "page_up": -10, "page_down": 10}.get(command, 0))

    def _versions(self) -> tuple[int, ...]:
        return tuple(self.app.desk.place.changes.version(name) for name in TABLES)

    def _beat(self) -> None:
        if self.is_current and not self.ask.display and self._versions() != self._seen:
            self.app.go_last("shift", self._read)

    async def _read(self) -> None:
        self._seen = self._versions()
        shift = self.app.desk.shift
        self.view, self.note = await self.app.work.look(lambda: (shift.view(), shift.waiting()))
        self._show()
        self.app.show_keys()

    def _show(self) -> None:
        if self.view is not None:
            self.page.show(partial(shift_lines, self.view, self.note, self.app.desk.now()), keep=True)

    # commands

    def shift_hand_over(self) -> None:
        """Leave the note: one's own words, then what is open."""
        self.ask.ask(
            [Piece(_("Hand over: anything in your own words? What is open is added."), "title")],
            lambda typed: self.app.go(self._hand_over, typed),
            label=_("Words"),
            hint=self.ask.default_hint(),
        )
        self.app.show_keys()

    async def _hand_over(self, words: str) -> None:
        note = await self._tried(partial(self.app.desk.shift.hand_over, words))
        if note is not None:
            self.app.say(_("{id} waits for the next agent").format(id=note.id))

    def shift_accept(self) -> None:
        """The note is read, and taken over."""
        if self.note is not None:
            self.app.go(self._accept, self.note.id)

    async def _accept(self, id: str) -> None:
        note = await self._tried(partial(self.app.desk.shift.accept, id))
        if note is not None:
            self.app.say(_("{id} is taken over").format(id=note.id))

    async def _tried(self, verb: partial[Handover]) -> Handover | None:
        try:
            note = await self.app.work.do(verb)
        except DeskError as problem:
            self.app.say(str(problem), "bad")
            return None
        self._close_ask()
        await self._read()
        return note

    def shift_picture(self) -> None:
        """The calls of the last hours as a picture."""
        self.app.screens.open_calls_picture()

    def list_yes(self) -> None:
        self.ask.on_yes(self.ask.answer())

    def _close_ask(self) -> None:
        self.ask.close()
        self.set_focus(self.page)
        self.app.show_keys()

    def desk_back(self) -> None:
        """First out of the question, then out of the screen."""
        if self.ask.display:
            self._close_ask()
        else:
            self.app.desk_back()

    def shift_leave(self) -> None:
        """The key that opened the screen closes it."""
        self.app.desk_back()


def shift_lines(view: View, note: Handover | None, now: object, width: int) -> list[Line]:
    """The note that waits, what is open, what callers ask about."""
    return [*_waiting(note, now, width), *_items(view, width), *_topics(view, width)]


def _waiting(note: Handover | None, now: object, width: int) -> list[Line]:
    if note is None:
        return []
    head = _("{id} by {by}, {time}: not yet accepted").format(id=note.id, by=note.by, time=times.shown(note.at, now))  # type: ignore[arg-type]
    lines = [line(Piece(head, "warn"))]
    return lines + [line(Piece(row, "script")) for part in note.note.splitlines() for row in wrap(clean(part), width)]


def _items(view: View, width: int) -> list[Line]:
    lines = [heading(_("Open now"))]
    for item in view.items:
        sign, role = ("! ", "overdue") if item.wrong else ("  ", "text")
        lines.append(line(Piece(f"{sign}{item.words}", role)))
        lines += (
            [line(Piece(f"    {row}", "dim")) for row in wrap("；".join(item.named), width - 4)] if item.named else []
        )
    return lines if view.items else [*lines, line(Piece(_("Nothing is open."), "good"))]


def _topics(view: View, width: int) -> list[Line]:
    since = view.since.strftime("%H:%M")
    words = ngettext("{count} call since {time}", "{count} calls since {time}", view.calls)
    hand = ngettext("{count} in hand", "{count} in hand", view.in_hand).format(count=view.in_hand)
    lines = [
        heading(_("What callers ask about")),
        line(Piece(words.format(count=view.calls, time=since), "strong"), Piece(f"  {hand}", "dim")),
    ]
    most = max((topic.calls for topic in view.topics), default=1)
    for topic in view.topics:
        bar = "#" * max(topic.calls * min(BAR, max(width - 40, 5)) // most, 1)
        label = f"{say(TOPICS, topic.topic)} {topic.outage}".strip()
        lines.append(
            line(Piece(fit(label, 24), "text"), Piece(fit_right(str(topic.calls), 6) + "  "), Piece(bar, "accent"))
        )
    return lines
