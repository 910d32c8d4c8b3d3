"""What the worker does with a message: stored before the call and after it, tried again by schedule, never twice."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from outbox_county import (
    ABLE,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    SECOND,
    FakeChannel,
    FakeHost,
    SettableClock,
    message,
    planned,
    sent,
)

from desk.app import Desk
from desk.config import Config
from desk.outbox.worker import Worker
from desk.plugins.messages import Message as Handed
from desk.plugins.messages import Receipt, Review
from desk.plugins.send_errors import (
    BadAddress,
    ConfigProblem,
    GatewayTrouble,
    NoConnection,
    OptedOut,
    Refused,
    SendError,
    Throttled,
    UnknownOutcome,
    Unsupported,
)
from desk.records import AttemptState

S = AttemptState


def test_a_message_that_is_taken_is_accepted_with_the_gateways_own_id(desk: Desk, sms: FakeChannel) -> None:
    (after,) = sent(desk, message())
    view = desk.outbox.get(after.id)
    assert after.state is S.ACCEPTED
    assert [(one.state, one.external_id, one.channel) for one in view.attempts] == [(S.ACCEPTED, "x1", "sms")]
    assert [one.body for one in sms.handed] == ["明日停电"]


def test_sending_is_stored_before_the_channel_is_called(desk: Desk, host: FakeHost) -> None:
    seen: list[object] = []

    class Looks(FakeChannel):
        def send(self, message: Handed, timeout: float) -> Receipt:
            seen.extend(one.state for one in desk.outbox.get(message.id).attempts)
            return super().send(message, timeout)

    host.bring(Looks("sms"))
    sent(desk, message())
    assert seen == [S.SENDING]


@pytest.mark.parametrize(
    ("error", "state", "again"),
    [
        (NoConnection(), S.QUEUED, True),
        (GatewayTrouble(), S.QUEUED, True),
        (Throttled(retry_after=3), S.QUEUED, True),
        (ConfigProblem(), S.QUEUED, True),
        (BadAddress(), S.REJECTED, False),
        (OptedOut(), S.REJECTED, False),
        (Unsupported(), S.REJECTED, False),
        (Refused(why="blacklisted"), S.REJECTED, False),
        (UnknownOutcome(), S.UNKNOWN, False),
    ],
    ids=lambda value: value.code if isinstance(value, SendError) else "",
)
def test_each_error_leads_where_its_class_says(
    desk: Desk, sms: FakeChannel, error: SendError, state: AttemptState, again: bool
) -> None:
    sms.answers.append(error)
    (after,) = sent(desk, message())
    assert after.state is state
    assert after.error == error.code
    assert after.due.startswith("send|") is again
    assert len(sms.handed) == 1


def test_a_fault_of_the_channel_fails_the_message_and_names_the_place(desk: Desk, host: FakeHost) -> None:
    class Broken(FakeChannel):
        def send(self, _message: Handed, _timeout: float) -> Receipt:
            return None  # type: ignore[return-value]

    host.bring(Broken("sms"))
    (after,) = sent(desk, message())
    assert after.state is S.FAILED
    assert after.error == "fault"
    assert after.why


def test_a_failed_try_is_made_again_after_a_minute_and_after_ten_and_then_no_more(
    desk: Desk, sms: FakeChannel, clock: SettableClock
) -> None:
    sms.answers.extend([NoConnection(), NoConnection(), NoConnection()])
    (after,) = sent(desk, message())
    desk.outbox.work_once(5)
    assert len(sms.handed) == 1
    for wait, tries in ((timedelta(seconds=70), 2), (11 * MINUTE, 3), (DAY, 3)):
        clock.on(wait)
        desk.outbox.work_once(5)
        assert len(sms.handed) == tries
    view = desk.outbox.get(after.id)
    assert view.message.state is S.FAILED
    assert [one.state for one in view.attempts] == [S.FAILED] * 3
    assert [one.id for one in view.attempts] == [f"{after.id}.{number}.1" for number in (1, 2, 3)]
    assert len({one.key for one in view.attempts}) == 1


def test_nothing_is_tried_again_past_its_valid_until(desk: Desk, sms: FakeChannel) -> None:
    sms.answers.append(NoConnection())
    (after,) = sent(desk, message(valid_until=NOW + 30 * SECOND))
    assert after.state is S.FAILED


def test_a_message_that_waited_too_long_is_not_sent(desk: Desk, sms: FakeChannel, clock: SettableClock) -> None:
    desk.outbox.add([message(valid_until=NOW + MINUTE)])
    clock.on(HOUR)
    desk.outbox.work_once(5)
    assert desk.outbox.counts() == {"expired": 1}
    assert not sms.handed


def test_what_nobody_knows_is_sent_again_only_where_the_gateway_keeps_keys(desk: Desk, host: FakeHost) -> None:
    from msgspec.structs import replace

    keeps = host.bring(FakeChannel("sms", replace(ABLE, idempotency=True)))
    keeps.answers.append(UnknownOutcome())
    (after,) = sent(desk, message())
    assert after.state is S.QUEUED
    desk.place.clock.on(2 * MINUTE)  # type: ignore[attr-defined]
    desk.outbox.work_once(5)
    assert desk.outbox.get(after.id).message.state is S.ACCEPTED
    assert keeps.handed[0].key == keeps.handed[1].key


def test_a_gateway_that_wants_it_slower_is_left_alone_for_so_long(
    desk: Desk, sms: FakeChannel, clock: SettableClock
) -> None:
    sms.answers.append(Throttled(retry_after=20))
    sent(desk, message(1))
    desk.outbox.add([message(2)])
    desk.outbox.work_once(5)
    assert len(sms.handed) == 1
    clock.on(21 * SECOND)
    desk.outbox.work_once(5)
    assert len(sms.handed) == 3


def test_a_hanging_channel_holds_no_other_up_and_nobody_knows_what_it_did(desk: Desk, host: FakeHost) -> None:
    from threading import Event

    class Hangs(FakeChannel):
        def send(self, _message: Handed, _timeout: float) -> Receipt:
            Event().wait(30)
            raise AssertionError

    from msgspec.structs import replace

    host.bring(Hangs("fax", replace(ABLE, timeout=0.4)))
    sms = host.bring(FakeChannel("sms"))
    stuck, quick = sent(desk, message(1, channel="fax"), message(2))
    assert quick.state is S.ACCEPTED
    assert stuck.state is S.UNKNOWN
    assert len(sms.handed) == 1


def test_a_channel_that_is_gone_fails_its_messages_and_one_that_is_off_lets_them_wait(
    desk: Desk, host: FakeHost
) -> None:
    host.known.append("off")
    gone, off = sent(desk, message(1, channel="gone"), message(2, channel="off"))
    assert (gone.state, gone.error) == (S.FAILED, "no_channel")
    assert off.state is S.QUEUED


def test_in_training_the_states_run_through_and_nothing_is_handed_over(
    config: Config, desk: Desk, sms: FakeChannel
) -> None:
    from msgspec.structs import replace

    desk.place.config = replace(config, messages=replace(config.messages, training=True))
    (after,) = sent(desk, message())
    assert after.state is S.SENT
    assert after.training
    assert not sms.handed


def test_a_channel_with_a_rate_is_given_no_more_than_that(desk: Desk, host: FakeHost) -> None:
    from msgspec.structs import replace

    slow = host.bring(FakeChannel("sms", replace(ABLE, rate=2.0)))
    desk.outbox.add(message(number) for number in range(9))
    worker = Worker(desk.outbox)
    worker.round()
    worker.close()
    assert 1 <= len(slow.handed) <= 3


def test_several_workers_never_take_one_message_twice(desk: Desk, sms: FakeChannel) -> None:
    added = desk.outbox.add(message(number % 99) for number in range(300))
    workers = [Thread(target=desk.outbox.work_once, args=(20,)) for _each in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(sms.handed) == len({one.id for one in sms.handed}) == len(added)
    assert desk.outbox.counts() == {"accepted": 300}


def test_what_a_dead_worker_had_in_hand_is_what_nobody_knows(desk: Desk, sms: FakeChannel) -> None:
    (added,) = desk.outbox.add([message()])
    dead = Worker(desk.outbox)
    desk.outbox.claims.take("sms", sms.can, dead.hands.name, 8)
    desk.outbox.work_once(5)
    assert desk.outbox.get(added.id).message.state is S.SENDING  # its worker lives
    dead.hands.close()
    desk.outbox.work_once(5)
    assert desk.outbox.get(added.id).message.state is S.UNKNOWN
    assert not sms.handed


def test_an_answer_that_comes_after_its_worker_was_given_up_still_counts(desk: Desk, sms: FakeChannel) -> None:
    (added,) = desk.outbox.add([message()])
    slow = Worker(desk.outbox)
    taken = desk.outbox.claims.take("sms", sms.can, slow.hands.name, 8)
    slow.hands.close()
    desk.outbox.work_once(5)
    desk.outbox.outcomes.answered("sms", sms.can, taken.claimed, [Receipt(state="accepted", external_id="late")])
    assert desk.outbox.get(added.id).message.state is S.ACCEPTED


def test_a_reviewers_word_holds_and_a_person_lets_go(desk: Desk, host: FakeHost, sms: FakeChannel) -> None:
    planned(desk)
    host.verdict = Review(verdict="hold", why="a name is in it")
    desk.outbox.work_once(5)
    held = desk.outbox.listed()[0].message
    assert held.state is S.HELD
    assert held.why == "a name is in it"
    desk.outbox.decide(held.id, "again")
    desk.outbox.work_once(5)
    assert desk.outbox.get(held.id).message.state is S.ACCEPTED
    assert len(sms.handed) == 1


def test_long_text_goes_part_by_part_and_only_what_failed_goes_again(
    desk: Desk, host: FakeHost, clock: SettableClock
) -> None:
    from msgspec.structs import replace

    can = replace(ABLE, encoding="sms", max_parts=5, overflow="split")
    sms = host.bring(FakeChannel("sms", can))
    sms.answers.extend([Receipt(state="accepted", external_id="a"), NoConnection(), Receipt(state="accepted")])
    (after,) = sent(desk, message(body="停电" * 80))
    assert len(sms.handed) == 3
    assert [one.part for one in sms.handed] == [1, 2, 3]
    assert {one.reference for one in sms.handed} == {sms.handed[0].reference}
    assert after.state is S.QUEUED
    clock.on(2 * MINUTE)
    desk.outbox.work_once(5)
    assert [one.part for one in sms.handed] == [1, 2, 3, 2]
    assert desk.outbox.get(after.id).message.state is S.ACCEPTED
