"""A known outage takes in what calls pointed to below it, and leaves alone what lies elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from stormy_county import NOW, ring_area

from desk.app import Desk
from desk.clock import FixedClock
from desk.outages import OutageChange, OutageRequest
from desk.records import Outage, Scope, Status


def predicted(desk: Desk) -> list[Outage]:
    return desk.outages.listed("predicted")


@pytest.mark.parametrize(
    "scope",
    [{"feeders": ("东线",)}, {"laterals": ("东支0",)}, {"transformer_areas": ("东0",)}],
    ids=lambda one: next(iter(one)),
)
def test_opening_an_outage_takes_in_the_guess_below_it_with_its_calls(desk: Desk, scope: dict[str, Any]) -> None:
    calls = ring_area(desk, "东0")
    (guess,) = predicted(desk)
    opened = desk.outages.open(OutageRequest(type="grid_fault", cause="树障", **scope)).outage
    assert predicted(desk) == []
    assert desk.outages.get(guess.id).status is Status.CANCELLED
    assert desk.outages.get(guess.id).history[-1].reason == f"known as {opened.id}"
    assert opened.calls == desk.outages.get(opened.id).calls == 3
    stored = [desk.place.calls_table.get(call.id) for call in calls]
    assert [(call.outage, call.predicted) for call in stored if call] == [(opened.id, "")] * 3


def test_what_lies_elsewhere_or_only_partly_below_stays_a_guess(desk: Desk) -> None:
    ring_area(desk, "东0")
    ring_area(desk, "东1", 1)
    (lateral,) = predicted(desk)
    assert lateral.scope == Scope(laterals=("东支0",))
    desk.outages.open(OutageRequest(type="grid_fault", cause="树障", transformer_areas=("东0",)))
    desk.outages.open(OutageRequest(type="grid_fault", cause="树障", feeders=("西线",)))
    assert [one.id for one in predicted(desk)] == [lateral.id]


def test_a_plan_takes_in_nothing_before_it_has_begun(desk: Desk) -> None:
    ring_area(desk, "东0")
    start = desk.now() + timedelta(days=8)
    desk.outages.open(
        OutageRequest(
            type="planned_maintenance",
            feeders=("东线",),
            planned_start=start,
            planned_end=start + timedelta(hours=4),
            cause="检修",
            area="城东",
        )
    )
    assert len(predicted(desk)) == 1


def test_a_scope_that_grows_takes_in_what_lies_below_it_then(desk: Desk) -> None:
    known = desk.outages.open(OutageRequest(type="grid_fault", cause="树障", transformer_areas=("东1",))).outage
    ring_area(desk, "东0")
    grown = desk.outages.change(known.id, OutageChange(scope=Scope(feeders=("东线",)), reason="范围更大"))
    assert (grown.calls, predicted(desk)) == (3, [])


def test_who_was_promised_a_callback_for_the_guess_is_called_once_the_known_one_is_over(
    desk: Desk, clock: FixedClock
) -> None:
    ring_area(desk, "东0", callback=True)
    known = desk.outages.open(OutageRequest(type="grid_fault", cause="树障", feeders=("东线",))).outage
    clock.at = NOW.replace(hour=21, minute=30)  # type: ignore[misc]
    desk.outages.restore(known.id)
    assert len(desk.callbacks.listed("ripe")) == 3
