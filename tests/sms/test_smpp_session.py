"""The SMPP channel when the centre is late, slow, away, twice, or says no."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from smpp_centre import Centre

from desk.plugins import (
    AttemptState,
    BadAddress,
    ConfigProblem,
    GatewayTrouble,
    Message,
    NoConnection,
    Receipt,
    Refused,
    Report,
    Secret,
    SendError,
    Throttled,
    UnknownOutcome,
    Unsupported,
)
from plugins.smpp import Smpp


@pytest.fixture
def centre() -> Iterator[Centre]:
    centre = Centre()
    yield centre
    centre.close()


@pytest.fixture
def make(centre: Centre) -> Iterator[Callable[..., Smpp]]:
    """Makes a channel to the centre, with more settings where a test has some."""
    channels: list[Smpp] = []

    def made(**settings: Any) -> Smpp:
        known = {"host": "127.0.0.1", "port": centre.port, "system_id": "desk", "password": Secret.of("secret")}
        channels.append(Smpp(Smpp.Settings(**(known | settings))))
        return channels[-1]

    yield made
    for channel in channels:
        channel.close()


@pytest.fixture
def channel(make: Callable[..., Smpp]) -> Smpp:
    return make()


def message(number: int = 1, body: str = "东街今晚停电", **more: Any) -> Message:
    return Message(recipient=f"客户{number}", address=f"1380013{number:04}", body=body, id=f"M{number}", **more)


def messages(count: int) -> list[Message]:
    return [message(number) for number in range(1, count + 1)]


def polled(channel: Smpp, count: int, seconds: float = 3) -> list[Report]:
    """The first `count` reports, or fewer when no more come in time."""
    found: list[Report] = []
    until = time.monotonic() + seconds
    while len(found) < count and time.monotonic() < until:
        found += channel.poll([], 1)
        time.sleep(0.01)
    return found


def until(seen: Callable[[], Any], seconds: float = 3) -> bool:
    limit = time.monotonic() + seconds
    while not seen() and time.monotonic() < limit:
        time.sleep(0.01)
    return bool(seen())


def kinds(answers: Sequence[Receipt | SendError]) -> list[str]:
    return [type(answer).__name__ for answer in answers]


def test_a_window_is_never_exceeded_and_all_are_answered_in_order(centre: Centre, make: Callable[..., Smpp]) -> None:
    answers = make(window=3).send_many(messages(50), 5)
    named = {submit.id: submit.destination for submit in centre.taken}
    assert [named[answer.external_id] for answer in answers] == [each.address for each in messages(50)]


def test_a_slow_centre_holds_no_more_than_the_window(centre: Centre, make: Callable[..., Smpp]) -> None:
    centre.swallow = True
    answers = make(window=3).send_many(messages(10), 0.3)
    assert len(centre.taken) == 3
    assert kinds(answers) == ["UnknownOutcome"] * 3 + ["GatewayTrouble"] * 7


def test_swallowed_answers_do_not_use_up_the_window(centre: Centre, make: Callable[..., Smpp]) -> None:
    channel = make(window=2)
    centre.swallow = True
    channel.send_many(messages(2), 0.2)
    centre.swallow = False
    assert kinds(channel.send_many(messages(4), 3)) == ["Receipt"] * 4


def test_an_answer_after_the_deadline_is_not_taken_for_another_message(centre: Centre, channel: Smpp) -> None:
    centre.swallow = True
    with pytest.raises(UnknownOutcome):
        channel.send(message(1), 0.2)
    centre.swallow = False
    assert channel.send(message(2), 3).external_id == centre.taken[-1].id


def test_a_receipt_is_answered_only_when_it_is_stored(centre: Centre, channel: Smpp) -> None:
    channel.send(message(), 3)
    (report,) = polled(channel, 1)
    time.sleep(0.05)
    assert (centre.unanswered, centre.answered_receipts) == (1, [])
    channel.stored([report])
    assert until(lambda: centre.answered_receipts == [0])
    assert centre.unanswered == 0


def test_a_receipt_stored_twice_is_answered_once(centre: Centre, channel: Smpp) -> None:
    channel.send(message(), 3)
    reports = polled(channel, 1)
    channel.stored(reports)
    channel.stored(reports)
    channel.check(3)
    assert centre.answered_receipts == [0]


def test_a_receipt_before_the_answer_is_reported_all_the_same(centre: Centre, channel: Smpp) -> None:
    centre.receipts_first = True
    receipt = channel.send(message(), 3)
    (report,) = polled(channel, 1)
    assert (report.external_id, report.state) == (receipt.external_id, AttemptState.DELIVERED)
    assert report.proof == message().address


def test_a_receipt_for_a_message_whose_answer_was_lost_is_reported(centre: Centre, channel: Smpp) -> None:
    centre.swallow = True
    with pytest.raises(UnknownOutcome):
        channel.send(message(), 0.2)
    (report,) = polled(channel, 1)
    assert report.external_id == centre.taken[0].id


def test_a_receipt_that_comes_twice_is_reported_and_answered_twice(centre: Centre, channel: Smpp) -> None:
    centre.receipt_times = 2
    channel.send(message(), 3)
    reports = polled(channel, 2)
    assert [report.state for report in reports] == ["delivered", "delivered"]
    channel.stored(reports)
    assert until(lambda: centre.answered_receipts == [0, 0])


def test_receipts_that_waited_at_the_centre_come_without_anything_being_sent(make: Callable[..., Smpp]) -> None:
    first = make()
    first.send(message(), 3)
    polled(first, 1)
    first.close()
    assert len(make().poll([], 3)) == 1


def test_the_first_poll_of_a_centre_that_is_away_is_back_at_once(centre: Centre, channel: Smpp) -> None:
    centre.stop()
    began = time.monotonic()
    assert channel.poll([], 3) == ()
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("kind", ["text", "parameters", "both"])
def test_a_receipt_is_read_from_its_text_or_its_parameters(centre: Centre, channel: Smpp, kind: str) -> None:
    centre.receipt_kind = kind
    receipt = channel.send(message(), 3)
    (report,) = polled(channel, 1)
    assert (report.external_id, report.state, report.error) == (receipt.external_id, AttemptState.DELIVERED, "")


@pytest.mark.parametrize(
    ("answer", "receipt", "settings"),
    [
        ("{:08X}", "{}", {"answer_ids": "hex", "receipt_ids": "decimal"}),
        ("{}", "{:x}", {"answer_ids": "decimal", "receipt_ids": "hex"}),
        ("{:08X}", "{:x}", {"answer_ids": "hex", "receipt_ids": "hex"}),
        ("{:08X}-a", "{:08X}-a", {}),
    ],
    ids=["hex answered, decimal reported", "decimal answered, hex reported", "hex written differently", "no numbers"],
)
@pytest.mark.parametrize("kind", ["text", "both"])
def test_ids_written_in_two_ways_are_one_id(
    centre: Centre, make: Callable[..., Smpp], answer: str, receipt: str, settings: dict[str, str], kind: str
) -> None:
    centre.id_format, centre.receipt_id_format, centre.receipt_kind = answer, receipt, kind
    channel = make(**settings)
    sent = channel.send(message(), 3)
    (report,) = polled(channel, 1)
    assert report.external_id == sent.external_id


@pytest.mark.parametrize(
    ("stat", "state", "error"),
    [
        ("DELIVRD", AttemptState.DELIVERED, ""),
        ("ACCEPTD", AttemptState.SENT, ""),
        ("ENROUTE", AttemptState.SENT, ""),
        ("UNKNOWN", AttemptState.SENT, "UNKNOWN 000"),
        ("EXPIRED", AttemptState.UNDELIVERED, "EXPIRED 000"),
        ("DELETED", AttemptState.FAILED, "DELETED 000"),
        ("UNDELIV", AttemptState.UNDELIVERED, "UNDELIV 000"),
        ("REJECTD", AttemptState.REJECTED, "REJECTD 000"),
    ],
)
def test_each_word_of_a_receipt_is_its_state(
    centre: Centre, channel: Smpp, stat: str, state: AttemptState, error: str
) -> None:
    centre.stat = stat
    channel.send(message(), 3)
    (report,) = polled(channel, 1)
    assert (report.state, report.error) == (state, error)
    assert report.words


def test_the_networks_word_that_there_is_no_such_number_is_a_wrong_number(centre: Centre, channel: Smpp) -> None:
    centre.stat, centre.network_error = "UNDELIV", 1
    channel.send(message(), 3)
    (report,) = polled(channel, 1)
    assert (report.error, "there is no such number" in report.words) == ("wrong_number", True)


def test_the_time_of_a_receipt_is_the_centres_own(channel: Smpp) -> None:
    channel.send(message(), 3)
    (report,) = polled(channel, 1)
    assert report.at == datetime(2026, 12, 11, 1, 1, tzinfo=UTC)


def test_above_the_rate_the_rest_is_throttled_and_not_sent(centre: Centre, make: Callable[..., Smpp]) -> None:
    centre.answers = lambda _address: 0 if len(centre.taken) < 5 else 0x58
    answers = make(window=2).send_many(messages(30), 3)
    assert kinds(answers)[:5] == ["Receipt"] * 5
    assert set(kinds(answers)[5:]) == {"Throttled"}
    assert all(0 < answer.retry_after <= 1 for answer in answers[5:] if isinstance(answer, Throttled))
    assert len(centre.taken) == 5


def test_after_the_wait_it_goes_on(centre: Centre, channel: Smpp) -> None:
    centre.answer = 0x58
    with pytest.raises(Throttled) as slow:
        channel.send(message(), 3)
    centre.answer = 0
    time.sleep(slow.value.retry_after)
    assert channel.send(message(), 3).external_id


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (0x0B, BadAddress),
        (0x14, Throttled),
        (0x08, GatewayTrouble),
        (0x64, GatewayTrouble),
        (0x0A, ConfigProblem),
        (0x01, Unsupported),
        (0x45, Refused),
        (0x7FFF, Refused),
    ],
    ids=lambda value: hex(value) if isinstance(value, int) else value.__name__,
)
def test_each_status_is_its_error(centre: Centre, channel: Smpp, status: int, error: type[SendError]) -> None:
    centre.answer = status
    with pytest.raises(error) as refused:
        channel.send(message(), 3)
    assert f"{status:08X}" in refused.value.why


@pytest.mark.parametrize("status", [0x0E, 0x0F, 0x53], ids=hex)
def test_a_refused_account_or_password_is_a_config_problem(status: int) -> None:
    from plugins.smpp.statuses import no_login

    assert isinstance(no_login(status, 1), ConfigProblem)


def test_a_refused_password_stops_the_session(centre: Centre, channel: Smpp) -> None:
    centre.refuse_login = 0x0E
    for _time in range(5):
        with pytest.raises(ConfigProblem):
            channel.send(message(), 3)
        channel.poll([], 1)
    time.sleep(0.8)
    assert centre.logins_refused == 1


def test_a_stopped_session_tries_again_when_it_is_checked(centre: Centre, channel: Smpp) -> None:
    centre.refuse_login = 0x0E
    problem = channel.check(3)
    assert "password" in str(problem and problem.text)
    centre.refuse_login = 0
    assert channel.check(3) is None
    assert channel.send(message(), 3).external_id


def test_a_refusal_without_a_reason_is_tried_again(centre: Centre, channel: Smpp) -> None:
    centre.refuse_login, centre.refuse_logins = 0x0D, 1
    with pytest.raises(GatewayTrouble):
        channel.send(message(), 3)
    assert channel.send(message(), 3).external_id


def test_a_refusal_without_a_reason_again_and_again_stops_the_session() -> None:
    from plugins.smpp.statuses import TIMES, no_login

    assert isinstance(no_login(0x0D, TIMES - 1), GatewayTrouble)
    assert isinstance(no_login(0x0D, TIMES), ConfigProblem)


@pytest.mark.parametrize("password", ["ninechars", "密码"])
def test_a_password_that_smpp_cannot_carry_is_named_and_never_cut(
    centre: Centre, make: Callable[..., Smpp], password: str
) -> None:
    with pytest.raises(ConfigProblem) as wrong:
        make(password=Secret.of(password)).send(message(), 3)
    assert password not in f"{wrong.value} {wrong.value.why}"
    assert centre.logins_refused == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_was_on_its_way_when_the_line_broke_is_unknown_and_never_sent_again(
    centre: Centre, make: Callable[..., Smpp], when: str
) -> None:
    channel = make(window=4)
    channel.check(3)
    centre.hang_up = when
    (answer,) = channel.send_many(messages(1), 2)
    assert isinstance(answer, UnknownOutcome)
    centre.hang_up = ""
    channel.check(3)
    assert len(centre.taken) == (when == "after")


def test_a_restart_in_the_middle_loses_nothing_and_doubles_nothing(centre: Centre, make: Callable[..., Smpp]) -> None:
    channel = make(window=8)
    centre.drop_every = 40
    wanted = {each.address: each for each in messages(200)}
    unknown: set[str] = set()
    for _round in range(20):
        batch = list(wanted.values())[:64]
        if not batch:
            break
        for each, answer in zip(batch, channel.send_many(batch, 5), strict=True):
            if isinstance(answer, Receipt | UnknownOutcome):
                del wanted[each.address]
            if isinstance(answer, UnknownOutcome):
                unknown.add(each.address)
    taken = [submit.destination for submit in centre.taken]
    assert not wanted
    assert len(taken) == len(set(taken))
    assert {each.address for each in messages(200)} - set(taken) <= unknown


def test_a_centre_that_is_away_is_no_connection_at_once_and_found_when_it_is_back(
    centre: Centre, channel: Smpp
) -> None:
    channel.send(message(1), 3)
    centre.stop()
    began = time.monotonic()
    answers = channel.send_many(messages(64), 30)
    assert set(kinds(answers)) <= {"NoConnection", "UnknownOutcome"}
    assert time.monotonic() - began < 5
    centre.start()
    assert until(lambda: kinds(channel.send_many([message(2)], 3)) == ["Receipt"], 10)


def test_the_waits_grow_and_start_anew_after_a_good_login(centre: Centre, channel: Smpp) -> None:
    port = centre.port
    centre.stop()
    with pytest.raises(NoConnection) as away:
        channel.send(message(), 1)
    assert str(port) in str(away.value)
    session = channel._line._session  # type: ignore[union-attr]
    assert until(lambda: session._tries >= 2, 5)
    centre.start()
    assert until(lambda: centre.logins == 1, 10)
    assert session._tries == 0


def test_a_silent_line_is_tested_and_given_up(centre: Centre, make: Callable[..., Smpp]) -> None:
    channel = make(ping_seconds=1)
    channel.check(3)
    centre.pong = False
    assert until(lambda: centre.pings >= 2 and centre.logins >= 2, 6)


def test_a_centre_that_sends_junk_is_left_and_the_message_is_unknown(centre: Centre, channel: Smpp) -> None:
    centre.junk = True
    with pytest.raises(UnknownOutcome):
        channel.send(message(), 3)
    centre.junk = False
    assert channel.send(message(), 5).external_id


def test_a_customers_reply_is_there_once(centre: Centre, channel: Smpp) -> None:
    channel.check(3)
    centre.says("13800130001", "收到，谢谢😀")
    assert until(lambda: centre.unanswered == 0)
    (reply,) = channel.replies(1)
    assert (reply.address, reply.body) == ("13800130001", "收到，谢谢😀")
    assert channel.replies(1) == ()


def test_closing_says_goodbye_and_using_it_again_logs_in_again(centre: Centre, channel: Smpp) -> None:
    channel.send(message(1), 3)
    channel.close()
    assert until(lambda: not centre.writers)
    assert channel.send(message(2), 3).external_id
    assert centre.logins == 2


def test_a_channel_without_receipts_asks_for_none(centre: Centre, make: Callable[..., Smpp]) -> None:
    channel = make(receipts=False)
    channel.send(message(), 3)
    assert (channel.can.receipts, centre.taken[0].registered) == ("none", 0)
