"""Where one can jump to on the one screen: tabs, board, card, the fields of the call, the search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

from desk.tui.jump import Spot, visible

if TYPE_CHECKING:
    from desk.tui.screens.desk import DeskScreen


def desk_spots(screen: DeskScreen) -> Iterator[Spot]:
    """Every place that is seen, the board's first; the search stands where its key is named."""
    board, at = screen.board, visible(screen, screen.board)
    if at:
        for tab, x in board.tab_places().items():
            yield Spot(at.x + x, at.y, partial(_to_board, screen, tab))
        yield Spot(at.x, at.y + board.HEAD, partial(_to_board, screen))
    go: dict[Widget, Callable[[], object]] = {screen.card: partial(screen.show_pane, "card")}
    for widget in screen.focus_chain:
        if widget is board or (screen.ready and screen.search.display and widget is not screen.search.field):
            continue
        if seen := visible(screen, widget):
            yield Spot(seen.x, seen.y, go.get(widget, partial(screen.set_focus, widget)))
    if (place := screen.keys.place_of(screen.app.keymap.shown("lookup.open"))) is not None:
        yield Spot(place, screen.keys.region.y, partial(screen.app.perform_id, "lookup.open"))


def _to_board(screen: DeskScreen, tab: str = "") -> None:
    if screen.input_context().where != "board":
        screen.desk_back()
    if tab:
        screen.board.open_tab(tab)
