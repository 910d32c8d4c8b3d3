"""What came in and is not stored yet: the gateway hears "got it" of a report only when the desk has it safe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from desk.plugins.messages import Report
from desk.plugins.sessions.dialect import Frame

if TYPE_CHECKING:
    from desk.plugins.sessions.link import Link

ROOM = 5000  # reports kept for a desk that does not ask; above it the gateway is told to come again
AT_ONCE = 1000
AGAIN = 20.0  # seconds after which a report that was handed out and not stored is handed out again


class Waiting:
    """One report, the frame it came in, and when it was last handed out."""

    __slots__ = ("frame", "given", "link", "report")

    def __init__(self, report: Report, link: Link, frame: Frame) -> None:
        self.report = report
        self.link = link
        self.frame = frame
        self.given = 0.0


class Inbox:
    """Reports by token, oldest first."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        self._fresh: list[Report] = []
        self._numbers = count(1)
        self._looked = monotonic()

    @property
    def full(self) -> bool:
        return len(self._waiting) >= ROOM

    def add(self, report: Report, link: Link, frame: Frame) -> None:
        """Keep a report until it is stored."""
        token = str(next(self._numbers))
        named = msgspec.structs.replace(report, token=token)
        self._waiting[token] = Waiting(named, link, frame)
        self._fresh.append(named)

    def reports(self) -> Sequence[Report]:
        """Those not handed out yet; and again those that were, and were not stored for a while."""
        now = monotonic()
        if now - self._looked > AGAIN:
            self._looked = now
            self._fresh += [each.report for each in self._waiting.values() if 0 < each.given < now - AGAIN]
        given, self._fresh = self._fresh[:AT_ONCE], self._fresh[AT_ONCE:]
        found = [report for report in given if report.token in self._waiting]
        for report in found:
            self._waiting[report.token].given = now
        return found

    def stored(self, tokens: Iterable[str]) -> Iterable[Waiting]:
        """Those the gateway may now forget; one that is not waiting any more is left out."""
        return [found for token in tokens if (found := self._waiting.pop(token, None)) is not None]
