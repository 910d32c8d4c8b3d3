"""What is taken in as an outage, what is refused, and what the agent is warned of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from small_county import HOUR, fault, plan

from desk.app import Desk
from desk.outages import BadRequest, OutageRequest, read_request
from desk.records import Status

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown type": ({"type": "planed_maintenance"}, "planned_maintenance"),
    "unknown feeder": ({"feeders": ("城东",)}, "城东线"),
    "unknown transformer area": ({"transformer_areas": ("T77",)}, "T77"),
    "unknown account": ({"accounts": ("100099",)}, "100099"),
    "unknown meter box": ({"meter_boxes": ("B99",)}, "B99"),
    "ambiguous lateral": ({"laterals": ("七支线",)}, "城西线/七支线"),
    "no scope": ({"feeders": ()}, "feeders"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_refused_with_what_may_have_been_meant(desk: Desk, name: str) -> None:
    fields, said = WRONG[name]
    with pytest.raises(BadRequest, match=said):
        desk.outages.open(plan(desk, **fields))
    assert desk.outages.listed() == []


def test_all_mistakes_are_named_at_once(desk: Desk) -> None:
    now = desk.place.now()
    with pytest.raises(BadRequest) as refused:
        desk.outages.open(plan(desk, feeders=("城南线",), accounts=("1",), planned_end=now - HOUR))
    assert {problem.field for problem in refused.value.problems} == {"feeders", "accounts", "planned_end"}


def test_a_planned_outage_needs_its_start(desk: Desk) -> None:
    with pytest.raises(BadRequest) as refused:
        desk.outages.open(plan(desk, planned_start=None))
    assert "planned_start" in {problem.field for problem in refused.value.problems}


@pytest.mark.parametrize("name", ["planned_maintenance", "计划检修停电"])
def test_a_type_is_named_by_its_id_or_in_chinese(desk: Desk, name: str) -> None:
    assert desk.outages.open(plan(desk, type=name)).outage.type == "planned_maintenance"


def test_the_same_reference_is_not_taken_twice(desk: Desk) -> None:
    desk.outages.open(plan(desk, reference="2026-001"))
    with pytest.raises(BadRequest, match="O1"):
        desk.outages.open(plan(desk, reference="2026-001"))


def test_ids_count_up(desk: Desk) -> None:
    assert [desk.outages.open(fault(desk)).outage.id for _again in range(3)] == ["O1", "O2", "O3"]


def test_a_preview_answers_the_same_and_writes_nothing(desk: Desk) -> None:
    seen = desk.outages.preview(plan(desk))
    assert desk.outages.listed() == []
    done = desk.outages.open(plan(desk))
    assert (seen.affected, seen.warnings) == (done.outage.affected, done.warnings)


def test_nobody_below_the_devices_is_a_warning(desk: Desk) -> None:
    from desk.records import TransformerArea

    desk.place.network.put(TransformerArea(transformer_area="T8", feeder="备用线"))
    assert desk.outages.open(fault(desk, feeders=("备用线",))).warnings


def test_a_planned_start_that_is_past_is_a_warning(desk: Desk) -> None:
    now = desk.place.now()
    opened = desk.outages.open(plan(desk, planned_start=now - HOUR))
    assert opened.outage.status is Status.SCHEDULED
    assert opened.warnings


OVERLAPS: dict[str, tuple[dict[str, Any], bool]] = {
    "same feeder": ({"feeders": ("城东线",)}, True),
    "an area below it": ({"feeders": (), "transformer_areas": ("T1",)}, True),
    "a customer below it": ({"feeders": (), "accounts": ("100001",)}, True),
    "another feeder": ({"feeders": ("城西线",)}, False),
    "same feeder, next day": ({"feeders": ("城东线",), "later": 24}, False),
}


@pytest.mark.parametrize("name", OVERLAPS)
def test_an_outage_on_the_same_devices_at_the_same_time_is_a_warning(desk: Desk, name: str) -> None:
    fields, wanted = OVERLAPS[name]
    desk.outages.open(plan(desk))
    start = desk.place.now() + HOUR + timedelta(hours=fields.pop("later", 0))
    warnings = desk.outages.preview(plan(desk, planned_start=start, planned_end=start + HOUR, **fields)).warnings
    assert any("O1" in warning for warning in warnings) is wanted


def test_two_customers_of_one_area_do_not_overlap(desk: Desk) -> None:
    desk.outages.open(fault(desk, feeders=(), accounts=("100001",)))
    warnings = desk.outages.preview(fault(desk, feeders=(), accounts=("100002",))).warnings
    assert not any("O1" in warning for warning in warnings)


def test_names_are_read_without_stray_spaces_and_full_width_forms(desk: Desk) -> None:
    request = read_request({"type": "grid_fault", "transformer_areas": [" Ｔ１ ", "T1"]}, desk.place.clock.zone)
    assert request.transformer_areas == ("T1",)


def test_a_time_without_offset_is_the_countys(desk: Desk) -> None:
    request = read_request({"type": "x", "planned_start": "2026-12-02T08:00"}, desk.place.clock.zone)
    assert request.planned_start is not None
    assert request.planned_start.isoformat() == "2026-12-02T08:00:00+08:00"


BAD_JSON: dict[str, tuple[Any, str]] = {
    "not an object": ([], "JSON"),
    "unknown key": ({"type": "grid_fault", "feedrs": ["x"]}, "feeders"),
    "no type": ({"feeders": ["x"]}, "type"),
    "bad time": ({"type": "x", "planned_start": "tomorrow"}, "planned_start"),
    "bad list": ({"type": "x", "feeders": [["x"]]}, "feeders"),
    "bad facts": ({"type": "x", "facts": []}, "facts"),
    "bad phase": ({"type": "x", "phases": [{"start": "2026-12-02T08:00"}]}, "phases"),
    "bad flag": ({"type": "x", "danger_to_life": "yes"}, "danger_to_life"),
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_what_is_wrong_in_the_json_is_named(desk: Desk, name: str) -> None:
    from desk.errors import BadInput

    document, said = BAD_JSON[name]
    with pytest.raises(BadInput, match=said):
        read_request(document, desk.place.clock.zone)


def test_phases_are_kept(desk: Desk) -> None:
    phases = [
        {"start": "2026-12-02T06:00", "end": "2026-12-02T12:00", "supply": "none"},
        {"start": "2026-12-02T12:00", "end": "2026-12-02T22:00", "supply": "single_circuit", "note": "单回路"},
    ]
    request = read_request({"type": "planned_maintenance", "phases": phases}, desk.place.clock.zone)
    assert [phase.supply for phase in request.phases] == ["none", "single_circuit"]


def test_a_request_can_be_made_without_json() -> None:
    assert not OutageRequest(type="grid_fault").scope
