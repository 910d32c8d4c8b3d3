"""A small county: two feeders with laterals, six transformer areas, a dozen customers; a plan and a fault in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desk.app import Desk
from desk.outages import OutageRequest
from desk.phone_numbers import read_phones
from desk.records import Customer, TransformerArea

HOUR = timedelta(hours=1)
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=ZONE)

AREAS = [
    TransformerArea(transformer_area="T1", feeder="城东线", lateral="一支线", service_branch="城关所"),
    TransformerArea(transformer_area="T2", feeder="城东线", lateral="一支线", service_branch="城关所"),
    TransformerArea(transformer_area="T3", feeder="城东线", lateral="七支线", service_branch="城关所"),
    TransformerArea(transformer_area="T4", feeder="城西线", lateral="七支线", service_branch="城西所"),
    TransformerArea(transformer_area="T5", feeder="城西线", lateral="八支线", service_branch="城西所"),
    TransformerArea(transformer_area="T6", feeder="城西线", kind="dedicated"),
]


def customer(number: int, area: str, phones: str = "", **more: object) -> Customer:
    fields = {"name": f"客户{number}", "address": f"城关镇{number}号", "meter_box": f"B{(number + 1) // 2}", **more}
    return Customer(
        account_no=f"10{number:04d}",
        transformer_area=area,
        phones=read_phones(phones, "0951"),
        **fields,  # type: ignore[arg-type]
    )


CUSTOMERS = [
    customer(1, "T1", "13800138001", name="张三"),
    customer(2, "T1", "13800138002"),
    customer(3, "T2", "0951-5550003", important=True, special=True, grade="first", sector="hospital", name="人民医院"),
    customer(4, "T2", "13800138004；13900139000"),
    customer(5, "T3", "13900139000", medal="gold"),
    customer(6, "T3"),
    customer(7, "T4", "13800138007", special_need="呼吸机"),
    customer(8, "T4"),
    customer(9, "T5", "不详", important=True, grade="second", sector="mine"),
    customer(10, "T5"),
    customer(11, "T6", sector="water"),
    customer(12, "T9"),
]


def plan(desk: Desk, **more: Any) -> OutageRequest:
    now = desk.place.now()
    asked: dict[str, Any] = {
        "type": "planned_maintenance",
        "feeders": ("城东线",),
        "planned_start": now + HOUR,
        "planned_end": now + 5 * HOUR,
        "cause": "更换导线",
        "area": "城东",
    }
    return OutageRequest(**{**asked, **more})


def approve(desk: Desk, outage_id: str) -> None:
    """Everyone whose approval the outage needs gives it."""
    for one in desk.notices.approvals(outage_id):
        desk.notices.approve(outage_id, one.step, by="李局长", mode="written", at=desk.place.now() - HOUR)


def fault(desk: Desk, **more: Any) -> OutageRequest:
    del desk
    return OutageRequest(**{"type": "grid_fault", "feeders": ("城西线",), "cause": "树障", "area": "城西", **more})
