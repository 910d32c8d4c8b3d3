"""The rules by which no-power calls reach a device, one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desk.trouble import AreaFacts, Device, Level, TroubleCall, predicted, reason

AT = datetime(2026, 7, 1, 20, tzinfo=UTC)
AREAS = {
    "big": AreaFacts(feeder="F", lateral="north", customers=200),
    "big2": AreaFacts(feeder="F", lateral="north", customers=200),
    "south1": AreaFacts(feeder="F", lateral="south", customers=200),
    "south2": AreaFacts(feeder="F", lateral="south", customers=200),
    "small": AreaFacts(feeder="F", lateral="east", customers=15),
    **{f"other{n}": AreaFacts(feeder="F", customers=100) for n in range(5)},
    "lonely": AreaFacts(feeder="G", customers=100),
    "plant": AreaFacts(feeder="F", lateral="north", customers=1),
}


def call(account: str, area: str, box: str = "", **more: Any) -> TroubleCall:
    return TroubleCall(id=f"C-{account}", at=AT, account_no=account, transformer_area=area, meter_box=box, **more)


def three(area: str) -> list[TroubleCall]:
    """Enough for a transformer area: three customers below two boxes."""
    return [call(f"{area}{n}", area, f"{area}-b{n % 2}") for n in range(3)]


def devices(*calls: TroubleCall) -> list[Device]:
    return [one.device for one in predicted(calls, AREAS)]


def test_one_call_is_a_service_case_without_a_device() -> None:
    assert devices(call("1", "big", "b1")) == [Device(Level.SERVICE, "1")]


def test_a_caller_whose_neighbours_are_out_too_counts_as_two() -> None:
    assert devices(call("1", "big", "b1", neighbours_too=True)) == [Device(Level.METER_BOX, "b1")]


def test_two_customers_below_one_box_reach_the_box() -> None:
    assert devices(call("1", "big", "b1"), call("2", "big", "b1")) == [Device(Level.METER_BOX, "b1")]


def test_two_customers_below_two_boxes_reach_nothing_in_a_big_area() -> None:
    assert {one.level for one in devices(call("1", "big", "b1"), call("2", "big", "b2"))} == {Level.SERVICE}


def test_three_customers_below_two_boxes_reach_the_transformer_area() -> None:
    assert devices(*three("big")) == [Device(Level.TRANSFORMER_AREA, "big")]


def test_three_customers_below_one_box_stay_at_the_box_and_the_area_is_named_beside_it() -> None:
    (found,) = predicted([call(str(n), "big", "b1") for n in range(3)], AREAS)
    assert found.device == Device(Level.METER_BOX, "b1")
    assert found.grounds.instead == ("big",)
    assert "big" in reason(found.grounds)


def test_three_customers_reach_the_area_where_no_box_is_known() -> None:
    assert devices(*(call(str(n), "big") for n in range(3))) == [Device(Level.TRANSFORMER_AREA, "big")]


def test_a_tenth_of_a_small_area_reaches_it_with_two() -> None:
    assert devices(call("1", "small", "b1"), call("2", "small", "b2")) == [Device(Level.TRANSFORMER_AREA, "small")]


def test_two_predicted_areas_reach_their_lateral() -> None:
    assert devices(*three("big"), *three("big2")) == [Device(Level.LATERAL, "F/north")]


def test_two_predicted_laterals_reach_their_feeder() -> None:
    calls = [one for area in ("big", "big2", "south1", "south2") for one in three(area)]
    assert devices(*calls) == [Device(Level.FEEDER, "F")]


def test_three_tenths_of_its_areas_reach_the_feeder() -> None:
    calls = [one for area in ("big", "south1", "other0", "other1") for one in three(area)]
    assert devices(*calls) == [Device(Level.FEEDER, "F")]


def test_a_feeder_whose_only_predicted_area_is_one_of_one_stays_at_the_area() -> None:
    (found,) = predicted(three("lonely"), AREAS)
    assert found.device == Device(Level.TRANSFORMER_AREA, "lonely")
    assert found.grounds.instead == ("G",)


def test_a_dedicated_customer_reaches_its_own_transformer_at_once_and_is_urgent() -> None:
    (found,) = predicted([call("plant", "plant", own_transformer=True)], AREAS)
    assert found.device == Device(Level.TRANSFORMER_AREA, "plant")
    assert found.grounds.urgent


def test_a_dedicated_customer_does_not_raise_the_level_of_the_rest() -> None:
    assert devices(call("plant", "plant", own_transformer=True), *three("big")) == [
        Device(Level.TRANSFORMER_AREA, "big"),
        Device(Level.TRANSFORMER_AREA, "plant"),
    ]


def test_streets_beside_each_other_on_two_feeders_are_never_joined() -> None:
    assert devices(*three("big"), *three("lonely")) == [
        Device(Level.TRANSFORMER_AREA, "big"),
        Device(Level.TRANSFORMER_AREA, "lonely"),
    ]


@pytest.mark.parametrize("area", ["", "nowhere"])
def test_a_caller_whose_place_in_the_network_is_unknown_is_a_case_of_its_own(area: str) -> None:
    assert devices(call("1", area)) == [Device(Level.SERVICE, "1")]


def test_the_reason_says_how_many_called_from_where_and_within_which_time() -> None:
    calls = [call("1", "big", "b1"), call("2", "big", "b2", neighbours_too=True)]
    late = TroubleCall(id="C", at=AT + timedelta(minutes=12), account_no="3", transformer_area="big", meter_box="b2")
    (found,) = predicted([*calls, late], AREAS)
    words = "transformer area big, 3 customers, 1 says the neighbours too, in 2 meter boxes, within 12 min"
    assert reason(found.grounds) == words
