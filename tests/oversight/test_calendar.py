"""Duties of the calendar: the capacity-limit order table, owed by 30 April of every year (Art. 11.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from oversight_county import NOW, ROWS, ZONE, Run

from desk.app import Desk
from desk.clock import FixedClock
from desk.notices.calendar import owed_in
from desk.orders import Kind
from desk.regulation.pack import CalendarRule

SPRING = datetime(2027, 3, 1, 8, 0, tzinfo=ZONE)
RULE = CalendarRule(
    id="A11.2",
    pack="county",
    articles=("11.2",),
    name={"en": "order table"},
    says={"en": "compiled and approved"},
    owner="marketing",
    every="04-30",
    recipients=("department:marketing",),
    evidence_kind="approved_table",
)


def calendar(desk: Desk) -> list[Any]:
    return [duty for duty in desk.notices.all() if not duty.outage]


def approve(desk: Desk, at: datetime) -> None:
    table = desk.orders.take(Kind.CAPACITY, ROWS).table
    desk.orders.consent(table.id, "government", by="县发改局", at=at, ref="8号")


@pytest.fixture
def in_use(desk: Desk, clock: FixedClock) -> Desk:
    """A desk at which somebody worked in December 2026, in spring."""
    desk.access.note("import.customers")
    clock.at = SPRING
    return desk


def test_it_is_due_at_the_end_of_its_day_and_owed_to_the_department() -> None:
    (duty,) = owed_in(2027, [RULE], NOW)
    assert (duty.due, duty.articles, duty.rules, duty.owner) == (
        datetime(2027, 4, 30, 23, 59, 59, tzinfo=ZONE),
        ("11.2",),
        ("county:A11.2",),
        "marketing",
    )


def test_it_stands_in_the_work_list_from_the_first_of_january_once(in_use: Desk) -> None:
    assert [duty.articles for duty in calendar(in_use)] == [("11.2",)]
    assert len(calendar(in_use)) == 1
    assert [work.duty.outage for work in in_use.notices.work(owner="marketing")] == [""]


def test_what_was_due_before_anybody_worked_at_the_desk_is_not_owed(desk: Desk) -> None:
    assert calendar(desk) == []
    desk.access.note("import.customers")
    assert calendar(desk) == []


def test_the_governments_approval_closes_it(in_use: Desk) -> None:
    approve(in_use, SPRING)
    (duty,) = calendar(in_use)
    assert (duty.state, duty.late, duty.closed_at) == ("done", False, SPRING)
    assert (duty.evidence[0].person, duty.evidence[0].ref, duty.evidence[0].note) == ("县发改局", "8号", "L1")


def test_an_approval_in_may_closes_it_late(in_use: Desk, clock: FixedClock) -> None:
    assert calendar(in_use)
    clock.at = datetime(2027, 5, 3, 9, 0, tzinfo=ZONE)
    assert [work.overdue for work in in_use.notices.work(state="overdue")] == [True]
    approve(in_use, clock.at)
    (duty,) = calendar(in_use)
    assert (duty.state, duty.late) == ("done", True)


def test_every_year_has_its_own(in_use: Desk, clock: FixedClock) -> None:
    approve(in_use, SPRING)
    clock.at = SPRING.replace(year=2028)
    assert [(duty.due.year, duty.state) for duty in calendar(in_use)] == [(2027, "done"), (2028, "pending")]


def test_it_is_settled_by_hand_too_and_shown_without_an_outage(in_use: Desk, run: Run) -> None:
    (duty,) = calendar(in_use)
    in_use.notices.settle(duty.id, "done", person="李科长", ref="8号")
    rows = run("duties", "--json").json
    assert [(row["outage"], row["state"]) for row in rows] == [(None, "done")]


def test_a_missed_one_is_in_the_report_of_the_period(in_use: Desk, run: Run) -> None:
    assert in_use
    later = datetime(2027, 6, 1, tzinfo=ZONE)
    rows = run("report", "compliance", "--from", "2027-04-01", "--to", "2027-04-30", "--json", now=later).json
    assert [(row["outage"], row["article"]) for row in rows] == [(None, "11.2")]
