"""A screen of the usual shape: what is asked for, a list, the row under the cursor in full, a question when needed.

A subclass says what `found` finds, what `about` a row there is to read, and has a method for each of its commands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import on
from textual.widget import Widget

from desk import schema
from desk.errors import DeskError
from desk.i18n import _
from desk.privacy.revealing import reveal
from desk.tui.cells import Line, Piece, opened
from desk.tui.context import InputContext
from desk.tui.held_lines import take_over_words, taken_words
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.ask import Ask
from desk.tui.widgets.bars import Notice
from desk.tui.widgets.field import Field
from desk.tui.widgets.lines import Lines
from desk.tui.widgets.page import Page
from desk.tui.widgets.words_line import Words

if TYPE_CHECKING:
    from desk.records import Claim

Row = TypeVar("Row")
Done = TypeVar("Done")


class ListScreen(DeskSubscreen[None], Generic[Row]):
    """A list that follows the store: read again whenever one of `TABLES` was changed, by anyone."""

    TABLES: ClassVar[tuple[str, ...]] = ()
    KIND: ClassVar[str] = ""  # what a row is to the other seats, where they are to know which is open

    def __init__(self, lines: Lines[Row]) -> None:
        super().__init__()
        self.list, self.page, self.filters, self.ask = lines, Page(id="work-page"), Words(id="filters"), Ask()
        self._seen: tuple[int, ...] = ()
        self.held: Mapping[str, Claim] = {}  # what other seats have taken on
        self._shown = ""  # the row whose numbers somebody asked to see

    # what a subclass says

    def found(self) -> Sequence[Row]:
        """The rows; asked on a thread of its own."""
        raise NotImplementedError

    def about(self, row: Row, now: datetime, width: int) -> list[Line]:
        """The row under the cursor, in full."""
        raise NotImplementedError

    def sums(self) -> Sequence[Piece]:
        """What is asked for and how much of it there is, for the line above the list."""
        return ()

    def context_of(self, row: Row | None) -> dict[str, object]:  # noqa: ARG002
        """What the commands must know of the row under the cursor."""
        return {}

    # the screen

    def body(self) -> Iterable[Widget]:
        yield self.filters
        yield self.list
        yield self.page
        yield self.ask

    def opened(self) -> None:
        self.set_focus(self.list)
        self.set_interval(1.0, self._beat)
        self.reload()

    def on_resize(self) -> None:
        self.page.styles.height = max(8, self.size.height // 2 - 2)

    def on_screen_resume(self) -> None:
        if self.list.is_attached:
            self.reload()

    def speak_again(self) -> None:
        self.strip.show([Notice(self.title_words(), "title")], [])
        self.filters.say(*self.sums())

    def open_card(self) -> tuple[str, bool]:
        row = self.list.current
        return (f"{self.KIND}:{self.list.row_id(row)}" if row is not None and self.KIND else "", False)

    def input_context(self) -> InputContext:
        typing, asking = isinstance(self.focused, Field), bool(self.ask.display)
        about = {} if asking else self.context_of(self.list.current)
        if not asking and self.held_elsewhere(self.list.current) and self.app.desk.access.may("take_over"):
            about["held"] = True
        return InputContext(where=self.PLACE, typing=typing, asking=asking, **about)  # type: ignore[arg-type]

    def moves(self) -> Lines[Row]:
        return self.list

    def move(self, command: str) -> None:
        """By lines in the list, by pages in what is said of the row under the cursor."""
        if command in ("page_up", "page_down") and self.page.is_longer:
            self.page.scroll_by(-6 if command == "page_up" else 6)
        else:
            self.list.move(command)

    def reload(self) -> None:
        """Ask for the rows again."""
        self.app.go_last(self.PLACE, self._read)

    async def _read(self) -> None:
        self._seen = self._versions()
        rows, self.held = await self.app.work.look(lambda: (self.found(), self._held()))
        self.list.repaint_all()
        self.list.show(rows)
        self.speak_again()
        self.app.show_keys()

    def _versions(self) -> tuple[int, ...]:
        changes = self.app.desk.place.changes
        tables = (*self.TABLES, schema.CLAIMS) if self.KIND else self.TABLES
        return tuple(changes.version(name) for name in tables)

    # what other seats have taken on

    def _held(self) -> Mapping[str, Claim]:
        return self.app.desk.seats.claims.others() if self.KIND else {}

    def held_elsewhere(self, row: Row | None) -> Claim | None:
        """Whose a row is, where another seat has taken it on."""
        found = self.held.get(f"{self.KIND}:{self.list.row_id(row)}") if row is not None else None
        return found if found is not None and found.until > self.app.desk.now() else None

    def claims_take_over(self) -> None:
        """Take the row out of another seat's hands, with a reason."""
        if (held := self.held_elsewhere(self.list.current)) is not None:
            take = partial(self.app.desk.seats.claims.take_over, held.id)
            words = take_over_words(held)
            self.question(words, lambda why: self.act(partial(take, why), taken_words), label=_("Why"))

    def _beat(self) -> None:
        if self.is_current and not self.ask.display and self._versions() != self._seen:
            self.reload()

    @on(Lines.Moved)
    def _moved(self) -> None:
        row, now = self.list.current, self.app.desk.place.now()
        self.page.show((lambda width: self._told(row, now, width)) if row is not None else lambda _width: ())
        self.app.show_keys()

    def _told(self, row: Row, now: datetime, width: int) -> list[Line]:
        lines = self.about(row, now, width)
        return opened(lines) if self.shows_numbers(row) else lines

    def shows_numbers(self, row: Row) -> bool:
        """Whether somebody asked to see the telephone numbers of this row."""
        return bool(self._shown) and self._shown == self.list.row_id(row)

    def list_reveal(self) -> None:
        """Show the telephone numbers in what is said of the row, or hide them again; showing leaves an audit line."""
        if self.list.current is not None:
            self.app.go(self._reveal, self.list.current)

    async def _reveal(self, row: Row) -> None:
        if self.shows_numbers(row):
            self._shown = ""
        else:
            await self.app.work.do(reveal, self.app.desk.place, str(self.list.row_id(row)))
            self._shown = str(self.list.row_id(row))
        self._moved()

    # questions and acts

    def question(self, words: str, on_yes: Callable[[str], None], **how: object) -> None:
        """Ask above the keys; `how` as `Ask.ask` takes it (label, value, choices, hint)."""
        hint = how.pop("hint", self.ask.default_hint())
        self.ask.ask([Piece(words, "title")], on_yes, hint=hint, **how)  # type: ignore[arg-type]
        self.app.show_keys()

    def act(self, verb: Callable[[], Done], said: Callable[[Done], str]) -> None:
        """Do `verb` on the acting thread, then say `said` of it; a refusal stays beside the question."""
        self.app.go(self._act, verb, said)

    async def _act(self, verb: Callable[[], Done], said: Callable[[Done], str]) -> None:
        try:
            done = await self.app.work.do(verb)
        except DeskError as problem:
            if not self.ask.display:
                raise
            self.ask.refuse(str(problem))
            return
        self.close_question()
        self.app.say(said(done))
        await self._read()

    def close_question(self) -> None:
        """Put the question away, and go on in the list."""
        self.ask.close()
        self.set_focus(self.list)
        self.app.show_keys()

    def list_yes(self) -> None:
        """Enter in a question."""
        self.ask.on_yes(self.ask.answer())

    def list_close(self) -> None:
        """The key that opened the screen closes it."""
        self.app.desk_back()

    def desk_back(self) -> None:
        """First out of the question, then out of the screen."""
        if self.ask.display:
            self.close_question()
        else:
            self.app.desk_back()
