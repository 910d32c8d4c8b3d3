"""What a board row counts to, in words of fixed width: pure, so that a tick costs microseconds.

    off in 3h12 (a plan)   on in 45m (supply is back)   over 1h05 (overdue)   due 12m (start has come)
Seconds are shown only in the last ten minutes; before that the text changes once a minute.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

from desk.i18n import _
from desk.text import cell_width, fit

LAST_STRETCH = 600


class Timed(Protocol):
    """What a countdown needs of a board row."""

    @property
    def stage(self) -> str: ...
    @property
    def planned_start(self) -> datetime | None: ...
    @property
    def planned_end(self) -> datetime | None: ...
    @property
    def actual_end(self) -> datetime | None: ...
    @property
    def etr(self) -> datetime | None: ...


class Deadline(NamedTuple):
    """The moment a row counts to (or from), and the sign in front."""

    sign: str  # start | due | back | late | done
    at: datetime | None


def deadline(row: Timed) -> Deadline:
    """Which moment matters for `row` at its stage; `at` is None when nobody has said one."""
    if row.stage == "upcoming":
        return Deadline("start", row.planned_start)
    if row.stage == "due_to_start":
        return Deadline("due", row.planned_start)
    if row.stage == "restored":
        return Deadline("done", row.actual_end)
    end = row.etr or row.planned_end
    return Deadline("late" if row.stage == "overdue" else "back", end)


def text(row: Timed, now: datetime) -> str:
    """The words of the countdown column, such as `on in 2h05`; at most 12 cells."""
    sign, value = parts(row, now)
    return f"{sign} {value}".strip()


def column(row: Timed, now: datetime, width: int) -> str:
    """The same in exactly `width` cells: the sign on the left, the figure on the right."""
    sign, value = parts(row, now)
    return fit(f" {sign}", width - 1 - cell_width(value)) + value + " "


def parts(row: Timed, now: datetime) -> tuple[str, str]:
    """What the countdown says, apart: to what it counts, and how long that is."""
    sign, at = deadline(row)
    if at is None:
        return "", _("no time yet") if row.stage in ("off", "overdue", "predicted") else ""
    if sign == "done":
        return "", _short_time(at, now)
    seconds = int((at - now).total_seconds())
    if sign == "back" and seconds < 0:
        sign = "late"  # the board catches up within a second; never show a negative time
    return _sign(sign), span(abs(seconds))


def span(seconds: int) -> str:
    """A stretch of time: `2d04h`, `3h12`, `12m`, and `9:41` with seconds in the last ten minutes."""
    if seconds < LAST_STRETCH:
        return f"{seconds // 60}:{seconds % 60:02d}"
    minutes = seconds // 60
    if minutes < 60:
        return _("{minutes}m").format(minutes=minutes)
    hours = minutes // 60
    if hours < 48:
        return _("{hours}h{minutes:02d}").format(hours=hours, minutes=minutes % 60)
    return _("{days}d{hours:02d}h").format(days=hours // 24, hours=hours % 24)


def _sign(sign: str) -> str:
    return {"start": _("off in"), "due": _("due"), "back": _("on in"), "late": _("over")}[sign]


def _short_time(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return local.strftime("%H:%M" if local.date() == now.date() else "%m-%d %H:%M")
