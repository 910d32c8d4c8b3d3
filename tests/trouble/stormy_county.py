"""A county with two feeders of six transformer areas each, twenty customers below four boxes on every one of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from desk.app import Desk
from desk.calls import CallRequest
from desk.records import Call, Customer, Topic, TransformerArea

NOW = datetime(2026, 7, 1, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)

AREAS = [
    TransformerArea(
        transformer_area=f"{feeder}{n}",
        feeder=f"{feeder}线",
        lateral=f"{feeder}支{n // 2}" if n < 4 else "",
        kind="dedicated" if n == 5 else "public",
        service_branch="城关所",
    )
    for feeder in "东西"
    for n in range(6)
]
CUSTOMERS = [
    Customer(
        account_no=f"{area.transformer_area}-{n:02d}",
        name=f"客户{n}",
        transformer_area=area.transformer_area,
        meter_box=f"{area.transformer_area}-B{n % 4}",
    )
    for area in AREAS
    for n in range(60 if area.kind == "public" else 1)
]


def fill(desk: Desk) -> None:
    desk.place.network.put_many(AREAS)
    desk.place.customers.put_many(CUSTOMERS)


def ring(desk: Desk, account: str, minutes: float = 0, **more: object) -> Call:
    """A caller without supply, so many minutes after eight."""
    at = NOW + minutes * MINUTE
    return desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no=account, at=at, **more))  # type: ignore[arg-type]


def ring_area(desk: Desk, area: str, minutes: float = 0, people: int = 3, **more: object) -> list[Call]:
    """Enough callers for a transformer area: below different boxes."""
    return [ring(desk, f"{area}-{n:02d}", minutes, **more) for n in range(people)]
