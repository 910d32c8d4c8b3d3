"""What happens in a simulated year: 5,000 outages of all nine types, drawn from one seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from desk.demo.facts import facts_of
from desk.demo.stories import Story
from desk.grid import Grid
from desk.outages import OutageRequest

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

# type → how many of a hundred outages, on which devices, after how long a notice, in its usual words.
SHARES: Mapping[str, int] = {
    "planned_maintenance": 46,
    "temporary_maintenance": 15,
    "grid_fault": 15,
    "arrears": 9,
    "unforeseeable": 5,
    "hazard_removal": 4,
    "supply_shortage": 2,
    "theft_violation": 2,
    "account_closure": 2,
}
DEVICES: Mapping[str, tuple[str, ...]] = {
    "planned_maintenance": ("area", "area", "area", "lateral", "lateral", "feeder"),
    "temporary_maintenance": ("area", "area", "lateral"),
    "grid_fault": ("area", "area", "lateral", "feeder"),
    "unforeseeable": ("area", "area", "lateral"),
    "hazard_removal": ("area", "lateral"),
    "supply_shortage": ("feeder",),
}
CAUSES: Mapping[str, tuple[str, ...]] = {
    "planned_maintenance": ("台区低压线路改造", "支线绝缘化改造", "变压器增容", "柱上开关自动化改造"),
    "temporary_maintenance": ("低压电缆头过热消缺", "跌落式熔断器缺陷处理"),
    "grid_fault": ("雷击致线路跳闸", "大风刮倒树木压断导线", "公变低压侧总开关跳闸"),
    "arrears": ("电费逾期未交，依规中止供电",),
    "unforeseeable": ("施工挖断电缆，正在抢修", "车辆撞击表箱，接户线受损", "洪水漫进配电房"),
    "hazard_removal": ("清除线路通道内倾倒树木隐患",),
    "supply_shortage": ("用电负荷超供电能力，按序位限电",),
    "theft_violation": ("绕越计量装置用电，依规中止供电",),
    "account_closure": ("客户申请销户",),
}
UNPLANNED = frozenset({"grid_fault", "unforeseeable", "theft_violation"})
SHED_ORDER = 60  # feeders of the order tables


class Plan(NamedTuple):
    """One outage of the year: when the desk hears of it, and what becomes of it."""

    heard: datetime
    request: OutageRequest
    then: str  # done | cancelled | longer | earlier | smaller
    lasts: timedelta


class Year:
    """Draws the outages of one year, in the order in which the desk hears of them."""

    def __init__(self, grid: Grid, accounts: Sequence[str], begin: datetime, seed: int) -> None:
        self._rng = Random(f"year {seed}")
        self._begin = begin
        self._feeders = grid.feeders
        self._names: Mapping[str, Sequence[str]] = {
            "feeder": grid.feeders,
            "lateral": [name for name in grid.laterals if "/" not in name],
            "area": list(grid.areas),
        }
        self._accounts = list(accounts)
        self._rng.shuffle(self._accounts)

    def plans(self, count: int) -> list[Plan]:
        types = self._rng.choices(list(SHARES), weights=list(SHARES.values()), k=count)
        return sorted((self._plan(type) for type in types), key=lambda plan: plan.heard)

    def order(self) -> Iterator[tuple[int, str, float]]:
        """(position, feeder, MW) of an order table."""
        feeders = list(self._feeders)
        self._rng.shuffle(feeders)
        for position, feeder in enumerate(feeders[:SHED_ORDER], 1):
            yield position, feeder, round(self._rng.uniform(0.8, 6.0), 2)

    def _plan(self, type: str) -> Plan:
        rng = self._rng
        start = self._begin + DAY * rng.uniform(21, 356)
        start = start.replace(minute=rng.choice((0, 30)), second=0, microsecond=0)
        planned = type not in UNPLANNED
        if planned:
            start = start.replace(hour=rng.choice((6, 7, 8, 8, 9, 13, 19)))
        lasts = timedelta(minutes=rng.choice((45, 90, 120, 240, 480, 600)))
        heard = start - self._notice(type) if planned else start + rng.randint(1, 9) * MINUTE
        cause = rng.choice(CAUSES[type])
        request = OutageRequest(
            type=type,
            planned_start=start,
            planned_end=start + lasts,
            cause=cause,
            area="柳河镇王家庄、李家湾一带",
            received_at=heard,
            facts=facts_of(Story(type, "", "", 0, None, cause), start, rng) | self._shed(type),
            **self._scope(type),
        )
        return Plan(heard + rng.randint(1, 12) * MINUTE, request, self._then(type), lasts)

    def _shed(self, type: str) -> dict[str, Any]:
        return {"shed": True} if type == "grid_fault" and self._rng.random() < 0.03 else {}

    def _scope(self, type: str) -> dict[str, tuple[str, ...]]:
        if type not in DEVICES:
            return {"accounts": (self._accounts.pop(),)}
        device = self._rng.choice(DEVICES[type])
        field = {"feeder": "feeders", "lateral": "laterals", "area": "transformer_areas"}[device]
        return {field: (self._rng.choice(self._names[device]),)}

    def _notice(self, type: str) -> timedelta:
        """How long before its start the desk hears of it: most plans in time, some too late."""
        rng = self._rng
        ranges: Mapping[str, Callable[[], timedelta]] = {
            "planned_maintenance": lambda: DAY * (rng.uniform(8, 20) if rng.random() < 0.9 else rng.uniform(2, 7)),
            "arrears": lambda: DAY * rng.uniform(8, 15),
            "account_closure": lambda: DAY * rng.uniform(2, 6),
            "supply_shortage": lambda: HOUR * rng.uniform(4, 30),
        }
        wait = ranges.get(type, lambda: HOUR * rng.uniform(3, 40))()
        return timedelta(seconds=int(wait.total_seconds()))

    def _then(self, type: str) -> str:
        if type in UNPLANNED:
            return self._rng.choices(("done", "smaller"), weights=(95, 5))[0]
        acts = ("done", "cancelled", "longer", "earlier", "smaller")
        return self._rng.choices(acts, weights=(84, 4, 6, 3, 3))[0]
