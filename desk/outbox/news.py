"""An outage as a notice tells it: what happened, from when to when, since when it is otherwise. Pure.

`stage` is what the reader must learn: upcoming, due_to_start, off, overdue, restored, cancelled, or not_affected (told
before, and no longer meant). Times are written as dates and hours, never as "tomorrow": nobody knows when it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from msgspec import Struct

from desk.i18n import in_language
from desk.outages.board import area_words, expected_end, stage_of
from desk.plugins import OutageType
from desk.records import Duty, Outage, Phase

CANCELLED, NOT_AFFECTED = "cancelled", "not_affected"
CHANGED = "times_changed"  # the notice of changed times
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LASTS = timedelta(hours=24)  # how long news is worth sending whose end nobody knows

SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "upcoming": {"zh_CN": "停电通知", "en": "Notice of a power outage"},
    "due_to_start": {"zh_CN": "停电通知", "en": "Notice of a power outage"},
    "off": {"zh_CN": "停电告知", "en": "Power outage"},
    "overdue": {"zh_CN": "停电延长告知", "en": "Power outage goes on"},
    "restored": {"zh_CN": "恢复供电告知", "en": "Power is back"},
    CANCELLED: {"zh_CN": "停电取消通知", "en": "Power outage cancelled"},
    NOT_AFFECTED: {"zh_CN": "停电更正通知", "en": "Correction: you are not affected"},
    CHANGED: {"zh_CN": "停电时间变更通知", "en": "Changed times of a power outage"},
}


class News(Struct, frozen=True, kw_only=True):
    """An outage as the wording of one notice sees it. `was_start` and `was_end` are the times told before a change;
    `sure` says how sure the end is: planned, estimated, unknown, over."""

    id: str
    reference: str
    type: str
    label: str
    stage: str
    notice: str
    planned: bool
    private: bool
    cause: str
    area: str
    feeders: tuple[str, ...]
    start: datetime | None
    end: datetime | None
    was_start: datetime | None
    was_end: datetime | None
    sure: str
    phases: tuple[Phase, ...]
    facts: Mapping[str, Any]
    danger_to_life: bool
    customers: int
    important: int
    zone: tzinfo

    @property
    def changed(self) -> bool:
        """Whether this is the news of other times."""
        return self.notice == CHANGED

    @property
    def subject(self) -> str:
        return CHANGED if self.changed and self.stage in SUBJECTS else self.stage


def news_of(outage: Outage, duty: Duty | None, kind: OutageType | None, now: datetime, language: str) -> News:
    """What a notice because of `duty` tells of `outage`, in the words of `language`."""
    label = kind.named(language)[0] if kind else outage.type
    cause = outage.cause or (in_language(kind.causes, language) if kind and kind.causes else "")
    private = bool(kind and kind.private)
    hidden = private and duty is not None and duty.recipient.kind == "public"
    end = outage.actual_end or expected_end(outage)
    was = _times_before(outage)
    return News(
        id=outage.id,
        reference=outage.reference,
        type=outage.type,
        label="" if hidden else label,
        stage=stage_for(outage, duty, now),
        notice=duty.notice if duty else "",
        planned=bool(kind and kind.planned),
        private=private,
        cause="" if hidden else cause,
        area=outage.area or area_words(outage),
        feeders=outage.affected.feeders or outage.scope.feeders,
        start=outage.actual_start or outage.planned_start,
        end=end,
        was_start=was.get("planned_start"),
        was_end=was.get("planned_end"),
        sure=_how_sure(outage, end, planned=bool(kind and kind.planned)),
        phases=outage.phases,
        facts=outage.facts,
        danger_to_life=outage.danger_to_life,
        customers=outage.affected.customers,
        important=outage.affected.important,
        zone=now.tzinfo or outage.received_at.tzinfo,  # type: ignore[arg-type]
    )


def stage_for(outage: Outage, duty: Duty | None, now: datetime) -> str:
    """What somebody who is owed `duty` must learn now."""
    if duty is not None and duty.notice == "correction":
        return NOT_AFFECTED
    return stage_of(outage, now) or (CANCELLED if outage.actual_end is None else "restored")


def valid_until(outage: Outage, stage: str, now: datetime) -> datetime | None:
    """Until when the words for this stage are true: an announcement until the outage begins, "it is off" until it
    should be back."""
    if stage == "upcoming":
        return outage.planned_start
    end = expected_end(outage)
    if stage in ("due_to_start", "off") and end:
        return end
    return now + LASTS


def written(moment: datetime | None, zone: tzinfo, language: str) -> str:
    """A moment as it stands in a notice: 12月11日08:00, 11 Dec 08:00."""
    if moment is None:
        return ""
    here = moment.astimezone(zone)
    day = f"{here.day} {MONTHS[here.month - 1]} " if language == "en" else f"{here.month}月{here.day}日"
    return f"{day}{here:%H:%M}"


def span(start: datetime | None, end: datetime | None, zone: tzinfo, language: str) -> str:
    """From when to when; the day is said once where it is the same: 12月11日08:00至14:00."""
    if start is None or end is None:
        return written(start or end, zone, language)
    first, last = start.astimezone(zone), end.astimezone(zone)
    until = last.strftime("%H:%M") if first.date() == last.date() else written(last, zone, language)
    return f"{written(first, zone, language)}{'至' if language != 'en' else ' to '}{until}"


def _times_before(outage: Outage) -> dict[str, datetime]:
    """The times that the latest change replaced."""
    last = next((one for one in reversed(outage.history) if one.act == "change"), None)
    if last is None:
        return {}
    found = {field: _moment(pair[0]) for field, pair in last.values.items() if isinstance(pair, list | tuple) and pair}
    return {field: moment for field, moment in found.items() if moment is not None}


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _how_sure(outage: Outage, end: datetime | None, *, planned: bool) -> str:
    if outage.actual_end:
        return "over"
    if end is None:
        return "unknown"
    return "planned" if planned and end == outage.planned_end else "estimated"
