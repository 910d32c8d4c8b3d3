"""The desk in a terminal: `run(desk)` opens it and comes back when the agent leaves."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

    from desk.app import Desk
    from desk.config import Config

# Textual reads these when it is imported: a frame waits at most 4 ms for its turn (17 as it comes; 8 ms at the
# median between a letter and its results), and an Esc is known after 25 ms.
TERMINAL = {"TEXTUAL_FPS": "240", "ESCDELAY": "25", "TEXTUAL_ANIMATIONS": "none"}


def run(desk_or_config: Desk | Config, *, mouse: bool = True, color: bool = True) -> int:
    """Open the desk on this terminal until the agent leaves; returns the exit code. A desk given open stays open.

    The first board is read before the screen is painted, so that the first thing seen is true.
    """
    prepare()
    if not color:
        os.environ["NO_COLOR"] = "1"
    require_utf8(sys.__stderr__.encoding if sys.__stderr__ else "utf-8")
    # Nothing made while the desk opens is garbage: the collector begins once the board is painted.
    gc.disable()
    from desk.app import Desk
    from desk.plugins.terminal import keep_terminal

    given = desk_or_config
    keep_terminal((given.place.config if isinstance(given, Desk) else given).data)  # before Textual takes the streams
    if isinstance(desk_or_config, Desk):
        return _run(desk_or_config, mouse)
    desk = Desk.open(desk_or_config)
    try:
        if token := os.environ.get("DESK_SESSION"):
            desk.resume(token)
        return _run(desk, mouse)
    finally:
        desk.close()


def prepare() -> None:
    """Set what Textual reads at its import; called before anything imports it."""
    for name, value in TERMINAL.items():
        os.environ.setdefault(name, value)
    if not os.environ.get("NO_COLOR"):
        os.environ.pop("NO_COLOR", None)  # empty means nothing, but Textual would take it for a wish


def require_utf8(encoding: str) -> None:
    """Raises Refused when this terminal does not speak UTF-8: it would show boxes instead of Chinese."""
    if encoding.lower().replace("-", "").replace("_", "") not in ("utf8", "utf8sig"):
        from desk.errors import Refused
        from desk.i18n import _

        words = _("this terminal speaks {encoding}, the desk needs UTF-8; set LANG=zh_CN.UTF-8 and open it again")
        raise Refused(words.format(encoding=encoding))


def _run(desk: Desk, mouse: bool) -> int:
    from desk.i18n import set_language
    from desk.tui.looks import remembered

    look = remembered(desk.place)
    if look.language:
        set_language(look.language)
    # The board is read before the screen's own imports: a broken store is said at once.
    board = None if desk.needs_sign_in else desk.outages.board()
    from desk.tui.app import DeskApp

    app = DeskApp(desk, board, look=look, driver_class=_driver())
    try:
        app.run(mouse=mouse)
    except Exception as fault:
        app.faults.unexpected(fault)
        app.faults.give_up()
    if app.faults.last_words:
        print(app.faults.last_words, file=sys.stderr)
    return app.return_code or 0


def _driver() -> type[Driver] | None:
    if sys.platform == "win32" or os.environ.get("TEXTUAL_DRIVER"):
        return None  # Textual's own for Windows, or the one that draws for a page
    from desk.tui.driver import DeskDriver

    return DeskDriver
