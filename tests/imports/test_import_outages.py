"""A list of outages: opened, recognised, changed through the same doors as at the desk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from offices import everything

from desk.imports import Report, import_file
from desk.outages import OutageChange, Outages
from desk.place import Place
from desk.records import Outage, Status

Table = Callable[..., Path]
HEADER = [
    "编号",
    "停电类型",
    "停电线路",
    "停电台区",
    "停电户号",
    "计划停电时间",
    "计划送电时间",
    "停电原因",
    "停电范围",
]
PLAN = ["J1", "计划检修停电", "城东线", "", "", "2026-12-01 08:00", "2026-12-01 18:00", "检修", "城东"]


def plan(**cells: str) -> list[str]:
    return [cells.get(name, cell) for name, cell in zip(HEADER, PLAN, strict=True)]


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, len({reason.row for reason in report.rejected})


def stored(place: Place, reference: str = "J1") -> Outage:
    [outage] = place.outages_table.where(reference=reference)
    return outage


def test_a_plan_is_opened_as_at_the_desk(county: Place, table: Table) -> None:
    assert counts(import_file(county, "outages", table([HEADER, PLAN]))) == (1, 0, 0, 0)
    outage = stored(county)
    assert (outage.type, outage.status, outage.scope.feeders) == ("planned_maintenance", Status.SCHEDULED, ("城东线",))
    assert outage.affected.customers == 2
    assert outage.fingerprint
    assert outage.history[0].act == "import"


@pytest.mark.parametrize(
    "cells",
    [
        {"停电类型": "计划停电"},
        {"停电类型": "planned_maintenance"},
        {"停电线路": "10kV城东线"},
        {"停电线路": " 城东线 、 城西线"},
        {"停电线路": "城东线/城西线"},
        {"停电线路": "城东线 城西线"},
        {"停电线路": "", "停电台区": "王家庄1号公变"},
        {"停电线路": "", "停电台区": "ｔｑ１；TQ2"},
        {"停电线路": "", "停电户号": "'1001\n1002"},
        {"计划停电时间": "2026年12月1日8时"},
    ],
    ids=str,
)
def test_offices_writings_are_understood(county: Place, table: Table, cells: dict[str, str]) -> None:
    report = import_file(county, "outages", table([HEADER, plan(**cells)]))
    assert not report.rejected
    assert stored(county).affected.customers >= 1


REJECTED = {
    "no type": (plan(停电类型=""), "type"),
    "unknown type": (plan(停电类型="计划检修停点"), "type"),
    "unknown feeder": (plan(停电线路="城冻线"), "feeders"),
    "unknown account": (plan(停电户号="9999"), "accounts"),
    "no scope": (plan(停电线路=""), "feeders"),
    "end before start": (plan(计划送电时间="2026-11-30 18:00"), "planned_end"),
    "no end": (plan(计划送电时间=""), "planned_end"),
    "not a time": (plan(计划停电时间="明天"), "planned_start"),
    "date without time": (plan(计划停电时间="2026-12-01"), "planned_start"),
}


@pytest.mark.parametrize(("bad", "field"), REJECTED.values(), ids=REJECTED)
def test_a_bad_row_is_named_and_the_good_one_is_opened(county: Place, table: Table, bad: list[str], field: str) -> None:
    report = import_file(county, "outages", table([HEADER, bad, plan(编号="J2")]))
    assert [(reason.row, reason.field) for reason in report.rejected] == [(2, field)]
    assert counts(report) == (1, 0, 0, 1)
    assert stored(county, "J2")


def test_a_name_nearly_right_is_suggested(county: Place, table: Table) -> None:
    report = import_file(county, "outages", table([HEADER, plan(停电线路="城东先"), plan(停电类型="计划检修停点")]))
    assert "城东线" in report.rejected[0].problem
    assert "计划检修停电" in report.rejected[1].problem


def test_a_second_import_changes_nothing(county: Place, table: Table) -> None:
    path = table([HEADER, PLAN, plan(编号="", 停电线路="城西线")])
    assert counts(import_file(county, "outages", path)) == (2, 0, 0, 0)
    before = everything(county)
    assert counts(import_file(county, "outages", path)) == (0, 0, 2, 0)
    assert everything(county) == before


def test_the_same_row_again_leaves_alone_what_the_desk_changed_since(county: Place, table: Table) -> None:
    path = table([HEADER, PLAN])
    import_file(county, "outages", path)
    end = stored(county).planned_end
    assert end is not None
    Outages(county).change(stored(county).id, OutageChange(reason="延期", end=end.replace(hour=20)))
    assert counts(import_file(county, "outages", path)) == (0, 0, 1, 0)
    assert stored(county).planned_end == end.replace(hour=20)


def test_a_changed_row_of_the_same_reference_changes_the_outage(county: Place, table: Table) -> None:
    import_file(county, "outages", table([HEADER, PLAN]))
    path = table([HEADER, plan(计划送电时间="2026-12-01 20:00", 停电线路="城西线")])
    assert counts(import_file(county, "outages", path)) == (0, 1, 0, 0)
    outage = stored(county)
    assert outage.scope.feeders == ("城西线",)
    assert outage.affected.customers == 1
    assert (outage.history[-1].act, outage.history[-1].reason) == ("change", "import")
    before = everything(county)
    assert counts(import_file(county, "outages", path)) == (0, 0, 1, 0)
    assert everything(county) == before


def test_another_type_under_the_same_reference_is_refused(county: Place, table: Table) -> None:
    import_file(county, "outages", table([HEADER, PLAN]))
    report = import_file(county, "outages", table([HEADER, plan(停电类型="临时停电")]))
    assert [reason.field for reason in report.rejected] == ["type"]


def test_a_row_about_an_outage_that_is_over_is_refused(county: Place, table: Table) -> None:
    import_file(county, "outages", table([HEADER, PLAN]))
    Outages(county).cancel(stored(county).id)
    report = import_file(county, "outages", table([HEADER, plan(停电原因="改造")]))
    assert counts(report) == (0, 0, 0, 1)


def test_one_reference_twice_in_a_file_is_refused_the_second_time(county: Place, table: Table) -> None:
    report = import_file(county, "outages", table([HEADER, PLAN, plan(停电原因="改造")]))
    assert [(reason.row, reason.field) for reason in report.rejected] == [(3, "reference")]


@pytest.mark.parametrize("how", [{"dry_run": True}, {"strict": True}], ids=["dry run", "strict"])
def test_nothing_is_written_when_it_must_not_be(county: Place, table: Table, how: dict[str, bool]) -> None:
    before = everything(county)
    report = import_file(county, "outages", table([HEADER, PLAN, plan(编号="J2", 停电线路="?")]), **how)  # type: ignore[arg-type]
    assert len(report.rejected) == 1
    assert everything(county) == before


def test_phases_and_facts_come_from_json(county: Place, tmp_path: Path) -> None:
    document = {
        "type": "planned_maintenance",
        "feeders": ["城东线"],
        "planned_start": "2026-12-01T08:00",
        "planned_end": "2026-12-01T18:00",
        "phases": [{"start": "2026-12-01T08:00", "end": "2026-12-01T10:00", "supply": "single_circuit"}],
        "facts": {"work_unit": "检修一班"},
    }
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(document))
    assert counts(import_file(county, "outages", path)) == (1, 0, 0, 0)
    [outage] = county.outages_table.all()
    assert outage.phases[0].supply == "single_circuit"
    assert outage.facts == {"work_unit": "检修一班"}
    assert counts(import_file(county, "outages", path)) == (0, 0, 1, 0)


def arrears(facts: dict[str, object]) -> str:
    document = {"type": "arrears", "reference": "Q1", "feeders": ["城东线"], "planned_start": "2026-12-01T08:00"}
    return json.dumps({**document, "facts": facts})


def test_facts_written_otherwise_are_the_same_and_new_ones_are_a_change(county: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for facts, expected in (
        ({"overdue_days": 45}, (1, 0, 0, 0)),
        ({"逾期天数": "４５"}, (0, 0, 1, 0)),
        ({"overdue_days": 45, "demands": "2"}, (0, 1, 0, 0)),
        ({"overdue_days": 12}, (0, 0, 0, 1)),
    ):
        path.write_text(arrears(facts))
        assert counts(import_file(county, "outages", path)) == expected, facts
    [outage] = county.outages_table.all()
    assert outage.facts == {"overdue_days": 45, "demands": 2}


def test_the_sample_files_go_in_without_a_word(place: Place) -> None:
    samples = Path(__file__).parents[2] / "docs" / "samples"
    for what, rows in (("network", 12), ("customers", 32), ("outages", 6)):
        report = import_file(place, what, samples / f"{what}.csv")
        assert (report.created, report.rejected, report.unknown_columns) == (rows, (), ())
