"""Rows as CSV, XLSX or JSON lines, each with the line that says who took them; no cell is run by a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from desk.errors import BadInput
from desk.i18n import _
from desk.imports.columns import CUSTOMERS, OUTAGES, official
from desk.imports.values import SHOWN
from desk.privacy.watermark import KEY, MARK
from desk.text import is_formula

Row = dict[str, Any]

EXCEL_ROWS = 1_048_576  # of one sheet
HEAD_AND_FOOT = 2
TAKEN_OFF = ("'", '="')  # what an import takes off the front of a cell

# Columns an export adds to those of an import: they are listed as unknown when it is read again.
MORE: Mapping[str, Mapping[str, str]] = {
    "customers": {},
    "outages": {
        "id": "停电序号",
        "status": "状态",
        "actual_start": "实际停电时间",
        "actual_end": "实际送电时间",
        "etr": "预计恢复时间",
        "customers_affected": "受影响户数",
        "calls": "来电数",
    },
    "calls": {
        "id": "来电编号",
        "at": "来电时间",
        "number": "来电号码",
        "account_no": "户号",
        "customer_name": "户名",
        "topic": "来电类别",
        "trouble_code": "故障代码",
        "multiple_premises": "多户停电",
        "hazard": "现场险情",
        "note": "备注",
        "outcome": "处理结果",
        "outage": "停电序号",
        "predicted": "疑似停电",
        "callback": "回拨",
        "agent": "坐席",
        "seat": "席位",
    },
    "duties": {
        "id": "义务编号",
        "outage": "停电序号",
        "articles": "条款",
        "rules": "规则",
        "recipient_kind": "对象类别",
        "recipient_id": "对象编号",
        "recipient": "对象",
        "channels": "通知方式",
        "not_before": "不早于",
        "due": "期限",
        "owner": "责任部门",
        "evidence_kind": "凭据",
        "state": "办理状态",
        "late": "逾期完成",
        "at": "最近办理时间",
        "channel": "最近方式",
        "result": "最近结果",
        "person": "接收人",
        "by": "经办人",
        "ref": "文号",
    },
}
TOPICS: Mapping[str, str] = {
    "outage_inquiry": "停电查询",
    "trouble": "故障报修",
    "complaint": "投诉",
    "report_of_misconduct": "举报",
    "suggestion": "建议",
    "opinion": "意见",
    "praise": "表扬",
    "inquiry": "咨询",
    "expedite": "催办",
    "other": "其他",
}
STATUSES: Mapping[str, str] = {
    "predicted": "疑似",
    "scheduled": "计划",
    "confirmed": "停电中",
    "partially_restored": "部分恢复",
    "restored": "已恢复",
    "closed": "已归档",
    "cancelled": "已取消",
}


def _titles(what: str) -> dict[str, str]:
    """field -> column title, in the order of the interface; phases and facts only fit into JSON."""
    fields: Iterable[str] = {"customers": CUSTOMERS, "outages": OUTAGES}.get(what, ())
    return {field: official(field, what) for field in fields if field not in ("phases", "facts")} | dict(MORE[what])


def _text(field: str, value: Any) -> str:
    """A value as a cell shows it, in the words an import reads."""
    if field in SHOWN and value in SHOWN[field]:
        return SHOWN[field][value]
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M")
        case list() | tuple():
            return ";".join(value)
    words = {"topic": TOPICS, "status": STATUSES}.get(field, {})
    return words.get(value, str(value))


def _cells(titles: Mapping[str, str], rows: Iterable[Row]) -> Iterator[list[str]]:
    yield list(titles.values())
    for row in rows:
        yield [_text(field, row[field]) for field in titles]


def _write_csv(path: Path, what: str, rows: Iterator[Row], mark: str) -> int:
    count = -1
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for cells in _cells(_titles(what), rows):
            writer.writerow(["'" + cell if is_formula(cell) else cell for cell in cells])
            count += 1
        writer.writerow([mark])
    return count


def _write_xlsx(path: Path, what: str, rows: Iterator[Row], mark: str) -> int:
    from openpyxl import Workbook  # type: ignore[import-untyped]
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell  # type: ignore[import-untyped]

    book = Workbook(write_only=True)
    sheet = book.create_sheet(what)
    count = -1
    for cells in _cells(_titles(what), rows):
        line: list[Any] = []
        for cell in cells:
            shown = ILLEGAL_CHARACTERS_RE.sub("", _kept(cell))
            if shown.startswith("="):
                shown = WriteOnlyCell(sheet, shown)
                shown.data_type = "s"  # text, never a formula
            line.append(shown)
        sheet.append(line)
        count += 1
        if count + HEAD_AND_FOOT > EXCEL_ROWS:
            raise BadInput(_("Excel holds {limit} rows; export to .csv or .jsonl").format(limit=EXCEL_ROWS))
    sheet.append([ILLEGAL_CHARACTERS_RE.sub("", mark)])
    book.save(path)
    return count


def _write_jsonl(path: Path, what: str, rows: Iterator[Row], mark: str) -> int:  # noqa: ARG001 - writers look alike
    encode = msgspec.json.Encoder().encode
    count = 0
    with path.open("wb") as file:
        for row in rows:
            file.write(
                encode({field: _kept(value) if isinstance(value, str) else value for field, value in row.items()})
            )
            file.write(b"\n")
            count += 1
        file.write(encode({KEY: mark.removeprefix(MARK)}) + b"\n")
    return count


def _kept(cell: str) -> str:
    return "'" + cell if cell.startswith(TAKEN_OFF) else cell


WRITERS: Mapping[str, Callable[[Path, str, Iterator[Row], str], int]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".jsonl": _write_jsonl,
}
