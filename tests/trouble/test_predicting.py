"""Predicted outages on the board: what calls make of them, and what only a person may do."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import pytest
from msgspec.structs import replace
from stormy_county import AREAS, CUSTOMERS, MINUTE, NOW, ring, ring_area

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import BadInput, NotFound, Refused
from desk.outages import OutageRequest
from desk.outputs import logged_json, outage_json
from desk.predicting.board import as_counted
from desk.predicting.devices import device_of, facts_of
from desk.records import Call, Outage, Scope, Status
from desk.trouble import Device, Level, predicted


def on_board(desk: Desk) -> list[Outage]:
    return desk.outages.listed("predicted")


def scopes(desk: Desk) -> list[Scope]:
    return [outage.scope for outage in on_board(desk)]


def test_one_call_is_a_service_case_and_nothing_is_predicted(desk: Desk) -> None:
    assert logged_json(ring(desk, "东0-00")) == {"id": "C1", "outage": None, "predicted": None}
    assert on_board(desk) == []


def test_three_callers_below_two_boxes_predict_their_transformer_area(desk: Desk) -> None:
    *_first, last = ring_area(desk, "东0")
    (outage,) = on_board(desk)
    assert last.predicted == outage.id
    assert outage.scope == Scope(transformer_areas=("东0",))
    assert outage.calls == 3
    assert outage.actual_start == NOW
    row = outage_json(outage, desk.place.now())
    assert row["status"] == "predicted"
    assert row["transformer_areas"] == ["东0"]
    assert row["feeders"] == []
    assert row["reason"] == "transformer area 东0, 3 customers, in 3 meter boxes, within 1 min"


def test_the_calls_before_belong_to_it_too(desk: Desk) -> None:
    ring_area(desk, "东0")
    (outage,) = on_board(desk)
    assert [call.id for call in desk.calls.predicting.of(outage.id)] == ["C1", "C2", "C3"]


def test_a_prediction_rises_from_area_to_lateral_to_feeder_and_keeps_its_number(desk: Desk) -> None:
    ring_area(desk, "东0")
    (area,) = on_board(desk)
    ring_area(desk, "东1", 2)
    assert scopes(desk) == [Scope(laterals=("东支0",))]
    ring_area(desk, "东2", 4)
    ring_area(desk, "东3", 5)
    (feeder,) = on_board(desk)
    assert feeder.id == area.id
    assert feeder.scope == Scope(feeders=("东线",))
    assert feeder.calls == 12
    assert feeder.affected.customers == 301
    assert all(call.predicted == feeder.id for call in desk.place.calls_table.all())


def test_what_was_merged_is_off_the_board_and_says_into_what(desk: Desk) -> None:
    ring_area(desk, "东0")
    ring(desk, "东5-00", 1)
    assert len(on_board(desk)) == 2
    ring_area(desk, "东2", 2)
    (kept,) = on_board(desk)
    (gone,) = [one for one in desk.place.outages_table.all() if one.status is Status.CANCELLED]
    assert gone.history[-1].reason == kept.id
    assert gone.calls == 0


def test_calls_further_apart_than_the_window_are_not_joined(desk: Desk) -> None:
    ring(desk, "东0-00", 0)
    ring(desk, "东0-01", 20)
    ring(desk, "东0-02", 31)
    assert on_board(desk) == []


def test_storm_mode_widens_the_window(desk: Desk) -> None:
    desk.calls.predicting.begin_storm()
    for minutes in (0, 21, 42):
        ring(desk, f"东0-{minutes:02d}", minutes)
    assert scopes(desk) == [Scope(transformer_areas=("东0",))]
    assert desk.calls.predicting.storm().on
    desk.calls.predicting.end_storm()
    assert not desk.calls.predicting.storm().on


def test_storm_mode_is_proposed_by_many_calls_that_nothing_explains(desk: Desk, clock: FixedClock) -> None:
    clock.at = NOW + 10 * MINUTE  # type: ignore[misc]
    for n in range(19):
        ring(desk, f"{'东' if n % 2 else '西'}{n % 4}-{n:02d}", n / 10)
    assert not desk.calls.predicting.storm().proposed
    ring(desk, "西0-30", 3)
    assert desk.calls.predicting.storm().proposed


@pytest.mark.parametrize("code", ["flicker", "low_voltage", "partial_supply"])
def test_trouble_of_its_own_class_is_not_counted(desk: Desk, code: str) -> None:
    for n in range(4):
        assert ring(desk, f"东0-{n:02d}", trouble_code=code).uncounted == "own_class"
    assert on_board(desk) == []


def test_the_customer_side_fault_is_not_counted_while_the_neighbours_have_power(desk: Desk) -> None:
    assert ring(desk, "东0-00", trouble_code="customer_side_fault").uncounted == "customer_side"
    assert ring(desk, "东0-01", trouble_code="customer_side_fault", multiple_premises=True).uncounted == ""


def test_a_call_joins_the_known_outage_and_predicts_nothing(desk: Desk) -> None:
    outage = desk.outages.open(OutageRequest(type="grid_fault", feeders=("东线",), cause="树障")).outage
    calls = ring_area(desk, "东0")
    assert [(call.outage, call.predicted) for call in calls] == [(outage.id, "")] * 3
    assert desk.outages.get(outage.id).calls == 3


def test_a_dedicated_customer_predicts_its_own_transformer_with_one_call(desk: Desk) -> None:
    ring(desk, "东5-00")
    assert scopes(desk) == [Scope(transformer_areas=("东5",))]


def test_confirming_needs_a_name_and_makes_it_an_outage_with_duties(desk: Desk) -> None:
    ring_area(desk, "东0")
    (outage,) = on_board(desk)
    with pytest.raises(BadInput, match="who confirmed"):
        desk.calls.predicting.confirm(outage.id, by=" ")
    done = desk.calls.predicting.confirm(outage.id, by="王工")
    assert done.status is Status.CONFIRMED
    assert done.actual_start == NOW
    assert desk.notices.of(outage.id)
    assert "王工" in done.history[-1].reason


def test_calls_never_move_a_confirmed_outage(desk: Desk) -> None:
    ring_area(desk, "东0")
    (outage,) = on_board(desk)
    desk.calls.predicting.confirm(outage.id, by="王工")
    ring_area(desk, "东1", 2)
    ring(desk, "东0-30", 3)
    assert desk.outages.get(outage.id).scope == Scope(transformer_areas=("东0",))
    assert desk.outages.get(outage.id).calls == 4
    assert scopes(desk) == [Scope(transformer_areas=("东1",))]


def test_what_was_taken_back_is_not_predicted_again_by_the_same_calls(desk: Desk) -> None:
    ring_area(desk, "东0")
    (outage,) = on_board(desk)
    desk.outages.cancel(outage.id, reason="误报")
    ring(desk, "东0-30", 1)
    assert on_board(desk) == []


def test_a_person_moves_it_up_and_calls_join_it_without_moving_it(desk: Desk) -> None:
    ring_area(desk, "东0")
    (outage,) = on_board(desk)
    desk.calls.predicting.move(outage.id, "lateral", "调度说是支线")
    assert scopes(desk) == [Scope(laterals=("东支0",))]
    assert ring(desk, "东1-00", 2).predicted == outage.id
    ring_area(desk, "东2", 3)
    assert [one.id for one in on_board(desk) if one.scope == Scope(laterals=("东支0",))] == [outage.id]


def test_a_person_moves_it_down_where_all_calls_are_below_one_device(desk: Desk) -> None:
    ring_area(desk, "东0")
    (outage,) = on_board(desk)
    with pytest.raises(BadInput, match="several devices"):
        desk.calls.predicting.move(outage.id, "meter_box", "只有一箱")
    desk.calls.predicting.split(outage.id, ["C2", "C3"], "另一处")
    desk.calls.predicting.move(outage.id, "meter_box", "只有一箱")
    assert scopes(desk) == [Scope(meter_boxes=("东0-B0",))]


def test_calls_split_out_join_nothing_by_machine(desk: Desk) -> None:
    ring_area(desk, "东0", people=4)
    (outage,) = on_board(desk)
    desk.calls.predicting.split(outage.id, ["c1"], "自家问题")
    assert desk.outages.get(outage.id).calls == 3
    ring(desk, "东0-20", 2)
    assert desk.place.calls_table.get("C1").predicted == ""  # type: ignore[union-attr]


@pytest.mark.parametrize("calls", [[], ["C99"], ["C1", "C99"]])
def test_splitting_out_what_is_not_in_it_is_refused(desk: Desk, calls: list[str]) -> None:
    ring_area(desk, "东0")
    (outage,) = on_board(desk)
    with pytest.raises(NotFound):
        desk.calls.predicting.split(outage.id, calls, "另一处")
    assert desk.outages.get(outage.id) == outage


def test_two_are_merged_into_the_one_that_is_named(desk: Desk) -> None:
    ring_area(desk, "东0")
    ring_area(desk, "西0")
    one, other = sorted(on_board(desk), key=lambda outage: outage.id)
    desk.calls.predicting.merge(one.id, other.id, "联络线")
    assert [(outage.id, outage.calls) for outage in on_board(desk)] == [(other.id, 6)]


@pytest.mark.parametrize("act", ["move", "split", "merge"])
def test_a_person_gives_a_reason(desk: Desk, act: str) -> None:
    ring_area(desk, "东0")
    ring_area(desk, "西0")
    one, other = sorted(on_board(desk), key=lambda outage: outage.id)
    acts = {
        "move": lambda: desk.calls.predicting.move(one.id, "feeder", ""),
        "split": lambda: desk.calls.predicting.split(one.id, ["C1"], " "),
        "merge": lambda: desk.calls.predicting.merge(one.id, other.id, ""),
    }
    with pytest.raises(BadInput, match="reason"):
        acts[act]()


def test_what_is_confirmed_is_no_longer_moved_or_split(desk: Desk) -> None:
    ring_area(desk, "东0")
    (outage,) = on_board(desk)
    desk.calls.predicting.confirm(outage.id, by="王工", source="field")
    with pytest.raises(Refused, match="not predicted"):
        desk.calls.predicting.move(outage.id, "feeder", "why")


def test_a_call_after_a_restoration_is_still_out_and_dated_back_to_the_first_start(
    desk: Desk, clock: FixedClock
) -> None:
    first = desk.outages.open(OutageRequest(type="grid_fault", transformer_areas=("东0",), cause="树障")).outage
    clock.at = NOW + 70 * MINUTE  # type: ignore[misc]
    desk.outages.restore(first.id)
    clock.at = NOW + 130 * MINUTE  # type: ignore[misc]
    calls = ring_area(desk, "东0", 125)
    assert [call.still_out for call in calls] == [first.id] * 3
    (outage,) = on_board(desk)
    assert outage.facts["still_out"] == first.id
    assert outage.actual_start == first.actual_start


@pytest.mark.parametrize("seed", range(8))
def test_the_board_says_what_the_pure_function_says_whatever_the_order(desk: Desk, seed: int) -> None:
    random = Random(seed)
    people = random.choices(CUSTOMERS, k=random.randrange(10, 60))
    boxless = {one.account_no for one in people if random.random() < 0.2}
    desk.place.customers.put_many(replace(one, meter_box="") for one in people if one.account_no in boxless)
    for one in people:
        ring(desk, one.account_no, random.randrange(0, 29), multiple_premises=random.random() < 0.2)
    stored = list(desk.place.calls_table.all())
    assert len(stored) == len(people)
    assert _devices_on_board(desk) == _devices_of(stored)


def _devices_on_board(desk: Desk) -> dict[Device, set[str]]:
    found: dict[Device, set[str]] = {}
    for outage in on_board(desk):
        device = device_of(outage, desk.place.grid)
        assert device
        found[device] = {call.id for call in desk.calls.predicting.of(outage.id)}
    return found


def _devices_of(calls: list[Call]) -> dict[Device, set[str]]:
    sizes: dict[str, int] = defaultdict(int)
    for one in CUSTOMERS:
        sizes[one.transformer_area] += 1
    areas = {one.transformer_area: facts_of(one, sizes[one.transformer_area]) for one in AREAS}
    found = predicted(map(as_counted, calls), areas)
    return {one.device: set(one.calls) for one in found if one.device.level is not Level.SERVICE}
