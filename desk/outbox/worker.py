"""The worker: round after round it routes, takes in hand, has sent, writes down, asks for reports, tells the duties.

    Worker(outbox).run(stop)        until `stop` is set: `desk work`, and a thread of the open desk
    Worker(outbox).once(wait=30)    until nothing more is to be done now

Several may run, in one process or many. Each channel is called by its own runner, so that a slow one holds nobody up.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from msgspec import Struct

from desk.errors import DeskError, StoreProblem
from desk.i18n import N_, _
from desk.outbox.claims import TOO_LATE, Claimed, ended
from desk.outbox.hands import Hands
from desk.outbox.outcomes import Answer, awaiting
from desk.outbox.states import FAILED, GONE_OUT, SEND, queue_range
from desk.plugins.channels import Capabilities
from desk.plugins.messages import Report
from desk.plugins.send_errors import UnknownOutcome
from desk.records import AttemptState, Message

if TYPE_CHECKING:
    from desk.outbox import Outbox

S = AttemptState

LOST = N_("the worker ended while it was being sent")
NO_CHANNEL = N_("there is no channel {channel} any more")

BATCH = 64  # messages stored in one transaction: some 10 ms in which no call can be saved
FIRST = 8  # taken in hand at once from a channel whose speed is not known yet
QUICK, SLOW = 0.1, 0.4  # seconds a channel may need for what it is given at once before it gets more, or less
ROUTED = 200  # messages made at a time
IDLE = 1.0  # seconds between rounds in which nothing is to be done
LOOK = 2.0  # seconds between looks for dead workers, reports and what lies too long
POLLED = 500  # ids asked for at once
REPORTS_COME_FOR = timedelta(days=7)
LAST_WAIT = 5.0  # seconds for what is in hand when the worker is to stop
_LOG = logging.getLogger("desk.outbox")


class Done(Struct, frozen=True, kw_only=True):
    """What rounds of the worker came to, in messages."""

    made: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    again: int = 0
    held: int = 0
    skipped: int = 0
    reports: int = 0
    told: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)


@dataclass
class Flight:
    """What a channel has been handed and has not answered yet."""

    answers: Future[list[Answer]]
    claimed: list[Claimed]
    began: float


@dataclass
class Lane:
    """What a worker knows of one channel."""

    limit: int = FIRST
    flight: Flight | None = None
    polling: Future[list[Report]] | None = None
    polled_at: float = 0.0
    polled_to: str = ""
    looked_at: float = field(default=0.0)


class Worker:
    """One worker of the outbox; made, run and closed by one thread."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._place = outbox.place
        self.hands = Hands(outbox.place.config.data)
        self._lanes: dict[str, Lane] = {}
        self._looked_at = 0.0
        self._routed_at = 0.0

    def run(self, stop: Event, idle: float = IDLE) -> None:
        """Until `stop` is set. A store that is not there for a while is waited for; nothing else ends it."""
        while not stop.is_set():
            try:
                busy = bool(self.round())
            except DeskError as problem:
                _LOG.warning("%s", problem)
                busy = False
            except Exception:
                _LOG.exception("a round of the outbox failed")
                busy = False
            if not busy:
                self._rest(stop, idle)
        self.close()

    def once(self, wait: float = 30.0) -> Done:
        """Rounds until nothing more is to be done now, or for `wait` seconds."""
        until, done = monotonic() + wait, Done()
        while True:
            some = self.round()
            done += some
            if not some and not self._in_flight():
                return done
            if monotonic() > until:
                return done
            if not some:
                self._rest(Event(), 0.05)

    def close(self) -> None:
        """Write down what is answered within a few seconds; the rest is found by the next worker, as unknown."""
        until = monotonic() + LAST_WAIT
        while self._in_flight() and monotonic() < until:
            self._rest(Event(), 0.05)
            with suppress(StoreProblem):
                self._landed()
        self.hands.close()

    def round(self) -> Done:
        """Everything once; what takes long goes on beside it."""
        done = Done()
        if monotonic() - self._looked_at >= LOOK:
            done += self._look_around()
            self._looked_at = monotonic()
        done += self._landed()
        done += self._route()
        for name in self._outbox.book.waiting_channels():
            done += self._take_off(name)
        done += self._reports()
        return done + self._tell()

    # What comes before and after sending

    def _look_around(self) -> Done:
        """Tries of dead workers, and messages that wait for a channel that is not there."""
        now, book = self._place.now(), self._outbox.book
        lost = [one for one in book.attempts.each(state=S.SENDING) if not self.hands.holds(one, now)]
        found: list[Message] = []
        for start in range(0, len(lost), BATCH):
            found += self._outbox.outcomes.lost(lost[start : start + BATCH], self._abilities(), _(LOST))
        self.hands.sweep(lambda worker: any(one.worker == worker for one in book.attempts.each(state=S.SENDING)))
        self._outbox.telling.look_at_hands(BATCH, self._outbox.outcomes.receipt_wait)
        return _counted(found)

    def _route(self) -> Done:
        """New messages for the duties that are ready."""
        if self._place.config.messages.release != "auto":
            return Done()
        if monotonic() - self._routed_at < IDLE:
            return Done()
        routed = self._outbox.planning.route_ready(self._place.now(), ROUTED)
        try:
            made = self._outbox.book.add(routed.messages, routed.batches)
        except BaseException:
            self._outbox.planning.forget()  # what was made is to be made again
            raise
        self._routed_at = 0.0 if routed.messages else monotonic()
        return Done(made=len(made))

    def _tell(self) -> Done:
        return Done(told=self._outbox.telling.tell(BATCH, self._outbox.outcomes.receipt_wait))

    # Sending

    def _take_off(self, name: str) -> Done:
        lane = self._lanes.setdefault(name, Lane())
        if lane.flight is not None:
            return Done()
        channel = self._outbox.host.channels.get(name)
        if channel is None or self._outbox.host.runner(name).state != "on":
            return self._too_long(name, lane)
        began = monotonic()
        taken = self._outbox.claims.take(name, channel.can, self.hands.name, lane.limit)
        done = _settled(taken.settled)
        if taken.claimed:
            payloads = [payload for one in taken.claimed for payload in one.payloads]
            lane.flight = Flight(self._outbox.host.runner(name).send(payloads), taken.claimed, began)
        return done

    def _landed(self) -> Done:
        """Write down what channels have answered."""
        done = Done()
        for name, lane in self._lanes.items():
            flight = lane.flight
            if flight is None or not flight.answers.done():
                continue
            channel = self._outbox.host.channels.get(name)
            can = channel.can if channel else Capabilities()
            after = self._outbox.outcomes.answered(name, can, flight.claimed, _answers(flight))
            lane.flight = None
            lane.limit = _next_limit(lane.limit, flight, monotonic())
            done += _counted(after)
            for message in after:
                self._outbox.ended(message)
        return done

    def _too_long(self, name: str, lane: Lane) -> Done:
        """What waits for a channel that is off or paused ends when it is too late; for one that is gone, at once."""
        if monotonic() - lane.looked_at < LOOK:
            return Done()
        lane.looked_at = monotonic()
        now, book = self._place.now(), self._outbox.book
        gone = name not in {row.name for row in self._outbox.host.channel_states()}
        low, high = queue_range(SEND, now, name)
        waiting = book.messages.range("due", low, high)
        late = [one for one in waiting if gone or (one.valid_until is not None and one.valid_until <= now)][:BATCH]
        if not late:
            return Done()
        with self._place.store.transaction():
            fresh = book.fresh(late)
            book.messages.put_many(_over(one, name, now, gone=gone) for one in late if fresh.get(one.id) == one)
        return Done(failed=len(late))

    # Reports

    def _reports(self) -> Done:
        """Ask the channels that are able to report, store what they say, and only then tell them so."""
        done = Done()
        for name, channel in self._outbox.host.channels.items():
            if channel.can.receipts == "none" or self._place.config.messages.training:
                continue
            lane = self._lanes.setdefault(name, Lane())
            if lane.polling is None:
                self._ask(name, lane)
            elif lane.polling.done():
                done += self._heard(name, lane)
        return done

    def _ask(self, name: str, lane: Lane) -> None:
        runner = self._outbox.host.runner(name)
        if monotonic() - lane.polled_at < LOOK or runner.state != "on":
            return
        first = awaiting(name, self._place.now() - REPORTS_COME_FOR)
        low = max(lane.polled_to, first)
        page = self._outbox.book.attempts.range("awaits", low, f"{name}}}", limit=POLLED)
        lane.polled_to = page[-1].awaits + "~" if len(page) == POLLED else ""
        lane.polling = runner.poll([one.external_id for one in page])

    def _heard(self, name: str, lane: Lane) -> Done:
        assert lane.polling is not None
        reports, lane.polling, lane.polled_at = lane.polling.result(), None, monotonic()
        for start in range(0, len(reports), BATCH):
            some = reports[start : start + BATCH]
            self._outbox.outcomes.reported(name, some)
            self._outbox.host.runner(name).stored(some)
        if reports:
            lane.polled_at = 0.0  # there may be more
        return Done(reports=len(reports))

    # Inside

    def _abilities(self) -> Mapping[str, Capabilities]:
        return {name: channel.can for name, channel in self._outbox.host.channels.items()}

    def _in_flight(self) -> list[Future[list[Answer]]]:
        return [lane.flight.answers for lane in self._lanes.values() if lane.flight]

    def _rest(self, stop: Event, seconds: float) -> None:
        """Until something is answered, `stop` is set, or the time is over."""
        flying = self._in_flight()
        if flying:
            wait(flying, timeout=seconds, return_when="FIRST_COMPLETED")
        else:
            stop.wait(seconds)


