"""A widget that paints line by line from the theme's roles, with nothing of Textual's layout inside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from desk.tui.cells import BLANK, Line, strip
from desk.tui.guarded import Guarded
from desk.tui.theme import styles

if TYPE_CHECKING:
    from desk.tui.app import DeskApp
    from desk.tui.commands import Keymap


class Painted(Guarded, Widget):
    """The base of the desk's widgets: `line_at(y)` says what stands on a line; a change calls `refresh`."""

    ALLOW_SELECT = False
    ascii_lines = False  # rules of - and | instead of box-drawing signs; set for all by the app

    @property
    def roles(self) -> Mapping[str, Style]:
        """Role -> style in the theme on screen."""
        return styles(self.app.theme)

    @property
    def rule_sign(self) -> str:
        return "-" if Painted.ascii_lines else "─"

    def key_of(self, command: str) -> str:
        """The key of a command as it is written on screen, for the title of a pane."""
        keymap: Keymap = self.app.keymap  # type: ignore[attr-defined]
        return keymap.shown(command)

    def line_at(self, y: int) -> Line:  # noqa: ARG002
        """What stands on line `y` of the widget."""
        return BLANK

    def render_line(self, y: int) -> Strip:
        return strip(self.line_at(y), self.outer_size.width, self.roles, rule=self.rule_sign)

    def render_lines(self, crop: Region) -> list[Strip]:
        """What is seen of the widget; a fault leaves it empty, and the rest of the desk as it is."""
        try:
            return super().render_lines(crop)
        except Exception as fault:
            app: DeskApp = self.app  # type: ignore[assignment]
            app.unexpected(fault)
            return [Strip.blank(crop.width)] * crop.height

    def repaint_all(self) -> None:
        """Forget everything cached: the theme, the language or the borders changed."""
        self.refresh()
