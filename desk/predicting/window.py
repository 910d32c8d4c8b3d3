"""The calls that still count: those of the last half hour (an hour in a storm) below one feeder, from the store.

A counted call carries `feeder|moment` as its index, so that a storm on forty feeders reads only the one that rang.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from desk.place import Place
from desk.records import Call, Status

NO_FEEDER = "-"
MOST = 500  # a storm has many; asked for every second, so many are enough


class Window:
    """Reads counted calls; holds nothing, so that every seat sees the same."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def minutes(self) -> int:
        """How far back calls count now."""
        chosen = self._place.config.trouble
        return chosen.storm_window_minutes if self._place.marks_table.get("storm") else chosen.window_minutes

    def key(self, feeder: str, at: datetime) -> str:
        """The index of a counted call."""
        return f"{feeder or NO_FEEDER}|{at.astimezone(UTC).isoformat(timespec='milliseconds')}"

    def calls(self, feeder: str, at: datetime) -> list[Call]:
        """The calls below `feeder` that count together with one at `at`, by time: within the window before it, and
        after it where calls were logged late."""
        since = at - timedelta(minutes=self.minutes)
        found = self._place.calls_table.range("counted", self.key(feeder, since), f"{feeder or NO_FEEDER}|~")
        return [call for call in found if call.at - at <= timedelta(minutes=self.minutes) and self._still_counts(call)]

    def unexplained(self, since: datetime) -> int:
        """How many calls since then belonged to no outage that anyone had confirmed; counted up to `MOST`."""
        return len(self._place.calls_table.range("counted_at", since, None, newest_first=True, limit=MOST))

    def _still_counts(self, call: Call) -> bool:
        """Whether nobody has decided about it: what was confirmed, moved by a person or taken back counts no more."""
        if not call.predicted:
            return True
        outage = self._place.outages_table.get(call.predicted)
        return outage is not None and outage.status is Status.PREDICTED and "placed_by" not in outage.facts
