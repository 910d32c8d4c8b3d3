"""A small county where every kind of recipient is owed something: a hospital, a mine, a group, medals, two branches."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desk.app import Desk
from desk.outages import OutageRequest
from desk.phone_numbers import read_phones
from desk.records import Customer, Duty, Outage, TransformerArea

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=ZONE)

AREAS = [
    TransformerArea(transformer_area="T1", feeder="城东线", service_branch="城关所"),
    TransformerArea(transformer_area="T2", feeder="城东线", service_branch="城东所"),
    TransformerArea(transformer_area="T3", feeder="城西线", service_branch="城西所"),
]


def customer(number: int, area: str, phones: str = "", **more: object) -> Customer:
    return Customer(
        account_no=f"10{number:04d}",
        name=str(more.pop("name", f"客户{number}")),
        transformer_area=area,
        phones=read_phones(phones, "0951"),
        **more,  # type: ignore[arg-type]
    )


HOSPITAL, MINE, SPECIAL, GOLD = "100001", "100002", "100003", "100004"
CUSTOMERS = [
    customer(1, "T1", "0951-5550001（办）；13800138001（值班）", name="人民医院", important=True, special=True),
    customer(2, "T2", "13800138002", name="煤矿", important=True, sector="mine", voltage="10kV"),
    customer(3, "T1", "13800138003", special=True),
    customer(4, "T1", "13800138004", medal="gold"),
    customer(5, "T1", "13800138005"),
    customer(6, "T1", "", name="移动一站", important=True, group="移动公司"),
    customer(7, "T2", "13900139007", name="移动二站", important=True, group="移动公司"),
    customer(8, "T3", "13800138008", special=True),
    customer(9, "T3", "13800138009", important=True),
]


def plan(**more: Any) -> OutageRequest:
    asked: dict[str, Any] = {
        "type": "planned_maintenance",
        "feeders": ("城东线",),
        "planned_start": NOW + 10 * DAY,
        "planned_end": NOW + 10 * DAY + 6 * HOUR,
        "cause": "更换导线",
        "area": "城东",
    }
    return OutageRequest(**{**asked, **more})


def fault(**more: Any) -> OutageRequest:
    return OutageRequest(**{"type": "grid_fault", "feeders": ("城东线",), "cause": "树障", "area": "城东", **more})


def opened(desk: Desk, request: OutageRequest) -> Outage:
    return desk.outages.open(request).outage


def approve_all(desk: Desk, outage: Outage) -> None:
    for step in desk.notices.approvals(outage.id):
        desk.notices.approve(outage.id, step.step, by="李局长", mode="written")


def owed(desk: Desk, outage: Outage, rule: str, to: str = "") -> Duty:
    """The duty of one rule to one recipient (the first, when none is named)."""
    found = [duty for duty in desk.notices.of(outage.id) if rule in duty.rules and to in ("", duty.recipient.id)]
    assert found, (rule, to, [(duty.rules, duty.recipient.id) for duty in desk.notices.of(outage.id)])
    return found[0]
