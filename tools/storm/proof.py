"""What is left after a storm: is every acknowledged call stored once, and is the board what the calls say?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from desk.app import Desk
from desk.predicting.board import as_counted, limits_of
from desk.predicting.devices import device_of, facts_of
from desk.records import Call, Status
from desk.trouble import Device, Level, predicted
from tools.storm.plan import token


class Proof(Struct, frozen=True, kw_only=True):
    """Counts of a storm that is over. `differ` names the devices about which store and pure function disagree."""

    stored: int
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    counted: int
    attached: int
    predicted: Mapping[str, int]
    callbacks: int
    differ: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not (self.lost or self.twice or self.differ)


def prove(desk: Desk, acknowledged: Mapping[int, str]) -> Proof:
    """`acknowledged`: number of the plan → id of the call that the desk returned."""
    calls = list(desk.place.calls_table.all())
    notes, by_id = Counter(call.note for call in calls), {call.id: call for call in calls}
    lost = [id for number, id in acknowledged.items() if id not in by_id or by_id[id].note != token(number)]
    stored, pure = _on_board(desk), _by_function(desk, calls)
    differ = [device for device in stored.keys() | pure.keys() if stored.get(device) != pure.get(device)]
    return Proof(
        stored=len(calls),
        lost=tuple(lost),
        twice=tuple(note for note, count in notes.items() if count > 1),
        counted=sum(bool(call.counted) for call in calls),
        attached=sum(bool(call.outage) for call in calls),
        predicted=Counter(device.level.name.lower() for device in stored),
        callbacks=len(desk.callbacks.listed("open")),
        differ=tuple(f"{device.level.name.lower()} {device.name}" for device in sorted(differ)),
    )


def _on_board(desk: Desk) -> dict[Device, frozenset[str]]:
    found = {}
    for outage in desk.place.outages_table.where(status=Status.PREDICTED):
        device = device_of(outage, desk.place.grid)
        if device:
            found[device] = frozenset(call.id for call in desk.calls.predicting.of(outage.id))
    return found


def _by_function(desk: Desk, calls: list[Call]) -> dict[Device, frozenset[str]]:
    place = desk.place
    sizes = Counter(customer.transformer_area for customer in place.customers.all())
    areas = {area.transformer_area: facts_of(area, sizes[area.transformer_area]) for area in place.network.all()}
    counted = [as_counted(call) for call in calls if call.counted]
    found = predicted(counted, areas, limits_of(place.config.trouble))
    return {one.device: frozenset(one.calls) for one in found if one.device.level is not Level.SERVICE}
