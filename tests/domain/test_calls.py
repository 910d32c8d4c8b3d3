"""A caller found, the card, what the call is probably about, and the call in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_county import HOUR, NOW, fault, plan

from desk.app import Desk
from desk.calls import CallRequest, read_call
from desk.clock import FixedClock
from desk.errors import BadInput, NotFound
from desk.outages import BadRequest
from desk.records import Draft, Topic

MINUTE = timedelta(minutes=1)


def trouble(**more: object) -> CallRequest:
    return CallRequest(**{"topic": Topic.TROUBLE, "account_no": "100007", **more})  # type: ignore[arg-type]


def test_what_touches_a_customer_is_found_with_the_customer(desk: Desk) -> None:
    off = desk.outages.open(fault(desk)).outage.id
    ahead = desk.outages.open(plan(desk, feeders=("城西线",))).outage.id
    desk.outages.open(plan(desk))
    found = desk.calls.find("100007")
    assert [(one.customer.account_no, one.feeder, one.outages, one.matched) for one in found] == [
        ("100007", "城西线", (off, ahead), "account")
    ]


def test_numbers_are_masked_in_what_is_found_and_on_the_card(desk: Desk) -> None:
    for customer in (desk.calls.find("100001")[0].customer, desk.calls.card("100001").customer):
        assert "13800138001" not in str(customer)
        assert customer.phones[0].written == "138****8001"


def test_revealing_a_number_is_audited(desk: Desk) -> None:
    assert desk.access.reveal("100001").phones[0].number == "13800138001"
    assert [(line.act, line.about) for line in desk.place.audit_table.all()] == [("number.reveal", "100001")]


@pytest.mark.parametrize(
    ("number", "accounts"),
    [
        ("13800138001", ["100001"]),
        ("+86 138 0013 8001", ["100001"]),
        ("13900139000", ["100004", "100005"]),
        ("5550003", ["100003"]),
        ("09515550003", ["100003"]),
        ("13700000000", []),
        ("38001", []),
        ("未知", []),
        ("", []),
    ],
)
def test_a_ringing_number_names_its_customers(desk: Desk, number: str, accounts: list[str]) -> None:
    assert sorted(one.customer.account_no for one in desk.calls.caller(number)) == accounts


def test_the_card_holds_the_transformer_the_outages_and_the_latest_calls(desk: Desk, clock: FixedClock) -> None:
    outage = desk.outages.open(fault(desk)).outage.id
    for _again in range(2):
        desk.calls.log(trouble())
        clock.at += MINUTE
    card = desk.calls.card("100007")
    assert card.area is not None
    assert (card.area.feeder, [one.id for one in card.outages]) == ("城西线", [outage])
    assert [call.id for call in card.calls] == ["C2", "C1"]


def test_the_card_of_nobody_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.calls.card("1")


def test_an_unknown_caller_probably_reports_trouble(desk: Desk) -> None:
    assert desk.calls.propose(None).topic is Topic.TROUBLE
    assert desk.calls.propose(desk.calls.card("100007")).topic is Topic.TROUBLE


def test_a_caller_in_the_dark_probably_asks_about_that_outage(desk: Desk) -> None:
    desk.outages.open(plan(desk, feeders=("城西线",)))
    off = desk.outages.open(fault(desk)).outage.id
    proposal = desk.calls.propose(desk.calls.card("100007"))
    assert proposal.topic is Topic.OUTAGE_INQUIRY
    assert proposal.outage is not None
    assert proposal.outage.id == off


@pytest.mark.parametrize(("hours", "proposed"), [(5, True), (72, False)])
def test_an_outage_within_a_day_is_what_a_caller_asks_about(desk: Desk, hours: int, *, proposed: bool) -> None:
    start = NOW + hours * HOUR
    desk.outages.open(plan(desk, feeders=("城西线",), planned_start=start, planned_end=start + HOUR))
    assert (desk.calls.propose(desk.calls.card("100007")).outage is not None) is proposed


def test_a_call_about_supply_joins_the_outage_and_raises_its_count(desk: Desk) -> None:
    outage = desk.outages.open(fault(desk)).outage.id
    call = desk.calls.log(trouble())
    assert call.outage == outage
    assert desk.outages.get(outage).calls == 1
    assert desk.outages.board().rows["active"][0].calls == 1


@pytest.mark.parametrize(("minutes", "joined"), [(0, True), (30, True), (31, False)])
def test_a_call_joins_what_was_restored_within_half_an_hour(
    desk: Desk, clock: FixedClock, minutes: int, *, joined: bool
) -> None:
    outage = desk.outages.open(fault(desk)).outage.id
    desk.outages.restore(outage)
    clock.at += minutes * MINUTE
    assert desk.calls.log(trouble()).outage == (outage if joined else "")


def test_a_call_joins_a_plan_whose_time_has_come(desk: Desk, clock: FixedClock) -> None:
    outage = desk.outages.open(plan(desk, feeders=("城西线",))).outage.id
    assert desk.calls.log(trouble()).outage == ""
    clock.at += HOUR
    assert desk.calls.log(trouble()).outage == outage


def test_what_is_off_explains_a_call_before_what_is_due(desk: Desk, clock: FixedClock) -> None:
    desk.outages.open(plan(desk, feeders=("城西线",)))
    off = desk.outages.open(fault(desk)).outage.id
    clock.at += HOUR
    assert desk.calls.log(trouble()).outage == off


@pytest.mark.parametrize("topic", [topic for topic in Topic if topic not in ("trouble", "outage_inquiry")])
def test_a_call_about_something_else_joins_no_outage_by_itself(desk: Desk, topic: Topic) -> None:
    desk.outages.open(fault(desk))
    assert desk.calls.log(trouble(topic=topic)).outage == ""


def test_a_call_joins_the_outage_it_names(desk: Desk) -> None:
    outage = desk.outages.open(plan(desk)).outage.id
    assert desk.calls.log(CallRequest(topic=Topic.COMPLAINT, outage=outage.lower())).outage == outage


def test_a_call_that_names_no_outage_there_is_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.calls.log(trouble(outage="O9"))
    assert desk.calls.search() == []


def test_an_unknown_caller_is_logged_with_the_number_as_written(desk: Desk) -> None:
    desk.calls.log(CallRequest(topic=Topic.OTHER, number="邻县 某人"))
    stored = next(iter(desk.place.calls_table.all()))
    assert (stored.written_number, stored.account_no) == ("邻县 某人", "")


def test_the_only_customer_with_a_number_is_the_caller(desk: Desk) -> None:
    assert desk.calls.log(CallRequest(topic=Topic.TROUBLE, number="138 0013 8007")).account_no == "100007"
    assert desk.calls.log(CallRequest(topic=Topic.TROUBLE, number="13900139000")).account_no == ""


def test_a_call_cannot_be_in_the_future(desk: Desk) -> None:
    with pytest.raises(BadInput):
        desk.calls.log(trouble(at=NOW + MINUTE))


def test_the_log_remembers_who_answered_where(desk: Desk) -> None:
    call = desk.calls.log(trouble())
    assert (call.agent, call.seat) == (desk.place.agent, desk.place.seat)


SEARCHES = {
    "all": ({}, ["C3", "C2", "C1"]),
    "a word of the note": ({"text": "焦味"}, ["C2"]),
    "several words": ({"text": "客户7 没电"}, ["C1"]),
    "an outage": ({"text": "O1"}, ["C2", "C1"]),
    "a part of the number": ({"text": "0013"}, ["C3"]),
    "an account": ({"account_no": "100007"}, ["C1"]),
    "since": ({"since": NOW + MINUTE}, ["C3", "C2"]),
    "the newest only": ({"limit": 1}, ["C3"]),
    "nothing": ({"text": "没有的词"}, []),
}


@pytest.mark.parametrize("name", SEARCHES)
def test_the_log_is_searched_newest_first(desk: Desk, clock: FixedClock, name: str) -> None:
    asked, wanted = SEARCHES[name]
    desk.outages.open(fault(desk))
    desk.calls.log(trouble(note="没电"))
    clock.at += MINUTE
    desk.calls.log(trouble(account_no="100008", note="有焦味"))
    clock.at += MINUTE
    desk.calls.log(CallRequest(topic=Topic.PRAISE, number="13800138001"))
    assert [call.id for call in desk.calls.search(**asked)] == wanted  # type: ignore[arg-type]


def test_a_log_of_many_pages_is_read_whole_and_once(desk: Desk) -> None:
    from desk.calls.log import PAGE, newest
    from desk.records import Call

    def at(number: int) -> object:
        return NOW + (number // 700) * MINUTE  # more in one second than fit on a page

    calls = [Call(id=f"C{number}", at=at(number), topic=Topic.OTHER) for number in range(3 * PAGE)]  # type: ignore[arg-type]
    desk.place.calls_table.put_many(calls)
    found = [call.id for call in newest(desk.place)]
    assert len(found) == len(set(found)) == 3 * PAGE


def test_numbers_are_masked_in_the_log(desk: Desk) -> None:
    desk.calls.log(trouble(number="13800138007"))
    assert "13800138007" not in str(desk.calls.search())


def test_a_draft_survives_and_is_gone_once_the_call_is_saved(desk: Desk, clock: FixedClock) -> None:
    seat = desk.place.seat
    kept = desk.calls.keep_draft(Draft(id="", seat=seat, at=NOW, fields={"note": "没"}))
    desk.calls.keep_draft(Draft(id=kept.id, seat=seat, at=NOW, fields={"note": "没电"}))
    with Desk.open(desk.place.config, clock=clock) as again:
        assert [draft.fields for draft in again.calls.drafts(seat)] == [{"note": "没电"}]
        again.calls.log(trouble(draft=kept.id))
    assert desk.calls.drafts() == []


def test_drafts_belong_to_their_seat(desk: Desk) -> None:
    desk.calls.keep_draft(Draft(id="", seat="别处", at=NOW))
    assert desk.calls.drafts() == []


BAD_CALLS = {
    "no topic": {"number": "1"},
    "unknown topic": {"topic": "gossip"},
    "unknown key": {"topic": "other", "acount_no": "1"},
    "flag as text": {"topic": "other", "callback": "yes"},
    "bad time": {"topic": "other", "at": "soon"},
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_a_call_object_with_a_mistake_is_refused(desk: Desk, name: str) -> None:
    with pytest.raises(BadRequest):
        read_call(BAD_CALLS[name], desk.place.clock.zone)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_any_text_as_number_or_query_never_raises(text: str) -> None:
    desk = _shared()
    desk.calls.caller(text)
    desk.calls.find(text)
    desk.calls.search(text)


_desks: list[Desk] = []


def _shared() -> Desk:
    return _desks[0]


@pytest.fixture(autouse=True)
def _share(desk: Desk) -> object:
    _desks[:] = [desk]
    yield
    _desks.clear()
