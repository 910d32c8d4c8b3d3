"""What every screen besides the one screen has in common: a title, a status line, the keys, and a list to move in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from desk.tui.cells import Piece
from desk.tui.context import InputContext
from desk.tui.guarded import Guarded
from desk.tui.widgets.bars import KeyBar, Notice, TopStrip
from desk.tui.widgets.field import Field
from desk.tui.widgets.lines import Lines
from desk.tui.widgets.page import Page
from desk.tui.widgets.words_line import Words

if TYPE_CHECKING:
    from desk.tui.app import DeskApp

Result = TypeVar("Result")


class DeskSubscreen(Guarded, Screen[Result], inherit_bindings=False):
    """A screen opened from the desk. A subclass says `PLACE`, `title_words`, `body` and what `moves`."""

    PLACE: ClassVar[str] = ""
    app: DeskApp

    def __init__(self) -> None:
        super().__init__()
        self._styled_for = ""
        self.strip, self.keys, self.status = TopStrip(), KeyBar(), Words(id="status")

    def compose(self) -> ComposeResult:
        yield self.strip
        yield from self.body()
        yield self.status
        yield self.keys

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """A kept screen has its styles already: making them again took two thirds of the time to open the form."""
        event.refresh_styles = self._styled_for != self.app.theme
        self._styled_for = self.app.theme

    def title_words(self) -> str:
        """What the screen is called, in the strip."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """The widgets between the strip and the status line."""
        raise NotImplementedError

    def moves(self) -> Lines | Page | None:  # type: ignore[type-arg]
        """What the arrow keys move in."""
        return None

    def opened(self) -> None:
        """Called once the screen is in place."""

    def on_mount(self) -> None:
        from desk.tui.widgets.painted import Painted

        self.set_class(Painted.ascii_lines, "-ascii")
        self.speak_again()
        self.opened()
        self.app.show_keys()

    def speak_again(self) -> None:
        """The words of the title, in the language on screen."""
        self.strip.show([Notice(self.title_words(), "title")], [])

    def open_card(self) -> tuple[str, bool]:
        """What the other seats see open here (`outage:O12`), and whether it is being changed."""
        return "", False

    def card_page(self) -> Page | None:
        """Where that card is shown."""
        page = getattr(self, "page", None)
        return page if isinstance(page, Page) else None

    def input_context(self) -> InputContext:
        """Where the keyboard is."""
        return InputContext(where=self.PLACE, typing=isinstance(self.focused, Field))

    def show_rings(self, notices: Sequence[Notice]) -> None:
        """A telephone rings while this screen is open: who, at the right of the strip."""
        self.strip.show(self.strip.left, notices)

    def call_take_ring(self) -> None:
        """Leave this screen for the call that rings."""
        self.app.screen_stack[0].ringing.call_take_ring()  # type: ignore[attr-defined]

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        self.keys.show(keys)

    def show_status(self) -> None:
        words, role = self.app.said
        self.status.say(*((Piece(f" {words}", role),) if words else ()))

    def copied(self) -> str:
        """What `y` takes."""
        return ""

    def move(self, command: str) -> None:
        """Move in the list or page that has the keyboard: up, down, page_up, page_down, first, last."""
        if (target := self.moves()) is not None:
            target.move(command)
