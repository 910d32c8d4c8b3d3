"""From duty to message and back: evidence in batches, what failed goes on or to a person, what is over is not sent."""

from __future__ import annotations

from threading import Thread

import pytest
from outbox_county import HOUR, MINUTE, FakeChannel, FakeHost, SettableClock, customer, owed_by_sms, planned, polled

from desk.app import Desk
from desk.notices.settling import Settlement
from desk.notices.tally import counted
from desk.plugins.messages import Report
from desk.plugins.send_errors import BadAddress, Refused
from desk.records import AttemptState, Duty, DutyState

S = AttemptState


@pytest.mark.usefixtures("sms")
def test_a_duty_is_sent_and_the_evidence_says_so_and_nobody_else_does_it_meanwhile(
    desk: Desk, clock: SettableClock
) -> None:
    outage = planned(desk)
    done = desk.outbox.work_once(5)
    assert done.sent == 5
    assert done.told == 5
    for duty in owed_by_sms(desk, outage):
        (line,) = duty.evidence
        assert (line.result, line.channel, line.by) == ("sent", "sms", "sms")
        assert line.ref.startswith("x")
        assert line.hash
        assert duty.state is DutyState.ATTEMPTED
        assert duty.next_try == clock.now() + 30 * MINUTE
    assert desk.outages.get(outage.id).duties == counted(desk.notices.of(outage.id))


def test_a_delivery_receipt_closes_the_duty(desk: Desk, sms: FakeChannel) -> None:
    outage = planned(desk)
    desk.outbox.work_once(5)
    polled(desk, sms, *(Report(external_id=f"x{number}", state=S.DELIVERED) for number in range(1, 6)))
    assert {duty.state for duty in owed_by_sms(desk, outage)} == {DutyState.DONE}
    assert desk.outbox.counts() == {"delivered": 5}
    assert [line.result for line in owed_by_sms(desk, outage)[0].evidence] == ["sent", "delivered"]


def test_what_no_machine_can_tell_is_a_persons_at_once(desk: Desk, sms: FakeChannel, clock: SettableClock) -> None:
    outage = planned(desk)
    sms.answers.append(Refused(why="no"))
    desk.outbox.work_once(5)
    failed = next(view.message for view in desk.outbox.listed() if view.message.state is S.REJECTED)
    duty = desk.notices.get(failed.duty)
    assert duty.outage == outage.id
    assert duty.evidence[-1].result == "failed"
    assert duty.next_try == clock.now()
    assert not failed.due


def test_what_one_channel_refuses_goes_over_the_next_and_the_evidence_names_both(
    desk: Desk, host: FakeHost, sms: FakeChannel, clock: SettableClock
) -> None:
    other = host.bring(FakeChannel("sms-two"))
    planned(desk)
    sms.answers.append(Refused(why="no"))
    desk.outbox.work_once(5)
    (handed,) = other.handed
    view = desk.outbox.get(handed.id)
    assert view.message.state is S.ACCEPTED
    assert [(one.id, one.channel, one.state) for one in view.attempts] == [
        (f"{handed.id}.1.1", "sms", S.REJECTED),
        (f"{handed.id}.2.1", "sms-two", S.ACCEPTED),
    ]
    duty = desk.notices.get(view.message.duty)
    assert [(line.result, line.by) for line in duty.evidence] == [("failed", "sms"), ("sent", "sms-two")]
    assert duty.next_try == clock.now() + 30 * MINUTE


def test_a_wrong_number_is_remembered_and_told_as_one(desk: Desk, sms: FakeChannel) -> None:
    planned(desk)
    sms.answers.append(BadAddress())
    desk.outbox.work_once(5)
    failed = next(view.message for view in desk.outbox.listed() if view.message.error == "bad_address")
    assert desk.notices.get(failed.duty).evidence[-1].result == "wrong_number"


def test_what_was_told_by_somebody_is_not_sent_any_more(desk: Desk, host: FakeHost, sms: FakeChannel) -> None:
    from desk.plugins.messages import Review

    outage = planned(desk)
    host.verdict = Review(verdict="hold")
    desk.outbox.work_once(5)
    first = desk.outbox.listed()[0].message
    desk.notices.settle(first.duty, "reached")
    desk.outbox.decide(first.id, "again")
    desk.outbox.work_once(5)
    assert desk.outbox.get(first.id).message.state is S.SKIPPED
    assert outage.id
    assert not sms.handed


