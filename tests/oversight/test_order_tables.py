"""Order tables: read as offices write them, agreed to in order, one in force of a kind, asked what to cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import Workbook
from oversight_county import DAY, FEEDERS, HOUR, NOW, ORDER_CSV, ROWS, Run

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import BadInput, NotAllowed, NotFound, Refused
from desk.imports.order_rows import load_reader, position, read_order_rows, unit_in
from desk.imports.report import Wrong
from desk.orders import Kind, OrderRow, OrderTable
from desk.orders.choosing import cut_for, out_of_order
from desk.orders.tables import in_force
from desk.outages import OutageRequest


def agreed(desk: Desk, kind: Kind = Kind.CAPACITY, rows: tuple[OrderRow, ...] = ROWS) -> OrderTable:
    table = desk.orders.take(kind, rows).table
    desk.orders.consent(table.id, "government", by="县发改局", ref="〔2026〕8号")
    return desk.orders.consent(table.id, "leader", by="王建国", mode="phone")


def file_of(folder: Path, text: str = ORDER_CSV, encoding: str = "gb18030") -> str:
    path = folder / "序位表.csv"
    path.write_text(text, encoding=encoding)
    return str(path)


def test_a_table_is_read_with_its_units_and_rounds(desk: Desk, tmp_path: Path) -> None:
    rows, report = read_order_rows(desk.place, file_of(tmp_path))
    assert [(row.position, row.feeder, row.load) for row in rows] == [
        (row.position, row.feeder, row.load) for row in ROWS
    ]
    assert (report.read, report.created, report.rejected) == (4, 4, ())


def test_a_workbook_and_json_lines_are_read_alike(desk: Desk, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["序号", "10kV线路", "可限负荷(MW)", "保安负荷"])
    book.active.append([1, "城东线", 5, "否"])
    book.active.append([2, "北河线", 4.5, "是"])
    book.save(tmp_path / "table.xlsx")
    second = '{"position": 2, "feeder": "北河线", "load": 4.5, "protected": true}'
    lines = '{"position": 1, "feeder": "城东线", "load": 5}\n' + second
    (tmp_path / "table.jsonl").write_text(lines, encoding="utf-8")
    wanted = (
        OrderRow(position=1, feeder="城东线", load=5.0),
        OrderRow(position=2, feeder="北河线", load=4.5, protected=True),
    )
    assert read_order_rows(desk.place, tmp_path / "table.xlsx")[0] == wanted
    assert read_order_rows(desk.place, tmp_path / "table.jsonl")[0] == wanted


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("4,城冬线,3,", "feeder"),
        ("4,城西线,3,", "feeder"),
        ("x,南山线,3,", "position"),
        ("4,,3,", "feeder"),
        ("4,无名线,三,", "load"),
    ],
    ids=["unknown", "twice", "no position", "no feeder", "no load"],
)
def test_one_bad_row_and_no_table_is_taken(run: Run, tmp_path: Path, line: str, field: str) -> None:
    ran = run("orders", "import", file_of(tmp_path, ORDER_CSV + line + "\n"), "--kind", "capacity", "--json")
    assert ran.code == 2
    assert ran.json["id"] is None
    assert field in {reason["field"] for reason in ran.json["rejected"]}
    assert run("orders", "list", "--json").json == []


@pytest.mark.parametrize(
    ("written", "number"), [("3", 3), ("第3轮", 3), ("第十二位", 12), ("二十", 20), ("二十一", 21), ("十", 10)]
)
def test_a_position_is_read_in_figures_and_in_words(written: str, number: int) -> None:
    assert position(written) == number


@pytest.mark.parametrize(
    ("column", "cell", "load"),
    [
        ("负荷", "3.5", 3.5),
        ("负荷(kW)", "3500", 3.5),
        ("负荷（万千瓦）", "0.35", 3.5),
        ("负荷（万千瓦）", "3.5MW", 3.5),
        ("负荷", "", 0.0),
    ],
)
def test_a_load_is_read_in_megawatts(column: str, cell: str, load: float) -> None:
    assert load_reader(unit_in(column) or "mw")(cell) == load


@pytest.mark.parametrize("cell", ["-3", "很多", "1e5", "3,5", "nan", "inf"])
def test_what_is_no_load_is_refused(cell: str) -> None:
    with pytest.raises(Wrong):
        load_reader("mw")(cell)


def test_the_same_rows_again_make_no_new_version(desk: Desk) -> None:
    first, again = desk.orders.take(Kind.CAPACITY, ROWS), desk.orders.take(Kind.CAPACITY, ROWS)
    assert (first.fresh, again.fresh, again.table.id) == (True, False, first.table.id)


def test_versions_count_up_for_each_kind_and_are_kept(desk: Desk) -> None:
    desk.orders.take(Kind.CAPACITY, ROWS)
    desk.orders.take(Kind.CAPACITY, ROWS[:2])
    desk.orders.take(Kind.EMERGENCY, ROWS)
    assert [(table.kind, table.version, len(table.rows)) for table in desk.orders.listed()] == [
        ("capacity", 1, 4),
        ("capacity", 2, 2),
        ("emergency", 1, 4),
    ]


def test_the_leader_cannot_consent_before_the_government(desk: Desk) -> None:
    table = desk.orders.take(Kind.CAPACITY, ROWS).table
    with pytest.raises(Refused):
        desk.orders.consent(table.id, "leader", by="王建国")
    assert desk.orders.get(table.id).consents == ()


def test_each_consent_is_given_once(desk: Desk) -> None:
    table = agreed(desk)
    with pytest.raises(Refused):
        desk.orders.consent(table.id, "leader", by="王建国")


def test_the_leader_cannot_have_consented_earlier_than_the_government(desk: Desk) -> None:
    table = desk.orders.take(Kind.CAPACITY, ROWS).table
    desk.orders.consent(table.id, "government", by="县发改局", at=NOW - HOUR)
    with pytest.raises(BadInput):
        desk.orders.consent(table.id, "leader", by="王建国", at=NOW - DAY)


def test_what_is_still_to_come_is_no_consent(desk: Desk) -> None:
    table = desk.orders.take(Kind.CAPACITY, ROWS).table
    with pytest.raises(BadInput):
        desk.orders.consent(table.id, "government", by="县发改局", at=NOW + HOUR)


def test_a_table_is_in_force_with_both_consents_and_the_next_replaces_it(desk: Desk, clock: FixedClock) -> None:
    old = agreed(desk)
    clock.at = NOW + DAY
    new = desk.orders.take(Kind.CAPACITY, ROWS[:2]).table
    desk.orders.consent(new.id, "government", by="县发改局")
    assert desk.orders.in_force(Kind.CAPACITY) == old
    desk.orders.consent("capacity", "leader", by="王建国", since=NOW + 3 * DAY)
    assert [desk.orders.state(table) for table in desk.orders.listed()] == ["in_force", "to_come"]
    clock.at = NOW + 4 * DAY
    assert [desk.orders.state(table) for table in desk.orders.listed()] == ["replaced", "in_force"]
    assert desk.orders.in_force(Kind.CAPACITY, NOW + DAY) == old


def test_only_who_keeps_the_tables_may_change_them(desk: Desk) -> None:
    desk.place.role = "agent"
    with pytest.raises(NotAllowed):
        desk.orders.take(Kind.CAPACITY, ROWS)


def test_what_was_done_to_a_table_is_in_the_audit(desk: Desk) -> None:
    agreed(desk)
    acts = [line.act for line in desk.place.audit_table.all()]
    assert acts == ["orders.import", "orders.approve", "orders.approve"]


def test_feeders_are_chosen_in_order_until_the_load_is_reached(desk: Desk) -> None:
    agreed(desk)
    choice = desk.orders.choose(Kind.CAPACITY, 5.0)
    assert [row.feeder for row in choice.cut.taken] == ["城西线", "南山线"]
    assert (choice.cut.load, choice.cut.enough) == (5.5, True)
    assert choice.touched("customers") == sum(below.customers for below in choice.below.values()) == 6
    assert [one.name for one in choice.named] == ["第一中学"]


def test_important_customers_are_named_first(desk: Desk) -> None:
    agreed(desk)
    assert [one.name for one in desk.orders.choose(Kind.CAPACITY, 14).named] == ["人民医院", "北河煤矿", "第一中学"]


def test_what_is_off_already_is_passed_over(desk: Desk) -> None:
    agreed(desk)
    desk.outages.open(OutageRequest(type="grid_fault", feeders=("城西线",), cause="树障"))
    cut = desk.orders.choose(Kind.CAPACITY, 2.0).cut
    assert [row.feeder for row in cut.taken] == ["南山线"]
    assert [(one.row.feeder, one.why) for one in cut.skipped] == [("城西线", "off")]


def test_without_a_table_in_force_nothing_is_chosen(desk: Desk) -> None:
    desk.orders.take(Kind.CAPACITY, ROWS)
    with pytest.raises(NotFound):
        desk.orders.choose(Kind.CAPACITY, 2.0)


def test_too_little_left_to_cut_is_said(run: Run, desk: Desk) -> None:
    agreed(desk)
    ran = run("orders", "choose", "--mw", "99", "--json")
    assert (ran.code, ran.json["enough"], ran.json["load"]) == (1, False, 14.5)


def test_a_shortage_that_cuts_out_of_order_is_told_with_its_article(desk: Desk) -> None:
    agreed(desk)
    asked = OutageRequest(
        type="supply_shortage", feeders=("城东线",), planned_start=NOW, planned_end=NOW + HOUR, received_at=NOW
    )
    outage = replace(desk.outages.open(asked).outage, actual_start=NOW)
    ((article, what),) = desk.orders.broken_by(outage)
    assert article == "12.1"
    assert "城西线" in what
    in_order = replace(outage, scope=replace(outage.scope, feeders=("城西线",)))
    assert desk.orders.broken_by(in_order) == ()


def test_a_fault_strikes_in_no_order_unless_load_was_shed_for_it(desk: Desk) -> None:
    agreed(desk, Kind.EMERGENCY)
    struck = desk.outages.open(OutageRequest(type="grid_fault", feeders=("城东线",), cause="雷击")).outage
    assert desk.orders.broken_by(struck) == ()
    assert [article for article, _what in desk.orders.broken_by(replace(struck, facts={"shed": True}))] == ["11.3"]


def test_every_command_of_order_tables_answers(run: Run, tmp_path: Path) -> None:
    made = run("orders", "import", file_of(tmp_path), "--kind", "capacity", "--json").json
    assert (made["id"], made["version"], made["created"]) == ("L1", 1, 4)
    assert run("orders", "approve", "L1", "--step", "leader", "--by", "王建国").code == 2
    assert run("orders", "approve", "L1", "--step", "government", "--by", "县发改局", "--ref", "8号").code == 0
    done = run("orders", "approve", "capacity", "--step", "leader", "--by", "王建国", "--mode", "phone", "--json").json
    assert (done["state"], [one["step"] for one in done["consents"]]) == ("in_force", ["government", "leader"])
    assert run("orders", "show", "capacity", "--json").json["rows"][0]["feeder"] == "城西线"
    chosen = run("orders", "choose", "--mw", "4", "--json").json
    assert ([row["feeder"] for row in chosen["feeders"]], chosen["customers"]) == (["城西线", "南山线"], 6)
    for words in (("list",), ("show", "L1"), ("choose", "--mw", "4")):
        ran = run("orders", *words)
        assert (ran.code, ran.err) == (0, "")
        assert "城西线" in ran.out or "L1" in ran.out


rows = st.builds(
    OrderRow,
    position=st.integers(1, 4),
    feeder=st.sampled_from(FEEDERS),
    load=st.floats(0.1, 20).map(lambda load: round(load, 3)),
    protected=st.booleans(),
)
tables = st.lists(rows, min_size=1, max_size=4, unique_by=lambda row: row.feeder).map(
    lambda listed: OrderTable(id="L1", kind=Kind.CAPACITY, version=1, year=2026, compiled_at=NOW, rows=tuple(listed))
)


@given(table=tables, needed=st.floats(0.1, 50), off=st.sets(st.sampled_from(FEEDERS)))
def test_what_is_chosen_never_breaks_the_order(table: OrderTable, needed: float, off: set[str]) -> None:
    cut = cut_for(table, needed, off, FEEDERS)
    taken = [row.feeder for row in cut.taken]
    assert not {*taken} & off
    assert not any(row.protected for row in cut.taken)
    assert out_of_order(table, taken, off, FEEDERS) == ""
    assert cut.enough or {row.feeder for row in table.rows if not row.protected} <= {*taken, *off}
    assert not cut.taken or sum(row.load for row in cut.taken[:-1]) < needed


@given(since=st.lists(st.one_of(st.none(), st.integers(-5, 5)), max_size=6), at=st.integers(-6, 6))
def test_at_most_one_table_of_a_kind_holds_at_a_moment(since: list[int | None], at: int) -> None:
    versions = [
        OrderTable(
            id=f"L{number}",
            kind=Kind.CAPACITY,
            version=number,
            year=2026,
            compiled_at=NOW,
            rows=ROWS,
            in_force_from=None if days is None else NOW + days * DAY,
        )
        for number, days in enumerate(since, 1)
    ]
    held = in_force(versions, Kind.CAPACITY, NOW + at * DAY)
    begun = [days for days in since if days is not None and days <= at]
    assert (held is not None) == bool(begun)
    if held is not None:
        assert held.in_force_from == NOW + max(begun) * DAY


def shortage(feeder: str, **more: object) -> OutageRequest:
    asked: dict[str, Any] = {"planned_start": NOW, "planned_end": NOW + HOUR, "received_at": NOW, **more}
    return OutageRequest(type="supply_shortage", feeders=(feeder,), **asked)


def test_cutting_out_of_order_is_warned_of_when_planned_and_a_violation_when_done(desk: Desk) -> None:
    agreed(desk)
    opened = desk.outages.open(shortage("城东线"))
    assert any("城西线" in warning for warning in opened.warnings)
    assert (opened.outage.facts["order_list"], opened.outage.facts["order_position"]) == ("L1, version 1", 3)
    assert "12.1" not in {one.article for one in desk.notices.violations(opened.outage.id)}
    desk.outages.start(opened.outage.id, reason="调度令")
    assert "12.1" in {one.article for one in desk.notices.violations(opened.outage.id)}


def test_cutting_in_order_is_no_violation(desk: Desk) -> None:
    agreed(desk)
    for feeder in ("城西线", "南山线"):
        opened = desk.outages.open(shortage(feeder))
        desk.outages.start(opened.outage.id, reason="调度令")
        assert "12.1" not in {one.article for one in desk.notices.violations(opened.outage.id)}


def test_load_shed_for_a_fault_out_of_order_is_a_violation_from_the_first_second(desk: Desk, run: Run) -> None:
    agreed(desk, Kind.EMERGENCY)
    desk.outages.open(OutageRequest(type="grid_fault", feeders=("城东线",), cause="主变跳闸", facts={"shed": True}))
    rows = run("report", "compliance", "--from", "2026-12-01", "--to", "2026-12-01", "--json").json
    assert [row["article"] for row in rows if "城西线" in row["what"]] == ["11.3"]


def test_a_shortage_without_a_table_in_force_is_warned_of(desk: Desk) -> None:
    assert any("Article 19" in warning for warning in desk.outages.open(shortage("城东线")).warnings)
