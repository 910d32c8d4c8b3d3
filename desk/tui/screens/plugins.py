"""The plugins: what each brings, where it came from, and why one is switched off."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

from textual.widget import Widget

from desk.i18n import N_, _
from desk.text import clean
from desk.tui.cells import Line
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.lines import Lines
from desk.tui.words import STATES, say

if TYPE_CHECKING:
    from desk.plugins.host import PluginRow

PLUGINS: tuple[Column, ...] = (
    Column("state", N_("State"), 12),
    Column("name", N_("Name"), 24),
    Column("kind", N_("Kind"), 14),
    Column("from", N_("From"), 12),
    Column("why", N_("Brings / why it is off"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "from", 0), (100, "name", 20))
ROLE_BY_STATE = {"on": "good", "off": "bad"}


class PluginList(Lines["PluginRow"]):
    """One line for each part."""

    def row_id(self, row: PluginRow) -> str:
        return f"{row.from_}/{row.kind}/{row.name}"

    def row_key(self, row: PluginRow) -> Hashable:
        return (row.state, row.reason)

    def row_line(self, row: PluginRow, width: int) -> Line:
        role = ROLE_BY_STATE.get(row.state, "warn")
        texts = (
            (" " + say(STATES, row.state), role),
            (clean(row.name), "strong"),
            (row.kind, "dim"),
            (clean(row.from_), "dim"),
            (clean(row.reason or "、".join(row.parts)), role if row.reason else "text"),
        )
        return cells(PLUGINS, widths(PLUGINS, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(PLUGINS, widths(PLUGINS, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return _("No plugin was found. Put a .py file into a folder named in [plugins] folders of config.toml.")


class PluginsScreen(DeskSubscreen[None]):
    """The list of `desk plugins list`."""

    PLACE = "plugins"

    def title_words(self) -> str:
        return _("Plugins")

    def body(self) -> Iterable[Widget]:
        self.list = PluginList()
        yield self.list

    def opened(self) -> None:
        self.set_focus(self.list)
        self.list.show(self.app.plugin_rows)

    def moves(self) -> PluginList:
        return self.list

    def copied(self) -> str:
        row = self.list.current
        return f"{row.name} {row.state} {row.reason}".strip() if row else ""