def test_a_person_decides_that_it_arrived_and_the_duty_is_done(desk: Desk, sms: FakeChannel) -> None:
    from desk.plugins.send_errors import UnknownOutcome

    planned(desk)
    sms.answers.append(UnknownOutcome())
    desk.outbox.work_once(5)
    unknown = desk.outbox.listed(state="unknown")[0].message
    assert not desk.notices.get(unknown.duty).evidence
    desk.outbox.decide(unknown.id, "arrived", "rang up")
    desk.outbox.work_once(5)
    assert desk.notices.get(unknown.duty).state is DutyState.DONE


def test_in_training_no_duty_is_told(desk: Desk, sms: FakeChannel) -> None:
    from msgspec.structs import replace

    config = desk.place.config
    desk.place.config = replace(config, messages=replace(config.messages, training=True))
    outage = planned(desk)
    desk.outbox.work_once(5)
    assert desk.outbox.counts() == {"sent": 5}
    assert not any(duty.evidence for duty in owed_by_sms(desk, outage))
    assert not sms.handed


def in_training(desk: Desk, training: bool) -> None:
    from msgspec.structs import replace

    config = desk.place.config
    desk.place.config = replace(config, messages=replace(config.messages, training=training))
    desk.outbox.planning.forget()


def test_what_was_rehearsed_is_sent_when_training_is_over(desk: Desk, sms: FakeChannel) -> None:
    in_training(desk, True)
    outage = planned(desk)
    desk.outbox.work_once(5)
    assert not sms.handed
    in_training(desk, False)
    desk.outbox.work_once(5)
    assert len(sms.handed) == 5
    assert all(duty.evidence for duty in owed_by_sms(desk, outage))


def test_what_still_waits_when_training_ends_is_made_anew(desk: Desk, sms: FakeChannel) -> None:
    in_training(desk, True)
    planned(desk)
    desk.outbox.worker()._route()
    assert desk.outbox.counts() == {"queued": 5}
    in_training(desk, False)
    desk.outbox.work_once(5)
    assert len(sms.handed) == 5
    assert desk.outbox.counts() == {"skipped": 5, "accepted": 5}


def test_many_tries_at_once_leave_the_same_as_one_by_one(desk: Desk, clock: SettableClock) -> None:
    outage = planned(desk)
    clock.on(HOUR)
    duties = owed_by_sms(desk, outage)
    said = [(duty.id, Settlement(result="sent", channel="sms")) for duty in duties]
    answers = desk.notices.settle_many([*said, ("D999", Settlement(result="sent"))], "sms")
    assert all(isinstance(answer, Duty) for answer in answers[:-1])
    assert "D999" in str(answers[-1])
    assert owed_by_sms(desk, outage) == answers[:-1]
    assert desk.outages.get(outage.id).duties == counted(desk.notices.of(outage.id))


def test_two_tries_at_one_duty_in_one_batch_are_both_written(desk: Desk) -> None:
    duty = owed_by_sms(desk, planned(desk))[0]
    said = [(duty.id, Settlement(result=result, channel="sms")) for result in ("sent", "delivered", "delivered")]
    answers = desk.notices.settle_many(said, "sms")
    after = desk.notices.get(duty.id)
    assert [line.result for line in after.evidence] == ["sent", "delivered"]
    assert "already" in str(answers[-1])


@pytest.mark.usefixtures("sms")
def test_several_workers_tell_each_duty_once(desk: Desk) -> None:
    desk.place.customers.put_many(customer(number) for number in range(6, 150))
    outage = planned(desk)
    workers = [Thread(target=desk.outbox.work_once, args=(20,)) for _each in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert [len(duty.evidence) for duty in owed_by_sms(desk, outage)] == [1] * 149
    assert desk.outages.get(outage.id).duties == counted(desk.notices.of(outage.id))


def test_two_workers_with_the_same_thing_to_tell_write_it_once(desk: Desk, sms: FakeChannel) -> None:
    outage = planned(desk)
    desk.outbox.work_once(5)
    desk.outbox.receive("sms", {"id": "x1", "state": "undelivered"})
    ripe = desk.outbox.book.ripe("tell", desk.place.now(), 9)
    desk.outbox.telling.tell(9, HOUR)
    desk.outbox.book.ripe = lambda *_asked: ripe  # type: ignore[method-assign]  # what another worker saw before
    desk.outbox.telling.tell(9, HOUR)
    results = [line.result for duty in owed_by_sms(desk, outage) for line in duty.evidence]
    assert sorted(results) == ["failed", *["sent"] * 5]
    assert len(sms.handed) == 5
