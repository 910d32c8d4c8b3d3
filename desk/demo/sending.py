"""Messages of the made-up county in every state: changed plans told by SMS, as a gateway would have answered.

The outbox does its own work; only the gateway is made up, and answers at once, from a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle

from msgspec.structs import replace as changed

from desk.app import Desk
from desk.clock import FixedClock
from desk.demo.training import CHANNEL
from desk.outages import OutageChange
from desk.outbox import Outbox
from desk.place import Place
from desk.plugins.messages import Receipt, Report
from desk.plugins.send_errors import BadAddress, SendError, UnknownOutcome
from desk.records import AttemptState, Outage, Status

MINUTE = timedelta(minutes=1)
TOLD_AT, WAITING_AT, CHANGED_AT = -25, -12, -6  # minutes: one is told, one waits for a second person, one for anyone
WORKER = "demo"
GATEWAY_SAYS = (
    *("delivered", "unknown", "delivered", "wrong", "sent", "unknown"),
    *("delivered", "undelivered", "unknown", "delivered"),
)
DECIDED = (("arrived", "客户来电说已收到短信"), ("leave", "改由供电所上门"))  # on the first of what nobody knows


class Sendings:
    """Plays the releases of one agent."""

    def __init__(self, desk: Desk, clock: FixedClock, now: datetime) -> None:
        self._desk = desk
        self._clock = clock
        self._now = now

    def play(self) -> None:
        """What went out before training began, and what waits; nothing without the county's SMS channel."""
        if CHANNEL not in self._desk.place.plugins.channels:
            return
        plans = self._told_plans()
        for plan, minutes in zip(plans, (TOLD_AT, WAITING_AT, CHANGED_AT), strict=False):
            self._clock.at = self._now + minutes * MINUTE
            self._put_off(plan)
        if plans:
            self._send(plans[0])
        if plans[1:]:
            self._clock.at = self._now + (WAITING_AT + 1) * MINUTE
            self._desk.outbox.release(plans[1].id)
        self._tell_one()

    def _tell_one(self) -> None:
        """A resident whose own outage was called off is told: at night when the quiet hours are over."""
        self._clock.at = self._now - MINUTE
        off = self._desk.place.outages_table.where(status=Status.CANCELLED)
        for outage in (one for one in off if one.scope.accounts):
            if self._desk.outbox.release(outage.id):
                return

    def _told_plans(self) -> list[Outage]:
        """The plans that most people know of by now: news of another hour goes to all of them."""
        plans = self._desk.place.outages_table.where(status=Status.SCHEDULED)
        ahead = [one for one in plans if one.planned_start and one.planned_start > self._now + timedelta(hours=12)]
        known = sorted(ahead, key=lambda one: (-one.duties.states.get("done", 0), one.id))
        return [one for one in known if one.duties.states.get("done", 0) > 2][:3]

    def _put_off(self, plan: Outage) -> None:
        end = plan.planned_end + timedelta(hours=1) if plan.planned_end else None
        start = plan.planned_start + timedelta(minutes=30) if plan.planned_start else None
        self._desk.outages.change(plan.id, OutageChange(start=start, end=end, reason="施工车辆晚到，调度同意顺延"))

    def _send(self, plan: Outage) -> None:
        """One release through the whole of the outbox, on a day that was no rehearsal."""
        outbox = self._real()
        self._clock.at = self._now + (TOLD_AT + 1) * MINUTE
        outbox.release(plan.id)
        for batch in outbox.batches():
            self._second_person().confirm(batch.id)
        channel = self._desk.place.plugins.channels[CHANNEL]
        says = cycle(GATEWAY_SAYS)
        for _round in range(2):  # the second for what goes on to another number
            claimed = outbox.claims.take(CHANNEL, channel.can, WORKER, 500).claimed
            told = [(one.attempts[0].key[:12].upper(), next(says)) for one in claimed for _piece in one.payloads]
            outbox.outcomes.answered(CHANNEL, channel.can, claimed, [_answer(*one) for one in told])
            outbox.outcomes.reported(CHANNEL, list(_reports(told, self._clock.at)))
            outbox.telling.tell(500, outbox.outcomes.receipt_wait)
        self._decide(outbox)

    def _decide(self, outbox: Outbox) -> None:
        self._clock.at = self._now + (TOLD_AT + 9) * MINUTE
        unknown = outbox.listed(state=AttemptState.UNKNOWN.value)
        for one, (decision, note) in zip(unknown[:-1], DECIDED, strict=False):
            outbox.decide(one.message.id, decision, note)
        outbox.telling.tell(500, outbox.outcomes.receipt_wait)

    def _real(self) -> Outbox:
        return Outbox(self._place("王敏"), self._desk.notices)

    def _second_person(self) -> Outbox:
        return Outbox(self._place("李婷"), self._desk.notices)

    def _place(self, agent: str) -> Place:
        place = self._desk.place
        plugins = place.plugins
        messages = changed(place.config.messages, training=False)
        config = changed(place.config, messages=messages)
        return replace(place, config=config, agent=agent, load_plugins=lambda: plugins)


def _answer(id: str, says: str) -> Receipt | SendError:
    if says == "unknown":
        return UnknownOutcome(why="the line dropped after the message was handed over")
    return BadAddress() if says == "wrong" else Receipt(state="accepted", external_id=id)


def _reports(told: Sequence[tuple[str, str]], at: datetime) -> list[Report]:
    states = {name: AttemptState(name) for name in ("delivered", "undelivered", "sent")}
    return [Report(external_id=id, state=states[says], at=at) for id, says in told if says in states]
