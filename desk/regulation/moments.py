"""Moments as a rule writes them, `planned_start - P7D`, and what they come to for one outage.

An offset is a length of time or the name of one of the pack's parameters: `opened_at + promptly`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from msgspec import Struct

from desk.durations import Duration, parse_duration
from desk.errors import BadInput
from desk.i18n import _
from desk.records import Outage

# What a moment may be counted from. `cause_cleared_at` is a fact of the outage; the last two come with a change:
# the first moment at which what was announced is no longer true, and when the desk learned of it.
ANCHORS = (
    "planned_start",
    "planned_end",
    "received_at",
    "opened_at",
    "started_at",
    "restored_at",
    "cause_cleared_at",
    "change_effective_at",
    "changed_at",
    "calendar",
)
CONTRACT = "contract_notice_days"  # the offset that every customer's contract sets for itself
DAY_COUNTS = ("hours", "calendar")

_SHAPE = re.compile(r"([a-z_]+)(?:\s*([+-])\s*(\w+))?")
_COMPARISON = re.compile(r"\s*(<=|>=|<|>)\s*")

Anchors = Mapping[str, datetime | None]
Lengths = Mapping[str, Duration]


class Moment(Struct, frozen=True):
    """An anchor and what is added to it (`sign` 1) or taken from it (-1): a length, or a parameter's name."""

    anchor: str
    sign: int = 1
    offset: Duration | str = Duration()

    def at(self, anchors: Anchors, lengths: Lengths, day_count: str = "hours") -> datetime | None:
        """The moment for these anchors; None while its anchor is not known.

        Where days are counted by the calendar, it is the end of its day: any hour of it is in time.
        """
        start = anchors.get(self.anchor)
        if start is None:
            return None
        length = self._length(lengths)
        if day_count == "calendar" and length.days:
            return _day(start, self.sign * length.days, time(23, 59, 59)) + self.sign * timedelta(
                seconds=length.seconds
            )
        return start + self.sign * length.length

    def opening(self, anchors: Anchors, lengths: Lengths, day_count: str = "hours") -> datetime | None:
        """The same for what must not come before it: by the calendar, the beginning of its day."""
        start = anchors.get(self.anchor)
        if start is None or day_count != "calendar" or not self._length(lengths).days:
            return self.at(anchors, lengths, day_count)
        length = self._length(lengths)
        return _day(start, self.sign * length.days, time()) + self.sign * timedelta(seconds=length.seconds)

    def _length(self, lengths: Lengths) -> Duration:
        return lengths[self.offset] if isinstance(self.offset, str) else self.offset

    @property
    def text(self) -> str:
        """As a pack writes it."""
        offset = self.offset if isinstance(self.offset, str) else self.offset.text
        return self.anchor if self.offset == Duration() else f"{self.anchor} {'-' if self.sign < 0 else '+'} {offset}"

    @property
    def parameter(self) -> str:
        return self.offset if isinstance(self.offset, str) else ""


class Comparison(Struct, frozen=True):
    """Two moments and which must not come after the other: `received_at <= planned_start - P7D`."""

    earlier: Moment
    later: Moment

    @property
    def text(self) -> str:
        return f"{self.earlier.text} <= {self.later.text}"

    @property
    def moments(self) -> tuple[Moment, Moment]:
        return (self.earlier, self.later)


def read_moment(text: str) -> Moment:
    """The moment that `text` writes; raises BadInput."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        example = "planned_start - P7D"
        raise BadInput(_("{text} is no moment; write it like {example}").format(text=repr(text), example=repr(example)))
    anchor, sign, offset = match.groups()
    if anchor not in ANCHORS:
        from desk.config.mistakes import guess

        raise BadInput(_("there is no anchor {name}").format(name=anchor) + guess(anchor, ANCHORS))
    if offset is None:
        return Moment(anchor)
    return Moment(anchor, -1 if sign == "-" else 1, parse_duration(offset) if offset[0] == "P" else offset)


def read_comparison(text: str) -> Comparison:
    """The comparison that `text` writes; raises BadInput."""
    sides = _COMPARISON.split(text)
    if len(sides) != 3 or sides[1] not in ("<=", ">="):
        example = "received_at <= planned_start - P7D"
        raise BadInput(
            _("{text} compares no moments; write it like {example}").format(text=repr(text), example=example)
        )
    left, right = read_moment(sides[0]), read_moment(sides[2])
    return Comparison(left, right) if sides[1] == "<=" else Comparison(right, left)


def earliest(moments: Iterable[Moment], anchors: Anchors, lengths: Lengths, day_count: str) -> datetime | None:
    """The earliest of the moments that are known."""
    known = (moment.at(anchors, lengths, day_count) for moment in moments)
    return min((at for at in known if at is not None), default=None)


def latest_opening(moments: Iterable[Moment], anchors: Anchors, lengths: Lengths, day_count: str) -> datetime | None:
    """The latest of the known moments before which something must not be done."""
    known = (moment.opening(anchors, lengths, day_count) for moment in moments)
    return max((at for at in known if at is not None), default=None)


def anchors_of(outage: Outage) -> dict[str, datetime | None]:
    """What moments are counted from for this outage. Where nobody planned a start, the start itself counts."""
    phases = outage.phases
    start = outage.planned_start or min((phase.start for phase in phases), default=None) or outage.actual_start
    return {
        "planned_start": start,
        "planned_end": outage.planned_end or max((phase.end for phase in phases), default=None),
        "received_at": outage.received_at,
        "opened_at": outage.opened_at,
        "started_at": outage.actual_start,
        "restored_at": outage.actual_end,
        "cause_cleared_at": _moment_in(outage.facts.get("cause_cleared_at"), outage.opened_at),
    }


def _day(start: datetime, days: int, hour: time) -> datetime:
    return datetime.combine((start + timedelta(days=days)).date(), hour, start.tzinfo)


def _moment_in(fact: object, like: datetime) -> datetime | None:
    if isinstance(fact, str) and fact:
        try:
            fact = datetime.fromisoformat(fact)
        except ValueError:
            return None
    if not isinstance(fact, datetime):
        return None
    return fact if fact.tzinfo else fact.replace(tzinfo=like.tzinfo)
