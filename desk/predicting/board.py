"""Keeps the predicted outages on the board in step with the calls, below one feeder at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct, convert, to_builtins
from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.config.settings import TroubleSettings
from desk.grid import affected as count_affected
from desk.place import Place
from desk.predicting.devices import Above, device_of, facts_of, scope_of
from desk.predicting.reconcile import Standing, Wanted, reconciled
from desk.predicting.window import Window
from desk.records import Call, Change, Outage, Scope, Status, TransformerArea
from desk.trouble import AreaFacts, Device, Grounds, Level, Limits, TroubleCall, predicted

TYPE = "grid_fault"  # what a probable outage is taken for until somebody knows
PLACED = "placed_by"  # the fact that a person chose its device: calls join it and move it no more


class _Stands(Struct):
    """A predicted outage below the feeder in question, and its device."""

    outage: Outage
    device: Device


class PredictedBoard:
    """Writes predicted outages and the calls that point to them; called inside the transaction of a logged call."""

    def __init__(self, place: Place, window: Window) -> None:
        self._place = place
        self._access = Access(place)
        self._window = window
        self._sizes: tuple[int, dict[str, int]] = (-1, {})
        self.regrouped: Callable[[Sequence[Call]], object] = lambda _calls: None  # hears of calls put elsewhere

    def follow(self, call: Call, area: TransformerArea | None) -> Call:
        """The call with the predicted outage it belongs to; that one is new, raised, or has one call more."""
        feeder = area.feeder if area else ""
        standing = self._standing(feeder)
        above = self._above([call], standing)
        settled = next((one for one in standing if _is_settled(one) and above.covers(one.device, _place(call))), None)
        return self._join(call, settled.outage) if settled else self._look_again(call, feeder, standing)

    def take_back(self, outage: Outage, reason: str) -> Outage:
        """It is no outage of its own any more."""
        change = Change(at=self._place.now(), act="cancel", by=self._place.agent, reason=reason)
        gone = replace(outage, status=Status.CANCELLED, calls=0, history=(*outage.history, change))
        self._place.outages_table.put(gone)
        self._access.note("outage.take_back", gone.id)
        return gone

    def _look_again(self, call: Call, feeder: str, standing: Sequence[_Stands]) -> Call:
        before = {one.id: one for one in self._window.calls(feeder, call.at)}
        calls = {**before, call.id: call}
        above = self._above(calls.values(), standing)
        found = predicted(map(as_counted, calls.values()), self._areas(feeder, calls.values()), self._limits)
        free = {one.outage.id: one for one in standing if PLACED not in one.outage.facts}
        for wanted in reconciled(found, [Standing(id, one.device) for id, one in free.items()], above):
            if not _says_so(free.get(wanted.keeps), wanted, calls):
                calls |= {one.id: one for one in self._become(wanted, calls)}
        moved = [one for id, one in calls.items() if id != call.id and one != before.get(id)]
        self._place.calls_table.put_many(moved)
        self.regrouped(moved)
        mine = calls[call.id]
        over = next((one for one in standing if not mine.predicted and above.covers(one.device, _place(call))), None)
        return self._join(mine, over.outage) if over else mine

    @cached_property
    def _limits(self) -> Limits:
        return limits_of(self._place.config.trouble)

    def _standing(self, feeder: str) -> list[_Stands]:
        """The predicted outages below a feeder; boxes on no known feeder are below none."""
        grid = self._place.grid  # taken once: to ask for it is to look whether the network has changed
        found = []
        for outage in self._place.outages_table.where(status=Status.PREDICTED):
            if feeder and feeder not in (*outage.affected.feeders, *outage.scope.feeders):
                continue
            device = device_of(outage, grid)
            if device:
                found.append(_Stands(outage, device))
        return found

    def _above(self, calls: Iterable[Call], standing: Iterable[_Stands]) -> Above:
        boxes = {
            one.device.name: area
            for one in standing
            if one.device.level is Level.METER_BOX
            for area in one.outage.affected.transformer_areas
        }
        return Above(
            self._place.grid, boxes | {call.meter_box: call.transformer_area for call in calls if call.meter_box}
        )

    def _areas(self, feeder: str, calls: Iterable[Call]) -> dict[str, AreaFacts]:
        """The transformer areas below the feeder; customers are counted where there are calls."""
        version = self._place.changes.version(schema.CUSTOMERS)
        if self._sizes[0] != version:
            self._sizes = (version, {})
        sizes = self._sizes[1]
        for name in {call.transformer_area for call in calls} - sizes.keys():
            sizes[name] = self._place.customers.count(transformer_area=name)
        below = self._place.grid.areas_below(Scope(feeders=(feeder,))) if feeder else ()
        return {area.transformer_area: facts_of(area, sizes.get(area.transformer_area, 0)) for area in below}

    def _become(self, wanted: Wanted, calls: dict[str, Call]) -> list[Call]:
        """Store what is wanted; returns the calls that are its own now."""
        members = [calls[id] for id in wanted.prediction.calls]
        table = self._place.outages_table
        standing = table.get(wanted.keeps) if wanted.keeps else None
        merged = [outage for id in wanted.merges if (outage := table.get(id))]
        taken_in = [call for outage in merged for call in self._place.calls_table.where(predicted=outage.id)]
        outage = self._stored(wanted, members, standing, merged)
        for one in merged:
            self.take_back(one, outage.id)
        own = {one.id: replace(one, predicted=outage.id) for one in [*taken_in, *members]}
        older = [one for id, one in own.items() if id not in calls]
        self._place.calls_table.put_many(older)
        self.regrouped(older)
        return [one for id, one in own.items() if id in calls]

    def _stored(
        self, wanted: Wanted, members: Sequence[Call], standing: Outage | None, merged: Sequence[Outage]
    ) -> Outage:
        outage = standing or self._new(wanted, members)
        scope = scope_of(wanted.device, self._place.grid)
        raised = scope != outage.scope
        fresh = sum(call.predicted not in (outage.id, *(one.id for one in merged)) for call in members)
        facts = {**outage.facts, "grounds": to_builtins(wanted.prediction.grounds)} | self._still_out(members)
        changed = replace(
            outage,
            scope=scope,
            affected=self._counted(scope) if raised else outage.affected,
            calls=outage.calls + fresh + sum(one.calls for one in merged),
            actual_start=self._began(outage, wanted, merged, facts),
            danger_to_life=outage.danger_to_life or any(call.hazard for call in members),
            facts=facts,
            history=(*outage.history, self._change("raise")) if raised else outage.history,
        )
        self._place.outages_table.put(changed)
        if raised or standing is None:
            self._access.note("outage.raise" if standing else "outage.predict", changed.id)
        return changed

    def _new(self, wanted: Wanted, members: Sequence[Call]) -> Outage:
        scope, now = scope_of(wanted.device, self._place.grid), self._place.now()
        bare = Outage(
            id="",
            type=TYPE,
            status=Status.PREDICTED,
            scope=scope,
            received_at=now,
            opened_at=now,
            actual_start=members[0].at,
            affected=self._counted(scope),
            history=(self._change("predict"),),
        )
        return self._place.outages_table.add(lambda number: replace(bare, id=f"O{number}"))

    def _began(self, outage: Outage, wanted: Wanted, merged: Sequence[Outage], facts: dict[str, Any]) -> Any:
        """When supply went as far as anyone can tell: the first call, or the start of what was restored too early."""
        moments = [wanted.prediction.first, *(one.actual_start for one in (outage, *merged) if one.actual_start)]
        before = self._place.outages_table.get(facts["still_out"]) if "still_out" in facts else None
        return min([*moments, *([before.actual_start] if before and before.actual_start else [])])

    def _still_out(self, members: Iterable[Call]) -> dict[str, str]:
        found = next((call.still_out for call in members if call.still_out), "")
        return {"still_out": found} if found else {}

    def _join(self, call: Call, outage: Outage) -> Call:
        """One more call of what it does not raise: a feeder, a device that a person chose, or one seen before."""
        grounds = self._one_more(call, outage)
        facts = {**outage.facts, **({"grounds": to_builtins(grounds)} if grounds else {})}
        danger = outage.danger_to_life or bool(call.hazard)
        self._place.outages_table.put(replace(outage, calls=outage.calls + 1, facts=facts, danger_to_life=danger))
        return replace(call, predicted=outage.id)

    def _one_more(self, call: Call, outage: Outage) -> Grounds | None:
        """What speaks for it with one more call: exact, and read from the calls of one transformer area alone."""
        if not outage.facts.get("grounds"):
            return None
        grounds = convert(outage.facts["grounds"], Grounds)
        area = call.transformer_area
        below = self._place.calls_table.where(transformer_area=area) if area else ()
        mates = [one for one in below if one.predicted == outage.id]
        own = [one for one in mates if one.account_no == call.account_no]
        fresh_box = call.meter_box and not own and all(one.meter_box != call.meter_box for one in mates)
        says_so = call.multiple_premises and not any(one.multiple_premises for one in own)
        return replace(
            grounds,
            customers=grounds.customers + (not own),
            first=min(grounds.first, call.at),
            last=max(grounds.last, call.at),
            area=area if grounds.area == area else "",
            boxes=grounds.boxes + bool(fresh_box),
            areas=grounds.areas + (not mates),
            neighbours=grounds.neighbours + bool(says_so),
            urgent=grounds.urgent or call.own_transformer,
        )

    def _counted(self, scope: Scope) -> Any:
        return count_affected(self._place.store, self._place.grid, scope)

    def _change(self, act: str) -> Change:
        return Change(at=self._place.now(), act=act, by=self._place.agent)


def _is_settled(one: _Stands) -> bool:
    return one.device.level is Level.FEEDER or PLACED in one.outage.facts


def _place(call: Call) -> Device:
    if call.meter_box:
        return Device(Level.METER_BOX, call.meter_box)
    return Device(Level.TRANSFORMER_AREA, call.transformer_area)


def _says_so(standing: _Stands | None, wanted: Wanted, calls: dict[str, Call]) -> bool:
    """Whether what stands on the board is what is wanted, calls and all: then nothing is written."""
    return (
        standing is not None
        and standing.device == wanted.device
        and not wanted.merges
        and standing.outage.facts.get("grounds") == to_builtins(wanted.prediction.grounds)
        and all(calls[id].predicted == standing.outage.id for id in wanted.prediction.calls)
    )


def limits_of(chosen: TroubleSettings) -> Limits:
    """What it takes to reach a device, as the county set it."""
    names = ("box_customers", "area_customers", "area_boxes", "lateral_areas", "feeder_laterals")
    counts = {name: getattr(chosen, name) for name in names}
    return Limits(**counts, area_share=chosen.area_percent / 100, feeder_share=chosen.feeder_percent / 100)


def as_counted(call: Call) -> TroubleCall:
    """A logged call as the pure function wants it."""
    return TroubleCall(
        id=call.id,
        at=call.at,
        account_no=call.account_no,
        transformer_area=call.transformer_area,
        meter_box=call.meter_box,
        neighbours_too=call.multiple_premises,
        own_transformer=call.own_transformer,
    )