def _answers(flight: Flight) -> list[Answer]:
    """What the channel said of each piece; a runner keeps its word, and where it does not, nobody knows."""
    count = sum(len(one.payloads) for one in flight.claimed)
    problem = flight.answers.exception()
    if problem is None and len(flight.answers.result()) == count:
        return flight.answers.result()
    return [UnknownOutcome(why=str(problem or "answers are missing"))] * count


def _next_limit(limit: int, flight: Flight, now: float) -> int:
    """More at once for a quick channel, less for a slow one: what it has in hand may be lost with the worker."""
    took = now - flight.began
    if took > SLOW:
        return max(1, limit // 2)
    return min(BATCH, limit * 2) if took < QUICK and len(flight.claimed) == limit else limit


def _over(message: Message, channel: str, now: datetime, *, gone: bool) -> Message:
    if gone:
        return ended(message, S.FAILED, _(NO_CHANNEL).format(channel=channel), "no_channel", now)
    return ended(message, S.EXPIRED, _(TOO_LATE), "expired", now)


def _settled(states: Counter[AttemptState]) -> Done:
    return Done(
        sent=states[S.SENT],
        held=states[S.HELD],
        skipped=states[S.SKIPPED] + states[S.CANCELLED],
        failed=sum(states[state] for state in FAILED),
    )


def _counted(after: list[Message]) -> Done:
    return Done(
        sent=sum(one.state in GONE_OUT or one.state is S.WITH_AGENT for one in after),
        failed=sum(one.state in FAILED for one in after),
        unknown=sum(one.state is S.UNKNOWN for one in after),
        again=sum(one.state is S.QUEUED for one in after),
    )
