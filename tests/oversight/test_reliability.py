"""How reliable supply was: the figures of IEEE 1366 over outages whose hours are known."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.oversight.reliability import HOUR, Part, Reliability, interruptions
from desk.records import Affected, Outage, Scope, Status

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 12, 1, tzinfo=ZONE)
END = BEGIN + timedelta(days=10)


def outage(off: float, back: float | None, customers: int = 100, **more: object) -> Outage:
    """An outage from `off` to `back`, in hours after the beginning of the period; None: it lasts."""
    asked: dict[str, object] = {
        "id": "O1",
        "type": "grid_fault",
        "status": Status.RESTORED if back is not None else Status.CONFIRMED,
        "scope": Scope(feeders=("F",)),
        "received_at": BEGIN,
        "opened_at": BEGIN,
        "actual_start": BEGIN + off * HOUR,
        "actual_end": None if back is None else BEGIN + back * HOUR,
        "affected": Affected(customers=customers),
    }
    return Outage(**{**asked, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("off", "back", "hours", "began"),
    [(2, 5, 3, True), (-4, 6, 6, False), (238, 250, 2, True), (-5, 300, 240, False), (230, None, 10, True)],
    ids=["within", "began before", "ends after", "the whole of it", "lasts still"],
)
def test_an_outage_counts_with_its_hours_in_the_period(
    off: float, back: float | None, hours: float, began: bool
) -> None:
    (one,) = interruptions([outage(off, back)], BEGIN, END, END + HOUR)
    assert (one.hours, one.began, one.customer_hours) == (hours, began, hours * 100)


@pytest.mark.parametrize(
    "other",
    [
        outage(-9, -2),
        outage(241, 250),
        outage(1, 3, status=Status.CANCELLED),
        outage(1, None, status=Status.PREDICTED),
        outage(1, 3, type="arrears"),
        outage(1, 3, actual_start=None),
    ],
    ids=["over before", "still to come", "cancelled", "only predicted", "the customer's own doing", "never began"],
)
def test_what_took_no_supply_in_the_period_does_not_count(other: Outage) -> None:
    assert list(interruptions([other], BEGIN, END, END)) == []


def test_the_indices_are_those_of_the_standard() -> None:
    found = figures([outage(0, 2, 300), outage(10, 14, 100)], customers=1000)
    assert found.all == Part(outages=2, customers_interrupted=400, customer_hours_lost=1000.0)
    assert (found.saifi, found.saidi, found.caidi) == (0.4, 1.0, 2.5)
    assert found.asai == pytest.approx(1 - 1 / 240)


def test_a_county_without_customers_lost_nothing() -> None:
    found = figures([], customers=0)
    assert (found.saifi, found.saidi, found.caidi, found.asai) == (0.0, 0.0, 0.0, 1.0)


@given(
    st.lists(st.tuples(st.floats(-50, 300), st.floats(0, 100), st.integers(1, 500)), max_size=8), st.integers(1, 239)
)
def test_two_periods_side_by_side_lose_what_the_whole_loses(made: list[tuple[float, float, int]], cut: int) -> None:
    outages = [outage(off, off + length, customers) for off, length, customers in made]
    middle = BEGIN + cut * HOUR
    whole = figures(outages).all
    parts = [figures(outages, since=BEGIN, end=middle).all, figures(outages, since=middle, end=END).all]
    assert sum(part.customer_hours_lost for part in parts) == pytest.approx(whole.customer_hours_lost, abs=0.01)
    assert sum(part.customers_interrupted for part in parts) == whole.customers_interrupted


def figures(outages: list[Outage], customers: int = 1000, since: datetime = BEGIN, end: datetime = END) -> Reliability:
    whole = Part()
    for one in interruptions(outages, since, end, END + timedelta(days=30)):
        whole.add(one)
    hours = (end - since) / HOUR
    return Reliability(
        since=since,
        until=end,
        made_at=end,
        made_by="",
        hours=hours,
        customers=customers,
        all=whole,
        by_type={},
        worst=(),
    )
