"""What time it is for the desk: always aware, in the county's time zone, in whole seconds."""

from __future__ import annotations

from datetime import datetime, tzinfo
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from desk.errors import BadInput
from desk.i18n import _

DEFAULT_ZONE = "Asia/Shanghai"


class Clock(Protocol):
    """Anything that can say what time it is."""

    zone: tzinfo

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock, shown in the county's zone."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone

    def now(self) -> datetime:
        return datetime.now(self.zone).replace(microsecond=0)


class FixedClock:
    """A clock that stands still: for a sandbox command and for tests."""

    def __init__(self, at: datetime) -> None:
        self.zone = at.tzinfo or ZoneInfo(DEFAULT_ZONE)
        self.at = at

    def now(self) -> datetime:
        return self.at


class RunningClock:
    """A clock that starts at a given moment and runs on from there: a sandbox's open desk."""

    def __init__(self, start: datetime) -> None:
        self.zone = start.tzinfo or ZoneInfo(DEFAULT_ZONE)
        self._start = start.timestamp()
        self._since = monotonic()

    def now(self) -> datetime:
        seconds = int(self._start + monotonic() - self._since)
        return datetime.fromtimestamp(seconds, self.zone)


def zone_named(name: str) -> tzinfo:
    """The time zone called `name`; raises BadInput when there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        sentence = _("there is no time zone called {name}; write one like {example}")
        raise BadInput(sentence.format(name=name, example=DEFAULT_ZONE), why=str(problem)) from None


def parse_time(text: str, zone: tzinfo) -> datetime:
    """An ISO 8601 moment, in `zone` when it names no offset; raises BadInput otherwise."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as problem:
        sentence = _("{text} is not a time; write it like 2026-12-01T08:00").format(text=text)
        raise BadInput(sentence, why=str(problem)) from None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone, microsecond=0)
    return moment.astimezone(zone).replace(microsecond=0)
