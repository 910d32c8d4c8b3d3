"""Jump mode: a letter stands on every place one can go; typing it goes there, Esc or the same key leaves.

A screen may say its own places with `jump_spots`; of any other, every field and list is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.errors import NoWidget
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from desk.i18n import _
from desk.tui.cells import Piece, line, strip
from desk.tui.theme import cursor_style
from desk.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from desk.tui.app import DeskApp

LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class Spot(NamedTuple):
    """A place on the screen, and how to go there."""

    x: int
    y: int
    go: Callable[[], object]


class Letter(Painted):
    """The letter over one spot, on a layer of its own."""

    def __init__(self, letter: str, spot: Spot) -> None:
        super().__init__(classes="jump")
        self.letter, self.spot = letter, spot
        self.styles.offset = (spot.x, spot.y)

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        style = self.roles["key"] + cursor_style("desk-terminal", True)
        return strip(line(Piece(f" {self.letter} ", "key")), 3, {**self.roles, "key": style})


class Jump:
    """`begin` shows the letters, `take` hears a key while they are there."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._letters: list[Letter] = []

    @property
    def on(self) -> bool:
        """Are the letters shown?"""
        return bool(self._letters)

    def desk_jump(self) -> None:
        """Put a letter on every place of the screen."""
        spots = spots_of(self._app.screen)[: len(LETTERS)]
        self._letters = [Letter(letter, spot) for letter, spot in zip(LETTERS, spots, strict=False)]
        self._app.screen.mount(*self._letters)
        self._app.say(_("Type the letter of the place to go to; Esc stays here"))

    def desk_jump_close(self) -> None:
        """Take the letters away and stay."""
        for letter in self._letters:
            letter.remove()
        self._letters = []

    def take(self, key: str) -> None:
        """Go where `key` stands; any other key only leaves."""
        found = next((letter.spot for letter in self._letters if letter.letter == key), None)
        self.desk_jump_close()
        if found is not None:
            found.go()


def spots_of(screen: Screen[Any]) -> list[Spot]:
    """Every place of `screen`, in the order of the letters."""
    own = getattr(screen, "jump_spots", None)
    return list(own()) if own else fields_of(screen, screen.focus_chain)


def fields_of(screen: Screen[Any], widgets: Iterable[Widget]) -> list[Spot]:
    """The widgets that may have the keyboard and can be seen, as places."""
    seen = ((widget, visible(screen, widget)) for widget in widgets)
    return [Spot(at.x, at.y, partial(screen.set_focus, widget)) for widget, at in seen if at]


def visible(screen: Screen[Any], widget: Widget) -> Region:
    """Where `widget` can be seen; nothing of one that is scrolled away."""
    try:
        return screen.find_widget(widget).visible_region
    except NoWidget:
        return Region()
