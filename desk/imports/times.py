"""Moments as offices write them: 2026-12-01 08:00, 2026/12/1 8:00, 2026年12月1日8时30分, Excel's numbers, ISO."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from unicodedata import normalize

from desk.i18n import _
from desk.imports.cells import text
from desk.imports.report import Wrong

EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a day count, not a moment
EXCEL_DAYS = (36_526, 73_051)  # 2000-01-01 … 2100-01-01

_WRITTEN = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"[ T,]*(?:星期.|周.|\(.{1,3}\))?[ ]*(?P<half>上午|早上|凌晨|早|中午|下午|晚上|晚|am|pm)?[ ]*"
    r"(?:(?P<hour>\d{1,2})[:时点](?:(?P<minute>\d{1,2})分?|(?P<thirty>半)|整)?(?::?(?P<second>\d{1,2})秒?)?(?:\.\d+)?)?"
    r"[ ]*(?P<half_after>am|pm)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)[ T]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?"
)
_LATER = frozenset({"下午", "晚上", "晚", "pm"})
_EARLIER = frozenset({"上午", "早上", "凌晨", "早", "am"})


def moment(cell: str, zone: tzinfo) -> datetime | None:
    """The moment a cell names, in `zone` unless it carries an offset; None when it is empty; Wrong otherwise."""
    written = normalize("NFKC", text(cell))
    if not written:
        return None
    try:
        found = _excel(written) or _iso(written, zone) or _spelled(written)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise Wrong(_("is not a date and time; write it like 2026-12-01 08:00"))
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return found.astimezone(zone).replace(microsecond=0)


def _excel(written: str) -> datetime | None:
    if not re.fullmatch(r"\d{5}(\.\d+)?", written):
        return None
    days = float(written)
    if not EXCEL_DAYS[0] <= days < EXCEL_DAYS[1]:
        return None
    return EXCEL_EPOCH + timedelta(seconds=round(days * 86_400))


def _iso(written: str, zone: tzinfo) -> datetime | None:
    """Only a moment with an offset: the rest is read more carefully by `_spelled`."""
    if not re.search(r"\d(Z|[+-]\d\d:?\d\d)$", written, re.IGNORECASE):
        return None
    try:
        found = datetime.fromisoformat(written.upper())
    except ValueError:
        return None
    return found.astimezone(zone) if found.tzinfo else None


def _spelled(written: str) -> datetime | None:
    match = _WRITTEN.fullmatch(written) or _COMPACT.fullmatch(written)
    if match is None:
        return None
    part = match.groupdict()
    if part["hour"] is None:
        raise Wrong(_("has a date but no time of day; write it like 2026-12-01 08:00"))
    hour, minute, second = int(part["hour"]), int(part["minute"] or 0), int(part["second"] or 0)
    hour = _on_24(hour, (part.get("half") or part.get("half_after") or "").lower())
    if part.get("thirty"):
        minute = 30
    day = datetime(int(part["year"]), int(part["month"]), int(part["day"]))  # noqa: DTZ001 - the zone follows
    if hour == 24 and not minute and not second:
        return day + timedelta(days=1)
    return day.replace(hour=hour, minute=minute, second=second)


def _on_24(hour: int, half: str) -> int:
    if half in _LATER and hour < 12:
        return hour + 12
    if half in _EARLIER and hour == 12:
        return 0
    if half == "中午" and hour < 3:
        return hour + 12
    return hour
