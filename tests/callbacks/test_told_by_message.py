"""Callbacks told by a message: in order, over what reaches the number, and a person's again where it fails."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from desk.app import Desk
from desk.callbacks.telling import came_to
from desk.calls import CallRequest
from desk.clock import FixedClock
from desk.errors import Refused
from desk.outages import OutageRequest
from desk.plugins.channels import Capabilities, Channel
from desk.plugins.lanes import Watch
from desk.plugins.messages import Message as Handed
from desk.plugins.messages import Receipt, Report
from desk.plugins.running import Runner
from desk.plugins.send_errors import BadAddress, SendError
from desk.records import Attempt, AttemptState, CallbackState, Outage, Topic

MINUTE = timedelta(minutes=1)
S = AttemptState


class Texts(Channel):
    """Text messages that go nowhere, answered as told."""

    labels = {"zh_CN": "短信", "en": "SMS"}

    def __init__(self, receipts: str = "none", address: str = "mobile") -> None:
        super().__init__()
        self.name = "texts"
        self.can = Capabilities(family="sms", address=address, receipts=receipts, timeout=2.0, price=0.05)  # type: ignore[arg-type]
        self.handed: list[Handed] = []
        self.answers: deque[SendError] = deque()
        self.reports: list[Report] = []

    def send(self, message: Handed, _timeout: float) -> Receipt:
        self.handed.append(message)
        if self.answers:
            raise self.answers.popleft()
        return Receipt(state="accepted", external_id=f"x{len(self.handed)}")

    def poll(self, _ids: Sequence[str], _timeout: float) -> Sequence[Report]:
        found, self.reports = self.reports, []
        return found


@pytest.fixture
def texts(desk: Desk) -> Texts:
    return bring(desk, Texts())


class Host:
    """The county's parts, with this channel and no other."""

    def __init__(self, desk: Desk, channel: Texts) -> None:
        self._real = desk.place.plugins
        self._runner = Runner(channel, watch=Watch(), now=desk.place.now)
        self.channels = {channel.name: channel}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def runner(self, _name: str) -> Runner:
        return self._runner

    def channel_states(self) -> list[Any]:
        return [SimpleNamespace(name=name, state="on", reason="") for name in self.channels]


def bring(desk: Desk, channel: Texts) -> Texts:
    """The county has this channel and no other."""
    desk.place.use_plugins(Host(desk, channel))  # type: ignore[arg-type]
    return channel


def restored(desk: Desk, *accounts: str, area: str = "城东一片") -> Outage:
    asked = OutageRequest(type="grid_fault", feeders=("城东线",), cause="树障", area=area)
    outage = desk.outages.open(asked).outage
    for account in accounts:
        desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no=account, callback=True))
    return desk.outages.restore(outage.id)


def states(desk: Desk) -> dict[str, CallbackState]:
    return {one.account_no: one.state for one in desk.callbacks.listed("all")}


def test_whoever_waits_is_told_in_the_order_of_the_calls(desk: Desk, texts: Texts) -> None:
    restored(desk, "1001", "1000", "1003", "1006")
    desk.callbacks.message()
    desk.outbox.work_once()
    assert [one.address[-1] for one in texts.handed] == ["6", "3", "1", "0"]
    assert set(states(desk).values()) == {CallbackState.DONE}


def test_it_says_what_came_back_and_when(desk: Desk, texts: Texts) -> None:
    restored(desk, "1000")
    desk.callbacks.message()
    desk.outbox.work_once()
    assert texts.handed[0].body == (
        "尊敬的客户：您来电反映的城东一片停电，已于7月1日08:00恢复供电。如您处仍然无电，请致电95598，我们将优先处理。"
    )


def test_nothing_is_written_when_it_is_only_foreseen(desk: Desk, texts: Texts) -> None:
    restored(desk, "1000", "1001")
    foreseen = desk.callbacks.foresee()
    assert len(foreseen.messages) == 2
    assert foreseen.price == pytest.approx(0.05 * sum(message.parts for message in foreseen.messages))
    assert desk.outbox.listed() == []
    assert set(states(desk).values()) == {CallbackState.OWED}
    assert texts.handed == []


def test_while_the_message_is_on_its_way_nobody_takes_the_callback(desk: Desk, texts: Texts) -> None:
    restored(desk, "1000")
    desk.callbacks.message()
    assert texts.handed == []
    assert states(desk)["1000"] is CallbackState.MESSAGED
    assert desk.callbacks.take() is None
    with pytest.raises(Refused, match="being told by message M1"):
        desk.callbacks.take("B1")
    with pytest.raises(Refused, match="already"):
        desk.callbacks.message(["B1"])


def test_a_failed_message_gives_the_callback_back_to_a_person(desk: Desk, texts: Texts) -> None:
    restored(desk, "1000")
    texts.answers.append(BadAddress("空号"))
    desk.callbacks.message()
    desk.outbox.work_once()
    mine = desk.callbacks.take()
    assert mine
    assert [step.act for step in mine.attempts] == ["not_sent"]
    assert mine.message == "M1"


