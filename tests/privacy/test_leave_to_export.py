"""Leave to export: asked for with a purpose, given by somebody else, used once; every file says who took it."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import BadInput, NotAllowed, NotFound, Refused
from desk.exports import WRITERS, export
from desk.imports import import_file
from desk.privacy.approvals import Approvals

ENDINGS = list(WRITERS)


@pytest.fixture
def signed_in(desk: Desk) -> Desk:
    """The desk where agents sign in: wang asks."""
    desk.place.signs_in = True
    desk.place.agent, desk.place.role = "wang", "supervisor"
    return desk


def approve_as(desk: Desk, name: str, id: str) -> None:
    before = desk.place.agent
    desk.place.agent = name
    Approvals(desk.place).give(id)
    desk.place.agent = before


def test_without_leave_nothing_is_exported(signed_in: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="desk privacy ask customers"):
        export(signed_in.place, "customers", tmp_path / "out.csv")
    assert not list(tmp_path.glob("out*"))


def test_leave_that_somebody_else_gave_holds_for_one_export(signed_in: Desk, tmp_path: Path) -> None:
    leave = Approvals(signed_in.place).ask("customers", "yearly check")
    approve_as(signed_in, "li", leave.id)
    assert export(signed_in.place, "customers", tmp_path / "out.csv") == 2
    with pytest.raises(NotAllowed, match="was used 2026-11-23 10:00"):
        export(signed_in.place, "customers", tmp_path / "again.csv", approval=leave.id)
    with pytest.raises(NotAllowed, match="leave to export customers is missing"):
        export(signed_in.place, "customers", tmp_path / "again.csv")


def test_nobody_gives_leave_to_oneself_where_agents_sign_in(signed_in: Desk) -> None:
    leave = Approvals(signed_in.place).ask("calls", "a complaint")
    with pytest.raises(NotAllowed, match="somebody else"):
        Approvals(signed_in.place).give(leave.id)


def test_leave_is_for_its_data_and_its_agent(signed_in: Desk, tmp_path: Path) -> None:
    leave = Approvals(signed_in.place).ask("calls", "x")
    approve_as(signed_in, "li", leave.id)
    with pytest.raises(NotAllowed, match="leave to export calls"):
        export(signed_in.place, "customers", tmp_path / "out.csv", approval=leave.id)
    signed_in.place.agent = "zhao"
    with pytest.raises(NotAllowed, match="leave for wang"):
        export(signed_in.place, "calls", tmp_path / "out.csv", approval=leave.id)


def test_leave_expires(signed_in: Desk, tmp_path: Path) -> None:
    leave = Approvals(signed_in.place).ask("calls", "x")
    approve_as(signed_in, "li", leave.id)
    signed_in.place.clock = FixedClock(signed_in.now() + timedelta(hours=24))
    with pytest.raises(NotAllowed, match="expired 2026-11-24 10:00"):
        export(signed_in.place, "calls", tmp_path / "out.csv", approval=leave.id)


def test_refused_leave_is_no_leave_and_may_be_taken_back_before_it_is_used(signed_in: Desk, tmp_path: Path) -> None:
    approvals = Approvals(signed_in.place)
    leave = approvals.ask("calls", "x")
    approve_as(signed_in, "li", leave.id)
    approvals.refuse(leave.id)
    with pytest.raises(NotAllowed, match="refused by wang"):
        export(signed_in.place, "calls", tmp_path / "out.csv", approval=leave.id)
    with pytest.raises(Refused, match="refused already"):
        approve_as(signed_in, "li", leave.id)


def test_what_is_asked_for_needs_a_purpose_a_kind_of_data_and_the_right(signed_in: Desk) -> None:
    approvals = Approvals(signed_in.place)
    with pytest.raises(BadInput, match="--purpose"):
        approvals.ask("calls", "  ")
    with pytest.raises(BadInput, match="there is no export of everything"):
        approvals.ask("everything", "x")
    with pytest.raises(NotFound):
        approvals.get("E99")
    signed_in.place.role = "agent"
    with pytest.raises(NotAllowed):
        approvals.ask("calls", "x")
    with pytest.raises(NotAllowed):
        approvals.give("E1")


def test_a_failed_export_leaves_the_leave_unused(signed_in: Desk, tmp_path: Path) -> None:
    leave = Approvals(signed_in.place).ask("customers", "x")
    approve_as(signed_in, "li", leave.id)
    with pytest.raises(BadInput):
        export(signed_in.place, "customers", tmp_path / "no such folder" / "out.csv")
    assert export(signed_in.place, "customers", tmp_path / "out.csv") == 2


def test_on_a_desk_of_one_seat_the_leave_is_ones_own_and_written_down(desk: Desk, tmp_path: Path) -> None:
    export(desk.place, "customers", tmp_path / "out.csv", purpose="moving house")
    [leave] = Approvals(desk.place).listed()
    assert (leave.agent, leave.approved_by, leave.purpose, len(leave.used_at)) == ("wang", "wang", "moving house", 1)
    acts = [line.act for line in desk.place.audit_table.all()][-2:]
    assert acts == ["export_approval.give", "export.customers"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_file_says_who_took_it_and_our_import_passes_over_it(desk: Desk, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    export(desk.place, "customers", path, purpose="=1+1\n\x1b[31m核对")
    last = last_line(path)
    assert last.startswith("# " if ending != ".jsonl" else '{"#":')
    assert "taken by wang 2026-11-23 10:00" in last
    assert last.rstrip('"}').endswith("number E1")
    assert "\x1b" not in last
    report = import_file(desk.place, "customers", path)
    assert (report.read, report.created, report.rejected, report.unknown_columns) == (2, 0, (), ())


def test_a_file_saved_again_as_gb18030_is_read_without_its_last_line(desk: Desk, tmp_path: Path) -> None:
    export(desk.place, "customers", tmp_path / "out.csv", purpose="年度核对")
    (tmp_path / "again.csv").write_bytes((tmp_path / "out.csv").read_text("utf-8-sig").encode("gb18030"))
    report = import_file(desk.place, "customers", tmp_path / "again.csv")
    assert (report.read, report.created, report.rejected) == (2, 0, ())


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_no_cell_of_an_export_begins_with_a_formula(desk: Desk, tmp_path: Path, ending: str) -> None:
    customer = desk.place.customers.get("6400100001")
    assert customer is not None
    desk.place.customers.put(replace(customer, name="=cmd|' /C calc'!A0", address="+1", special_need="@x"))
    export(desk.place, "customers", tmp_path / f"out{ending}", purpose="-2+3")
    if ending == ".csv":
        rows = list(csv.reader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    else:
        cells = [cell for row in openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows() for cell in row]
        assert "f" not in {cell.data_type for cell in cells}


def last_line(path: Path) -> str:
    if path.suffix != ".xlsx":
        return path.read_text("utf-8-sig").splitlines()[-1].strip('"')
    [*_rows, last] = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return str(last[0])
