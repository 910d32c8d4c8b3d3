"""Callers without supply whom no known outage explains: their calls make the predicted outages of the made-up county.

One meter box, one transformer area and one lateral, each by as many callers as config.toml asks for.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import FixedClock
from desk.grid import qualified
from desk.records import Customer, Outage, Status, Topic, TransformerArea

MINUTE = timedelta(minutes=1)
SOON = timedelta(hours=4)


class Troubles:
    """Rings up about supply, oldest call first."""

    def __init__(self, desk: Desk, clock: FixedClock, rng: Random, now: datetime) -> None:
        self._desk = desk
        self._clock = clock
        self._rng = rng
        self._now = now

    def ring(self) -> None:
        """Every call; what the county has no free device for does not happen."""
        free = self._areas()
        for ring in (self._below_lateral, self._below_area, self._below_box):
            area = next((area for area in free if ring(area)), None)
            free = [one for one in free if area is None or one.feeder != area.feeder]  # else both would be one

    def _areas(self) -> list[TransformerArea]:
        """The public transformer areas, in an order of their own."""
        areas = self._desk.place.grid.areas
        public = sorted(area.transformer_area for area in areas.values() if area.kind == "public")
        return [areas[name] for name in self._rng.sample(public, len(public))]

    def _below_lateral(self, area: TransformerArea) -> bool:
        if not area.lateral or not self._boxes(area):
            return False
        beside = [one for one in self._desk.place.grid.areas.values() if qualified(one) == qualified(area)]
        villages = [one for one in beside if one.kind == "public" and one != area]
        callers = [box[0] for one in (area, *villages[:1]) for box in self._boxes(one)[:3]]
        return len(callers) == 6 and self._rung(callers, (-14, -13, -12, -11, -10, -8), "全村停电，听见一声响")

    def _below_area(self, area: TransformerArea) -> bool:
        callers = [box[0] for box in self._boxes(area)[:3]]
        return len(callers) == 3 and self._rung(callers, (-7, -5, -4), "突然停电，邻居家也没有电")

    def _below_box(self, area: TransformerArea) -> bool:
        box = next((people for people in self._boxes(area) if len(people) > 2), [])
        return bool(box) and self._rung(box[:2], (-3, -2), "整个单元都没电")

    def _boxes(self, area: TransformerArea) -> list[list[Customer]]:
        """The families below it that have supply, by meter box."""
        boxes: dict[str, list[Customer]] = defaultdict(list)
        for one in self._desk.place.customers.where(transformer_area=area.transformer_area):
            if one.meter_box and one.sector == "residential" and has_supply(self._desk, one, area, self._now):
                boxes[one.meter_box].append(one)
        return list(boxes.values())

    def _rung(self, callers: list[Customer], minutes: tuple[int, ...], note: str) -> bool:
        for number, (caller, at) in enumerate(zip(callers, minutes, strict=True)):
            self._clock.at = self._now + at * MINUTE
            self._desk.calls.log(
                CallRequest(
                    topic=Topic.TROUBLE,
                    number=caller.phones[0].number,
                    account_no=caller.account_no,
                    trouble_code="no_supply",
                    multiple_premises=number == 0,
                    note=note,
                    outcome="callback_promised",
                    callback=True,
                )
            )
        return True


def has_supply(desk: Desk, home: Customer, area: TransformerArea | None, now: datetime) -> bool:
    """Whether no outage explains a call of this customer's today."""
    return all(_is_far_off(one, now) for one in desk.outages.live.touching(home, area))


def _is_far_off(outage: Outage, now: datetime) -> bool:
    return outage.status is Status.SCHEDULED and outage.planned_start is not None and outage.planned_start - now > SOON