def test_it_is_done_once_the_report_has_come(desk: Desk) -> None:
    texts = bring(desk, Texts(receipts="gateway"))
    restored(desk, "1000")
    desk.callbacks.message()
    desk.outbox.work_once()
    assert states(desk)["1000"] is CallbackState.MESSAGED
    desk.outbox.outcomes.reported("texts", [Report(external_id="x1", state=S.DELIVERED)])
    desk.outbox.work_once()
    assert texts.handed
    done = desk.callbacks.get("B1")
    assert (done.state, [step.act for step in done.attempts]) == (CallbackState.DONE, ["sent"])


def test_a_report_that_it_did_not_arrive_reopens_it(desk: Desk) -> None:
    bring(desk, Texts(receipts="gateway"))
    restored(desk, "1000")
    desk.callbacks.message()
    desk.outbox.work_once()
    desk.outbox.outcomes.reported("texts", [Report(external_id="x1", state=S.UNDELIVERED)])
    desk.outbox.work_once()
    assert states(desk)["1000"] is CallbackState.OWED
    assert [one.id for one in desk.callbacks.listed("ripe")] == ["B1"]


def test_at_night_the_message_waits_for_the_morning(desk: Desk, texts: Texts, clock: FixedClock) -> None:
    asked = OutageRequest(type="grid_fault", feeders=("城东线",), cause="树障")
    outage = desk.outages.open(asked).outage
    desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no="1000", callback=True))
    clock.at = clock.at.replace(hour=23)  # type: ignore[misc]
    desk.outages.restore(outage.id)
    desk.callbacks.message(["B1"])
    desk.outbox.work_once()
    assert texts.handed == []
    clock.at = clock.at.replace(hour=7, minute=1) + timedelta(days=1)  # type: ignore[misc]
    desk.outbox.work_once()
    assert len(texts.handed) == 1


@pytest.mark.parametrize(
    ("number", "why"), [("09515550003", "no text channel reaches this number"), ("", "no number is known")]
)
def test_whom_no_message_reaches_is_left_to_a_person(desk: Desk, texts: Texts, number: str, why: str) -> None:
    asked = OutageRequest(type="grid_fault", feeders=("城东线",), cause="树障")
    outage = desk.outages.open(asked).outage
    more = {"outage": outage.id, "callback": True, "topic": Topic.TROUBLE}
    desk.calls.log(CallRequest(number=number, **more))  # type: ignore[arg-type]
    desk.outages.restore(outage.id)
    found = desk.callbacks.message()
    assert found.left == {"B1": why}
    assert desk.callbacks.get("B1").state is CallbackState.OWED
    assert texts.handed == []


def test_before_supply_is_back_nobody_is_told_so(desk: Desk, texts: Texts) -> None:
    desk.outages.open(OutageRequest(type="grid_fault", feeders=("城东线",), cause="树障"))
    desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no="1000", callback=True))
    assert desk.callbacks.message().messages == ()
    assert desk.callbacks.message(["B1"]).left == {"B1": "supply is not back yet"}
    assert texts.handed == []


def test_above_the_limit_a_second_person_confirms(desk: Desk, texts: Texts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.outbox.releasing.too_many", lambda *_given: "too many at once")
    restored(desk, "1000", "1001")
    assert desk.callbacks.message().confirm == "too many at once"
    desk.outbox.work_once()
    assert texts.handed == []
    (batch,) = desk.outbox.batches()
    desk.place.agent = "班长"
    desk.outbox.confirm(batch.id)
    desk.outbox.work_once()
    assert len(texts.handed) == 2


def tries(*states: AttemptState, awaits: str = "", at: Any = None) -> list[Attempt]:
    return [
        Attempt(id="M1.1.1", message="M1", channel="texts", at=at, state=state, key="k", awaits=awaits)
        for state in states
    ]


@pytest.mark.parametrize(
    ("state", "result"),
    [
        (S.QUEUED, None),
        (S.HELD, None),
        (S.SENDING, None),
        (S.UNKNOWN, None),
        (S.ACCEPTED, "sent"),
        (S.SENT, "sent"),
        (S.DELIVERED, "sent"),
        (S.READ, "sent"),
        (S.FAILED, "not_sent"),
        (S.UNDELIVERED, "not_sent"),
        (S.REJECTED, "not_sent"),
        (S.EXPIRED, "not_sent"),
        (S.CANCELLED, "not_sent"),
        (S.SKIPPED, "not_sent"),
    ],
)
def test_every_state_of_a_message_says_one_thing_of_its_callback(
    state: AttemptState, result: str | None, clock: FixedClock
) -> None:
    assert came_to(state, tries(state, at=clock.at), clock.at) == result


@pytest.mark.parametrize(("waited", "result"), [(-MINUTE, "sent"), (MINUTE, None)], ids=["long", "not long"])
def test_what_went_out_counts_as_told_when_no_report_came_for_long(
    clock: FixedClock, waited: timedelta, result: str | None
) -> None:
    found = tries(S.SENT, awaits="texts|…", at=clock.at + waited)
    assert came_to(S.SENT, found, clock.at) == result
