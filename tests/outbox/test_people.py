"""What people decide: unknown, held, called off, confirmed by a second person."""

from __future__ import annotations

import pytest
from outbox_county import NOW, FakeChannel, message, sent

from desk.app import Desk
from desk.errors import BadInput, NotFound, Refused
from desk.plugins.messages import Receipt
from desk.plugins.send_errors import UnknownOutcome
from desk.records import AttemptState, Batch

S = AttemptState


@pytest.fixture
def unknown(desk: Desk, sms: FakeChannel) -> str:
    sms.answers.append(UnknownOutcome())
    return sent(desk, message())[0].id


@pytest.mark.parametrize(
    ("decision", "state", "handed"),
    [("arrived", S.DELIVERED, 1), ("again", S.ACCEPTED, 2), ("leave", S.FAILED, 1)],
)
def test_a_person_says_what_becomes_of_what_nobody_knows(
    desk: Desk, sms: FakeChannel, unknown: str, decision: str, state: AttemptState, handed: int
) -> None:
    desk.outbox.decide(unknown.lower(), decision, "asked")
    desk.outbox.work_once(5)
    assert desk.outbox.get(unknown).message.state is state
    assert len(sms.handed) == handed
    assert "message.decide" in {line.act for line in desk.place.audit_table.all()}


def test_what_is_decided_is_not_decided_again(desk: Desk, unknown: str) -> None:
    desk.outbox.decide(unknown, "arrived")
    with pytest.raises(Refused, match="delivered"):
        desk.outbox.decide(unknown, "again")


@pytest.mark.parametrize(("id", "decision", "error"), [("M99", "again", NotFound), ("M1", "perhaps", BadInput)])
@pytest.mark.usefixtures("unknown")
def test_a_decision_about_nothing_is_refused(desk: Desk, id: str, decision: str, error: type) -> None:
    with pytest.raises(error):
        desk.outbox.decide(id, decision)


def test_a_message_that_waits_is_called_off_and_not_sent(desk: Desk, sms: FakeChannel) -> None:
    (added,) = desk.outbox.add([message()])
    assert desk.outbox.cancel(added.id, "a mistake").state is S.CANCELLED
    desk.outbox.work_once(5)
    assert not sms.handed


def test_what_went_out_is_called_off_only_where_the_gateway_takes_it_back(desk: Desk, sms: FakeChannel) -> None:
    from msgspec.structs import replace

    (after,) = sent(desk, message())
    with pytest.raises(Refused):
        desk.outbox.cancel(after.id, "late")
    sms.can = replace(sms.can, cancel=True)
    assert desk.outbox.cancel(after.id, "late").state is S.CANCELLED


def release(desk: Desk, people: int = 3) -> Batch:
    batch = Batch(id="O1-1", outage="O1", at=NOW, by="甲", people=people, needs_confirmation=True, why="many")
    held = (message(number, state=S.HELD, why="many", batch="O1-1") for number in range(people))
    desk.outbox.add(held, [batch])
    return batch


def test_a_release_above_the_caps_waits_for_another_person(desk: Desk, sms: FakeChannel) -> None:
    batch = release(desk)
    desk.outbox.work_once(5)
    assert not sms.handed
    assert [one.id for one in desk.outbox.batches()] == [batch.id]
    desk.place.agent = "甲"
    with pytest.raises(Refused):
        desk.outbox.confirm(batch.id)
    with pytest.raises(Refused, match="second person"):
        desk.outbox.decide("M1", "again")
    desk.place.agent = "乙"
    assert desk.outbox.confirm("o1-1").confirmed_by == "乙"
    desk.outbox.work_once(5)
    assert len(sms.handed) == 3
    assert not desk.outbox.batches()


def test_a_release_that_is_called_off_goes_nowhere(desk: Desk, sms: FakeChannel) -> None:
    batch = release(desk)
    desk.place.agent = "乙"
    desk.outbox.call_off(batch.id, "wrong outage")
    desk.outbox.work_once(5)
    assert desk.outbox.counts() == {"cancelled": 3}
    assert not sms.handed


def test_a_person_has_it_in_hand_until_it_is_said_what_came_of_it(desk: Desk, sms: FakeChannel) -> None:
    sms.answers.append(Receipt(state="with_agent"))
    (after,) = sent(desk, message())
    assert after.state is S.WITH_AGENT
    assert desk.outbox.decide(after.id, "arrived").state is S.DELIVERED


def test_the_newest_are_listed_in_order_however_many_there_are(
    desk: Desk, sms: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.outbox.views.FEW", 3)
    added = desk.outbox.add(message(number, channel="sms" if number % 3 else "away") for number in range(40))
    desk.outbox.work_once(5)
    names = [one.id for one in added]
    assert [view.message.id for view in desk.outbox.listed(limit=5)] == names[-5:]
    went = [one.id for number, one in enumerate(added) if number % 3]
    assert [view.message.id for view in desk.outbox.listed(state="accepted", limit=20)] == went[-20:]
    assert [view.message.id for view in desk.outbox.listed(state="accepted", limit=0)] == went
    assert sum(desk.outbox.counts().values()) == 40
    assert len(sms.handed) == len(went)
