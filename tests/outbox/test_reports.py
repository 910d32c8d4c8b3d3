"""Reports of gateways: early, late, twice, in any order, about nobody; the end is the same."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outbox_county import NOW, FakeChannel, message, polled, sent

from desk.app import Desk
from desk.errors import NotFound
from desk.outbox.outcomes import risen
from desk.outbox.states import ARRIVED, FAILED, NEXT, RESULTS, WORDS, may_become, standing
from desk.plugins.messages import REPORTED, Receipt, Report
from desk.plugins.send_errors import UnknownOutcome
from desk.records import Attempt, AttemptState
from desk.records.messages import RANK, merged

S = AttemptState
REPORTS = st.lists(st.sampled_from(sorted(REPORTED)), max_size=6)


def attempt(number: int = 1, part: int = 1, **more: object) -> Attempt:
    asked = {"id": f"M1.{number}.{part}", "message": "M1", "channel": "sms", "at": NOW, "state": S.SENDING, "key": "k"}
    return Attempt(**{**asked, "number": number, "part": part, **more})  # type: ignore[arg-type]


def test_a_report_raises_the_message_and_the_gateway_is_told_only_afterwards(desk: Desk, sms: FakeChannel) -> None:
    (after,) = sent(desk, message())
    report = Report(external_id="x1", state=S.DELIVERED, proof="1 page")
    polled(desk, sms, report)
    view = desk.outbox.get(after.id)
    assert view.message.state is S.DELIVERED
    assert view.proof == "x1 1 page"
    assert sms.kept == [report]


@pytest.mark.usefixtures("sms")
def test_a_report_that_comes_before_its_id_is_parked_and_matched(desk: Desk) -> None:
    desk.outbox.receive("sms", {"id": "x1", "state": "delivered"})
    assert [one.external for one in desk.outbox.strays()] == ["sms x1"]
    (after,) = sent(desk, message())
    assert after.state is S.DELIVERED
    assert not desk.outbox.strays()


@pytest.mark.usefixtures("sms")
def test_a_report_of_nobody_is_a_stray_once_however_often_it_comes(desk: Desk) -> None:
    for _each in range(3):
        desk.outbox.receive("sms", {"id": "nobody", "state": "delivered"})
    assert len(desk.outbox.strays()) == 1


def test_a_report_under_our_own_key_tells_what_became_of_a_lost_answer(desk: Desk, sms: FakeChannel) -> None:
    sms.answers.append(UnknownOutcome())
    (after,) = sent(desk, message())
    assert after.state is S.UNKNOWN
    desk.outbox.receive("sms", {"id": sms.handed[0].key, "state": "delivered"})
    assert desk.outbox.get(after.id).message.state is S.DELIVERED
    assert not desk.outbox.strays()


@pytest.mark.usefixtures("sms")
def test_a_receipt_by_webhook_is_counted_and_an_unknown_channel_is_refused(desk: Desk) -> None:
    (after,) = sent(desk, message())
    assert desk.outbox.receive("sms", {"id": "x1", "state": "undelivered"}) == 1
    assert desk.outbox.get(after.id).message.state is S.UNDELIVERED
    with pytest.raises(NotFound):
        desk.outbox.receive("pager", {})


def test_the_ids_that_may_still_be_reported_on_are_asked_for(desk: Desk, sms: FakeChannel) -> None:
    sent(desk, message(1), message(2))
    sms.answers.append(Receipt(state="delivered", external_id="done"))
    sent(desk, message(3))
    polled(desk, sms, Report(external_id="x1", state=S.DELIVERED))
    sms.asked.clear()
    polled(desk, sms, Report(external_id="other", state=S.DELIVERED))
    assert sms.asked[0] == ("x2",)


@pytest.mark.parametrize("order", list(permutations([S.ACCEPTED, S.DELIVERED, S.UNDELIVERED])), ids=str)
def test_the_same_reports_in_any_order_end_the_same(order: tuple[AttemptState, ...]) -> None:
    one = attempt(state=S.ACCEPTED)
    for state in order:
        one = risen(one, Report(external_id="x", state=state), NOW)
    assert one.state is S.DELIVERED


@given(REPORTS, st.randoms())
def test_any_reports_in_any_order_however_often_end_the_same(states: list[AttemptState], random: object) -> None:
    def after(some: list[AttemptState]) -> AttemptState:
        one = attempt()
        for state in some:
            one = risen(one, Report(external_id="x", state=state), NOW)
        return one.state

    shuffled = states + states
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert after(shuffled) is after(states)


@given(st.lists(st.sampled_from(sorted(AttemptState)), min_size=1, max_size=4))
def test_what_arrived_by_any_try_has_arrived(states: list[AttemptState]) -> None:
    tries = [attempt(number, state=state) for number, state in enumerate(states, 1)]
    assert (standing(tries) in ARRIVED) is any(state in ARRIVED for state in states)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ((S.DELIVERED, S.ACCEPTED), S.ACCEPTED),
        ((S.DELIVERED, S.DELIVERED), S.DELIVERED),
        ((S.DELIVERED, S.UNKNOWN), S.UNKNOWN),
        ((S.DELIVERED, S.FAILED), S.FAILED),
        ((S.SENDING, S.UNKNOWN), S.SENDING),
    ],
    ids=str,
)
def test_a_message_in_parts_stands_as_its_worst_part(parts: tuple[AttemptState, ...], whole: AttemptState) -> None:
    tries = [attempt(part=number, parts=len(parts), state=state) for number, state in enumerate(parts, 1)]
    assert standing(tries) is whole


def test_every_state_has_its_words_its_transitions_and_failures_their_evidence() -> None:
    assert set(WORDS) == set(NEXT) == set(RANK) == set(AttemptState)
    assert all(RESULTS[state] == "failed" for state in FAILED)


@given(st.sampled_from(sorted(AttemptState)), st.sampled_from(sorted(REPORTED)))
def test_a_merged_report_is_always_a_change_that_the_table_allows(before: AttemptState, report: AttemptState) -> None:
    if before not in (S.CREATED, S.HELD, S.QUEUED):  # nobody reports on what was never handed over
        assert may_become(before, merged(before, report))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.permutations(["answer", "report", "report", "lost"]))
def test_an_answer_its_reports_and_a_lost_worker_in_any_order_end_delivered(
    desk: Desk, sms: FakeChannel, events: list[str]
) -> None:
    (added,) = desk.outbox.add([message()])
    (claimed,) = desk.outbox.claims.take("sms", sms.can, "other-1-x", 8).claimed
    name = f"id-{added.id}"
    for event in events:
        if event == "answer":
            desk.outbox.outcomes.answered("sms", sms.can, [claimed], [Receipt(state="accepted", external_id=name)])
        elif event == "report":
            desk.outbox.receive("sms", {"id": name, "state": "delivered"})
        else:
            desk.outbox.outcomes.lost(claimed.attempts, {}, "lost")
    assert desk.outbox.get(added.id).message.state is S.DELIVERED
    assert not desk.outbox.strays()
