"""What is exported can be imported again and changes nothing; nothing in it is run by a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from offices import everything

from desk.calls import CallRequest, Calls
from desk.errors import BadInput, NotAllowed
from desk.exports import WRITERS, export
from desk.imports import import_file
from desk.outages import OutageRequest, Outages
from desk.place import Place
from desk.records import Customer, Topic

ENDINGS = list(WRITERS)
KINDS_OF_CELL = ["=1+1", "+86 13800138000", "-5", "@SUM(A1)", "'quoted", '="0012"', "a,b;c", "两\n行"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_customers_go_out_and_come_back_unchanged(county: Place, tmp_path: Path, ending: str) -> None:
    assert export(county, "customers", tmp_path / f"out{ending}") == 3
    before = everything(county)
    report = import_file(county, "customers", tmp_path / f"out{ending}")
    assert (report.unchanged, report.rejected, report.unknown_columns) == (3, (), ())
    assert everything(county) == before


@pytest.mark.parametrize("ending", ENDINGS)
def test_outages_go_out_and_come_back_unchanged(county: Place, tmp_path: Path, ending: str) -> None:
    outages = Outages(county)
    opened = [
        OutageRequest(type="grid_fault", feeders=("城东线",), cause="树障"),
        OutageRequest(type="grid_fault", transformer_areas=("TQ1", "TQ2"), laterals=("王家支线",), reference="J7"),
        OutageRequest(type="grid_fault", accounts=("1001", "1003"), area="城关镇"),
    ]
    ids = [outages.open(request).outage.id for request in opened]
    outages.restore(ids[0])
    assert export(county, "outages", tmp_path / f"out{ending}") == 3
    before = everything(county)
    report = import_file(county, "outages", tmp_path / f"out{ending}")
    assert (report.unchanged, report.rejected) == (3, ())
    assert everything(county) == before


@pytest.mark.parametrize("ending", ENDINGS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20) | st.sampled_from(KINDS_OF_CELL))
def test_any_name_that_was_imported_survives_an_export(county: Place, tmp_path: Path, ending: str, name: str) -> None:
    source = tmp_path / "in.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["户号", "户名", "台区编号", "用电地址", "联系电话"], ["1", "甲", "TQ1", name, name]]
        )
    import_file(county, "customers", source)
    export(county, "customers", tmp_path / f"out{ending}")
    before = everything(county)
    report = import_file(county, "customers", tmp_path / f"out{ending}")
    assert not report.rejected
    assert everything(county) == before


def test_a_csv_has_the_chinese_headers_and_no_formula(county: Place, tmp_path: Path) -> None:
    person = county.customers.get("1001")
    assert person is not None
    county.customers.put(replace(person, name="=cmd|'/c calc'!A1", address="+1"))
    export(county, "customers", tmp_path / "out.csv")
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    header, first, *_rest = csv.reader(data.decode("utf-8-sig").splitlines())
    assert header[:3] == ["户号", "户名", "用电地址"]
    assert first[1:3] == ["'=cmd|'/c calc'!A1", "'+1"]


def test_xlsx_cells_are_text(county: Place, tmp_path: Path) -> None:
    person = county.customers.get("1001")
    assert person is not None
    county.customers.put(replace(person, name="=1+1"))
    export(county, "customers", tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert {cell.data_type for cell in sheet[2]} <= {"s", "inlineStr", "n"}  # n: an empty cell
    assert (sheet["A2"].value, sheet["B2"].value) == ("1001", "=1+1")


def test_calls_go_out_with_their_words(county: Place, tmp_path: Path) -> None:
    calls = Calls(county, Outages(county))
    calls.log(CallRequest(topic=Topic.COMPLAINT, account_no="1001", number="13800138000", note="=停电"))
    assert export(county, "calls", tmp_path / "out.csv") == 1
    row, _mark = csv.DictReader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines())
    assert (row["来电类别"], row["户名"], row["备注"], row["回拨"]) == ("投诉", "张三", "'=停电", "否")


def test_duties_go_out_with_what_their_latest_try_came_to(county: Place, tmp_path: Path) -> None:
    outages = Outages(county)
    outages.open(OutageRequest(type="theft_violation", accounts=("1001",), cause="窃电"))
    duty = next(outages.notices.all(channel="face_to_face"))
    outages.notices.settle(duty.id, "told", channel="face_to_face", person="张三")
    assert export(county, "duties", tmp_path / "out.csv") == 4
    rows = {row["义务编号"]: row for row in csv.DictReader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines())}
    assert (rows[duty.id]["办理状态"], rows[duty.id]["接收人"], rows[duty.id]["对象编号"]) == ("done", "张三", "1001")


def test_the_right_to_export_is_asked_for(county: Place, tmp_path: Path) -> None:
    county.role = "agent"
    with pytest.raises(NotAllowed):
        export(county, "customers", tmp_path / "out.csv")
    assert not list(tmp_path.glob("out*"))


def test_an_export_is_in_the_audit(county: Place, tmp_path: Path) -> None:
    export(county, "customers", tmp_path / "out.csv")
    line = list(county.audit_table.all())[-1]
    assert (line.act, line.about, line.details) == ("export.customers", "out.csv", {"rows": 3, "approval": "E1"})


def test_a_failed_export_leaves_nothing_and_keeps_the_older_file(
    county: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    path.write_text("older")

    def fails(_customer: Customer) -> dict[str, object]:
        raise OSError("disk full")

    monkeypatch.setattr("desk.exports._customer", fails)
    with pytest.raises(BadInput):
        export(county, "customers", path)
    assert path.read_text() == "older"
    assert [found.name for found in tmp_path.iterdir() if "out" in found.name] == ["out.csv"]
    assert "export.customers" not in {line.act for line in county.audit_table.all()}


@pytest.mark.parametrize(
    ("what", "name"), [("customers", "out.pdf"), ("customers", "no/such/folder.csv"), ("x", "a.csv")]
)
def test_what_cannot_be_exported_is_refused_in_a_sentence(county: Place, tmp_path: Path, what: str, name: str) -> None:
    with pytest.raises(BadInput):
        export(county, what, tmp_path / name)
