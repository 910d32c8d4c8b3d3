"""From no-power calls to probable outages. Pure: counted calls and the network in, predictions out.

    predicted(calls, Network(areas), Limits())

What reaches a device goes by topology, never by distance: meter box → transformer area → lateral → feeder. The order
of the calls changes nothing, one more call never lowers a level, and each call belongs to exactly one prediction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import IntEnum
from math import ceil

from msgspec import Struct

from desk.i18n import _, ngettext


class Level(IntEnum):
    """How far up the evidence reaches. A `service` case is one house: no device."""

    SERVICE = 0
    METER_BOX = 1
    TRANSFORMER_AREA = 2
    LATERAL = 3
    FEEDER = 4


class Limits(Struct, frozen=True, kw_only=True):
    """What it takes to reach a device; customers are counted once, one whose neighbours are out too as two."""

    box_customers: int = 2
    area_customers: int = 3
    area_boxes: int = 2
    area_share: float = 0.10
    least_share: int = 2  # a share of a small transformer area is never less than so many customers
    lateral_areas: int = 2
    feeder_laterals: int = 2
    feeder_share: float = 0.30


class TroubleCall(Struct, frozen=True, kw_only=True):
    """One counted call: whose supply, below which box and transformer, and what the caller said of the neighbours.

    `own_transformer`: a dedicated-transformer or important customer, who predicts its own transformer at once.
    """

    id: str
    at: datetime
    account_no: str
    transformer_area: str
    meter_box: str = ""
    neighbours_too: bool = False
    own_transformer: bool = False


class AreaFacts(Struct, frozen=True, kw_only=True):
    """Where a transformer area hangs, and how many customers it supplies."""

    feeder: str
    lateral: str = ""
    customers: int = 0


class Device(Struct, frozen=True, order=True):
    """One device by level and name; a lateral is named `feeder/lateral`, a service case by its account."""

    level: Level
    name: str


class Grounds(Struct, frozen=True, kw_only=True):
    """What speaks for a prediction. `instead` names the devices that the same evidence would also fit: where it
    ties, the lower one was taken."""

    customers: int
    first: datetime
    last: datetime
    area: str = ""  # the only transformer area; empty where there are several, or none is known
    boxes: int = 0
    areas: int = 1
    neighbours: int = 0
    urgent: bool = False
    instead: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        """Within which time they called; a minute at least."""
        return max(int((self.last - self.first).total_seconds() // 60), 1)


class Prediction(Struct, frozen=True, kw_only=True):
    """One probable outage: the device, the calls below it in the order of time, and what speaks for it."""

    device: Device
    calls: tuple[str, ...]
    accounts: tuple[str, ...]
    first: datetime
    grounds: Grounds


class _Customer(Struct):
    """One customer's calls together."""

    account_no: str
    transformer_area: str
    meter_box: str
    calls: list[TroubleCall]

    @property
    def weight(self) -> int:
        return 1 + any(call.neighbours_too for call in self.calls)

    @property
    def own(self) -> bool:
        return any(call.own_transformer for call in self.calls)


def predicted(
    calls: Iterable[TroubleCall], areas: Mapping[str, AreaFacts], limits: Limits = Limits()
) -> tuple[Prediction, ...]:
    """The probable outages behind `calls`, the highest device first; a lone call is a service case of its own."""
    customers = _customers(calls)
    reach = _Reach(customers, areas, limits)
    below: dict[Device, list[_Customer]] = {}
    for customer in customers:
        below.setdefault(reach.highest(customer), []).append(customer)
    found = (_prediction(device, group, reach.instead(device)) for device, group in below.items())
    return tuple(sorted(found, key=lambda one: (-one.device.level, one.device.name)))


def weighed(calls: Iterable[TroubleCall]) -> Grounds | None:
    """What speaks for one outage behind all of these calls, as a person put them together; None without calls."""
    customers = _customers(calls)
    return _grounds(customers, _in_order(customers), ()) if customers else None


def reason(grounds: Grounds) -> str:
    """What speaks for a prediction, in a sentence for an agent."""
    parts = [_("transformer area {name}").format(name=grounds.area)] if grounds.area else []
    parts.append(ngettext("{count} customer", "{count} customers", grounds.customers).format(count=grounds.customers))
    if grounds.neighbours:
        words = ngettext("{count} says the neighbours too", "{count} say the neighbours too", grounds.neighbours)
        parts.append(words.format(count=grounds.neighbours))
    if grounds.areas > 1:
        parts.append(_("in {count} transformer areas").format(count=grounds.areas))
    elif grounds.boxes > 1:
        parts.append(_("in {count} meter boxes").format(count=grounds.boxes))
    parts.append(_("within {minutes} min").format(minutes=grounds.minutes))
    if grounds.urgent:
        parts.append(_("an important customer or one with an own transformer"))
    if grounds.instead:
        parts.append(_("may also be {names}").format(names=_(", ").join(grounds.instead)))
    return _(", ").join(parts)


