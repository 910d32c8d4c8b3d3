"""Triage on the open call: begun when the card is up, looked at until every source has answered or is late."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec import Struct

from desk.errors import DeskError

if TYPE_CHECKING:
    from desk.triage import Asking, Conclusion, Row
    from desk.tui.call_flow import CallFlow
    from desk.tui.calls import OpenCall
    from desk.tui.screens.desk import DeskScreen

LOOK_AGAIN = 0.02  # seconds
JOINED = frozenset({"suspended", "off", "due"})  # what an untouched call is put to, when triage finds it


class Seen(Struct, frozen=True):
    """What triage had found when it was last looked at."""

    rows: tuple[Row, ...]
    conclusion: Conclusion


class TriageFlow:
    """Asks beside the screen; nothing waits for it."""

    def __init__(self, screen: DeskScreen, calls: CallFlow) -> None:
        self._screen, self._calls = screen, calls

    def begin(self, call: OpenCall) -> None:
        """Ask about the caller of `call`; the caller before is given up."""
        self._screen.app.go_last("triage", self._follow, call)

    async def _follow(self, call: OpenCall) -> None:
        work = self._screen.app.work
        try:
            asking = await work.look(self._ask, call)
        except DeskError:
            return  # the customer is gone: the card says so
        done = False
        while call is self._calls.current and not done:
            done = asking.is_done
            seen = await work.look(_seen, asking)
            if seen != call.seen:
                call.seen = seen
                self._propose(call)
                self._calls.refresh_page()
            if not done:
                await asyncio.sleep(LOOK_AGAIN)

    def _ask(self, call: OpenCall) -> Asking:
        return self._screen.app.desk.triage.ask(call.account_no, call.number)

    def _propose(self, call: OpenCall) -> None:
        """Put an untouched call to the outage that explains it, where the card had proposed another or none."""
        found = call.seen.conclusion if call.seen else None
        if found is None or call.answered or call.note or found.bearing not in JOINED or not call.card:
            return
        if found.outage != call.outage and any(one.id == found.outage for one in call.card.outages):
            self._calls.propose(call, found.outage)


def _seen(asking: Asking) -> Seen:
    return Seen(tuple(asking.rows()), asking.conclusion())
