"""Times as people type them at the desk, and as the desk shows them back.

read_time("8:00", now)        -> today 08:00, or tomorrow when that is past (`ahead=True`)
read_time("12-01 8:00", now)  -> 1 December 08:00
read_time("+2h", now)         -> two hours from now;  "+90", "+1h30", "+2d" too
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from desk.errors import BadInput
from desk.i18n import _

NOW_WORDS = frozenset({"", "now", "现在", "此刻", "."})
DAY_WORDS = {
    "today": 0,
    "今天": 0,
    "今日": 0,
    "tomorrow": 1,
    "明天": 1,
    "明日": 1,
    "后天": 2,
    "昨天": -1,
    "yesterday": -1,
}

_AFTER = re.compile(
    r"\+\s*(?:(\d{1,3})\s*(?:d|天|日))?\s*(?:(\d{1,4})\s*(?:h|小时|时))?\s*(?:(\d{1,4})\s*(?:m|min|分钟|分)?)?$"
)
_CLOCK = re.compile(r"(\d{1,2})(?::|点|时)(\d{1,2})?(?:分)?$")
_PACKED = re.compile(r"(\d{2})(\d{2})$")
_DATE = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})(?:日|号)?$")
_AM_PM = {"上午": 0, "凌晨": 0, "早上": 0, "下午": 12, "晚上": 12, "am": 0, "pm": 12}


def read_time(text: str, now: datetime, *, ahead: bool = False) -> datetime:
    """The moment meant by `text`, in the zone of `now`; an empty text is `now`.

    A clock time alone is today; with `ahead`, tomorrow when it has passed today. A date without a
    year is the nearest one. Raises BadInput with one sentence when it cannot be read.
    """
    words = unicodedata.normalize("NFKC", text).strip().lower().replace("t", " ", 1 if "t0" in text.lower() else 0)
    if words in NOW_WORDS:
        return now
    moment = _after(words, now) or _iso(words, now) or _spoken(words, now, ahead)
    if moment is None:
        raise BadInput(_("“{text}” is not a time; type 8:00, 12-01 8:00 or +2h").format(text=text.strip()))
    return moment


def shown(moment: datetime | None, now: datetime) -> str:
    """A moment as short as it can be said: `14:05` today, `11-24 08:00` this year, else with the year."""
    if moment is None:
        return ""
    local = moment.astimezone(now.tzinfo)
    if local.date() == now.date():
        return local.strftime("%H:%M")
    return local.strftime("%m-%d %H:%M" if local.year == now.year else "%Y-%m-%d %H:%M")


def shown_in_full(moment: datetime, now: datetime) -> str:
    """A moment with its day of the week, to check what was typed: `2026-11-24 Tue 08:00`."""
    local = moment.astimezone(now.tzinfo)
    return f"{local:%Y-%m-%d} {weekday(local)} {local:%H:%M}"


def shown_period(start: datetime | None, end: datetime | None, now: datetime) -> str:
    """`08:00-17:00`, with the days where they differ from today and from each other."""
    if start is None and end is None:
        return ""
    if start is None or end is None:
        return f"{shown(start, now)}-{shown(end, now)}"
    same_day = start.astimezone(now.tzinfo).date() == end.astimezone(now.tzinfo).date()
    last = f"{end.astimezone(now.tzinfo):%H:%M}" if same_day else shown(end, now)
    return f"{shown(start, now)}-{last}"


def typed(moment: datetime | None, now: datetime) -> str:
    """A moment as it would be typed into a form: reading it gives the same moment."""
    if moment is None:
        return ""
    local = moment.astimezone(now.tzinfo)
    return local.strftime("%m-%d %H:%M" if local.year == now.year else "%Y-%m-%d %H:%M")


def weekday(moment: datetime) -> str:
    """The day of the week in the language on screen."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[moment.weekday()]


def _after(words: str, now: datetime) -> datetime | None:
    found = _AFTER.fullmatch(words)
    if not found or not any(found.groups()):
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups())
    try:
        return now + timedelta(days=days, hours=hours, minutes=minutes)
    except OverflowError:
        return None


def _iso(words: str, now: datetime) -> datetime | None:
    if len(words) < 10 or not re.match(r"\d{4}-\d{2}-\d{2}", words):
        return None
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    if len(words) == 10:
        return None
    return moment.replace(tzinfo=now.tzinfo) if moment.tzinfo is None else moment.astimezone(now.tzinfo)


def _spoken(words: str, now: datetime, ahead: bool) -> datetime | None:
    day_words, clock_words = _split(words)
    day = _day(day_words, now)
    clock = _clock(clock_words)
    if clock is None or (day_words and day is None):
        return None
    hour, minute = clock
    base = day or now
    try:
        moment = base.replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError:
        return None
    if ahead and day is None and moment < now:
        return moment + timedelta(days=1)
    return moment


def _split(words: str) -> tuple[str, str]:
    for word in DAY_WORDS:
        if words.startswith(word):
            return word, words[len(word) :].strip()
    found = re.fullmatch(r"(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?|\d{1,2}[-/.月]\d{1,2}[日号]?)\s*(.+)", words)
    return (found[1], found[2].strip()) if found else ("", words)


def _day(words: str, now: datetime) -> datetime | None:
    if words in DAY_WORDS:
        return now + timedelta(days=DAY_WORDS[words])
    found = _DATE.fullmatch(words)
    if not found:
        return None
    try:
        day = now.replace(year=int(found[1] or now.year), month=int(found[2]), day=int(found[3]))
        if found[1] is None and day < now - timedelta(days=180):
            return day.replace(year=now.year + 1)
        if found[1] is None and day > now + timedelta(days=185):
            return day.replace(year=now.year - 1)
    except ValueError:
        return None
    return day


def _clock(words: str) -> tuple[int, int] | None:
    shift = 0
    for word, hours in _AM_PM.items():
        if words.startswith(word) or words.endswith(word):
            words, shift = words.replace(word, "").strip(), hours
            break
    found = _CLOCK.fullmatch(words) or _PACKED.fullmatch(words)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if shift and hour < 12:
        hour += shift
    return (hour, minute) if hour < 24 and minute < 60 else None
