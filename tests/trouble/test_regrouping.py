"""What follows from a person's word on a predicted outage: its reason, its calls, who is called back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from stormy_county import MINUTE, NOW, ring, ring_area

from desk.app import Desk
from desk.callbacks.states import OPEN
from desk.clock import FixedClock
from desk.config.settings import TroubleSettings
from desk.i18n import set_language
from desk.outages import OutageRequest
from desk.outages.board import why_predicted
from desk.outputs import outage_json
from desk.records import Customer, Outage, Scope, Status, TransformerArea


def board(desk: Desk) -> list[Outage]:
    return sorted(desk.outages.listed("predicted"), key=lambda one: one.id)


def promised(desk: Desk) -> dict[str, str]:
    """Account → the outage of the callback that is owed."""
    return {one.account_no: one.outage for one in desk.callbacks.listed() if one.state in OPEN}


def test_a_callback_follows_its_call_into_the_predicted_outage(desk: Desk) -> None:
    ring(desk, "东0-00", callback=True)
    assert promised(desk) == {"东0-00": ""}
    ring(desk, "东0-01")
    ring(desk, "东0-02")
    assert promised(desk) == {"东0-00": board(desk)[0].id}


def test_who_is_split_out_is_not_called_back_for_it(desk: Desk) -> None:
    for n in range(4):
        ring(desk, f"东0-{n:02d}", callback=True)
    (outage,) = board(desk)
    desk.calls.predicting.split(outage.id, ["C1"], "自家问题")
    assert promised(desk)["东0-00"] == ""
    desk.calls.predicting.confirm(outage.id, by="王工")
    desk.outages.restore(outage.id)
    ripe = [one.account_no for one in desk.callbacks.listed() if one.not_before]
    assert ripe == ["东0-01", "东0-02", "东0-03"]


def test_after_a_merge_all_are_called_back_for_the_one_that_is_left(desk: Desk) -> None:
    for area in "东西":
        for n in range(3):
            ring(desk, f"{area}0-{n:02d}", callback=True)
    one, other = board(desk)
    desk.calls.predicting.merge(one.id, other.id, "联络线")
    assert set(promised(desk).values()) == {other.id}


def test_callbacks_follow_when_the_machine_merges_too(desk: Desk) -> None:
    ring(desk, "东5-00", callback=True)
    ring_area(desk, "东0", 1)
    ring_area(desk, "东2", 2)
    (outage,) = board(desk)
    assert promised(desk) == {"东5-00": outage.id}


def test_the_reason_is_made_anew_when_calls_are_split_out(desk: Desk) -> None:
    ring_area(desk, "东0", people=4)
    desk.calls.predicting.split(board(desk)[0].id, ["C1", "C2"], "另一处")
    assert why_predicted(board(desk)[0]) == "transformer area 东0, 2 customers, in 2 meter boxes, within 1 min"


def test_one_whose_last_call_was_split_out_is_taken_back(desk: Desk) -> None:
    ring_area(desk, "东0")
    (outage,) = board(desk)
    done = desk.calls.predicting.split(outage.id, ["C1", "C2", "C3"], "都是自家问题")
    assert done.status is Status.CANCELLED
    assert board(desk) == []


def test_a_merged_outage_has_the_calls_reason_and_start_of_both(desk: Desk) -> None:
    ring_area(desk, "东0")
    ring_area(desk, "西0", 4)
    one, other = board(desk)
    merged = desk.calls.predicting.merge(one.id, other.id, "联络线")
    assert (merged.calls, merged.actual_start) == (6, NOW)
    assert why_predicted(merged) == "6 customers, in 2 transformer areas, within 4 min"


def test_every_act_of_a_person_is_in_its_history_with_the_reason(desk: Desk) -> None:
    ring_area(desk, "东0", people=4)
    (outage,) = board(desk)
    desk.calls.predicting.split(outage.id, ["C1"], "自家问题")
    desk.calls.predicting.move(outage.id, "lateral", "调度说是支线")
    told = [(line.act, line.reason) for line in board(desk)[0].history]
    assert told[-2:] == [("split", "自家问题"), ("move", "调度说是支线")]


def test_a_caller_after_the_window_joins_what_stands_above(desk: Desk) -> None:
    ring_area(desk, "东0")
    (outage,) = board(desk)
    assert ring(desk, "东0-20", 45).predicted == outage.id
    assert board(desk)[0].calls == 4
    assert ring(desk, "东1-20", 46).predicted == ""


def test_the_reason_grows_with_each_call_that_joins_a_feeder(desk: Desk) -> None:
    for n, area in enumerate(("东0", "东1", "东2", "东3")):
        ring_area(desk, area, n)
    before = why_predicted(board(desk)[0])
    assert before == "12 customers, in 4 transformer areas, within 3 min"
    ring(desk, "东4-00", 9)
    ring(desk, "东4-01", 9)
    ring(desk, "东4-01", 10)
    assert why_predicted(board(desk)[0]) == "14 customers, in 5 transformer areas, within 10 min"


def test_the_reason_is_in_the_language_of_the_reader(desk: Desk) -> None:
    ring_area(desk, "东0")
    set_language("zh_CN")
    reason = outage_json(board(desk)[0], desk.place.now())["reason"]
    set_language("en")
    assert "东0" in reason
    assert "customers" not in reason


def test_an_important_customer_predicts_its_transformer_and_raises_nobody_elses(desk: Desk) -> None:
    desk.place.customers.put(
        Customer(account_no="H", name="医院", transformer_area="东0", meter_box="东0-B1", important=True)
    )
    ring(desk, "H")
    ring(desk, "东1-00")
    (outage,) = board(desk)
    assert outage.scope == Scope(transformer_areas=("东0",))
    assert outage.facts["grounds"]["urgent"]
    assert "important customer" in why_predicted(outage)


def test_two_dedicated_transformers_on_a_lateral_do_not_make_it_the_lateral(desk: Desk) -> None:
    for name in ("专1", "专2"):
        area = TransformerArea(transformer_area=name, feeder="东线", lateral="东支0", kind="dedicated")
        desk.place.network.put(area)
        desk.place.customers.put(Customer(account_no=name, name=name, transformer_area=name))
        ring(desk, name)
    assert [one.scope for one in board(desk)] == [Scope(transformer_areas=("专1",)), Scope(transformer_areas=("专2",))]


def test_where_the_evidence_ties_the_lower_device_stands_and_the_upper_is_named(desk: Desk) -> None:
    for n in (0, 4, 8):
        ring(desk, f"东0-{n:02d}")
    (outage,) = board(desk)
    row = outage_json(outage, desk.place.now())
    assert row["meter_boxes"] == ["东0-B0"]
    assert [row[level] for level in ("feeders", "laterals", "transformer_areas")] == [[], [], []]
    assert "may also be 东0" in row["reason"]


@pytest.mark.parametrize("level", ["meter_boxes", "transformer_areas", "laterals", "feeders"])
def test_a_predicted_row_names_its_device_in_one_place_only(desk: Desk, level: str) -> None:
    wanted = {
        "meter_boxes": lambda: [ring(desk, f"东0-{n:02d}") for n in (0, 4)],
        "transformer_areas": lambda: ring_area(desk, "东0"),
        "laterals": lambda: [ring_area(desk, area) for area in ("东0", "东1")],
        "feeders": lambda: [ring_area(desk, area) for area in ("东0", "东1", "东2", "东3")],
    }
    wanted[level]()
    row = outage_json(board(desk)[0], desk.place.now())
    named = {key for key in ("feeders", "laterals", "transformer_areas", "meter_boxes") if row[key]}
    assert named == {level}
    assert row["status"] == "predicted"


def test_still_out_twice_is_dated_back_to_the_very_first_start(desk: Desk, clock: FixedClock) -> None:
    first = desk.outages.open(OutageRequest(type="grid_fault", transformer_areas=("东0",), cause="树障")).outage
    clock.at = NOW + 70 * MINUTE  # type: ignore[misc]
    desk.outages.restore(first.id)
    clock.at = NOW + 115 * MINUTE  # type: ignore[misc]
    ring_area(desk, "东0", 110)
    (again,) = board(desk)
    desk.calls.predicting.confirm(again.id, by="王工")
    desk.outages.restore(again.id)
    clock.at = NOW + 200 * MINUTE  # type: ignore[misc]
    calls = ring_area(desk, "东0", 190)
    assert [call.still_out for call in calls] == [again.id] * 3
    assert board(desk)[0].actual_start == first.actual_start


def test_after_two_hours_nobody_is_still_out(desk: Desk, clock: FixedClock) -> None:
    first = desk.outages.open(OutageRequest(type="grid_fault", transformer_areas=("东0",), cause="树障")).outage
    clock.at = NOW + 70 * MINUTE  # type: ignore[misc]
    desk.outages.restore(first.id)
    clock.at = NOW + 200 * MINUTE  # type: ignore[misc]
    assert ring(desk, "东0-00", 191).still_out == ""


def test_a_storm_is_proposed_by_the_last_quarter_of_an_hour_only(desk: Desk, clock: FixedClock) -> None:
    clock.at = NOW + 40 * MINUTE  # type: ignore[misc]
    for n in range(30):
        ring(desk, f"{'东' if n % 2 else '西'}{n % 4}-{n:02d}", n)
    storm = desk.calls.predicting.storm()
    assert (storm.proposed, storm.calls) == (False, 5)


def test_calls_that_are_not_counted_propose_no_storm(desk: Desk, clock: FixedClock) -> None:
    clock.at = NOW + 1 * MINUTE  # type: ignore[misc]
    for n in range(30):
        ring(desk, f"东{n % 4}-{n:02d}", trouble_code="flicker")
    assert desk.calls.predicting.storm().calls == 0


@pytest.mark.parametrize(("minutes", "joins"), [(30, True), (31, False)])
def test_a_call_joins_what_was_restored_no_more_than_half_an_hour_ago(
    desk: Desk, clock: FixedClock, minutes: int, joins: bool
) -> None:
    first = desk.outages.open(OutageRequest(type="grid_fault", transformer_areas=("东0",), cause="树障")).outage
    clock.at = NOW + 70 * MINUTE  # type: ignore[misc]
    desk.outages.restore(first.id)
    clock.at = NOW + 120 * MINUTE  # type: ignore[misc]
    call = ring(desk, "东0-00", 70 + minutes)
    assert (call.outage == first.id) is joins
    assert call.still_out == first.id


def test_how_long_a_restored_outage_takes_calls_is_the_countys(desk: Desk, clock: FixedClock) -> None:
    desk.place.config = replace(desk.place.config, trouble=TroubleSettings(restored_minutes=5))
    first = desk.outages.open(OutageRequest(type="grid_fault", transformer_areas=("东0",), cause="树障")).outage
    clock.at = NOW + 70 * MINUTE  # type: ignore[misc]
    desk.outages.restore(first.id)
    clock.at = NOW + 80 * MINUTE  # type: ignore[misc]
    assert ring(desk, "东0-00", 76).outage == ""


def test_confirming_after_a_move_owes_what_the_new_device_owes(desk: Desk) -> None:
    ring_area(desk, "东0")
    (outage,) = board(desk)
    moved = desk.calls.predicting.move(outage.id, "feeder", "调度说是线路")
    assert moved.affected.customers == 301
    assert desk.notices.of(outage.id) == []
    done = desk.calls.predicting.confirm(outage.id, by="王工")
    assert done.affected.customers == 301
    assert desk.notices.of(outage.id)