class _Reach:
    """Which devices the evidence reaches, and which it would only tie with."""

    def __init__(self, customers: list[_Customer], areas: Mapping[str, AreaFacts], limits: Limits) -> None:
        self._areas = areas
        self._limits = limits
        self._reached: set[Device] = set()
        self._ties: dict[Device, Device] = {}  # lower device → the upper one that fits the same evidence
        self._boxes(customers)
        counted = self._each_area(customers)
        self._upwards(counted)

    def highest(self, customer: _Customer) -> Device:
        """The highest device reached above a customer; the customer alone where there is none."""
        return next((device for device in self._above(customer) if device in self._reached), _case(customer))

    def instead(self, device: Device) -> tuple[Device, ...]:
        upper = self._ties.get(device)
        return (upper,) if upper else ()

    def _boxes(self, customers: list[_Customer]) -> None:
        weights: dict[Device, int] = {}
        for customer in customers:
            if customer.meter_box:
                box = Device(Level.METER_BOX, customer.meter_box)
                weights[box] = weights.get(box, 0) + customer.weight
        self._reached |= {box for box, weight in weights.items() if weight >= self._limits.box_customers}

    def _each_area(self, customers: list[_Customer]) -> list[str]:
        """Reach the transformer areas; returns those that count further up."""
        by_area: dict[str, list[_Customer]] = {}
        for customer in customers:
            by_area.setdefault(customer.transformer_area, []).append(customer)
        counted = [name for name, group in by_area.items() if name and self._area(name, group)]
        own = [customer.transformer_area for customer in customers if customer.own and customer.transformer_area]
        self._reached |= {Device(Level.TRANSFORMER_AREA, name) for name in [*counted, *own]}
        return counted

    def _area(self, name: str, group: list[_Customer]) -> bool:
        limits, weight = self._limits, sum(customer.weight for customer in group)
        facts = self._areas.get(name)
        share = max(limits.least_share, ceil(facts.customers * limits.area_share)) if facts and facts.customers else 0
        if weight < limits.area_customers and not (share and weight >= share):
            return False
        boxes = {customer.meter_box for customer in group}
        if "" in boxes or len(boxes) >= limits.area_boxes:
            return True
        # All of it below one box: the box or the transformer, one is as likely; the lower is taken.
        self._ties[Device(Level.METER_BOX, boxes.pop())] = Device(Level.TRANSFORMER_AREA, name)
        return False

    def _upwards(self, counted: list[str]) -> None:
        by_feeder: dict[str, list[str]] = {}
        for name in counted:
            if name in self._areas:
                by_feeder.setdefault(self._areas[name].feeder, []).append(name)
        sizes = Counter(facts.feeder for facts in self._areas.values()) if by_feeder else Counter()
        for feeder, names in by_feeder.items():
            laterals = self._laterals(names)
            self._reached |= laterals
            self._feeder(Device(Level.FEEDER, feeder), names, laterals, sizes[feeder])

    def _laterals(self, names: list[str]) -> set[Device]:
        on: dict[Device, int] = {}
        for name in names:
            lateral = self._lateral(self._areas[name])
            if lateral:
                on[lateral] = on.get(lateral, 0) + 1
        return {lateral for lateral, count in on.items() if count >= self._limits.lateral_areas}

    def _feeder(self, feeder: Device, counted: list[str], laterals: set[Device], size: int) -> None:
        if len(laterals) >= self._limits.feeder_laterals:
            self._reached.add(feeder)
            return
        if len(counted) < size * self._limits.feeder_share:
            return
        children = {self._lateral(self._areas[area]) or Device(Level.TRANSFORMER_AREA, area) for area in counted}
        if len(children) > 1:
            self._reached.add(feeder)
        else:
            child = children.pop()
            lower = child if child in self._reached else Device(Level.TRANSFORMER_AREA, counted[0])
            self._ties[lower] = feeder

    def _above(self, customer: _Customer) -> Iterable[Device]:
        """The devices above a customer, the highest first."""
        facts = self._areas.get(customer.transformer_area)
        if facts:
            yield Device(Level.FEEDER, facts.feeder)
            if lateral := self._lateral(facts):
                yield lateral
        yield Device(Level.TRANSFORMER_AREA, customer.transformer_area)
        yield Device(Level.METER_BOX, customer.meter_box)

    def _lateral(self, facts: AreaFacts) -> Device | None:
        return Device(Level.LATERAL, f"{facts.feeder}/{facts.lateral}") if facts.lateral else None


def _customers(calls: Iterable[TroubleCall]) -> list[_Customer]:
    found: dict[str, _Customer] = {}
    for call in sorted(calls, key=lambda call: (call.at, call.id)):
        fresh = _Customer(call.account_no, call.transformer_area, call.meter_box, [])
        found.setdefault(call.account_no, fresh).calls.append(call)
    return list(found.values())


def _case(customer: _Customer) -> Device:
    return Device(Level.SERVICE, customer.account_no)


def _in_order(group: Iterable[_Customer]) -> list[TroubleCall]:
    return sorted((call for customer in group for call in customer.calls), key=lambda call: (call.at, call.id))


def _prediction(device: Device, group: list[_Customer], instead: tuple[Device, ...]) -> Prediction:
    calls = _in_order(group)
    return Prediction(
        device=device,
        calls=tuple(call.id for call in calls),
        accounts=tuple(sorted(customer.account_no for customer in group)),
        first=calls[0].at,
        grounds=_grounds(group, calls, tuple(one.name for one in instead)),
    )


def _grounds(group: list[_Customer], calls: list[TroubleCall], instead: tuple[str, ...]) -> Grounds:
    areas = {customer.transformer_area for customer in group}
    return Grounds(
        customers=len(group),
        first=calls[0].at,
        last=calls[-1].at,
        area=next(iter(areas)) if len(areas) == 1 else "",
        boxes=len({customer.meter_box for customer in group if customer.meter_box}),
        areas=len(areas),
        neighbours=sum(customer.weight > 1 for customer in group),
        urgent=any(customer.own for customer in group),
        instead=instead,
    )
