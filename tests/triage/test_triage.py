"""The triage panel: sources side by side, none of which holds anything up, and one conclusion."""

# ruff: noqa: ARG002
from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any

import pytest

from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import FixedClock
from desk.errors import NotFound
from desk.outages import OutageRequest
from desk.plugins import Asked, Finding, Source
from desk.records import Outage, Topic
from desk.triage import Asking, Row
from desk.triage.known import Facts

NAMES = ("outages", "restored", "suspension", "work_orders", "own_calls", "neighbours")


def asked(desk: Desk, account: str = "1000") -> Asking:
    asking = desk.triage.ask(account)
    assert asking.wait(5)
    return asking


def row(asking: Asking, name: str) -> Row:
    return next(row for row in asking.rows() if row.name == name)


def fault(desk: Desk, **more: Any) -> Outage:
    request = {"type": "grid_fault", "feeders": ("城东线",), "cause": "树障", **more}
    return desk.outages.open(OutageRequest(**request)).outage


def called(desk: Desk, account: str, **more: Any) -> None:
    desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no=account, **more))


class Stalls(Source):
    name = "meter"
    labels = {"en": "meter"}
    timeout = 0.05
    let_go = Event()

    def ask(self, asked: Asked, timeout: float) -> Finding:
        self.let_go.wait(5)
        return Finding("none")


class Breaks(Source):
    name = "relay"
    labels = {"en": "relay"}

    def ask(self, asked: Asked, timeout: float) -> Finding:
        raise RuntimeError("no line")


class Lies(Source):
    name = "lies"
    labels = {"en": "lies"}

    def ask(self, asked: Asked, timeout: float) -> Finding:
        return True  # type: ignore[return-value]


def test_every_source_answers_for_a_caller_of_whom_nothing_is_known(desk: Desk) -> None:
    asking = asked(desk)
    assert {row.name: row.state for row in asking.rows()} == dict.fromkeys(NAMES, "none")


def test_a_known_outage_is_proposed_with_its_hour(desk: Desk) -> None:
    outage = fault(desk, etr=desk.now() + timedelta(hours=2))
    found = asked(desk).conclusion()
    assert (found.outage, found.bearing) == (outage.id, "off")
    assert "expected back 10:00" in found.words


def test_a_suspension_explains_it_before_any_outage_does(desk: Desk) -> None:
    fault(desk)
    theft = desk.outages.open(OutageRequest(type="theft_violation", accounts=("1000",), cause="窃电"))
    found = asked(desk).conclusion()
    assert (found.bearing, found.outage) == ("suspended", theft.outage.id)
    assert "theft" in found.words


def test_what_was_restored_lately_is_told_with_its_hour(desk: Desk, clock: FixedClock) -> None:
    outage = fault(desk)
    clock.at += timedelta(minutes=30)  # type: ignore[misc]
    desk.outages.restore(outage.id)
    clock.at += timedelta(minutes=20)  # type: ignore[misc]
    found = asked(desk)
    assert row(found, "restored").words == f"{outage.id} was restored at 08:30"
    assert found.conclusion().bearing == "restored"


def test_the_crew_on_its_way_is_told(desk: Desk) -> None:
    order = desk.work_orders.open(account_no="1003")
    assert row(asked(desk), "work_orders").words.startswith(order.id)


def test_neighbours_below_the_same_transformer_are_counted_once_each(desk: Desk) -> None:
    for account in ("1003", "1003", "1006"):
        called(desk, account, trouble_code="flicker")
    called(desk, "1001", trouble_code="flicker")
    assert row(asked(desk), "neighbours").words.startswith("2 customers")


def test_own_calls_are_told_and_old_ones_are_not(desk: Desk, clock: FixedClock) -> None:
    called(desk, "1000")
    assert row(asked(desk), "own_calls").words == "1, the last 08:00"
    clock.at += timedelta(days=91)  # type: ignore[misc]
    assert row(asked(desk), "own_calls").state == "none"


def test_nothing_known_and_old_data_are_two_sentences(desk: Desk, clock: FixedClock) -> None:
    assert "ever entered" in asked(desk).conclusion().words
    outage = fault(desk, feeders=(), accounts=("1001",))
    assert asked(desk).conclusion().words.startswith("No outage is known here")
    clock.at += timedelta(minutes=31)  # type: ignore[misc]
    stale = asked(desk).conclusion()
    assert stale.is_stale
    assert "31 minutes old" in stale.words
    assert outage.id not in stale.words


def test_the_age_of_the_data_stands_beside_what_was_found(desk: Desk, clock: FixedClock) -> None:
    fault(desk)
    clock.at += timedelta(minutes=12)  # type: ignore[misc]
    assert row(asked(desk), "outages").age == timedelta(minutes=12)


def test_a_number_that_is_nobodys_is_asked_about_too(desk: Desk) -> None:
    asking = desk.triage.ask(number="13900000000")
    assert asking.wait(5)
    assert {row.state for row in asking.rows()} == {"none"}


def test_a_customer_who_does_not_exist_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.triage.ask("nobody")


@pytest.fixture
def asking(desk: Desk) -> Callable[[Sequence[Source]], Asking]:
    """Asks sources of one's own."""

    def ask(sources: Sequence[Source]) -> Asking:
        facts = Facts(desk.place, desk.outages, desk.work_orders, None, None)
        about = Asked(customer=None, area=None, at=desk.now(), number="", known=facts)
        return Asking(sources, about, timedelta(minutes=30))

    return ask


def test_a_source_that_stalls_is_left_alone_and_the_others_stand(asking: Callable[..., Asking]) -> None:
    begun = monotonic()
    found = asking([Stalls(), Breaks()])
    assert found.wait(5)
    assert monotonic() - begun < 2
    assert row(found, "meter").state == "no_answer"
    Stalls.let_go.set()


def test_asking_returns_at_once_whatever_the_sources_do(asking: Callable[..., Asking]) -> None:
    Stalls.let_go.clear()
    begun = monotonic()
    found = asking([Stalls()])
    assert monotonic() - begun < 0.5
    assert row(found, "meter").state in ("waiting", "no_answer")
    assert found.conclusion().words
    Stalls.let_go.set()


@pytest.mark.parametrize("source", [Breaks(), Lies()], ids=["raises", "returns something else"])
def test_a_source_at_fault_is_named_and_nothing_falls(asking: Callable[..., Asking], source: Source) -> None:
    found = asking([source])
    assert found.wait(5)
    assert found.rows()[0].state == "fault"
    assert found.rows()[0].fault
