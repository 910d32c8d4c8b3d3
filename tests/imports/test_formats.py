"""Every format is told from its bytes, and gives the same rows with the numbers a person sees."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from desk.errors import BadInput
from desk.imports import read_rows
from desk.imports.source import PROBLEM

HEADER = ["户号", "户名", "台区编号", "备注"]
ROWS = [["1001", "张三", "TQ1", "甲"], ["1002", "李四", "TQ1", ""]]
TABLE = [HEADER, *ROWS]
EXPECTED = [(2, dict(zip(HEADER, ROWS[0], strict=True))), (3, dict(zip(HEADER, ROWS[1], strict=True)))]


def as_csv(encoding: str, delimiter: str = ",") -> Callable[[Path], None]:
    text = "\r\n".join(delimiter.join(row) for row in TABLE) + "\r\n"
    return lambda path: path.write_bytes(text.encode(encoding)) and None  # type: ignore[func-returns-value]


def as_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    book.save(path)


def as_xls(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("客户")
    for number, row in enumerate(TABLE):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.save(str(path))


FORMATS = {
    "utf-8": as_csv("utf-8"),
    "utf-8 with bom": as_csv("utf-8-sig"),
    "gb18030": as_csv("gb18030"),
    "utf-16": as_csv("utf-16"),
    "semicolon": as_csv("utf-8", ";"),
    "tab": as_csv("gb18030", "\t"),
    "excel unicode text": as_csv("utf-16", "\t"),
    "xlsx": as_xlsx,
    "xls": as_xls,
}


@pytest.mark.parametrize("write", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("name", ["table.dat", "wrong.xlsx"])
def test_the_bytes_tell_the_format(tmp_path: Path, write: Callable[[Path], None], name: str) -> None:
    write(tmp_path / name)
    source = read_rows(tmp_path / name)
    assert source.columns == tuple(HEADER)
    assert list(source) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_json_lines_are_rows_by_line(tmp_path: Path, encoding: str) -> None:
    lines = [json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in ROWS]
    (tmp_path / "a").write_text("\n" + "\n\n".join(lines) + "\n", encoding=encoding)
    assert [row for row, _cells in read_rows(tmp_path / "a")] == [2, 4]
    assert [cells for _row, cells in read_rows(tmp_path / "a")] == [cells for _row, cells in EXPECTED]


def test_a_json_array_is_rows_by_element(tmp_path: Path) -> None:
    objects = [cells for _row, cells in EXPECTED]
    (tmp_path / "a").write_text(json.dumps(objects, indent=2))
    assert list(read_rows(tmp_path / "a")) == [(1, objects[0]), (2, objects[1])]


def test_one_json_object_over_several_lines_is_one_row(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(json.dumps(EXPECTED[0][1], indent=2))
    assert list(read_rows(tmp_path / "a")) == [(1, EXPECTED[0][1])]


def test_json_numbers_and_flags_become_text_and_lists_stay(tmp_path: Path) -> None:
    (tmp_path / "a").write_text('{"account_no": 1001.0, "special": true, "name": null, "phones": ["1", "2"]}\n')
    [(_row, cells)] = read_rows(tmp_path / "a")
    assert cells == {"account_no": "1001", "special": "true", "name": "", "phones": ["1", "2"]}


def test_a_broken_json_line_is_a_row_with_its_problem(tmp_path: Path) -> None:
    (tmp_path / "a").write_text('{"account_no": "1", "name": "a"}\n{"account_no": \n[1]\n')
    rows = list(read_rows(tmp_path / "a"))
    assert [PROBLEM in cells for _row, cells in rows] == [False, True, True]


def test_title_rows_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    text = "青山县客户档案,,,\n\n供电所：城关,,,\n,,,\n户号,户名,台区编号,备注\n,,,\n1001,张三,TQ1,甲\n"
    (tmp_path / "a").write_text(text)
    assert list(read_rows(tmp_path / "a")) == [(7, EXPECTED[0][1])]


def test_a_quoted_line_break_counts_as_a_line_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text('户号,户名,台区编号\n1001,"张\n三",TQ1\n1002,李四,TQ1\n')
    assert [row for row, _cells in read_rows(tmp_path / "a")] == [2, 4]


def test_text_after_a_closing_quotation_mark_is_read_as_excel_does(tmp_path: Path) -> None:
    (tmp_path / "a").write_text('户号,户名,台区编号\n1001,"张"三,TQ1\n1002,李四,TQ1\n')
    assert [cells["户名"] for _row, cells in read_rows(tmp_path / "a")] == ["张三", "李四"]


def test_a_quotation_mark_that_never_closes_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_text('户号,户名,台区编号\n1001,张三,TQ1\n1002,"李四,TQ1\n1003,王五,TQ1\n')
    with pytest.raises(BadInput, match="3"):
        list(read_rows(tmp_path / "a"))


def test_a_row_with_more_cells_than_the_header_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("户号,户名,台区编号\n1001,张三,TQ1,,\n1002,城关镇,3号,TQ1\n1003\n")
    rows = list(read_rows(tmp_path / "a"))
    assert [PROBLEM in cells for _row, cells in rows] == [False, True, False]
    assert rows[2][1] == {"户号": "1003", "户名": "", "台区编号": ""}


def test_excel_numbers_and_dates_are_text_as_seen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B2"] = "停电计划"
    sheet.merge_cells("B2:E2")
    day = dt.datetime(2026, 12, 1, 8, 30)  # noqa: DTZ001 - Excel knows no zone
    cells = [
        ["编号", "停电类型", "停电线路", "计划停电时间"],
        [12345, "故障", 13800138000, day],
        [0.4, True, 2 * 10**17, None],
    ]
    for row, line in enumerate(cells, 5):
        for column, cell in enumerate(line, 2):
            sheet.cell(row, column, cell)
    book.save(tmp_path / "a")
    rows = dict(read_rows(tmp_path / "a"))
    assert list(rows[6].values())[-4:] == ["12345", "故障", "13800138000", "2026-12-01 08:30:00"]
    assert list(rows[7].values())[-4:] == ["0.4", "true", "2.00000000000000E+17", ""]


def test_a_cell_merged_over_several_rows_counts_for_each(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B1"] = "台区档案"
    sheet.merge_cells("B1:C1")
    for row, (area, feeder) in enumerate(
        (("台区编号", "线路"), ("TQ1", "城东线"), ("TQ2", None), ("TQ3", "城西线")), 2
    ):
        sheet.cell(row, 2, area)
        sheet.cell(row, 3, feeder)
    sheet.merge_cells("C3:C4")
    book.save(tmp_path / "a")
    assert [cells["线路"] for _row, cells in read_rows(tmp_path / "a")] == ["城东线", "城东线", "城西线"]


def test_the_sheet_with_the_table_is_found_and_hidden_ones_are_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    for name, state in (("隐藏", "hidden"), ("客户", "visible")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(["户号", "户名", "台区编号"])
        sheet.append([name, "张三", "TQ1"])
    book.save(tmp_path / "a")
    assert [cells["户号"] for _row, cells in read_rows(tmp_path / "a")] == ["客户"]


def test_two_sheets_with_such_a_table_are_refused_by_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("一月", "二月"):
        book.create_sheet(name).append(["户号", "户名", "台区编号"])
    book.save(tmp_path / "a")
    with pytest.raises(BadInput, match=r"一月.*二月"):
        read_rows(tmp_path / "a")


REFUSED = {
    "empty": b"",
    "blank": b" \r\n \n",
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "jpeg": b"\xff\xd8\xff\xe0" + bytes(100),
    "pdf": b"%PDF-1.7\n",
    "zip that is no workbook": b"PK\x03\x04" + bytes(200),
    "old word file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"),
    "encrypted workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    "web page called xls": "<html><table><tr><td>户号</td></tr></table></html>".encode(),
    "binary": bytes(range(256)) * 4,
    "no header": "今天天气很好\n没有表格\n".encode(),
    "json without known keys": b'{"a": 1}\n',
    "broken json array": b'[{"account_no": 1',
    "text in no encoding": "户号,户名,台区编号\n".encode() + b"\xff\xfe\xff\x81,\n" * 3,
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    with pytest.raises(BadInput) as refused:
        list(read_rows(path))
    assert "\n" not in str(refused.value)
    assert "file.csv" in str(refused.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(BadInput):
            read_rows(path)


def test_big5_is_read_where_utf_8_and_gb18030_both_fail(tmp_path: Path) -> None:
    text = "account_no,name,transformer_area,address\n" + "".join(
        f"{n},張淑芬,TQ1,臺北市中正區重慶南路一段{n}號\n" for n in range(1000, 1040)
    )
    (tmp_path / "a").write_bytes(text.encode("big5"))
    try:
        text.encode("big5").decode("gb18030")
    except UnicodeDecodeError:
        rows = list(read_rows(tmp_path / "a"))
        assert rows[0][1]["name"] == "張淑芬"
