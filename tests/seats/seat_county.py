"""A small county with two outages over the same customers, and several seats at its one store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from desk.app import Desk
from desk.clock import Clock, FixedClock
from desk.config import Config
from desk.outages import OutageRequest
from desk.phone_numbers import read_phones
from desk.records import Customer, Duty, Outage, TransformerArea

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)
MANY = 12  # customers who are owed a call


def fill(desk: Desk) -> None:
    """Twelve important customers on one feeder."""
    desk.place.network.put_many([TransformerArea(transformer_area="T1", feeder="城东线", service_branch="城关所")])
    desk.place.customers.put_many(
        Customer(
            account_no=f"1000{number:02d}",
            name=f"客户{number}",
            transformer_area="T1",
            address=f"城关镇{number}号",
            phones=read_phones(f"138001380{number:02d}", "0951"),
            important=True,
        )
        for number in range(MANY)
    )
    desk.seats.presences.announce()  # the table is there: one that another process makes is known a moment later
    desk.seats.leave()


def fault(desk: Desk, cause: str = "树障") -> Outage:
    return desk.outages.open(OutageRequest(type="grid_fault", feeders=("城东线",), cause=cause, area="城东")).outage


def plan(desk: Desk) -> Outage:
    start = NOW + timedelta(days=10)
    request = OutageRequest(
        type="planned_maintenance",
        feeders=("城东线",),
        planned_start=start,
        planned_end=start + timedelta(hours=6),
        cause="更换导线",
        area="城东",
    )
    return desk.outages.open(request).outage


def calls(desk: Desk, outage: Outage) -> list[Duty]:
    """The duties of an outage that are done on the telephone, to customers."""
    return [
        duty for duty in desk.notices.of(outage.id) if "phone" in duty.channels and duty.recipient.kind == "customer"
    ]


@contextmanager
def seat(config: Config, number: str, agent: str, clock: Clock | None = None, role: str = "agent") -> Iterator[Desk]:
    """Another seat at the same store."""
    there = replace(config, desk=replace(config.desk, seat=number, agent=agent, role=role))
    with Desk.open(there, clock=clock or FixedClock(NOW)) as desk:
        yield desk
