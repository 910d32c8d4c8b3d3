"""What the desk does without a face: find a customer, save a call, open a large outage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from bench.county import SEED, County
from bench.figure import Figure, Measured, percentile
from desk.app import Desk
from desk.calls.requests import CallRequest
from desk.outages.requests import OutageRequest
from desk.pinyin import readings
from desk.records import Customer, Topic

SAMPLE = 200


def figures(county: County) -> list[Figure]:
    """The figures of this room."""
    return [
        Figure("lookup", "ms", lambda: lookups(county), peer="lookup"),
        Figure("save a call", "ms", lambda: saving(county), peer="save"),
        Figure("open an outage over 50,000 customers", "ms", lambda: opening(county)),
    ]


def lookups(county: County) -> Measured:
    """p50 and p99 of each way of asking, and of all together."""
    people = county.sample(SAMPLE)
    every: list[float] = []
    with Desk.open(county.config()) as desk:
        for kind, ask in KINDS.items():
            times = [timed(lambda query=ask(person): desk.calls.find(query)) for person in people]  # type: ignore[misc]
            every += times
            yield f"lookup by {kind}, p50", None, percentile(times, 0.5)
            yield f"lookup by {kind}, p99", None, percentile(times, 0.99)
    yield "lookup, all ways, p50", 2, percentile(every, 0.5)
    yield "lookup, all ways, p99", 10, percentile(every, 0.99)


def saving(county: County) -> Iterator[tuple[str, float | None, float]]:
    """Durable calls, one transaction each."""
    people = county.sample(SAMPLE)
    with Desk.open(county.config()) as desk:
        requests = [CallRequest(topic=Topic.INQUIRY, account_no=person.account_no, note="问电费") for person in people]
        times = [timed(lambda one=one: desk.calls.log(one)) for one in requests]  # type: ignore[misc]
    yield "save a call, p50", None, percentile(times, 0.5)
    yield "save a call, p99", 5, percentile(times, 0.99)


def opening(county: County) -> Iterator[tuple[str, float | None, float]]:
    """One outage over as many feeders as hold 50,000 customers; it is cancelled again."""
    with Desk.open(county.config()) as desk:
        feeders = sorted({area.feeder for area in desk.place.network.all()})
        share = max(1, round(len(feeders) * min(1.0, 50_000 / county.size)))
        start = desk.place.now() + timedelta(days=9)
        request = OutageRequest(
            type="planned_maintenance",
            feeders=tuple(feeders[:share]),
            planned_start=start,
            planned_end=start + timedelta(hours=4),
            cause="主变检修",
        )
        begun = time.perf_counter()
        outage = desk.outages.open(request).outage
        spent = (time.perf_counter() - begun) * 1000
        desk.outages.cancel(outage.id, reason="bench")
    yield f"open an outage over {outage.affected.customers:,} customers", 1000, spent


def timed(act: Callable[[], object]) -> float:
    """Milliseconds that `act` takes."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def mobile(person: Customer) -> str:
    return person.phones[0].number if person.phones else person.account_no


def initials(person: Customer) -> str:
    return readings(person.name)[0][0]


def spelled(person: Customer) -> str:
    return readings(person.name)[1][0]


def street(person: Customer) -> str:
    return person.address[-9:-3]


def one_character(person: Customer) -> str:
    return Random(f"{SEED}{person.account_no}").choice(person.name + person.address)


KINDS: dict[str, Callable[[Customer], str]] = {
    "account": lambda person: person.account_no,
    "start of account": lambda person: person.account_no[:7],
    "meter": lambda person: person.meter_no or person.account_no,
    "whole phone": mobile,
    "start of phone": lambda person: mobile(person)[:7],
    "end of phone": lambda person: mobile(person)[-4:],
    "name": lambda person: person.name,
    "start of name": lambda person: person.name[:2],
    "pinyin initials": initials,
    "full pinyin": spelled,
    "address words": street,
    "name and address": lambda person: f"{person.name[:2]} {street(person)}",
    "name, address, phone": lambda person: f"{person.name[:1]} {street(person)} {mobile(person)[-3:]}",
    "one character": one_character,
}
