"""A small county, channels that do as they are told, and messages to send over them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desk.app import Desk
from desk.outages import OutageRequest
from desk.outbox.worker import Worker
from desk.phone_numbers import read_phones
from desk.plugins.channels import Capabilities, Channel
from desk.plugins.lanes import Watch
from desk.plugins.messages import Message as Handed
from desk.plugins.messages import Receipt, Report, Review
from desk.plugins.running import Runner
from desk.plugins.send_errors import SendError
from desk.records import AttemptState, Customer, Duty, Message, Outage, Recipient, TransformerArea

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, 10, 0, tzinfo=ZONE)
DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
S = AttemptState

AREAS = [TransformerArea(transformer_area="T1", feeder="城东线", service_branch="城关所")]


def customer(number: int) -> Customer:
    phones = read_phones(f"1380013{number:04d}", "0951")
    account = f"10{number:04d}"
    return Customer(account_no=account, name=f"客户{number}", transformer_area="T1", special=True, phones=phones)


CUSTOMERS = [customer(number) for number in range(1, 6)]
ABLE = Capabilities(family="sms", address="mobile", receipts="gateway", timeout=2.0)


class SettableClock:
    """A clock that stands until a test moves it."""

    zone = ZONE

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def on(self, by: timedelta) -> None:
        self.at += by


class FakeChannel(Channel):
    """Answers as it was told, else `accepted` with its own ids; keeps what it was handed."""

    labels = {"zh_CN": "短信", "en": "SMS"}

    def __init__(self, name: str = "sms", can: Capabilities = ABLE) -> None:
        super().__init__()
        self.name = name
        self.can = can
        self.serves: tuple[str, ...] = ()
        self.handed: list[Handed] = []
        self.answers: deque[Receipt | SendError] = deque()
        self.reports: deque[Report] = deque()
        self.kept: list[Report] = []  # reports that the desk has stored
        self.asked: list[tuple[str, ...]] = []

    def send(self, message: Handed, _timeout: float) -> Receipt:
        self.handed.append(message)
        answer = (
            self.answers.popleft() if self.answers else Receipt(state="accepted", external_id=f"x{len(self.handed)}")
        )
        if isinstance(answer, SendError):
            raise answer
        return answer

    def poll(self, ids: Sequence[str], _timeout: float) -> Sequence[Report]:
        self.asked.append(tuple(ids))
        found = list(self.reports)
        self.reports.clear()
        return found

    def stored(self, reports: Sequence[Report]) -> None:
        self.kept += reports

    def receipt(self, payload: Any) -> Sequence[Report]:
        return [Report(external_id=payload["id"], state=S(payload["state"]))]

    def cancel(self, id: str, _timeout: float) -> bool:
        return id.startswith("x")


class Row:
    def __init__(self, name: str) -> None:
        self.name = name


class FakeHost:
    """A plugin host with channels of the test's own; rule packs and outage types are the real ones."""

    def __init__(self, desk: Desk) -> None:
        self._real = desk.place.plugins
        self._watch = Watch()
        self._runners: dict[str, Runner] = {}
        self._now = desk.place.now
        self.channels: dict[str, FakeChannel] = {}
        self.known: list[str] = []
        self.heard: list[tuple[str, Any]] = []
        self.verdict = Review(verdict="send")

    @classmethod
    def at(cls, desk: Desk) -> FakeHost:
        """The host of this desk from now on."""
        fake = cls(desk)
        desk.place.__dict__["plugins"] = fake
        return fake

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def bring(self, channel: FakeChannel) -> FakeChannel:
        self.channels[channel.name] = channel
        self.known.append(channel.name)
        return channel

    def runner(self, name: str) -> Runner:
        if name not in self._runners:
            self._runners[name] = Runner(self.channels[name], watch=self._watch, now=self._now)
        return self._runners[name]

    def channel_states(self) -> list[Row]:
        return [Row(name) for name in self.known]

    def review(self, *_about: Any) -> Review:
        return self.verdict

    def route(self, *_about: Any) -> None:
        return None

    def hear(self, event: str, about: Any) -> None:
        self.heard.append((event, about))


def message(number: int = 1, **more: Any) -> Message:
    """A message of no duty, to be sent now."""
    asked: dict[str, Any] = {
        "id": "",
        "outage": "",
        "recipient": Recipient(kind="customer", id=f"10{number:04d}", name=f"客户{number}"),
        "channel": "sms",
        "family": "sms",
        "address": f"138001380{number:02d}",
        "body": "明日停电",
        "made_at": NOW,
        "state": S.QUEUED,
    }
    return Message(**{**asked, **more})


def planned(desk: Desk) -> Outage:
    """A planned outage, approved, on the day before it: its customers are to be rung up or sent a message now."""
    request = OutageRequest(
        type="planned_maintenance",
        feeders=("城东线",),
        planned_start=NOW + 10 * DAY,
        planned_end=NOW + 10 * DAY + 6 * HOUR,
        cause="更换导线",
        area="城东",
    )
    outage = desk.outages.open(request).outage
    for step in desk.notices.approvals(outage.id):
        desk.notices.approve(outage.id, step.step, by="李局长", mode="written")
    for duty in desk.notices.of(outage.id):
        if duty.channels == ("written_notice",):
            desk.notices.settle(duty.id, "signed", person="本人")  # the first notice, on paper
    desk.place.clock.on(9 * DAY)  # type: ignore[attr-defined]
    return outage


def owed_by_sms(desk: Desk, outage: Outage) -> list[Duty]:
    return [one for one in desk.notices.of(outage.id) if "sms" in one.channels]


def sent(desk: Desk, *messages: Message) -> list[Message]:
    """Add messages, run the worker once, and read them back."""
    added = desk.outbox.add(messages)
    desk.outbox.work_once(5)
    return [desk.outbox.get(one.id).message for one in added]


def polled(desk: Desk, channel: FakeChannel, *reports: Report) -> None:
    """One round in which the channel reports."""
    channel.reports.extend(reports)
    worker = Worker(desk.outbox)
    before = len(channel.kept)
    for _turn in range(200):
        worker.round()
        worker._rest(__import__("threading").Event(), 0.01)
        if len(channel.kept) >= before + len(reports):
            break
    worker.close()
    desk.outbox.work_once(5)
