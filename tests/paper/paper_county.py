"""A small county to print for: a hospital, a mine, a chain of twenty sites, a school with a long name, two branches."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desk.app import Desk
from desk.outages import OutageRequest
from desk.records import Customer, Duty, Outage, Phase, TransformerArea

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=ZONE)
START = NOW + 10 * DAY

AREAS = [
    TransformerArea(transformer_area="T1", transformer_name="东关一台区", feeder="城东线", service_branch="城关所"),
    TransformerArea(transformer_area="T2", transformer_name="南门台区", feeder="城东线", service_branch="城东所"),
]
CHAIN = "中国移动通信集团青山分公司"
LONG = "青山县城关镇第一初级中学暨青山县教师进修学校附属实验初级中学（东校区）"
FAR = "青山县城关镇人民大道与滨河南路交叉口向东三百米路北院内综合教学楼一层配电室"


def customer(number: int, area: str, name: str, address: str, **more: Any) -> Customer:
    return Customer(account_no=f"10{number:04d}", name=name, transformer_area=area, address=address, **more)


CUSTOMERS = [
    customer(1, "T1", "人民医院", "和平路12号", important=True, special=True, sector="hospital"),
    customer(2, "T2", "青山煤矿", "矿区路1号", important=True, sector="mine", voltage="10kV"),
    customer(3, "T1", "王兰", "和平路2号", special=True, special_need="呼吸机"),
    customer(4, "T1", "张三", "和平路3号"),
    customer(5, "T1", LONG, FAR, important=True, sector="school"),
    *(
        customer(100 + number, "T1", f"{CHAIN}第{number}基站", f"建设街{number}号", important=True, group=CHAIN)
        for number in range(1, 21)
    ),
]
HOSPITAL, MINE, SPECIAL, PLAIN = "100001", "100002", "100003", "100004"


def plan(**more: Any) -> OutageRequest:
    asked: dict[str, Any] = {
        "type": "planned_maintenance",
        "reference": "JX2026-117",
        "feeders": ("城东线",),
        "planned_start": START,
        "planned_end": START + 10 * HOUR,
        "cause": "更换导线",
        "area": "城关镇和平路以东",
        "phases": (
            Phase(start=START, end=START + 6 * HOUR),
            Phase(start=START + 6 * HOUR, end=START + 10 * HOUR, supply="single_circuit", note="由城西线转供"),
        ),
        "facts": {"work_unit": "检修一班"},
    }
    return OutageRequest(**{**asked, **more})


def arrears(account: str = PLAIN) -> OutageRequest:
    facts = {"overdue_days": 45, "demands": 3, "amount": 12834.5, "application": "QF2026-003"}
    return OutageRequest(type="arrears", accounts=(account,), planned_start=START, facts=facts)


def theft(account: str = PLAIN) -> OutageRequest:
    return OutageRequest(type="theft_violation", accounts=(account,), cause="表前接线", facts={"inspector": "王建国"})


def opened(desk: Desk, request: OutageRequest) -> Outage:
    return desk.outages.open(request).outage


def approved(desk: Desk, request: OutageRequest) -> Outage:
    """An outage with every approval that it needs."""
    outage = opened(desk, request)
    for step in desk.notices.approvals(outage.id):
        desk.notices.approve(outage.id, step.step, by="李局长", mode="written")
    return desk.outages.get(outage.id)


def owed(desk: Desk, outage: Outage, to: str, channel: str = "written_notice") -> Duty:
    """The duty over a channel to one recipient."""
    return next(duty for duty in desk.notices.of(outage.id) if duty.recipient.id == to and channel in duty.channels)
