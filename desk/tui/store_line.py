"""The line to the store: says in the strip that it is out of reach, and goes on by itself once it is back.

Board and card stay as they were last read; open calls are kept on this machine; calls ended meanwhile wait there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desk.i18n import _, ngettext
from desk.tui.widgets.bars import Notice

if TYPE_CHECKING:
    from desk.kept_here import StoredNow
    from desk.tui.app import DeskApp

BEATS_A_LOOK = 2  # twice a second: asking the engine costs microseconds
BEATS_A_TRY = 20  # calls that wait here are tried again so often


class StoreLine:
    """Asked at each beat; does something only when the line broke or came back."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._waiting = 0
        self.trouble = ""

    def notices(self) -> Sequence[Notice]:
        """How many ended calls wait on this machine."""
        if not self._waiting:
            return ()
        words = ngettext("{count} call kept here", "{count} calls kept here", self._waiting)
        return (Notice("! " + words.format(count=self._waiting), "warn", 1),)

    def beat(self, beats: int) -> None:
        """Look whether the store can be reached."""
        if beats % BEATS_A_LOOK == 0:
            before, self.trouble = self.trouble, self._app.desk.place.store.trouble()
            if before != self.trouble:
                self._turned()
        if not self.trouble and beats % BEATS_A_TRY == 1:
            self._app.go_last("kept", self._store)

    def kept_one(self) -> None:
        """One more call waits here."""
        self._waiting += 1
        self._show()

    def _turned(self) -> None:
        if not self.trouble:
            self._app.store_problem = ""
            self._app.go(self._back)
        self._show()

    async def _back(self) -> None:
        desk_screen = self._app.screen_stack[0]
        desk_screen.reload()  # type: ignore[attr-defined]
        desk_screen.keep_calls(at_once=False)  # type: ignore[attr-defined]
        self._app.say(_("The store answers again"))
        await self._store()

    async def _store(self) -> None:
        if not self._app.desk.access.may("log_call"):
            return  # whoever takes calls here will store them
        if not await self._app.work.look(self._app.desk.kept_here.count):
            self._waiting = 0
            return
        done = await self._app.work.do(self._app.desk.kept_here.store_all)
        self._waiting = await self._app.work.look(self._app.desk.kept_here.count)
        self._show()
        if done.refused:
            await self._app.screen_stack[0].calls.read_drafts()  # type: ignore[attr-defined]
        if done.stored or done.refused:
            self._app.say(*_told(done))

    def _show(self) -> None:
        show = getattr(self._app.screen_stack[0], "show_strip", None)
        if show is not None:
            show()


def _told(done: StoredNow) -> tuple[str, str]:
    """What became of the calls that waited, in one sentence."""
    if done.refused:
        words = _("A call kept here could not be saved: {problem}. F4 goes on with it")
        return words.format(problem=done.refused[0]), "bad"
    count = len(done.stored)
    words = ngettext("{count} call kept here is saved now", "{count} calls kept here are saved now", count)
    return words.format(count=count), "good"
