"""A county of four feeders and a dozen customers, two of them important; and its order table as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from desk.orders import OrderRow
from desk.outages import OutageRequest
from desk.phone_numbers import read_phones
from desk.records import Customer, TransformerArea

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=ZONE)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

FEEDERS = ("城东线", "城西线", "南山线", "北河线")
AREAS = [
    TransformerArea(transformer_area=f"T{number}", feeder=feeder, service_branch=f"{feeder[:2]}所")
    for number, feeder in enumerate((*FEEDERS, *FEEDERS), 1)
]


def _customer(number: int, **more: Any) -> Customer:
    fields = {"name": f"客户{number}", "transformer_area": f"T{number % 8 + 1}", "voltage": "0.4kV", **more}
    phones = read_phones(f"157800000{number:02d}", "0951")
    return Customer(account_no=f"10{number:04d}", phones=phones, **fields)


CUSTOMERS = [
    *(_customer(number) for number in range(8)),
    _customer(8, name="人民医院", important=True, special=True, grade="first", sector="hospital", voltage="10kV"),
    _customer(9, name="北河煤矿", important=True, grade="second", sector="mine", transformer_area="T4"),
    _customer(10, name="第一中学", special=True, sector="school", transformer_area="T2"),
    _customer(11, medal="gold", transformer_area="T2"),
]
# 人民医院 is below 城东线, 北河煤矿 below 北河线, 第一中学 below 城西线.

ROWS = tuple(
    OrderRow(position=position, feeder=feeder, load=load)
    for position, feeder, load in ((1, "城西线", 3.5), (2, "南山线", 2.0), (2, "北河线", 4.0), (3, "城东线", 5.0))
)

ORDER_CSV = """超电网供电能力限电序位表,,,
序位,线路名称,负荷（kW）,备注
1,城西线,3500,
第二轮,南山线,2000,
2,北河线,0.4万千瓦,煤矿
3,城东线,5MW,
合计,,14500,
"""


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


class Ran(NamedTuple):
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]
