"""The shift: what is open is counted and named; a note is left by one and accepted by another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import FixedClock
from desk.errors import NotFound, Refused
from desk.outages import OutageRequest
from desk.records import Draft, Topic
from desk.shift.items import KINDS, READ


def called(desk: Desk, account: str = "1000", topic: Topic = Topic.TROUBLE, **more: Any) -> None:
    desk.calls.log(CallRequest(topic=topic, account_no=account, **more))


def busy(desk: Desk) -> None:
    """A fault with duties, a promise, a late order, a complaint, and a call begun."""
    outage = desk.outages.open(OutageRequest(type="grid_fault", feeders=("城东线",), cause="树障")).outage
    called(desk, callback=True)
    desk.work_orders.open(account_no="1000", outage=outage.id)
    desk.cases.open("complaint", "没有通知")
    desk.calls.keep_draft(Draft(id="", seat=desk.place.seat, at=desk.place.now(), fields={"number": "13800138000"}))


def kinds(desk: Desk) -> dict[str, int]:
    return {item.kind: item.count for item in desk.shift.items()}


def test_a_quiet_shift_has_nothing_open_and_says_so(desk: Desk) -> None:
    assert desk.shift.items() == []
    assert desk.shift.draft() == "Nothing is open."


def test_what_is_open_is_counted_by_kind(desk: Desk, clock: FixedClock) -> None:
    busy(desk)
    found = kinds(desk)
    assert found["callbacks_owed"] == found["work_orders"] == found["cases"] == found["calls_unsaved"] == 1
    assert found["duties_soon"] > 0
    clock.at += timedelta(hours=3)  # type: ignore[misc]
    later = kinds(desk)
    assert later["duties_overdue"] > 0
    assert later["work_orders_late"] == 1
    assert "work_orders" not in later


def test_what_should_not_be_open_is_marked(desk: Desk, clock: FixedClock) -> None:
    busy(desk)
    clock.at += timedelta(hours=3)  # type: ignore[misc]
    assert {"duties_overdue", "work_orders_late", "calls_unsaved"} <= {
        item.kind for item in desk.shift.items() if item.wrong
    }


def test_the_note_holds_ones_own_words_and_what_is_open(desk: Desk) -> None:
    busy(desk)
    note = desk.shift.hand_over("雷雨，注意城东")
    assert note.note.startswith("雷雨，注意城东\n")
    assert "work orders under way: 1" in note.note
    assert note.open["cases"] == 1


def test_the_next_agent_accepts_it_once(desk: Desk) -> None:
    note = desk.shift.hand_over()
    with pytest.raises(Refused, match="your own"):
        desk.shift.accept(note.id)
    desk.place.agent = "li"
    assert desk.shift.waiting() == note
    assert desk.shift.accept(note.id).accepted_by == "li"
    assert desk.shift.waiting() is None
    with pytest.raises(Refused, match="accepted by li"):
        desk.shift.accept(note.id)


def test_a_note_that_is_not_there_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.shift.accept("H9")


def test_the_hottest_topic_comes_first_with_its_outage(desk: Desk) -> None:
    outage = desk.outages.open(OutageRequest(type="grid_fault", feeders=("城东线",), cause="树障")).outage
    for account in ("1000", "1001", "1002"):
        called(desk, account)
    called(desk, topic=Topic.PRAISE)
    hottest, other = desk.shift.topics(desk.now() - timedelta(hours=1))
    assert (hottest.topic, hottest.outage, hottest.calls) == ("trouble", outage.id, 3)
    assert other.topic == "praise"


def test_the_picture_has_every_ten_minutes_also_the_quiet_ones(desk: Desk, clock: FixedClock) -> None:
    called(desk)
    clock.at += timedelta(minutes=25)  # type: ignore[misc]
    called(desk, "1001")
    view = desk.shift.view(hours=1)
    assert len(view.per_step) == 7
    assert sum(count for _at, count in view.per_step) == view.calls == 2


def test_every_kind_of_open_item_has_its_words_and_its_reader() -> None:
    assert KINDS.keys() == READ.keys()


def test_a_report_of_misconduct_is_not_in_a_note_that_everybody_reads(desk: Desk) -> None:
    desk.cases.open("report_of_misconduct", "收礼")
    assert "收礼" not in desk.shift.hand_over("无事").note
    assert kinds(desk) == {}
