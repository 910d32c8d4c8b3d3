"""The actors of the bad day, each a process that may be killed at any moment and is started again.

python -m tools.chaos.actors seat FOLDER DATA NAME SEED UNTIL
"""

from __future__ import annotations

import csv
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Event, Timer
from uuid import UUID

from desk.app import Desk
from desk.calls import CallRequest
from desk.errors import DeskError, StoreProblem, StoreUnreachable
from desk.kept_here import Kept
from desk.outages import OutageChange, OutageRequest
from desk.records import AttemptState, Message, Recipient, Topic
from desk.taking import MAKE, NO_ORDER
from tools.chaos.county import CHANNEL, LEDGERS, Ledger, opened

MOST_WAIT = 2.0  # seconds that an actor waits for a store that is away before it looks again


class Seat:
    """An agent who does whatever comes: calls, outages, duties, messages. What is acknowledged goes into the ledger."""

    def __init__(self, desk: Desk, ledger: Ledger, rng: random.Random, name: str) -> None:
        self._desk = desk
        self._ledger = ledger
        self._rng = rng
        self._marks = (f"{name}-{UUID(int=rng.getrandbits(128)).hex[:8]}-{number}" for number in count(1))
        self._accounts = [customer.account_no for customer in desk.place.customers.all()]
        self._acts = [act for act, weight in self._weights() for _each in range(weight)]

    def act(self) -> None:
        """One act; a refusal is an answer too."""
        self._desk.kept_here.store_all()
        self._rng.choice(self._acts)()

    def _weights(self) -> list[tuple[Callable[[], None], int]]:
        return [
            (self.call, 8),
            (self.open_outage, 1),
            (self.turn_outage, 2),
            (self.settle_duty, 4),
            (self.send_message, 4),
            (self.decide, 1),
        ]

    def call(self) -> None:
        """Log a call as the screen does: while the store is out of reach it waits on this machine."""
        key = UUID(int=self._rng.getrandbits(128)).hex
        account = self._rng.choice(self._accounts)
        request = CallRequest(
            topic=self._rng.choice((Topic.TROUBLE, Topic.INQUIRY)), account_no=account, note=key, key=key, callback=True
        )
        order = MAKE if request.topic is Topic.TROUBLE and self._rng.random() < 0.3 else NO_ORDER
        try:
            self._desk.taking.save(request, order=order)
        except StoreUnreachable:
            self._desk.kept_here.call(Kept(request=request, at=self._desk.place.now(), order=order))
        self._ledger.wrote("call", key=key)

    def open_outage(self) -> None:
        reference, now = next(self._marks), self._desk.place.now()
        accounts = tuple(self._rng.sample(self._accounts, 20))
        if self._rng.random() < 0.5:
            request = OutageRequest(type="grid_fault", reference=reference, accounts=accounts, cause="故障")
        else:
            begins = now + timedelta(days=self._rng.randint(1, 9))
            ends = begins + timedelta(hours=6)
            request = OutageRequest(
                type="planned_maintenance", reference=reference, accounts=accounts, planned_start=begins,
                planned_end=ends, cause="检修",
            )  # fmt: skip
        outage = self._desk.outages.open(request).outage
        self._ledger.wrote("outage", id=outage.id, reference=reference)

    def turn_outage(self) -> None:
        """Start, restore or change one of those on the board."""
        found = [*self._desk.outages.listed("scheduled"), *self._desk.outages.listed("active")]
        if not found:
            return
        outage, outages = self._rng.choice(found), self._desk.outages
        match self._rng.choice(("start", "restore", "change")):
            case "start" if outage.actual_start is None:
                outages.start(outage.id, reason="急")
                self._ledger.wrote("act", act="outage.start", about=outage.id)
            case "restore" if outage.actual_start is not None:
                outages.restore(outage.id)
                self._ledger.wrote("act", act="outage.restore", about=outage.id)
            case "change":
                mark = next(self._marks)
                outages.change(outage.id, OutageChange(reason=mark, cause=mark))
                self._ledger.wrote("act", act="outage.change", about=outage.id)

    def settle_duty(self) -> None:
        """Ring somebody up whom nobody else is ringing, and write down what came of it."""
        call = self._desk.notices.next_to_call()
        if call is None:
            return
        ref = next(self._marks)
        self._desk.notices.dial(call.duty.id)
        self._desk.notices.settle(call.duty.id, "reached", person="本人", ref=ref, channel="phone")
        self._ledger.wrote("duty", id=call.duty.id, ref=ref)

    def send_message(self) -> None:
        ref, now = next(self._marks), self._desk.place.now()
        account = self._rng.choice(self._accounts)
        message = Message(
            id="",
            outage="",
            recipient=Recipient(kind="customer", id=account, name=ref),
            channel=CHANNEL,
            family="sms",
            address=f"157812{self._rng.randrange(100_000):05d}",
            body="停电通知",
            made_at=now,
            state=AttemptState.QUEUED,
        )
        (added,) = self._desk.outbox.add([message])
        self._ledger.wrote("message", id=added.id, ref=ref)

    def decide(self) -> None:
        """A person's word about a message of which nobody knows whether it arrived."""
        unknown = self._desk.outbox.listed(state=AttemptState.UNKNOWN, limit=20)
        if unknown:
            id, decision = self._rng.choice(unknown).message.id, self._rng.choice(("arrived", "again", "leave"))
            self._ledger.wrote("meant", id=id, decision=decision)  # it may be stored although nobody hears of it
            self._desk.outbox.decide(id, decision)
            self._ledger.wrote("act", act="message.decide", about=id)


