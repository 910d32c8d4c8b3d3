"""A known outage explains what calls pointed to: predicted outages below it join it, with their calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from desk.access import Access
from desk.i18n import _
from desk.place import Place
from desk.records import ACTIVE, Call, Change, Outage, Status


def explained(place: Place, outage: Outage, regrouped: Callable[[Sequence[Call]], object]) -> Outage:
    """The outage with the calls of every predicted one that lies wholly below it; inside the transaction of the act.

    `regrouped` hears of the calls that belong to it now.
    """
    below = [one for one in _predicted(place) if one.id != outage.id and _covers(place, outage, one)]
    if outage.status not in ACTIVE or not below:
        return outage
    calls = [call for one in below for call in place.calls_table.where(predicted=one.id)]
    joined = [replace(call, outage=outage.id, predicted="", counted="", uncounted="attached") for call in calls]
    place.calls_table.put_many(joined)
    place.outages_table.put_many(_taken_back(one, outage.id, place.now(), place.agent) for one in below)
    for one in below:
        Access(place).note("outage.take_back", one.id, {"known_as": outage.id})
    known = replace(outage, calls=outage.calls + len(joined))
    place.outages_table.put(known)
    regrouped(joined)
    return known


def _predicted(place: Place) -> list[Outage]:
    return place.outages_table.where(status=Status.PREDICTED)


def _covers(place: Place, outage: Outage, guess: Outage) -> bool:
    """Whether all that the guess touches is off by the outage."""
    areas = {area.transformer_area for area in place.grid.areas_below(outage.scope)}
    if guess.affected.transformer_areas and areas.issuperset(guess.affected.transformer_areas):
        return True
    boxes = guess.scope.meter_boxes
    return bool(boxes) and set(outage.scope.meter_boxes).issuperset(boxes)


def _taken_back(guess: Outage, known: str, at: datetime, by: str) -> Outage:
    change = Change(at=at, act="cancel", by=by, reason=_("known as {id}").format(id=known))
    return replace(guess, status=Status.CANCELLED, calls=0, history=(*guess.history, change))
