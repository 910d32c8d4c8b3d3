"""The standing self-check of Articles 22–24: what was done out of order, late, not at all or without a signature.

    found = compliance(place, since, until)
    found.rows          every violation and failed duty, oldest first
    found.by_article    how many duties each article owed, and what became of them
    found.by_outage     told of owed, and the names still open

A duty belongs to the period in which it was due: between two periods none is lost, none counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from msgspec import Struct

from desk import schema
from desk.access import Access
from desk.clock import parse_time
from desk.errors import BadInput
from desk.i18n import _
from desk.notices import Notices
from desk.notices.book import DutyBook
from desk.oversight.coverage import NOT_OWED, Coverage, missed_before_it_fell_away, of_article
from desk.oversight.signatures import unsigned
from desk.oversight.words import recipient
from desk.records import LIVE, OPEN_DUTIES, Approval, Duty, DutyState, Violation

if TYPE_CHECKING:
    from desk.place import Place


class Row(Struct, frozen=True, kw_only=True):
    """One thing that was not as it must be. `outage` is None for a duty of the calendar."""

    outage: str | None
    article: str
    what: str
    at: datetime


class Compliance(Struct, frozen=True, kw_only=True):
    """The self-check of one period, as it stood at `made_at`. `waiting` are the approvals that live outages lack."""

    since: datetime
    until: datetime
    made_at: datetime
    made_by: str
    rows: tuple[Row, ...]
    by_article: dict[str, Coverage]
    by_outage: dict[str, Coverage]
    waiting: tuple[Approval, ...]


def compliance(place: Place, since: datetime, until: datetime) -> Compliance:
    """The self-check of what was due, and what was violated, from `since` until before `until`."""
    Access(place).require("look_up")
    now = place.now()
    Notices(place).keep_calendar()
    sweep = Sweep(now)
    sweep.take(duty for duty in DutyBook(place).all() if since <= duty.due < until)
    violations = place.store.records(schema.VIOLATIONS, Violation).range("at", since, until)
    rows = [*map(_of_violation, violations), *sweep.rows]
    return Compliance(
        since=since,
        until=until,
        made_at=now,
        made_by=place.agent,
        rows=tuple(sorted(rows, key=lambda row: (row.at, row.outage or "", row.article, row.what))),
        by_article=dict(sorted(sweep.by_article.items(), key=lambda item: article_order(item[0]))),
        by_outage=sweep.by_outage,
        waiting=tuple(approvals_waiting(place)),
    )


class Sweep:
    """One pass over duties: counted by article and by outage, the failed ones told."""

    def __init__(self, now: datetime) -> None:
        self.by_article: dict[str, Coverage] = {}
        self.by_outage: dict[str, Coverage] = {}
        self.rows: list[Row] = []
        self._now = now

    def take(self, duties: Iterable[Duty]) -> None:
        now = self._now
        for duty in duties:
            for article in of_article(duty):
                _counter(self.by_article, article).add(duty, now)
            _counter(self.by_outage, duty.outage).add(duty, now)
            self.rows.extend(failures(duty, now))


def _counter(table: dict[str, Coverage], name: str) -> Coverage:
    if name not in table:
        table[name] = Coverage()
    return table[name]


def failures(duty: Duty, now: datetime) -> Iterator[Row]:
    """What is wrong with a duty as it stands at `now`: nothing, late, not done, not reached, or not signed for."""
    if missed_before_it_fell_away(duty):
        yield _of_duty(duty, _("not done, was due {due}: {who}"), duty.due)
    if duty.state in NOT_OWED:
        return
    closed = duty.closed_at or duty.due
    if duty.late:
        yield _of_duty(duty, _("done late, was due {due}: {who}"), closed)
    if duty.state in OPEN_DUTIES:
        if duty.due < now:
            yield _of_duty(duty, _("not done, was due {due}: {who}"), duty.due)
    elif duty.state is DutyState.UNREACHABLE:
        yield _of_duty(duty, _("not reached, was due {due}: {who}"), closed)
    elif unsigned(duty):
        yield _of_duty(duty, _("no signature, was due {due}: {who}"), closed)


def _of_duty(duty: Duty, words: str, at: datetime) -> Row:
    what = words.format(due=duty.due.strftime("%Y-%m-%d %H:%M"), who=recipient(duty.recipient))
    first, *others = duty.articles or ("",)
    if others:
        what += _(" (also {articles})").format(articles=", ".join(others))
    return Row(outage=duty.outage or None, article=first, what=what, at=at)


def _of_violation(violation: Violation) -> Row:
    return Row(outage=violation.outage or None, article=violation.article, what=_(violation.what), at=violation.at)


def approvals_waiting(place: Place) -> list[Approval]:
    """The approvals that outages now or ahead still lack, most pressing first."""
    live = place.outages_table.revisions(status=sorted(LIVE))
    found = place.store.records(schema.APPROVALS, Approval)
    waiting = [one for one in (found.each(outage=list(live)) if live else ()) if one.at is None]
    return sorted(waiting, key=lambda one: (one.needed_by is None, one.needed_by or place.now(), one.outage, one.order))


def article_order(article: str) -> tuple[tuple[int, str], ...]:
    """9.1 before 9.4 before 10.1: how articles are counted, not spelled."""
    parts = article.replace("(", ".").replace(")", "").split(".")
    return tuple((int(part), "") if part.isdigit() else (10**6, part) for part in parts)


def period(since: str, until: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """The moments between which a report looks; a bare date as its end means to the end of that day."""
    begin, end = parse_time(since, zone), parse_time(until, zone)
    if len(until.strip()) <= len("2026-12-01"):
        end += timedelta(days=1)
    if end <= begin:
        raise BadInput(_("the period ends before it begins: {since} to {until}").format(since=since, until=until))
    return begin, end