def seat(folder: Path, data: Path, name: str, rng: random.Random, until: float) -> None:
    """An agent's seat."""
    with opened(folder, data, name) as desk:
        one = Seat(desk, Ledger(folder / LEDGERS / f"{name}.jsonl"), rng, name)
        while time.time() < until:
            try:
                one.act()
            except StoreProblem:
                time.sleep(rng.uniform(0.05, 0.3))
            except DeskError:
                pass  # refused: another seat was quicker, or it makes no sense any more
            time.sleep(rng.uniform(0.0, 0.03))


def worker(folder: Path, data: Path, name: str, _rng: random.Random, until: float) -> None:
    """A process that sends."""
    stop = Event()
    Timer(max(0.1, until - time.time()), stop.set).start()
    with opened(folder, data, name) as desk:
        while not stop.is_set():
            try:
                desk.outbox.worker().run(stop, idle=0.05)
            except StoreProblem:
                stop.wait(0.2)


def importer(folder: Path, data: Path, name: str, rng: random.Random, until: float) -> None:
    """A process that takes the same customers in again and again, each time with another special need."""
    from desk.imports import import_file

    ledger, file = Ledger(folder / LEDGERS / f"{name}.jsonl"), folder / f"{name}.csv"
    with opened(folder, data, name) as desk:
        customers = list(desk.place.customers.all())[:200]
        while time.time() < until:
            mark = f"{name}-{rng.getrandbits(64):x}"
            with file.open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out)
                writer.writerow(("account_no", "name", "transformer_area", "special_need"))
                writer.writerows((one.account_no, one.name, one.transformer_area, mark) for one in customers)
            try:
                ledger.wrote("meant_import", mark=mark)
                import_file(desk.place, "customers", file)
                ledger.wrote("import", mark=mark)
            except DeskError:
                time.sleep(0.2)
            time.sleep(rng.uniform(0.1, 0.5))


ACTORS: dict[str, Callable[[Path, Path, str, random.Random, float], None]] = {
    "seat": seat,
    "worker": worker,
    "importer": importer,
}


def main(kind: str, folder: str, data: str, name: str, seed: str, until: str) -> None:
    """Be that actor until then. A store that is away when it starts is waited for."""
    rng = random.Random(f"{seed} {name}")
    while time.time() < float(until):
        try:
            ACTORS[kind](Path(folder), Path(data), name, rng, float(until))
        except StoreProblem:
            time.sleep(min(MOST_WAIT, rng.uniform(0.2, 1.0)))


if __name__ == "__main__":
    main(*sys.argv[1:])
