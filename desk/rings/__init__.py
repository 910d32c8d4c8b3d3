"""Telephones that ring: whatever system tells of a call, it becomes one stored ring, seen at the right seat.

    ring = desk.rings.ring("13800138000", seat="3", call_id="1700000000.12", source="http")
    desk.rings.waiting("3")          what waits to be taken at seat 3, the oldest first
    desk.rings.answer(ring.id)       an agent takes it at this seat
    desk.rings.end(ring.id, call="C812")

Several words of one call are one ring: a call id that is known changes the stored ring, and makes no second one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.access.needs import needs
from desk.errors import NotFound, Refused
from desk.i18n import _
from desk.plugins.feeds import Incoming
from desk.records import Ring, RingState
from desk.rings import states
from desk.rings.reading import as_text, plain, understood

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desk.calls import Calls, Found
    from desk.place import Place

__all__ = ["Incoming", "Rings"]

COMMAND = "command"  # the source of `desk ring`
# A telephone system that begins its numbers again must not bring back the call of the day before.
SAME_CALL = timedelta(hours=12)
# Without a call id, the same number still ringing at the same seat is the same call.
SAME_NUMBER = timedelta(seconds=30)


class Rings:
    """The rings of one county, from one seat."""

    def __init__(self, place: Place, calls: Calls) -> None:
        self._place = place
        self._calls = calls
        self._table = place.store.records(schema.RINGS, Ring)

    # What telephone systems tell

    def ring(self, number: str, seat: str = "", call_id: str = "", source: str = COMMAND, extension: str = "") -> Ring:
        """A telephone rings; stored when this returns.

        `seat` or `extension` say where; without either, or where `[ring] seats` does not know it, at every seat.
        """
        extensions = (extension,) if extension else ()
        return self.hear(Incoming(number=number, seat=seat, call_id=call_id, extensions=extensions), source)

    def hear(self, told: Incoming, source: str) -> Ring:
        """What a telephone system tells of a call: it rings, was picked up, or is over; stored when this returns.

        A call first heard of when it is picked up is a ring all the same; the end of an unknown one raises NotFound.
        """
        if source == COMMAND:  # what telephone systems tell comes through doors of their own, with a token
            Access(self._place).require("log_call")
        told = plain(told)
        seats, now = self._seats(told), self._place.now()
        with self._place.store.transaction():
            known = self._same(told, seats, now)
            if known is not None:
                return self._stored(known, self._named(states.TOLD[told.state](known, seats, now), told))
            if told.state == "ended":
                words = told.call_id or told.number or _("number withheld")
                raise NotFound(_("there is no call {call} that rings").format(call=words))
            self._lapse(now)
            return self._table.add(lambda number: self._new(f"R{number}", told, seats, as_text(source)))

    # What is asked

    @needs("look_up")
    def waiting(self, seat: str = "") -> list[Ring]:
        """What waits to be taken at `seat` (all of them, when empty), the oldest first: what rings there or at every
        seat, and what was picked up on its telephone while no agent has taken it at the desk."""
        found = [*self._ringing(), *(ring for ring in self._table.where(state=RingState.ANSWERED) if not ring.agent)]
        return sorted((ring for ring in found if _is_at(ring, seat)), key=_age)

    @needs("look_up")
    def missed(self, since: datetime | None = None, limit: int = 50) -> list[Ring]:
        """Calls that rang and that nobody took, the newest first: of the last 24 hours, or since a moment."""
        since = since or self._place.now() - timedelta(hours=24)
        found = self._table.range("at", since.isoformat(), None)
        waits = {ring.id for ring in self._ringing()}
        gone = [one for one in found if one.state in (RingState.MISSED, RingState.RINGING) and one.id not in waits]
        return sorted(gone, key=_age, reverse=True)[:limit]

    @needs("look_up")
    def unlogged(self, seat: str = "") -> list[Ring]:
        """Calls of the last hours that were talked and are over, neither logged nor discarded; the oldest first."""
        found = self._table.range("at", (self._place.now() - SAME_CALL).isoformat(), None)
        open_ = (ring for ring in found if ring.state is RingState.ENDED and not ring.closed)
        return sorted((ring for ring in open_ if _is_at(ring, seat)), key=_age)

    def get(self, id: str) -> Ring:
        """One ring; raises NotFound."""
        found = self._table.get(id)
        if found is None:
            raise NotFound(_("there is no ring {id}").format(id=id))
        return found

    @needs("look_up")
    def candidates(self, ring: Ring, limit: int = 20) -> list[Found]:
        """Whose number it is, best first; empty when it is nobody's, withheld or no number at all."""
        number = ring.number or ring.written_number
        return self._calls.caller(number, limit) if any(map(str.isdigit, number)) else []

    # What agents do

    @needs("log_call")
    def answer(self, id: str) -> Ring:
        """An agent takes it at this seat. Raises Refused when another seat was quicker.

        One that was hung up meanwhile stays missed: its number is there to be called back.
        """
        place = self._place
        with place.store.transaction():
            ring = self.get(id)
            if ring.agent and (ring.agent, ring.seat) != (place.agent, place.seat):
                words = {"id": id, "seat": ring.seat, "agent": ring.agent}
                raise Refused(_("{id} was taken at seat {seat} by {agent}").format(**words))
            taken = replace(ring, agent=place.agent, seat=place.seat, also=())
            if ring.state is RingState.RINGING:
                taken = replace(taken, state=RingState.ANSWERED, answered_at=place.now())
            return self._stored(ring, taken)

    @needs("log_call")
    def end(self, id: str, call: str = "") -> Ring:
        """The agent is done with it: `call` is what was logged, empty where it was discarded with a reason."""
        with self._place.store.transaction():
            ring = self.get(id)
            done = replace(states.over(ring, (), self._place.now()), call=call or ring.call, closed=True)
            return self._stored(ring, done)

    # Inside

    @property
    def _longest(self) -> timedelta:
        return timedelta(seconds=self._place.config.ring.longest_seconds)

    def _ringing(self) -> list[Ring]:
        """What still rings: a system that never tells of the end leaves rings behind, which ring no longer."""
        oldest = self._place.now() - self._longest
        return [ring for ring in self._table.where(state=RingState.RINGING) if ring.at > oldest]

    def _same(self, told: Incoming, seats: Sequence[str], now: datetime) -> Ring | None:
        """The ring that this word is about, if there is one."""
        if told.call_id:
            known = self._table.where(call_id=told.call_id)
            return max((ring for ring in known if now - ring.at < SAME_CALL), key=_age, default=None)
        if told.state == "ringing":
            return _latest(ring for ring in self._ringing() if _rings_again(ring, told, seats, now))
        open_ = self._table.where(state=[RingState.RINGING, RingState.ANSWERED])
        return _latest(ring for ring in open_ if _is_meant(ring, told, seats, now))

    def _new(self, id: str, told: Incoming, seats: Sequence[str], source: str) -> Ring:
        now = self._place.now()
        ring = self._named(Ring(id=id, at=now, call_id=told.call_id, source=source), told)
        return states.TOLD[told.state](states.placed(ring, seats), seats, now)

    def _named(self, ring: Ring, told: Incoming) -> Ring:
        """With the caller's number, where it was not known before."""
        if any(map(str.isdigit, ring.written_number)) or not told.number:
            return ring
        number = understood(told.number, self._place.config.county.area_code)
        return replace(ring, written_number=told.number, number=number)

    def _seats(self, told: Incoming) -> Sequence[str]:
        """Where it rings; none, for every seat: an extension or a seat that the county does not list is unknown."""
        seats = self._place.config.ring.seats
        if told.extensions:
            return list(dict.fromkeys(seats[one] for one in told.extensions if one in seats))
        if not told.seat or not seats or told.seat in seats.values() or told.seat == self._place.seat:
            return [told.seat] if told.seat else []
        return [seats[told.seat]] if told.seat in seats else []

    def _lapse(self, now: datetime) -> None:
        """What was left behind is put away: rings that nobody took, and talks whose end nobody told."""
        limits = {RingState.RINGING: self._longest, RingState.ANSWERED: SAME_CALL}
        late = [ring for ring in self._table.where(state=list(limits)) if now - ring.at >= limits[ring.state]]
        if late:
            self._table.put_many(states.over(ring, (), now) for ring in late)

    def _stored(self, before: Ring, after: Ring) -> Ring:
        if after != before:
            self._table.put(after)
        return after


def _rings_again(ring: Ring, told: Incoming, seats: Sequence[str], now: datetime) -> bool:
    """Whether a word without a call id is about this ring: the same number, still ringing at the same seat."""
    if ring.call_id or not any(map(str.isdigit, told.number)) or now - ring.at >= SAME_NUMBER:
        return False
    return ring.written_number == told.number and (ring.seat, *ring.also) == (tuple(seats) or ("",))


def _is_meant(ring: Ring, told: Incoming, seats: Sequence[str], now: datetime) -> bool:
    """Whether a picking-up or an end without a call id is about this ring: its number, or else what is at the seat."""
    if ring.call_id or now - ring.at >= SAME_CALL:
        return False
    at_seat = not seats or not ring.seat or bool({ring.seat, *ring.also} & set(seats))
    return at_seat and told.number in ("", ring.written_number)


def _is_at(ring: Ring, seat: str) -> bool:
    return not seat or not ring.seat or seat in (ring.seat, *ring.also)


def _age(ring: Ring) -> tuple[datetime, int]:
    return ring.at, int(ring.id[1:])


def _latest(rings: Iterable[Ring]) -> Ring | None:
    return max(rings, key=_age, default=None)
