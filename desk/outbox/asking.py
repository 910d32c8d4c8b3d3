"""Asking channels for reports: they are stored first, and only then may the gateway forget them."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from desk.outbox.done import Done
from desk.outbox.lanes import BATCH, Lane
from desk.outbox.outcomes import awaiting

if TYPE_CHECKING:
    from desk.outbox import Outbox

EVERY = 2.0  # seconds between two questions; at once again while something comes
POLLED = 500  # ids asked for at once
REPORTS_COME_FOR = timedelta(days=7)


class Asking:
    """Asks every channel that is able to report."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._place = outbox.place

    def of(self, lanes: dict[str, Lane]) -> Done:
        """Ask the channels that are able to report, store what they say, and only then tell them so."""
        done = Done()
        for name, channel in self._outbox.host.channels.items():
            if channel.can.receipts == "none" or self._place.config.messages.training:
                continue
            lane = lanes.setdefault(name, Lane())
            if lane.polling is None:
                self._ask(name, lane)
            elif lane.polling.done():
                done += self._heard(name, lane)
        return done

    def _ask(self, name: str, lane: Lane) -> None:
        runner = self._outbox.host.runner(name)
        if monotonic() - lane.polled_at < EVERY or runner.state != "on":
            return
        first = awaiting(name, self._place.now() - REPORTS_COME_FOR)
        low = max(lane.polled_to, first)
        page = self._outbox.book.attempts.range("awaits", low, f"{name}}}", limit=POLLED)
        lane.polled_to = page[-1].awaits + "~" if len(page) == POLLED else ""
        lane.polling = runner.poll([one.external_id for one in page])

    def _heard(self, name: str, lane: Lane) -> Done:
        assert lane.polling is not None
        reports, lane.polling, lane.polled_at = lane.polling.result(), None, monotonic()
        for start in range(0, len(reports), BATCH):
            some = reports[start : start + BATCH]
            self._outbox.outcomes.reported(name, some)
            self._outbox.host.runner(name).stored(some)
        if reports:
            lane.polled_at = 0.0  # there may be more
        return Done(reports=len(reports))
