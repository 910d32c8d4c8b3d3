"""Calls that point to nothing, each for its reason; and those that count although something else is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from stormy_county import MINUTE, NOW, ring, ring_area

from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import FixedClock
from desk.outages import OutageRequest
from desk.records import Outage, Topic

WEEK = timedelta(days=7)


def suspension(desk: Desk, type: str = "arrears") -> Outage:
    """A suspension of one customer's supply, planned for five minutes past eight."""
    clock = desk.place.clock
    assert isinstance(clock, FixedClock)
    clock.at = NOW - 2 * WEEK  # type: ignore[misc]
    asked = OutageRequest(
        type=type,
        accounts=("东0-00",),
        planned_start=NOW - 5 * MINUTE,
        planned_end=NOW + WEEK,
        facts={"overdue_days": 45},
        cause="欠费",
    )
    return desk.outages.open(asked).outage


def maintenance(desk: Desk, starts_in: float) -> Outage:
    clock = desk.place.clock
    assert isinstance(clock, FixedClock)
    clock.at = NOW - 2 * WEEK  # type: ignore[misc]
    start = NOW + starts_in * MINUTE
    times = {"planned_start": start, "planned_end": start + timedelta(hours=4)}
    asked = OutageRequest(type="planned_maintenance", transformer_areas=("东0",), cause="检修", **times)
    outage = desk.outages.open(asked).outage
    clock.at = NOW + 60 * MINUTE  # type: ignore[misc]
    return outage


def predicted(desk: Desk) -> list[Outage]:
    return desk.outages.listed("predicted")


def test_whose_supply_is_suspended_is_not_counted(desk: Desk, clock: FixedClock) -> None:
    cut = suspension(desk)
    clock.at = NOW  # type: ignore[misc]
    desk.outages.start(cut.id, reason="按规定执行")
    clock.at = NOW + 60 * MINUTE  # type: ignore[misc]
    call = ring(desk, "东0-00", 10)
    assert (call.uncounted, call.outage) == ("suspended", cut.id)


def test_a_suspension_still_to_come_explains_nothing(desk: Desk, clock: FixedClock) -> None:
    clock.at = NOW - 2 * WEEK  # type: ignore[misc]
    asked = OutageRequest(
        type="arrears", accounts=("东0-00",), planned_start=NOW + WEEK, facts={"overdue_days": 45}, cause="欠费"
    )
    desk.outages.open(asked)
    clock.at = NOW + 60 * MINUTE  # type: ignore[misc]
    assert ring(desk, "东0-00", 10).uncounted == ""


def test_the_neighbours_of_a_suspended_customer_count(desk: Desk, clock: FixedClock) -> None:
    cut = suspension(desk)
    clock.at = NOW  # type: ignore[misc]
    desk.outages.start(cut.id, reason="按规定执行")
    clock.at = NOW + 60 * MINUTE  # type: ignore[misc]
    for n in range(1, 4):
        assert ring(desk, f"东0-{n:02d}", 10).uncounted == ""
    assert [one.scope.transformer_areas for one in predicted(desk)] == [("东0",)]


def test_below_a_scheduled_outage_whose_time_has_come_nobody_is_counted(desk: Desk) -> None:
    plan = maintenance(desk, starts_in=-5)
    calls = ring_area(desk, "东0", 10)
    assert [(call.uncounted, call.outage) for call in calls] == [("scheduled", plan.id)] * 3
    assert predicted(desk) == []


def test_before_its_time_has_come_a_scheduled_outage_explains_nothing(desk: Desk) -> None:
    maintenance(desk, starts_in=120)
    calls = ring_area(desk, "东0", 10)
    assert [(call.uncounted, call.outage) for call in calls] == [("", "")] * 3
    assert len(predicted(desk)) == 1


@pytest.mark.parametrize("topic", [Topic.COMPLAINT, Topic.INQUIRY, Topic.OUTAGE_INQUIRY, Topic.EXPEDITE])
def test_a_call_that_is_not_about_missing_supply_is_not_counted(desk: Desk, topic: Topic) -> None:
    for n in range(4):
        call = desk.calls.log(CallRequest(topic=topic, account_no=f"东0-{n:02d}", at=NOW))
        assert call.uncounted == "topic"
    assert predicted(desk) == []


def test_an_inquiry_of_a_caller_without_supply_counts(desk: Desk) -> None:
    asked = CallRequest(topic=Topic.OUTAGE_INQUIRY, account_no="东0-00", trouble_code="no_supply", at=NOW)
    assert desk.calls.log(asked).uncounted == ""


def test_a_caller_whom_nobody_knows_is_not_counted(desk: Desk) -> None:
    call = desk.calls.log(CallRequest(topic=Topic.TROUBLE, number="09515550000", at=NOW))
    assert call.uncounted == "nobody"


def test_calls_that_are_not_counted_change_nothing(desk: Desk) -> None:
    ring_area(desk, "东0", people=2)
    for n in range(10, 20):
        ring(desk, f"东0-{n:02d}", trouble_code="flicker")
    assert predicted(desk) == []
    assert ring(desk, "东0-02").predicted == predicted(desk)[0].id
