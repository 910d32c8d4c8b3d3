"""Dates, lengths and articles as they stand on paper, in the language of the county's notices. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo

from msgspec import Struct

WEEKDAYS = "一二三四五六日"
DIGITS = "零一二三四五六七八九"
# Written out here: what calendar.month_name says depends on the machine's locale.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Dates(Struct, frozen=True):
    """Writes moments in one language and one zone."""

    language: str  # zh | en
    zone: tzinfo

    def day(self, at: datetime | None) -> str:
        """2026年12月11日 · 11 December 2026"""
        return _DAY[self.language](at.astimezone(self.zone)) if at else ""

    def moment(self, at: datetime | None) -> str:
        """2026年12月11日（星期五）08:00 · Friday 11 December 2026, 08:00"""
        return _MOMENT[self.language](at.astimezone(self.zone)) if at else ""

    def short(self, at: datetime | None) -> str:
        """12-11 08:00, for narrow columns."""
        return at.astimezone(self.zone).strftime("%m-%d %H:%M") if at else ""

    def span(self, start: datetime | None, end: datetime | None) -> str:
        """From when to when; within one day the date stands once."""
        if start is None or end is None:
            return self._open(start, end)
        start, end = start.astimezone(self.zone), end.astimezone(self.zone)
        last = end.strftime("%H:%M") if start.date() == end.date() else self.moment(end)
        return {"zh": "{first}至{last}", "en": "{first} to {last}"}[self.language].format(
            first=self.moment(start), last=last
        )

    def hours(self, start: datetime, end: datetime) -> str:
        """From which hour to which, of a day that is known."""
        first, last = start.astimezone(self.zone).strftime("%H:%M"), end.astimezone(self.zone).strftime("%H:%M")
        return {"zh": "{first}至{last}", "en": "{first} to {last}"}[self.language].format(first=first, last=last)

    def _open(self, start: datetime | None, end: datetime | None) -> str:
        if start is None and end is None:
            return ""
        words = {"zh": ("{at}起", "至{at}"), "en": ("from {at}", "until {at}")}[self.language]
        return words[0].format(at=self.moment(start)) if start else words[1].format(at=self.moment(end))

    def length(self, start: datetime | None, end: datetime | None) -> str:
        """How long, in hours and minutes."""
        if start is None or end is None or end <= start:
            return ""
        return _LENGTH[self.language](end - start)

    def article(self, number: str) -> str:
        """An article's number as it is cited: 9.3 → 第九条第3项 · Article 9.3"""
        return _ARTICLE[self.language](number)


def _day_zh(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日"


def _day_en(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def _moment_zh(at: datetime) -> str:
    return f"{_day_zh(at)}（星期{WEEKDAYS[at.weekday()]}）{at:%H:%M}"


def _moment_en(at: datetime) -> str:
    return f"{DAYS[at.weekday()]} {_day_en(at)}, {at:%H:%M}"


def _parts(length: timedelta) -> tuple[int, int]:
    minutes = int(length.total_seconds()) // 60
    return minutes // 60, minutes % 60


def _length_zh(length: timedelta) -> str:
    hours, minutes = _parts(length)
    return (f"{hours}小时" if hours else "") + (f"{minutes}分钟" if minutes else "")


def _length_en(length: timedelta) -> str:
    hours, minutes = _parts(length)
    return " ".join(
        part for part in (f"{hours}\u00a0h" if hours else "", f"{minutes}\u00a0min" if minutes else "") if part
    )


def _article_zh(number: str) -> str:
    article, _dot, item = number.partition(".")
    if not article.isdigit():
        return f"第{number}条"
    return f"第{chinese(int(article))}条" + (f"第{item}项" if item else "")


def chinese(number: int) -> str:
    """A number below 1000 in Chinese: 12 → 十二, 652 → 六百五十二."""
    hundreds, tens, ones = number // 100 % 10, number // 10 % 10, number % 10
    text = DIGITS[hundreds] + "百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += DIGITS[0]
    return text + (DIGITS[ones] if ones else "") or DIGITS[0]


_DAY: Mapping[str, Callable[[datetime], str]] = {"zh": _day_zh, "en": _day_en}
_MOMENT: Mapping[str, Callable[[datetime], str]] = {"zh": _moment_zh, "en": _moment_en}
_LENGTH: Mapping[str, Callable[[timedelta], str]] = {"zh": _length_zh, "en": _length_en}
_ARTICLE: Mapping[str, Callable[[str], str]] = {"zh": _article_zh, "en": lambda number: f"Article {number}"}
