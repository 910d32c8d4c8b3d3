"""The call that a machine dialled for the duty on the telephone: its line on the page, followed until it is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from desk.i18n import _
from desk.notices.results import ALL
from desk.text import clean
from desk.tui.cells import Line, Piece, line, wrap

if TYPE_CHECKING:
    from desk.notices.calling import PhoneCall
    from desk.outbox.dialling import Dialled
    from desk.tui.app import DeskApp

SECONDS = 0.5  # between two looks at what the exchange says
ROLES: Mapping[str, str] = {
    "answered": "good",
    "over": "good",
    "training": "sandbox",
    "failed": "warn",
    "refused": "bad",
    "unknown": "bad",
}


class DialLine:
    """What became of dialling; `changed` is called when the line has other words."""

    def __init__(self, app: DeskApp, changed: Callable[[], None]) -> None:
        from desk.outbox.dialling import Dialling

        self._app, self._changed = app, changed
        self._dialling = Dialling(app.desk.place)
        self.dialled: Dialled | None = None
        self._duty = ""  # whose call is on the screen
        self._asking = False

    @property
    def ref(self) -> str:
        """How the evidence names the call."""
        return self.dialled.ref if self.dialled else ""

    def turn_to(self, duty: str) -> None:
        """Another duty is on the telephone: forget the call of the one before."""
        if duty != self._duty:
            self._duty, self.dialled = duty, None

    async def dial(self, call: PhoneCall) -> None:
        """Dial, where the county has a channel for it; on a thread of its own, as an exchange takes its time."""
        dialled = await self._app.work.alone(self._dialling.begin, call, self.dialled)
        if dialled is not None and dialled.duty == self._duty:
            self.dialled = dialled
            self._changed()

    def beat(self) -> None:
        """Called twice a second: ask what has become of the call."""
        if self.dialled is not None and self.dialled.is_on and not self._asking:
            self._asking = True
            self._app.go(self._hear, self.dialled)

    async def _hear(self, before: Dialled) -> None:
        try:
            heard = await self._app.work.alone(self._dialling.heard, before)
        finally:
            self._asking = False
        if self.dialled is before:
            self.dialled = heard
            self._changed()

    def lines(self, now: datetime, width: int) -> list[Line]:
        """How far the call has come, and which key would say so."""
        if self.dialled is None:
            return []
        from desk.outbox.dialling import stage_words

        words = clean(stage_words(self.dialled, now))
        if self.dialled.hint:
            words += "  " + _("so: {result}").format(result=_(ALL[self.dialled.hint].words))
        role = ROLES.get(self.dialled.stage, "accent")
        return [line(Piece(row, role)) for row in wrap(f"> {words}", width)]
