"""Predicted outages: what calls point to, on the board until somebody who knows confirms it or takes it back.

    predicting.followed(call, customer)         called when a call is logged, in the same transaction
    predicting.confirm("O12", by="调度王工")      a dispatcher's word, or a report from the field
    predicting.move("O12", "feeder", reason=…)   up or down by a person; calls never move it again
    predicting.storm()                          whether a storm is on, and whether one is proposed

What calls point to is `desk.trouble`, pure; this room keeps the board in step with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.errors import BadInput, NotFound, Refused
from desk.grid import affected as count_affected
from desk.i18n import _
from desk.outages import Outages
from desk.place import Place
from desk.predicting.board import PredictedBoard, as_counted
from desk.predicting.counting import REASONS, TROUBLE_CODES, predicts_own_transformer, why_not_counted
from desk.predicting.devices import Above, device_of, scope_of
from desk.predicting.window import Window
from desk.records import Call, Change, Customer, Outage, Status
from desk.trouble import Device, Level, weighed

__all__ = ["REASONS", "TROUBLE_CODES", "Predicting", "Storm"]

STORM = "storm"  # the mark that stands while a person has switched storm mode on
CONFIRMING = ("dispatch", "field")
LEVELS = {level.name.lower(): level for level in Level if level is not Level.SERVICE}


class Storm(Struct, frozen=True, kw_only=True):
    """Whether storm mode is on and since when; `proposed`: so many calls without a known outage that it should be."""

    on: bool
    proposed: bool
    calls: int = 0
    since: datetime | None = None


class Predicting:
    """The predicted outages of one county, from one seat."""

    def __init__(
        self, place: Place, outages: Outages, regrouped: Callable[[Sequence[Call]], object] = lambda _calls: None
    ) -> None:
        """`regrouped` hears, in the transaction, of calls that belong to another outage than before, or to none."""
        self._place = place
        self._outages = outages
        self.regrouped = regrouped
        self._access = Access(place)
        self._window = Window(place)

    @cached_property
    def _board(self) -> PredictedBoard:
        board = PredictedBoard(self._place, self._window)
        board.regrouped = self.regrouped
        return board

    # calls

    def followed(self, call: Call, customer: Customer | None, touching: Iterable[Outage]) -> Call:
        """The call as it counts: into which predicted outage, or why into none. Inside the transaction of the log."""
        why = why_not_counted(call, customer, touching)
        if why or customer is None:
            return replace(call, uncounted=why)
        area = self._place.network.get(customer.transformer_area)
        call = replace(
            call,
            meter_box=customer.meter_box,
            own_transformer=predicts_own_transformer(customer, area),
            counted=self._window.key(area.feeder if area else "", call.at),
            counted_at=call.at,
        )
        return self._board.follow(call, area)

    def still_out(self, touching: Iterable[Outage], at: datetime) -> Outage | None:
        """The outage that was restored below this customer's device so lately that the caller is still out of it."""
        limit = timedelta(minutes=self._place.config.trouble.still_out_minutes)
        over = [one for one in touching if one.actual_end and timedelta(0) <= at - one.actual_end <= limit]
        return max(over, key=lambda one: one.actual_end or at, default=None)

    def of(self, outage_id: str) -> list[Call]:
        """The calls of a predicted outage, by time."""
        return sorted(self._place.calls_table.where(predicted=outage_id), key=lambda call: (call.at, call.id))

    # a person's word

    def confirm(
        self, outage_id: str, *, by: str, source: str = "dispatch", reason: str = "", at: datetime | None = None
    ) -> Outage:
        """A dispatcher's word or a report from the field makes it an outage; what it owes is derived from now on."""
        if source not in CONFIRMING:
            raise BadInput(
                _("“{source}” confirms nothing; it is one of: {all}").format(source=source, all="dispatch, field")
            )
        if not by.strip():
            raise BadInput(_("who confirmed {id}? Give the name").format(id=outage_id))
        outage = self._predicted(outage_id)
        words = f"{source}: {by.strip()}" + (f" ({reason.strip()})" if reason.strip() else "")
        return self._outages.start(outage.id, at=at or outage.actual_start, reason=words)

    def move(self, outage_id: str, level: str, reason: str) -> Outage:
        """Put it on the device of `level` above or below where it stands; calls do not move it any more.

        Raises BadInput where there is no such device, or where below there is more than one.
        """
        outage = self._predicted(outage_id)
        _needed(reason)
        here, above = self._device(outage), self._above(outage)
        wanted = LEVELS.get(level)
        if wanted is None:
            raise BadInput(
                _("there is no level {level}; it is one of: {all}").format(level=level, all=", ".join(LEVELS))
            )
        device = next((one for one in above.chain(here) if one.level is wanted), None) or self._below(outage, wanted)
        return self._rewritten(outage, "move", reason, device=device)

    def split(self, outage_id: str, calls: Iterable[str], reason: str) -> Outage:
        """Take calls out of it: they are looked at by themselves, and join nothing by machine. Without any call left it
        is taken back."""
        outage = self._predicted(outage_id)
        _needed(reason)
        wanted = {id.strip().upper() for id in calls}
        with self._place.store.transaction():
            before = self.of(outage.id)
            out = [_apart(call) for call in before if call.id in wanted]
            if len(out) < len(wanted) or not out:
                raise NotFound(_("{id} has no such call").format(id=outage.id))
            self._put_elsewhere(out)
            left = [call for call in before if call.id not in wanted]
            if left:
                return self._rewritten(outage, "split", reason, calls=left)
            self._told("split", outage)
            return self._board.take_back(outage, reason.strip())

    def merge(self, outage_id: str, into: str, reason: str) -> Outage:
        """Both are one: the calls of the first join the second, which keeps its device."""
        one, other = self._predicted(outage_id), self._predicted(into)
        _needed(reason)
        if one.id == other.id:
            raise BadInput(_("{id} cannot be merged with itself").format(id=one.id))
        with self._place.store.transaction():
            moved = [replace(call, predicted=other.id) for call in self.of(one.id)]
            self._put_elsewhere(moved)
            self._board.take_back(one, _("merged into {id}").format(id=other.id))
            return self._rewritten(_begun_with(other, one), "merge", reason, calls=self.of(other.id))

    # storm

    def storm(self) -> Storm:
        """Whether storm mode is on, and whether the calls of the last minutes propose it."""
        chosen, mark = self._place.config.trouble, self._place.marks_table.get(STORM)
        now = self._place.now()
        since = now - timedelta(minutes=chosen.storm_proposal_minutes)
        calls = self._window.unexplained(since)
        return Storm(
            on=mark is not None,
            proposed=mark is None and calls >= chosen.storm_calls,
            calls=calls,
            since=mark.at if mark else None,
        )

    def begin_storm(self) -> None:
        """Storm mode on: calls are looked at over a longer window."""
        self._access.require("act_on_outage")
        with self._place.store.transaction():
            self._place.mark(STORM)
            self._access.note("storm.begin")

    def end_storm(self) -> None:
        """Storm mode off."""
        self._access.require("act_on_outage")
        with self._place.store.transaction():
            self._place.marks_table.remove(STORM)
            self._access.note("storm.end")

    # inside

    def _predicted(self, outage_id: str) -> Outage:
        self._access.require("act_on_outage")
        outage = self._outages.get(outage_id)
        if outage.status is not Status.PREDICTED:
            raise Refused(_("{id} is not predicted any more").format(id=outage.id))
        return outage

    def _device(self, outage: Outage) -> Device:
        device = device_of(outage, self._place.grid)
        if device is None:
            raise Refused(_("{id} stands for several devices; change its scope instead").format(id=outage.id))
        return device

    def _above(self, outage: Outage) -> Above:
        boxes = {call.meter_box: call.transformer_area for call in self.of(outage.id) if call.meter_box}
        return Above(self._place.grid, boxes)

    def _below(self, outage: Outage, level: Level) -> Device:
        """The only device of `level` below which all of its calls are."""
        found = {self._at_level(call, level) for call in self.of(outage.id)} - {None}
        if len(found) != 1:
            names = ", ".join(sorted(one.name for one in found if one)) or "–"
            raise BadInput(
                _("{id} has calls below several devices: {names}; split it").format(id=outage.id, names=names)
            )
        return next(one for one in found if one)

    def _at_level(self, call: Call, level: Level) -> Device | None:
        box, area = call.meter_box, call.transformer_area
        start = Device(Level.METER_BOX, box) if box else Device(Level.TRANSFORMER_AREA, area)
        above = Above(self._place.grid, {box: area})
        return next((one for one in above.chain(start) if one.level is level), None)

    def _put_elsewhere(self, calls: Sequence[Call]) -> None:
        self._place.calls_table.put_many(calls)
        self.regrouped(calls)

    def _rewritten(
        self,
        outage: Outage,
        act: str,
        reason: str,
        *,
        device: Device | None = None,
        calls: Sequence[Call] | None = None,
    ) -> Outage:
        if calls is not None:
            grounds = to_builtins(weighed(map(as_counted, calls)))
            outage = replace(outage, calls=len(calls), facts={**outage.facts, "grounds": grounds})
        scope = scope_of(device, self._place.grid) if device else outage.scope
        touched = count_affected(self._place.store, self._place.grid, scope) if device else outage.affected
        change = Change(at=self._place.now(), act=act, by=self._place.agent, reason=reason.strip())
        after = replace(
            outage,
            scope=scope,
            affected=touched,
            facts={**outage.facts, "placed_by": self._place.agent},
            history=(*outage.history, change),
        )
        with self._place.store.transaction():
            self._place.outages_table.put(after, revision=self._place.outages_table.revision(outage.id))
            self._told(act, outage)
        return after

    def _told(self, act: str, outage: Outage) -> None:
        self._place.mark(schema.OUTAGES)
        self._access.note(f"outage.{act}", outage.id)


def _apart(call: Call) -> Call:
    return replace(call, predicted="", counted="", counted_at=None, uncounted="apart")


def _begun_with(outage: Outage, other: Outage) -> Outage:
    """As early as the earlier of both began."""
    moments = [one.actual_start for one in (outage, other) if one.actual_start]
    return replace(outage, actual_start=min(moments, default=None))


def _needed(reason: str) -> None:
    if not reason.strip():
        raise BadInput(_("this needs its reason"))
