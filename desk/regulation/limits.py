"""Bounds on the outage itself: a plan that came too late, an entry not made at once, a fact that forbids it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from desk.i18n import _, in_language
from desk.records import Outage
from desk.regulation.facts import Broken
from desk.regulation.moments import anchors_of
from desk.regulation.pack import Limit
from desk.regulation.packs import Regulation
from desk.regulation.words import stretch


def broken(outage: Outage, regulation: Regulation, now: datetime | None = None) -> tuple[Broken, ...]:
    """The limits this outage does not keep, each from its first second (the entry, or `now` where that is given)."""
    return tuple(
        Broken(
            rule=limit.full, article=limit.article, what=_what(limit, outage, regulation), at=now or outage.opened_at
        )
        for limit in regulation.limits
        if not limit.refuses and limit.holds_for(outage.type) and _is_broken(limit, outage, regulation)
    )


def refusals(outage_type: str, facts: Mapping[str, Any], regulation: Regulation) -> Iterator[Limit]:
    """The limits for which an outage with these facts cannot be opened; a fact that is not known forbids nothing."""
    for limit in regulation.limits:
        if limit.refuses and limit.holds_for(outage_type) and _forbids(limit, facts.get(limit.fact)):
            yield limit


def _is_broken(limit: Limit, outage: Outage, regulation: Regulation) -> bool:
    if limit.holds is None:
        return _forbids(limit, outage.facts.get(limit.fact))
    earlier, later = _sides(limit, outage, regulation)
    return earlier is not None and later is not None and earlier > later


def _sides(limit: Limit, outage: Outage, regulation: Regulation) -> tuple[datetime | None, datetime | None]:
    assert limit.holds is not None
    anchors, lengths = anchors_of(outage), regulation.lengths(limit.pack)
    earlier, later = (moment.at(anchors, lengths, regulation.day_count) for moment in limit.holds.moments)
    return earlier, later


def _forbids(limit: Limit, value: object) -> bool:
    if value is None or value == "":
        return False
    if limit.more_than is not None:
        return not isinstance(value, int | float) or value <= limit.more_than
    return bool(limit.one_of) and str(value) not in limit.one_of


def _what(limit: Limit, outage: Outage, regulation: Regulation) -> str:
    """What is wrong, and by how much."""
    words = in_language(limit.broken)
    if limit.holds is None:
        return words
    earlier, later = _sides(limit, outage, regulation)
    if earlier is None or later is None:
        return words
    return _("{what} ({by} late)").format(what=words, by=stretch(earlier - later))
