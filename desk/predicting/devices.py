"""Devices as the network knows them, as the scope of an outage, and which of them lies below which. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from desk.grid import Grid, qualified
from desk.records import Outage, Scope, TransformerArea
from desk.trouble import AreaFacts, Device, Level


class Above:
    """Which devices lie above which, by the county's network."""

    def __init__(self, grid: Grid, box_areas: dict[str, str]) -> None:
        self._grid = grid
        self._box_areas = box_areas  # meter box → its transformer area, as far as callers named it

    def chain(self, device: Device) -> Iterator[Device]:
        """The device and all above it, upwards."""
        yield device
        if device.level is Level.METER_BOX:
            area = self._box_areas.get(device.name, "")
            if area:
                yield from self.chain(Device(Level.TRANSFORMER_AREA, area))
        elif device.level is Level.TRANSFORMER_AREA:
            facts = self._grid.area(device.name)
            if facts and facts.lateral:
                yield Device(Level.LATERAL, qualified(facts))
            if facts:
                yield Device(Level.FEEDER, facts.feeder)
        elif device.level is Level.LATERAL:
            yield Device(Level.FEEDER, device.name.partition("/")[0])

    def covers(self, upper: Device, lower: Device) -> bool:
        """Whether `lower` is `upper` itself or hangs below it."""
        return upper in self.chain(lower)


def facts_of(area: TransformerArea, customers: int) -> AreaFacts:
    """A transformer area as the pure function wants it."""
    return AreaFacts(feeder=area.feeder, lateral=area.lateral, customers=customers)


def scope_of(device: Device, grid: Grid) -> Scope:
    """The scope that an outage of this device has; a lateral stands under the shortest name that is its own."""
    match device.level:
        case Level.METER_BOX:
            return Scope(meter_boxes=(device.name,))
        case Level.TRANSFORMER_AREA:
            return Scope(transformer_areas=(device.name,))
        case Level.LATERAL:
            short = device.name.partition("/")[2]
            return Scope(laterals=(short if short in grid.laterals else device.name,))
        case Level.FEEDER:
            return Scope(feeders=(device.name,))
    return Scope(accounts=(device.name,))


def device_of(outage: Outage, grid: Grid) -> Device | None:
    """The one device that a predicted outage stands for; None when its scope is something else."""
    scope = outage.scope
    if len(scope.feeders) == 1:
        return Device(Level.FEEDER, scope.feeders[0])
    if len(scope.laterals) == 1:
        return Device(Level.LATERAL, _qualified_name(scope.laterals[0], grid))
    if len(scope.transformer_areas) == 1:
        return Device(Level.TRANSFORMER_AREA, scope.transformer_areas[0])
    if len(scope.meter_boxes) == 1:
        return Device(Level.METER_BOX, scope.meter_boxes[0])
    return None


def _qualified_name(lateral: str, grid: Grid) -> str:
    if "/" in lateral:
        return lateral
    below = grid.areas_below(Scope(laterals=(lateral,)))
    return qualified(below[0]) if below else lateral
