"""The SMPP channel against a centre that nobody here wrote: npm's `smpp`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from npm_centre import NpmCentre

from desk.outbox.splitting import cut
from desk.plugins import (
    AttemptState,
    BadAddress,
    ConfigProblem,
    Message,
    Receipt,
    Report,
    Secret,
    SendError,
    UnknownOutcome,
)
from plugins.smpp import Smpp

TEXT = "【某县供电公司】尊敬的客户：因线路检修，您处将于12月11日08:30至17:00停电，请提前做好准备⚡😀👨‍👩‍👧‍👦。" * 3


@pytest.fixture
def centre() -> Iterator[NpmCentre]:
    centre = NpmCentre()
    yield centre
    centre.kill()


@pytest.fixture
def make(centre: NpmCentre) -> Iterator[Callable[..., Smpp]]:
    channels: list[Smpp] = []

    def made(**settings: Any) -> Smpp:
        known = {"host": "127.0.0.1", "port": centre.port, "system_id": "desk", "password": Secret.of("secret")}
        channels.append(Smpp(Smpp.Settings(**(known | settings))))
        return channels[-1]

    yield made
    for channel in channels:
        channel.close()


def messages(count: int, first: int = 1) -> list[Message]:
    return [
        Message(recipient=f"客户{number}", address=f"1380013{number:04}", body=f"第{number}户停电", id=f"M{number}")
        for number in range(first, first + count)
    ]


def parts(text: str) -> list[Message]:
    pieces = cut(text, Smpp.can).pieces
    whole = Message(recipient="客户", address="13800130001", body="", id="M1", reference=77, parts=len(pieces))
    return [
        Message(**{name: getattr(whole, name) for name in whole.__struct_fields__} | {"body": body, "part": number})
        for number, body in enumerate(pieces, 1)
    ]


def polled(channel: Smpp, count: int, seconds: float = 5) -> list[Report]:
    found: list[Report] = []
    until = time.monotonic() + seconds
    while len(found) < count and time.monotonic() < until:
        reports = channel.poll([], 1)
        channel.stored(reports)
        found += reports
        time.sleep(0.01)
    return found


def until(seen: Callable[[], Any], seconds: float = 5) -> bool:
    limit = time.monotonic() + seconds
    while not seen() and time.monotonic() < limit:
        time.sleep(0.02)
    return bool(seen())


@pytest.mark.parametrize("joined", ["udh", "sar"])
def test_chinese_and_emoji_in_three_parts_come_together_again(
    centre: NpmCentre, make: Callable[..., Smpp], joined: str
) -> None:
    sent = parts(TEXT)
    answers = make(long_text=joined).send_many(sent, 5)
    taken = centre.taken
    assert len(sent) >= 3
    assert all(isinstance(answer, Receipt) for answer in answers)
    assert [(each["part"], each["parts"], each["reference"]) for each in taken] == [
        (number, len(sent), 77) for number in range(1, len(sent) + 1)
    ]
    assert "".join(each["text"] for each in taken) == TEXT


def test_a_plain_english_text_goes_in_the_small_alphabet(centre: NpmCentre, make: Callable[..., Smpp]) -> None:
    text = "Power off @ 19:00 $5 {A} [B] ~ \\ | ^"
    make().send(parts(text)[0], 5)
    (taken,) = centre.taken
    assert (taken["coding"], taken["text"]) == (0, text)


@pytest.mark.parametrize("when", ["early", "late", "twice"])
@pytest.mark.parametrize(
    ("ids", "receipt_ids", "settings"),
    [("hex", "hex", {}), ("hex", "dec", {"answer_ids": "hex", "receipt_ids": "decimal"})],
    ids=["one writing of ids", "two writings of ids"],
)
def test_receipts_early_late_and_twice_are_matched_and_confirmed(
    centre: NpmCentre, make: Callable[..., Smpp], when: str, ids: str, receipt_ids: str, settings: dict[str, str]
) -> None:
    centre.set(receipts=when, ids=ids, receiptIds=receipt_ids)
    channel = make(**settings)
    answers = channel.send_many(messages(20), 5)
    sent = sorted(answer.external_id for answer in answers if isinstance(answer, Receipt))
    times = 2 if when == "twice" else 1
    reports = polled(channel, 20 * times)
    assert sorted(report.external_id for report in reports) == sorted(sent * times)
    assert {report.state for report in reports} == {AttemptState.DELIVERED}
    assert until(lambda: centre.log["unconfirmed"] == 0)


def test_receipts_that_were_not_stored_come_again_to_the_next_who_asks(
    centre: NpmCentre, make: Callable[..., Smpp]
) -> None:
    first = make()
    first.send_many(messages(5), 5)
    assert until(lambda: centre.log["held"] == 5)
    first.poll([], 1)
    first.close()
    assert centre.log["unconfirmed"] == 5
    assert len(polled(make(), 5)) == 5


def test_throttled_messages_are_handed_over_again_until_all_are_there_once(
    centre: NpmCentre, make: Callable[..., Smpp]
) -> None:
    centre.set(perSecond=30)
    channel = make(window=8)
    waiting = messages(60)
    for _round in range(60):
        answers = channel.send_many(waiting, 5)
        waiting = [each for each, answer in zip(waiting, answers, strict=True) if not isinstance(answer, Receipt)]
        if not waiting:
            break
        time.sleep(0.1)
    assert sorted(each["to"] for each in centre.taken) == [each.address for each in messages(60)]


@pytest.mark.parametrize(("when", "seed"), [("before", 1), ("after", 2)], ids=["before", "after"])
def test_drops_and_swallowed_answers_lose_nothing_and_double_nothing(
    centre: NpmCentre, make: Callable[..., Smpp], when: str, seed: int
) -> None:
    centre.set(drop=0.02, dropWhen=when, swallow=0.02, seed=seed)
    channel = make(window=16)
    ends = sent_all(channel, messages(100), timeout=1)
    centre.set(drop=0, swallow=0)
    taken = [each["to"] for each in centre.taken]
    unknown = {address for address, answer in ends.items() if isinstance(answer, UnknownOutcome)}
    assert len(taken) == len(set(taken))
    assert {address for address, answer in ends.items() if isinstance(answer, Receipt)} <= set(taken)
    assert set(ends) - set(taken) <= unknown


def test_a_killed_centre_that_comes_back_is_found_and_nothing_goes_twice(
    centre: NpmCentre, make: Callable[..., Smpp]
) -> None:
    channel = make()
    channel.send_many(messages(10), 5)
    before = [each["to"] for each in centre.taken]
    centre.kill()
    assert not any(isinstance(answer, Receipt) for answer in channel.send_many(messages(5, first=11), 2))
    again = NpmCentre(centre.port)
    try:
        ends = sent_all(channel, messages(20, first=11), timeout=2)
        assert set(map(type, ends.values())) == {Receipt}
        assert len(before) == 10
        assert len(again.taken) == 20
    finally:
        again.kill()


def test_a_wrong_password_stops_it_after_one_login(centre: NpmCentre, make: Callable[..., Smpp]) -> None:
    channel = make(password=Secret.of("wrong"))
    for _time in range(3):
        with pytest.raises(ConfigProblem):
            channel.send(messages(1)[0], 5)
    time.sleep(0.7)
    assert len(centre.log["binds"]) == 1


def test_a_number_that_the_centre_refuses_is_a_bad_address(centre: NpmCentre, make: Callable[..., Smpp]) -> None:
    centre.set(status="ESME_RINVDSTADR")
    with pytest.raises(BadAddress):
        make().send(messages(1)[0], 5)


def test_what_a_customer_writes_is_heard(centre: NpmCentre, make: Callable[..., Smpp]) -> None:
    channel = make()
    channel.check(5)
    centre.act("/says", {"from": "13800130001", "text": "收到😀"})
    assert until(lambda: centre.log["unconfirmed"] == 0)
    (reply,) = channel.replies(1)
    assert (reply.address, reply.body) == ("13800130001", "收到😀")


def sent_all(channel: Smpp, wanted: list[Message], timeout: float) -> dict[str, Receipt | SendError]:
    """Hand over as the outbox does: what may be tried again is, what nobody knows is not."""
    ends: dict[str, Receipt | SendError] = {}
    for _round in range(100):
        left = [each for each in wanted if each.address not in ends]
        if not left:
            break
        for each, answer in zip(left[:64], channel.send_many(left[:64], timeout), strict=False):
            if isinstance(answer, Receipt) or not answer.retryable:
                ends[each.address] = answer
    return ends
