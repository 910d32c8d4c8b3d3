"""How reliable supply was in a period: customer hours lost, SAIFI, SAIDI, CAIDI and ASAI (IEEE 1366; 中国 DL/T 836).

    found = reliability(place, since, until)
    found.saidi     hours a customer was without supply, on average
    found.by_type   outage type → the same figures' parts

An outage counts with the customers it was declared over, from when supply went off until it was back, clipped to the
period; how often is counted in the period in which it began. What a customer's own conduct caused, or asked for, is no
interruption of supply (DL/T 836) and is left out. Customers are those of today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from desk.access import Access
from desk.records import Outage, Status

if TYPE_CHECKING:
    from desk.place import Place

OF_THE_CUSTOMER = frozenset({"arrears", "theft_violation", "account_closure"})
NOT_HAPPENED = frozenset({Status.PREDICTED, Status.SCHEDULED, Status.CANCELLED})
WORST = 10  # outages that are named
HOUR = timedelta(hours=1)


class Interruption(Struct, frozen=True, kw_only=True):
    """One outage as it counts in a period. `hours` within it; `began`: whether it began in it."""

    outage: str
    type: str
    customers: int
    hours: float
    began: bool

    @property
    def customer_hours(self) -> float:
        return self.customers * self.hours


class Part(Struct, kw_only=True):
    """What the outages of one type came to: how many began, whose supply they took, customer hours."""

    outages: int = 0
    customers_interrupted: int = 0
    customer_hours_lost: float = 0.0

    def add(self, one: Interruption) -> None:
        self.outages += one.began
        self.customers_interrupted += one.customers * one.began
        self.customer_hours_lost += one.customer_hours


class Reliability(Struct, frozen=True, kw_only=True):
    """The figures of a period. `saidi`, `caidi` in hours, `saifi` in interruptions a customer, `asai` as a share."""

    since: datetime
    until: datetime
    made_at: datetime
    made_by: str
    hours: float
    customers: int
    all: Part
    by_type: dict[str, Part]
    worst: tuple[Interruption, ...]

    @property
    def saifi(self) -> float:
        return self.all.customers_interrupted / self.customers if self.customers else 0.0

    @property
    def saidi(self) -> float:
        return self.all.customer_hours_lost / self.customers if self.customers else 0.0

    @property
    def caidi(self) -> float:
        return self.all.customer_hours_lost / self.all.customers_interrupted if self.all.customers_interrupted else 0.0

    @property
    def asai(self) -> float:
        return 1.0 - self.saidi / self.hours if self.hours else 1.0


def reliability(place: Place, since: datetime, until: datetime) -> Reliability:
    """The figures from `since` until before `until`, or until now where that is still to come."""
    Access(place).require("look_up")
    now = place.now()
    end = max(since, min(until, now))
    found = list(interruptions(place.outages_table.all(), since, end, now))
    whole, by_type = Part(), {one.type: Part() for one in sorted(found, key=lambda one: one.type)}
    for one in found:
        whole.add(one)
        by_type[one.type].add(one)
    return Reliability(
        since=since,
        until=until,
        made_at=now,
        made_by=place.agent,
        hours=(end - since) / HOUR,
        customers=place.customers.count(),
        all=whole,
        by_type=by_type,
        worst=tuple(sorted(found, key=lambda one: -one.customer_hours)[:WORST]),
    )


def interruptions(outages: Iterable[Outage], since: datetime, end: datetime, now: datetime) -> Iterator[Interruption]:
    """Those of `outages` that took supply between `since` and `end`. Pure."""
    for outage in outages:
        off, back = outage.actual_start, outage.actual_end or now
        if off is None or outage.status in NOT_HAPPENED or outage.type in OF_THE_CUSTOMER:
            continue
        within = min(back, end) - max(off, since)
        if within <= timedelta(0):
            continue
        yield Interruption(
            outage=outage.id,
            type=outage.type,
            customers=outage.affected.customers,
            hours=within / HOUR,
            began=since <= off < end,
        )
