"""Two hundred seats on one PostgreSQL, all of it on this machine: lookup, save and board as each seat feels them.

    python -m bench.seats URL DATA 200 60        a store that holds a county, seats, seconds

A seat does what an open desk does: four times a second it asks what changed, and reads the board when an outage did; a
call comes every minute on average (a storm: a shift has a hundred), is looked up by its number, then by four letters
of a name as they are typed, its card is read, what is typed is kept twice, and it is saved with what it sets going.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import TypeVar
from uuid import UUID

from bench.county import SEED, County
from bench.figure import Figure, Measured, percentile
from desk.app import Desk
from desk.calls import CallRequest
from desk.config import Config, load_config
from desk.records import Draft, Topic
from tests.postgres_server import Missing, PostgresServer

T = TypeVar("T")

SEATS, SECONDS = 200, 60.0
SERVER = {"max_connections": 1000, "shared_buffers": "1GB", "max_wal_size": "4GB"}
START = 60.0  # seconds until all seats are open
EVERY = 60.0  # seconds between two calls of one seat, on average
BEAT, BOARD_BEATS = 0.25, 3  # as the open desk
TYPED = 0.2  # seconds between two letters
GOAL = 100.0  # ms
PART = (sys.executable, "-m", "bench.seats", "some")
KINDS = ("lookup", "board", "call saved", "draft kept", "card")


def figures(county: County) -> list[Figure]:
    """The figures of this room."""
    return [Figure("seats on one PostgreSQL", "ms", lambda: _on_a_server(county))]


class Seat:
    """One open desk without its screen; `times`: act → milliseconds of each."""

    def __init__(self, desk: Desk, number: int, people: Sequence[tuple[str, str, str]]) -> None:
        self._desk = desk
        self._rng = Random(f"{SEED} {number}")
        self._people = people
        self._seat = f"seat-{number}"
        self.times: dict[str, list[float]] = defaultdict(list)

    def work(self, until: float) -> None:
        """Beat, and take the calls that come."""
        steps, ring = iter(()), time.time() + self._rng.uniform(0, EVERY)
        self._desk.outages.board()
        due = read = 0.0
        while (now := time.time()) < until:
            if {"outages", "marks"} & self._desk.changed():
                due = due or max(now + self._rng.randint(0, BOARD_BEATS) * BEAT, read + BOARD_BEATS * BEAT)
            if due and now >= due:
                due, read = 0.0, now
                self._timed("board", self._desk.outages.board)
            if next(steps, None) is None and now >= ring:
                steps, ring = self._call(), now + self._rng.expovariate(1 / EVERY)
            time.sleep(max(0.0, BEAT - (time.time() - now)))

    def _call(self) -> Iterator[bool]:
        """A call, one step a beat."""
        account, phone, name = self._rng.choice(self._people)
        calls, key = self._desk.calls, UUID(int=self._rng.getrandbits(128)).hex
        self._timed("lookup", lambda: calls.find(phone))
        yield True
        for letters in range(1, 5):
            self._timed("lookup", partial(calls.find, (name + account)[:letters]))
            yield True
        card = self._timed("card", lambda: calls.card(account))
        draft = Draft(id="", seat=self._seat, at=self._desk.now(), fields={"account_no": account})
        for _time in range(2):
            draft = self._timed("draft kept", partial(calls.keep_draft, draft))
            yield True
        found = calls.propose(card)
        request = CallRequest(
            topic=found.topic if self._rng.random() < 0.7 else Topic.INQUIRY, account_no=account, note="没电", key=key,
            draft=draft.id, outage=found.outage.id if found.outage and found.topic is Topic.OUTAGE_INQUIRY else "",
        )  # fmt: skip
        self._timed("call saved", lambda: self._desk.taking.save(request))

    def _timed(self, kind: str, act: Callable[[], T]) -> T:
        start = time.perf_counter()
        done = act()
        self.times[kind].append((time.perf_counter() - start) * 1000)
        return done


def measure(url: str, data: Path, seats: int = SEATS, seconds: float = SECONDS) -> Measured:
    """p50 and p95 of each act over all seats, each a process of its own."""
    out = Path(mkdtemp(prefix="desk-seats-"))
    with Desk.open(_config(url, data, "people")) as desk:
        (out / "people").write_text(json.dumps(_people(desk)))
    subprocess.run([*PART, url, str(data), str(seats), str(seconds), str(out)], check=True)
    times: dict[str, list[float]] = defaultdict(list)
    for file in out.glob("*.json"):
        for kind, values in json.loads(file.read_text()).items():
            times[kind] += values
    for kind in KINDS:
        if values := times[kind]:
            yield f"{seats} seats: {kind}, p95 of {len(values):,}", GOAL, percentile(values, 0.95)
            yield f"{seats} seats: {kind}, p50", None, percentile(values, 0.5)


def _on_a_server(county: County) -> Measured:
    """The county copied to a server, as an office moves there, and the seats on it."""
    try:
        server = PostgresServer(**SERVER)
    except Missing as reason:
        print(f"no seats on PostgreSQL: {reason}", file=sys.stderr)
        return
    data = Path(mkdtemp(prefix="desk-bench-seats-")) / "data"
    data.mkdir()
    try:
        begun = time.perf_counter()
        county.run("store", "copy", county.config().store_url, server.url())
        print(f"copied to PostgreSQL in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        yield from measure(server.url(), data)
    finally:
        server.remove()
        shutil.rmtree(data.parent)


def some(url: str, data: str, seats: str, seconds: str, out: str) -> None:
    """As many seats, forked from this process, which has read the program and opened nothing."""
    import desk.store.postgres
    import desk.taking  # noqa: F401

    begin = time.time() + START
    children = []
    for number in range(int(seats)):
        child = os.fork()
        if not child:
            try:
                _one(url, Path(data), number, begin, float(seconds), Path(out))
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def _one(url: str, data: Path, number: int, begin: float, seconds: float, out: Path) -> None:
    with Desk.open(_config(url, data, f"seat-{number}")) as desk:
        seat = Seat(desk, number, json.loads((out / "people").read_text()))
        desk.outages.board()
        time.sleep(max(0.0, begin - time.time()))
        seat.work(begin + seconds)
    (out / f"{number}.json").write_text(json.dumps(seat.times))


def _config(url: str, data: Path, seat: str) -> Config:
    from msgspec.structs import replace

    config = load_config(data=data, environ={})
    return replace(config, store_url=url, store=replace(config.store, url=url), desk=replace(config.desk, seat=seat))


def _people(desk: Desk) -> list[tuple[str, str, str]]:
    """Account, a number and the name of some who may call."""
    found = []
    for customer in desk.place.customers.all():
        if customer.phones:
            found.append((customer.account_no, customer.phones[0].number.lstrip("+"), customer.name))
        if len(found) == 5000:
            break
    return found


def main(url: str, data: str, seats: str = str(SEATS), seconds: str = str(SECONDS)) -> None:
    """Print the figures."""
    for name, _goal, value in measure(url, Path(data), int(seats), float(seconds)):
        print(f"{name}: {value:.1f} ms")


if __name__ == "__main__":
    some(*sys.argv[2:]) if sys.argv[1] == "some" else main(*sys.argv[1:])
