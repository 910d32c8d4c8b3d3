"""The worker: round after round it routes, takes in hand, has sent, writes down, asks for reports, tells the duties.

    Worker(outbox).run(stop)        until `stop` is set: `desk work`, and a thread of the open desk
    Worker(outbox).once(wait=30)    until nothing more is to be done now

Several may run, in one process or many. Each channel is called by its own runner, so that a slow one holds nobody up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from contextlib import suppress
from datetime import datetime
from threading import Event
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple

from desk.errors import DeskError, StoreProblem
from desk.i18n import N_, _
from desk.outbox.asking import Asking
from desk.outbox.claims import TOO_LATE, ended
from desk.outbox.done import Done, counted, settled
from desk.outbox.hands import Hands
from desk.outbox.lanes import BATCH, Flight, Lane, answers, next_limit
from desk.outbox.outcomes import Answer
from desk.outbox.states import SEND, queue_range
from desk.plugins.channels import Capabilities
from desk.records import AttemptState, Message

if TYPE_CHECKING:
    from desk.outbox import Outbox

S = AttemptState

LOST = N_("the worker ended while it was being sent")
UNEXPECTED = N_("the outbox met something that it did not expect ({problem}), and goes on")
NO_CHANNEL = N_("there is no channel {channel} any more")

ROUTED = 500  # messages made at a time
IDLE = 1.0  # seconds between rounds in which nothing is to be done
LONGEST_REST = 0.1  # seconds
FLYING = 0.5  # seconds at most between looks while a channel is at it; its answer is not waited for
LOOK = 2.0  # seconds between looks for dead workers, reports and what lies too long
LAST_WAIT = 5.0  # seconds for what is in hand when the worker is to stop
_LOG = logging.getLogger("desk.outbox")


class Pacing(NamedTuple):
    """How a worker leaves room for others: it stores `batch` messages in one transaction, in which no call can be
    saved, and rests after each for `rest` times as long as that took."""

    batch: int
    rest: float


ALONE = Pacing(batch=64, rest=0.3)  # a process of its own: some 10 ms
BESIDE_A_DESK = Pacing(batch=16, rest=1.0)  # a thread of the open desk: some 3 ms


class Worker:
    """One worker of the outbox; made, run and closed by one thread."""

    def __init__(self, outbox: Outbox, pacing: Pacing = ALONE) -> None:
        self._outbox = outbox
        self._pacing = pacing
        self._place = outbox.place
        self.hands = Hands(outbox.place.config.data)
        self._lanes: dict[str, Lane] = {}
        self._asking = Asking(outbox)
        self._looked_at = 0.0
        self._routed_at = 0.0

    def run(self, stop: Event, idle: float = IDLE) -> None:
        """Until `stop` is set. A store that is not there for a while is waited for; nothing else ends it."""
        while not stop.is_set():
            busy = self._tried_round()
            if not busy:
                self._rest(stop, idle)
        self.close()

    def _tried_round(self) -> bool:
        """Whether a round did anything; what keeps it from working is said once, and kept for whoever asks."""
        try:
            busy, trouble = bool(self.round()), ""
        except DeskError as problem:
            busy, trouble = False, str(problem)
        except Exception as problem:
            busy, trouble = False, _(UNEXPECTED).format(problem=type(problem).__name__)
            _LOG.debug("a round of the outbox failed", exc_info=True)
        if trouble and trouble != self._outbox.trouble:
            _LOG.warning("%s", trouble)
        self._outbox.trouble = trouble
        return busy

    def once(self, wait: float = 30.0) -> Done:
        """Rounds until nothing more is to be done now, or for `wait` seconds."""
        until, done = monotonic() + wait, Done()
        while True:
            some = self.round()
            done += some
            if not some and not self._in_flight() and not self._asked():
                return done
            if monotonic() > until:
                return done
            if not some:
                self._rest(Event(), FLYING if self._in_flight() else 0.05)

    def close(self) -> Done:
        """Write down what is answered within a few seconds; the rest is found by the next worker, as unknown."""
        until, done = monotonic() + LAST_WAIT, Done()
        while self._in_flight() and monotonic() < until:
            self._rest(Event(), 0.05)
            with suppress(StoreProblem):
                done += self._landed()
        self.hands.close()
        return done

    def round(self) -> Done:
        """Everything once; what takes long goes on beside it."""
        done = Done()
        if monotonic() - self._looked_at >= LOOK:
            done += self._rested(self._look_around)
            self._looked_at = monotonic()
        done += self._rested(self._landed)
        done += self._rested(self._route)
        for name in self._outbox.book.waiting_channels():
            done += self._rested(lambda name=name: self._take_off(name))  # type: ignore[misc]
        done += self._rested(lambda: self._asking.of(self._lanes))
        return done + self._rested(self._tell)

    def _rested(self, act: Callable[[], Done]) -> Done:
        """Do it, and rest a share of the time it took, if it did anything."""
        began = monotonic()
        done = act()
        if done:
            sleep(min(LONGEST_REST, (monotonic() - began) * self._pacing.rest))
        return done

    # What comes before and after sending

    def _look_around(self) -> Done:
        """Tries of dead workers, and messages that wait for a channel that is not there."""
        now, book = self._place.now(), self._outbox.book
        lost = [one for one in book.attempts.each(state=S.SENDING) if not self.hands.holds(one, now)]
        found: list[Message] = []
        for start in range(0, len(lost), BATCH):
            found += self._outbox.outcomes.lost(lost[start : start + BATCH], self._abilities(), _(LOST))
        self.hands.sweep(lambda worker: any(one.worker == worker for one in book.attempts.where(state=S.SENDING)))
        self._outbox.telling.look_at_hands(BATCH, self._outbox.outcomes.receipt_wait)
        return counted(found)

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
        self._routed_at = 0.0 if routed.messages or routed.counting else monotonic()
        return Done(made=len(made), counted=routed.counting)

    def _tell(self) -> Done:
        told = self._outbox.telling.tell(self._pacing.batch, self._outbox.outcomes.receipt_wait)
        if self._outbox.after_round is not None:
            self._outbox.after_round()
        return Done(told=told)

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
        done = settled(taken.settled) + Done(taken=len(taken.claimed))
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
            after = self._outbox.outcomes.answered(name, can, flight.claimed, answers(flight))
            lane.flight = None
            lane.limit = next_limit(lane.limit, flight, monotonic(), self._pacing.batch)
            done += counted(after)
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

    # Inside

    def _abilities(self) -> Mapping[str, Capabilities]:
        return {name: channel.can for name, channel in self._outbox.host.channels.items()}

    def _in_flight(self) -> list[Future[list[Answer]]]:
        return [lane.flight.answers for lane in self._lanes.values() if lane.flight]

    def _asked(self) -> bool:
        """Whether a channel is being asked for reports: those that wait at a gateway are there in a moment."""
        return any(lane.polling for lane in self._lanes.values())

    def _rest(self, stop: Event, seconds: float) -> None:
        """Until something is answered, `stop` is set, or the time is over."""
        flying = self._in_flight()
        if flying:
            wait(flying, timeout=seconds, return_when="FIRST_COMPLETED")
        else:
            stop.wait(seconds)


def _over(message: Message, channel: str, now: datetime, *, gone: bool) -> Message:
    if gone:
        return ended(message, S.FAILED, _(NO_CHANNEL).format(channel=channel), "no_channel", now)
    return ended(message, S.EXPIRED, _(TOO_LATE), "expired", now)
