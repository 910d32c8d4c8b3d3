"""A clock that goes when it is told to: for retries, quiet hours and deadlines without waiting.

clock = FakeClock("2026-12-01T21:50")
clock.forward(minutes=15)
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from desk.clock import DEFAULT_ZONE


class FakeClock:
    """Stands still until `forward` or `set`; fits wherever a `desk.clock.Clock` does."""

    zone: tzinfo

    def __init__(self, at: datetime | str = "2026-12-01T08:00", zone: str = DEFAULT_ZONE) -> None:
        self.zone = ZoneInfo(zone)
        self.set(at)

    def now(self) -> datetime:
        """The moment it shows."""
        return self.at

    def set(self, at: datetime | str) -> None:
        """Show `at`; without an offset it is in the clock's zone."""
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        self.at = moment.astimezone(self.zone) if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def forward(self, **how: float) -> datetime:
        """Go on by a timedelta's words (`minutes=15`), and say what it shows then."""
        self.at += timedelta(**how)
        return self.at
