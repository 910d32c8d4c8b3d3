"""Feeds: what other systems tell by themselves, outages and telephone calls, taken in while the desk is open.

    desk.feeds.start()
    for row in desk.feeds.states():
        print(row.name, row.state, row.reason, row.read_at)

Each feed is read on a thread of its own, and one desk of a machine at a time reads it. A source that is not there is
asked again after waits that grow; one that is set up wrongly, or refuses the password, is not asked any more.
"""

from __future__ import annotations

from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from desk.feeds.reading import Reading
from desk.feeds.taking import Taking
from desk.plugins import loading
from desk.plugins.faults import Fault
from desk.plugins.send_errors import SendError

if TYPE_CHECKING:
    from desk.place import Place
    from desk.plugins.feed_instances import FeedInstance
    from desk.plugins.feeds import Feed
    from desk.rings import Rings

__all__ = ["FeedRow", "Feeds"]

State = Literal["on", "off", "waiting", "fault", "elsewhere", "not_configured", "not_approved"]


class FeedRow(Struct, frozen=True, kw_only=True):
    """One feed as it stands. `read_at`: when it was last read without trouble; `elsewhere`: another desk reads it."""

    name: str
    type: str
    state: State
    reason: str = ""
    read_at: datetime | None = None
    was_read: bool = False  # by this desk, since it was opened: what is off now ended by itself

    @property
    def is_deaf(self) -> bool:
        """Whether something is wrong that a person should mend; switched off on purpose is not."""
        return self.state in ("waiting", "fault", "not_configured", "not_approved") or (
            self.state == "off" and self.was_read
        )


class Feeds:
    """The feeds of one county."""

    def __init__(self, place: Place, rings: Rings) -> None:
        self._place = place
        self._rings = rings
        self._readings: dict[str, Reading] = {}
        self._lock = Lock()

    def start(self) -> None:
        """Read every feed that is set up, from here on; returns at once."""
        with self._lock:
            for name, one in self._place.plugins.feed_instances().items():
                if one.feed is not None and name not in self._readings:
                    taking = Taking(self._place, self._rings, name, one.feed.brings)
                    self._readings[name] = Reading(one.feed, one.root, taking, self._place)
                    self._readings[name].start()

    def close(self) -> None:
        """Read no more; a source that does not answer is not waited for."""
        with self._lock:
            readings, self._readings = self._readings, {}
        for reading in readings.values():
            reading.stop()

    def states(self) -> list[FeedRow]:
        """Every feed of the county."""
        return [self._row(one) for one in self._place.plugins.feed_instances().values()]

    def check(self, name: str, timeout: float) -> str:
        """What keeps a feed of calls from being let in, in a sentence; empty when nothing does.

        A feed of outages is not asked: what it told here would be missing at the desk.
        """
        one = self._place.plugins.feed_instances()[name]
        if one.feed is None or one.feed.brings != "calls":
            return one.reason
        feed = one.feed
        try:
            return loading.in_time(lambda: _refusal(feed, timeout), one.root, timeout + 1)
        except Fault as fault:
            return str(fault)

    def _row(self, one: FeedInstance) -> FeedRow:
        row = FeedRow(name=one.name, type=one.type, state=one.state, reason=one.reason)
        reading = self._readings.get(one.name)
        if reading is None:
            return row
        state, reason = reading.state()
        return replace(row, state=state, reason=reason, read_at=reading.read_at, was_read=True)


def _refusal(feed: Feed, timeout: float) -> str:
    """Read once and close: what the source says against it."""
    try:
        feed.read(timeout)
    except SendError as problem:
        return f"{problem} ({problem.why})" if problem.why else str(problem)
    finally:
        feed.close()
    return ""
