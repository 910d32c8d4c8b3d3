"""The network and the customers: good rows are stored together, bad ones named, and twice is once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from offices import CUSTOMERS, NETWORK, everything

from desk.errors import BadInput, NotAllowed
from desk.imports import Cancelled, Rejected, Report, import_file
from desk.outages import OutageRequest, Outages
from desk.place import Place

Table = Callable[..., Path]
HEADER = ["户号", "户名", "台区编号", "联系电话", "特殊", "电压等级"]
GOOD = ["2001", "王五", "TQ1", "13800138000", "否", "220V"]


def row(**cells: str) -> list[str]:
    """A good row with some cells different."""
    return [cells.get(name, cell) for name, cell in zip(HEADER, GOOD, strict=True)]


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, len({reason.row for reason in report.rejected})


def test_a_network_and_its_customers_are_taken_in(county: Place) -> None:
    area = county.network.get("TQ1")
    assert area is not None
    assert (area.feeder, area.lateral, area.kind) == ("城东线", "王家支线", "public")
    hospital = county.customers.get("1002")
    assert hospital is not None
    assert (hospital.special, hospital.important, hospital.grade, hospital.sector) == (True, True, "first", "hospital")
    assert [(phone.number, phone.extension, phone.role) for phone in hospital.phones] == [
        ("09515550000", "801", "值班"),
        ("13900139000", "", ""),
    ]


@pytest.mark.parametrize(("what", "rows"), [("network", NETWORK), ("customers", CUSTOMERS)])
def test_a_second_import_changes_nothing(county: Place, table: Table, what: str, rows: list[list[str]]) -> None:
    before = everything(county)
    county.changes.since_last_asked()
    report = import_file(county, what, table(rows))
    assert counts(report) == (0, 0, 3, 0)
    assert everything(county) == before
    assert not county.changes.since_last_asked()


def test_only_what_differs_is_written(county: Place, table: Table) -> None:
    before = county.customers.revisions()
    report = import_file(county, "customers", table([HEADER[:3], ["1001", "张三丰", "TQ1"], ["1003", "水泥厂", "TQ3"]]))
    after = county.customers.revisions()
    assert counts(report) == (0, 1, 1, 0)
    assert {account for account in after if after[account] != before[account]} == {"1001"}


def test_a_column_that_is_not_in_the_file_keeps_what_is_stored(county: Place, table: Table) -> None:
    import_file(county, "customers", table([HEADER[:3], ["1002", "县人民医院", "TQ2"]]))
    hospital = county.customers.get("1002")
    assert hospital is not None
    assert (hospital.name, hospital.grade, len(hospital.phones)) == ("县人民医院", "first", 2)


def test_an_empty_cell_empties_the_field(county: Place, table: Table) -> None:
    import_file(county, "customers", table([[*HEADER[:3], "联系电话"], ["1002", "县医院", "TQ2", ""]]))
    hospital = county.customers.get("1002")
    assert hospital is not None
    assert hospital.phones == ()


REJECTED = {
    "no account": (row(户号=""), "account_no", ""),
    "no name": (row(户名=" "), "name", ""),
    "no area": (row(台区编号="-"), "transformer_area", ""),
    "area not in the network": (row(台区编号="TQ99"), "transformer_area", "TQ99"),
    "shortened account": (row(户号="1.38E+10"), "account_no", "1.38E+10"),
    "shortened phone": (row(联系电话="1.38E+10"), "phones", "1.38E+10"),
    "not a flag": (row(特殊="也许"), "special", "也许"),
    "not a voltage": (row(电压等级="很高"), "voltage", "很高"),
    "error of Excel": (row(户名="#REF!"), "name", "#REF!"),
    "too many cells": ([*GOOD, "x"], "", "x"),
}


@pytest.mark.parametrize(("bad", "field", "value"), REJECTED.values(), ids=REJECTED)
def test_a_bad_row_is_named_and_the_good_ones_are_stored(
    county: Place, table: Table, bad: list[str], field: str, value: str
) -> None:
    good = ["2002", "赵六", "TQ2", "", "", ""]
    report = import_file(county, "customers", table([HEADER, bad, good]))
    [reason] = report.rejected
    assert (reason.row, reason.field, reason.value) == (2, field, value)
    assert reason.problem
    assert counts(report) == (1, 0, 0, 1)
    assert county.customers.get("2002")
    assert county.customers.count() == 4


def test_every_wrong_cell_of_a_row_is_named(county: Place, table: Table) -> None:
    report = import_file(county, "customers", table([HEADER, ["", "", "TQ99", "", "?", ""]]))
    assert {reason.field for reason in report.rejected} == {"account_no", "name", "transformer_area", "special"}
    assert counts(report) == (0, 0, 0, 1)


def test_the_second_row_of_an_account_is_refused_and_names_the_first(county: Place, table: Table) -> None:
    report = import_file(county, "customers", table([HEADER, row(), row(户名="另一人")]))
    [reason] = report.rejected
    assert (reason.row, reason.field, reason.value) == (3, "account_no", "2001")
    assert "2" in reason.problem
    stored = county.customers.get("2001")
    assert stored is not None
    assert stored.name == "王五"


def test_a_sum_below_the_table_and_a_repeated_header_are_no_rows(county: Place, table: Table) -> None:
    report = import_file(
        county, "customers", table([HEADER, row(), HEADER, ["", "", "", "", "", ""], ["合 计", "1户"]])
    )
    assert report.read == 1
    assert counts(report) == (1, 0, 0, 0)


def test_messy_cells_are_understood(county: Place, table: Table) -> None:
    report = import_file(
        county,
        "customers",
        table([HEADER, ["'２００１", "　王\u00a0五 ", "ｔｑ１", "＋８６ １３８００１３８０００", "Ｙ", "10千伏"]]),
    )
    assert counts(report) == (1, 0, 0, 0)
    stored = county.customers.get("2001")
    assert stored is not None
    assert (stored.name, stored.transformer_area, stored.special, stored.voltage) == ("王 五", "TQ1", True, "10kV")
    assert stored.phones[0].number == "13800138000"


def test_unknown_columns_are_listed_once_and_ignored(county: Place, table: Table) -> None:
    report = import_file(county, "customers", table([[*HEADER, "备注", "线路"], [*row(), "x", "y"]]))
    assert report.unknown_columns == ("备注", "线路")


def test_missing_columns_are_named_and_nothing_is_written(county: Place, table: Table) -> None:
    with pytest.raises(BadInput, match="户名"):
        import_file(county, "customers", table([["户号", "台区编号"], ["1", "TQ1"]]))


def test_customers_need_a_network_first(place: Place, table: Table) -> None:
    with pytest.raises(BadInput, match="network"):
        import_file(place, "customers", table([HEADER, row()]))


def test_strict_writes_nothing_when_one_row_is_bad(county: Place, table: Table) -> None:
    before = everything(county)
    report = import_file(county, "customers", table([HEADER, row(), row(户号="")]), strict=True)
    assert (report.created, report.updated, len(report.rejected)) == (0, 0, 1)
    assert everything(county) == before


def test_strict_writes_everything_when_all_rows_are_good(county: Place, table: Table) -> None:
    assert counts(import_file(county, "customers", table([HEADER, row()]), strict=True)) == (1, 0, 0, 0)
    assert county.customers.get("2001")


def test_a_dry_run_reports_the_same_and_writes_nothing(county: Place, table: Table) -> None:
    before = everything(county)
    path = table([HEADER, row(), row(户号="1001"), row(户号="")])
    told = import_file(county, "customers", path, dry_run=True)
    assert everything(county) == before
    assert import_file(county, "customers", path) == told


@pytest.mark.parametrize("after", [0, 1, 4], ids=["at once", "while reading", "while writing"])
def test_cancelling_leaves_nothing_behind(county: Place, table: Table, after: int) -> None:
    before = everything(county)
    asked = iter(range(1000))
    path = table([HEADER, *(row(户号=str(number)) for number in range(3000, 3600))])
    with pytest.raises(Cancelled):
        import_file(county, "customers", path, cancelled=lambda: next(asked) >= after)
    assert everything(county) == before


def test_progress_ends_at_the_total(county: Place, table: Table) -> None:
    seen: list[tuple[int, int]] = []
    import_file(county, "customers", table([HEADER, row()]), progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0
    assert [done for done, _total in seen] == sorted(done for done, _total in seen)


def test_the_right_to_import_is_asked_for(county: Place, table: Table) -> None:
    county.role = "agent"
    with pytest.raises(NotAllowed):
        import_file(county, "customers", table([HEADER, row()]))


def test_an_import_that_writes_leaves_a_line_in_the_audit(county: Place, table: Table) -> None:
    before = county.audit_table.count()
    import_file(county, "customers", table([HEADER, row()]))
    assert county.audit_table.count() == before + 1


def test_json_rows_may_bring_columns_later_and_unknown_ones_are_listed(county: Place, tmp_path: Path) -> None:
    lines: list[object] = [
        {"account_no": 2001, "name": "王五", "transformer_area": "TQ1"},
        {"account_no": "2002", "name": "赵六", "transformer_area": "TQ1", "special": True, "colour": "red"},
        {"account_no": "2003", "name": ["x"], "transformer_area": "TQ1"},
        "nonsense",
    ]
    path = tmp_path / "a.txt"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    report = import_file(county, "customers", path)
    assert counts(report) == (2, 0, 0, 2)
    assert report.unknown_columns == ("colour",)
    assert [(reason.row, reason.field) for reason in report.rejected] == [(3, "name"), (4, "")]
    stored = county.customers.get("2002")
    assert stored is not None
    assert stored.special


def test_counts_of_live_outages_follow_new_customers(county: Place, table: Table) -> None:
    outages = Outages(county)
    opened = outages.open(OutageRequest(type="grid_fault", feeders=("城东线",))).outage
    assert opened.affected.customers == 2
    import_file(county, "customers", table([HEADER, row()]))
    assert outages.get(opened.id).affected.customers == 3


def test_a_report_is_the_json_of_the_interface(county: Place, table: Table) -> None:
    import msgspec

    report = import_file(county, "customers", table([HEADER, row(户号="")]))
    keys = {"read", "created", "updated", "unchanged", "rejected", "unknown_columns"}
    document = msgspec.json.decode(msgspec.json.encode(report))
    assert document.keys() == keys
    assert document["rejected"][0].keys() == set(Rejected.__struct_fields__) == {"row", "field", "value", "problem"}
