"""What the regulation demands after an outage was entered: approvals in their order, and news of times that move.

Written from the text like `reading`; approvals are Articles 16 to 20, early starts and late ends are Article 9.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from oracle.reading import (
    ARTICLES,
    HOUR,
    MINUTE,
    Figures,
    Happening,
    Owed,
    county,
    recipients,
    special_or_important,
)

Posts = tuple[str, ...]

# Art. 16: what cannot be announced is reported afterwards; everything else is approved before anyone is told.
AFTERWARDS = frozenset({"grid_fault", "theft_violation", "unforeseeable"})
# Notices to customers whose deadline counts from the entry, and that wait for an approval.
FROM_ENTRY = {"county:A9.2c", "county:A10.3", "county:A12.2b"}


@dataclass(frozen=True)
class Times:
    """The announced window of an outage."""

    start: datetime
    end: datetime


def approvals(happening: Happening) -> Mapping[str, Posts]:
    """Article -> the posts that approve, in their order, before a notice goes out."""
    found: dict[str, Posts] = {}
    if happening.type in AFTERWARDS:
        return found
    low = any(person.voltage == "0.4kV" for person in happening.customers)
    high = any(person.voltage in ("10kV", "35kV") for person in happening.customers)
    reviewed = ("production_technology", "marketing") * high
    found["16"] = (*reviewed, *("marketing_director",) * low, *("leader",) * high)
    if happening.type == "planned_maintenance":
        found["17"] = ("applicant", "marketing", "leader")
    if happening.type == "temporary_maintenance":
        found["18"] = ("dispatch_director",)
    return {article: posts for article, posts in found.items() if posts}


def moment_of_change(before: Times, after: Times) -> datetime | None:
    """When an early start or a late end is first noticed by who believes in the old times; None when it is neither.

    An early start at the new start, a late end when power was promised back; where the whole window moves on,
    already when power was to go.
    """
    if after.start >= before.start and after.end <= before.end:
        return None
    moved = [(old, new) for old, new in ((before.start, after.start), (before.end, after.end)) if old != new]
    return min(min(pair) for pair in moved)


def news_of_change(happening: Happening, before: Times, after: Times) -> Iterator[Owed]:
    """Art. 9.5: the work unit says it half an hour ahead, special and important customers hear before that moment."""
    moment = moment_of_change(before, after)
    if moment is None or happening.type != "planned_maintenance":
        return
    ahead = moment - 30 * MINUTE
    yield county("A9.5b", "9.5", "department", "95598", ahead, owner="work_unit", channels={"phone"})
    for name in recipients(happening, special_or_important):
        yield county("A9.5c", "9.5", "customer", name, moment, owner="95598", channels={"phone", "sms"})


def approved_later(rows: frozenset[Owed], happening: Happening, at: datetime, figures: Figures) -> frozenset[Owed]:
    """What is owed once the approval came at `at`: a deadline that counts from the entry counts from then."""
    late = replace(happening, entered=at)
    again = {row for article in ARTICLES[late.type] for row in article(late, figures)}
    moved = {(row.rules[0], row.id): row.due for row in again if row.rules[0] in FROM_ENTRY}
    return frozenset(_stricter(row, moved.get((row.rules[0], row.id)), happening) for row in rows)


def _stricter(row: Owed, due: datetime | None, happening: Happening) -> Owed:
    if due is None:
        return row
    statute = happening.start - 24 * HOUR if "national:N28.2" in row.rules else due
    return replace(row, due=min(due, statute))
