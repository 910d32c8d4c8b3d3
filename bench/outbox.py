"""What the outbox does: messages through a channel on loopback, each stored before and after; and who waits for it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bench.county import SEED, County
from bench.documents import KINDS, timed
from bench.figure import Figure, Measured, percentile
from desk import schema
from desk.app import Desk
from desk.calls.requests import CallRequest
from desk.config import load_config
from desk.notices.settling import Settlement
from desk.outages.requests import OutageRequest
from desk.phone_numbers import read_phones
from desk.plugins.channels import Capabilities, Channel
from desk.plugins.lanes import Watch
from desk.plugins.messages import Message as Handed
from desk.plugins.messages import Receipt
from desk.plugins.running import Runner
from desk.records import AttemptState, Customer, Message, Recipient, Topic, TransformerArea

COUNT = 10_000
TOLD = 5_000
ASKED = 300  # lookups and calls while it sends
NAME = "loopback"


def figures(county: County) -> list[Figure]:
    """The figures of this room."""
    return [
        Figure("messages sent", "/s", sending, more=True),
        Figure("duties told of what was sent", "/s", telling, more=True),
        Figure("outbox queue of 10,000", "ms", lambda: beside(county)),
    ]


def sending() -> Measured:
    """Through the real runner, each stored as `sending` before and with its id afterwards."""
    with small_county(0) as desk:
        desk.outbox.add(message(number) for number in range(COUNT))
        start = time.perf_counter()
        desk.outbox.work_once(120)
        took = time.perf_counter() - start
        assert desk.outbox.counts() == {"accepted": COUNT}
    yield "messages sent, each stored before and after", 1000, COUNT / took


def telling() -> Measured:
    """The same for duties: routed, worded, sent, and the evidence written to each."""
    with small_county(TOLD) as desk:
        planned(desk)
        start = time.perf_counter()
        desk.outbox.work_once(300)
        took = time.perf_counter() - start
        assert sum(desk.outbox.counts().values()) == TOLD, desk.outbox.counts()
    yield "duties routed, worded, sent and told", None, TOLD / took


def beside(county: County) -> Measured:
    """Board, lookup and calls of the large county while the worker of the open desk sends 10,000."""
    people = county.sample(ASKED)
    with Desk.open(replace(county.config(), messages=replace(county.config().messages, release="person"))) as desk:
        on_loopback(desk)
        desk.outbox.add(message(number) for number in range(COUNT))
        yield from _figures("10,000 queued", desk, people)
        desk.outbox.start_worker()
        yield from _figures("10,000 being sent", desk, people)
        desk.outbox.stop_worker()
        for table in (schema.MESSAGES, schema.ATTEMPTS, schema.PACES):  # the county is measured again
            desk.place.store.drop_table(table)


def _figures(when: str, desk: Desk, people: Sequence[Customer]) -> Measured:
    asks = list(KINDS.values())
    finds = [timed(lambda q=asks[n % len(asks)](one): desk.calls.find(q)) for n, one in enumerate(people)]  # type: ignore[misc]
    boards = [timed(desk.outages.board) for _each in range(30)]
    calls = [CallRequest(topic=Topic.INQUIRY, account_no=one.account_no, note="问电费") for one in people]
    saves = [timed(lambda one=one: desk.calls.log(one)) for one in calls]  # type: ignore[misc]
    left = desk.outbox.counts().get("queued", 0)
    yield f"lookup with {when}, p50", 2, percentile(finds, 0.5)
    yield f"lookup with {when}, p99", 10, percentile(finds, 0.99)
    yield f"board with {when}, p95", None, percentile(boards, 0.95)
    yield f"save a call with {when}, p99 ({left:,} left)", 5, percentile(saves, 0.99)


class Loopback(Channel):
    """Takes whatever it is handed, with an id for each."""

    name = NAME
    labels = {"zh_CN": "环回", "en": "loopback"}
    can = Capabilities(family="sms", address="mobile", bulk=64)
    serves = ()

    def send_many(self, messages: Sequence[Handed], timeout: float) -> Sequence[Receipt]:  # noqa: ARG002
        return [Receipt(state="accepted", external_id=message.key) for message in messages]


class LoopbackHost:
    """The desk's plugins, with the loopback as its only channel."""

    def __init__(self, real: Any, now: Any) -> None:
        self._real = real
        self.channels = {NAME: Loopback()}
        self._runner = Runner(self.channels[NAME], watch=Watch(), now=now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def runner(self, name: str) -> Runner:
        assert name == NAME
        return self._runner


def on_loopback(desk: Desk) -> None:
    desk.place.__dict__["plugins"] = LoopbackHost(desk.place.plugins, desk.place.now)


@contextmanager
def small_county(customers: int) -> Iterator[Desk]:
    folder = mkdtemp(prefix="desk-bench-")
    config = load_config(data=Path(folder) / "data")
    no_cap = {"most_per_outage": 10**6, "most_per_minute": 10**6, "quiet_from": "03:00", "quiet_until": "03:01"}
    messages = replace(config.messages, **no_cap)
    try:
        with Desk.create(replace(config, messages=messages), sandbox=True) as desk:
            area = TransformerArea(transformer_area="T1", feeder="城东线", service_branch="城关所")
            desk.place.network.put(area)
            desk.place.customers.put_many(_customers(customers))
            on_loopback(desk)
            yield desk
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _customers(count: int) -> Iterator[Customer]:
    rng = Random(SEED)
    for number in range(count):
        phones = read_phones(f"13{rng.randrange(10**9):09d}", "0951")
        account = f"{6400000000 + number}"
        yield Customer(account_no=account, name="客户", transformer_area="T1", special=True, phones=phones)


def planned(desk: Desk) -> None:
    """An approved outage whose customers had the first notice on paper, and are owed the second now."""
    now = desk.place.now()
    start, end = now + timedelta(hours=20), now + timedelta(hours=26)
    request = OutageRequest(
        type="planned_maintenance", feeders=("城东线",), planned_start=start, planned_end=end, cause="检修", area="城东"
    )
    outage = desk.outages.open(request).outage
    for step in desk.notices.approvals(outage.id):
        desk.notices.approve(outage.id, step.step, by="李局长", mode="written")
    paper = [duty.id for duty in desk.notices.of(outage.id) if duty.channels == ("written_notice",)]
    desk.notices.settle_many([(id, Settlement(result="signed", person="本人")) for id in paper], "bench")


def message(number: int) -> Message:
    return Message(
        id="",
        outage="",
        recipient=Recipient(kind="customer", id=str(number), name="客户"),
        channel=NAME,
        family="sms",
        address=f"138{number:08d}",
        body="尊敬的客户：城东线因检修将于明日8时至14时停电，请提前做好准备。",
        made_at=_now(),
        state=AttemptState.QUEUED,
    )


def _now() -> datetime:
    return datetime.now(ZoneInfo("Asia/Shanghai")).replace(microsecond=0)
