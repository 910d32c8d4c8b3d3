"""A call is saved with all that it sets going, or not at all; what is said puts danger to life first."""

from __future__ import annotations

import pytest

from desk.app import Desk
from desk.calls import CallRequest
from desk.errors import BadInput, OutOfOrder
from desk.records import RingState, Topic
from desk.taking import MAKE, NO_ORDER


def trouble(**more: object) -> CallRequest:
    return CallRequest(topic=Topic.TROUBLE, account_no="100005", trouble_code="no_supply", **more)  # type: ignore[arg-type]


def test_a_trouble_call_is_stored_with_its_work_order_its_callback_and_its_ring(desk: Desk) -> None:
    ring = desk.rings.ring("13900139000")
    taken = desk.taking.save(trouble(hazard="wire_down", callback=True), order=MAKE, ring=ring.id)
    assert taken.order is not None
    assert (taken.order.call, taken.order.hazard, taken.order.urgency) == (taken.call.id, "wire_down", "danger_to_life")
    assert [one.call for one in desk.callbacks.listed()] == [taken.call.id]
    assert (desk.rings.get(ring.id).call, desk.rings.get(ring.id).state) == (taken.call.id, RingState.ENDED)


def test_nothing_is_stored_when_a_crew_would_go_to_the_customers_own_side_untold(desk: Desk) -> None:
    request = CallRequest(topic=Topic.TROUBLE, account_no="100005", trouble_code="customer_side_fault", callback=True)
    ring = desk.rings.ring("13900139000")
    with pytest.raises(OutOfOrder):
        desk.taking.save(request, order=MAKE, ring=ring.id)
    assert list(desk.place.calls_table.all()) == []
    assert desk.callbacks.listed() == []
    assert desk.rings.get(ring.id).state is RingState.RINGING
    taken = desk.taking.save(request, order=MAKE, ring=ring.id, told_customer_side=True)
    assert taken.order is not None
    assert taken.order.customer_side


def test_a_second_call_hurries_the_order_there_is(desk: Desk) -> None:
    first = desk.taking.save(trouble(), order=MAKE).order
    assert first is not None
    again = desk.taking.save(trouble(note="催办"), order=first.id)
    assert again.hurried
    assert desk.work_orders.get(first.id).expedites == 1


@pytest.mark.parametrize("topic", ["complaint", "suggestion", "opinion", "praise", "report_of_misconduct"])
def test_what_the_caller_wants_answered_opens_a_case_in_their_words(desk: Desk, topic: str) -> None:
    taken = desk.taking.save(CallRequest(topic=Topic(topic), account_no="100005", note="停电没有通知"))
    assert taken.case is not None
    assert (taken.case.kind, taken.case.about, taken.case.call) == (topic, "停电没有通知", taken.call.id)


def test_the_words_of_a_report_of_misconduct_do_not_stand_in_the_log(desk: Desk) -> None:
    desk.taking.save(CallRequest(topic=Topic.REPORT_OF_MISCONDUCT, note="某某索要好处"))
    assert [call.note for call in desk.place.calls_table.all()] == [""]


def test_an_ordinary_agent_does_not_learn_from_the_log_that_misconduct_was_reported(desk: Desk) -> None:
    desk.calls.log(CallRequest(topic=Topic.REPORT_OF_MISCONDUCT, note="某某索要好处", account_no="100005"))
    assert [call.topic for call in desk.calls.search()] == ["report_of_misconduct"]
    desk.place.role = "agent"
    assert [(call.topic, call.note) for call in desk.calls.search()] == [("other", "")]
    assert desk.calls.search("索要") == []
    assert [call.topic for call in desk.calls.card("100005").calls] == ["other"]


def test_a_complaint_without_words_is_refused_and_nothing_is_stored(desk: Desk) -> None:
    with pytest.raises(BadInput):
        desk.taking.save(CallRequest(topic=Topic.COMPLAINT, account_no="100005"), order=NO_ORDER)
    assert list(desk.place.calls_table.all()) == []


def test_a_call_discarded_leaves_its_reason_and_no_ring_waiting(desk: Desk) -> None:
    ring = desk.rings.ring("13900139000")
    desk.taking.discard(ring.id, "", "13900139000", "silent")
    assert desk.rings.waiting() == []
    assert [line.details for line in desk.place.audit_table.all() if line.act == "call.discard"] == [
        {"reason": "silent"}
    ]


@pytest.mark.parametrize(
    ("hazard", "number"), [("person_hurt", "120"), ("trapped", "119"), ("wire_down", "120"), ("fire", "119")]
)
def test_danger_to_life_comes_first_with_the_number_to_call(desk: Desk, hazard: str, number: str) -> None:
    said = desk.taking.script(desk.calls.card("100005"), None, hazard=hazard)
    first = said.text.splitlines()[0]
    assert first.startswith("【人身危险】")
    assert number in first
    assert said.template == "danger.zh.j2+no_outage.zh.j2"


def test_a_hazard_in_words_of_the_callers_own_is_danger(desk: Desk) -> None:
    assert desk.taking.script(None, None, hazard="井盖冒烟").text.startswith("【人身危险】")


def test_an_open_cabinet_is_no_danger_to_life(desk: Desk) -> None:
    assert "【人身危险】" not in desk.taking.script(None, None, hazard="open_equipment").text


def test_at_an_important_customers_it_says_who_decides(desk: Desk) -> None:
    assert "谁决定" in desk.taking.script(desk.calls.card("100003"), None).text
    assert "谁决定" not in desk.taking.script(desk.calls.card("100005"), None).text


def test_it_says_when_a_crew_is_there_and_when_we_call_back(desk: Desk) -> None:
    said = desk.taking.script(desk.calls.card("100005"), None, crew=True, callback=True).text
    assert "45 分钟内到达" in said
    assert "60 分钟内给您回电" in said


def test_a_piece_that_the_county_broke_falls_back_to_the_shipped_one(desk: Desk) -> None:
    own = desk.place.config.data / "scripts"
    own.mkdir()
    (own / "callback.zh.j2").write_text("{{ nosuch }}", encoding="utf-8")
    assert "回电" in desk.taking.script(None, None, callback=True).text
