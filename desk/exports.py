"""Writes customers, outages, calls or duties to a CSV, XLSX or JSON lines file; the first two import again unchanged.

    export(place, "customers", "/tmp/客户.xlsx") -> 10000

The file appears whole or not at all; who took it is in the audit.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from desk.access import Access
from desk.errors import BadInput
from desk.i18n import _
from desk.imports.columns import CUSTOMERS, OUTAGES, official
from desk.imports.report import Pace
from desk.imports.values import SHOWN
from desk.notices.book import DutyBook

if TYPE_CHECKING:
    from desk.place import Place
    from desk.records import Call, Customer, Duty, Outage

Row = dict[str, Any]

EXCEL_ROWS = 1_048_576  # of one sheet, its header among them
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")  # what a spreadsheet would run or swallow
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


def export(place: Place, what: str, path: str | Path, progress: Callable[[int, int], None] | None = None) -> int:
    """Write every record of `what` (customers, outages, calls, duties) to `path`; returns how many.

    The ending of the name chooses the format. `progress` is called about ten times a second with
    (done, total) records. Raises NotAllowed without the right to export, BadInput when the file
    cannot be written; then no file is left behind and an older one of that name is untouched.
    """
    access, path = Access(place), Path(path)
    access.require("export")
    if what not in MORE:
        raise BadInput(_("there is no export of {what}; choose {choices}").format(what=what, choices=", ".join(MORE)))
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise BadInput(_("{path} must end in {endings}").format(path=path.name, endings=", ".join(WRITERS)))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        count = write(part, what, _rows(place, what, progress))
        with place.store.transaction():
            access.note(f"export.{what}", path.name, {"rows": count})
            part.replace(path)  # last: if it fails, the audit line is taken back
    except OSError as problem:
        raise BadInput(_("{path} cannot be written").format(path=path), why=str(problem)) from None
    finally:
        with suppress(OSError):
            part.unlink()
    return count


def _rows(place: Place, what: str, progress: Callable[[int, int], None] | None) -> Iterator[Row]:
    if what == "customers":
        return _paced(place.customers.all(), place.customers.count(), _customer, progress)
    if what == "outages":
        return _paced(place.outages_table.all(), place.outages_table.count(), _outage, progress)
    if what == "duties":
        book = DutyBook(place)
        return _paced(book.all(), book.next_number() - 1, _duty, progress)
    return _paced(place.calls_table.all(), place.calls_table.count(), _call, progress)


def _paced(
    records: Iterable[Any], total: int, row_of: Callable[[Any], Row], progress: Callable[[int, int], None] | None
) -> Iterator[Row]:
    pace = Pace(progress, total)
    for done, record in enumerate(records):
        pace.at(done)
        yield row_of(record)
    pace.end()


def _customer(customer: Customer) -> Row:
    row: Row = {field: getattr(customer, field) for field in CUSTOMERS}
    row["phones"] = [phone.written for phone in customer.phones]
    return row


def _outage(outage: Outage) -> Row:
    row: Row = {field: getattr(outage.scope, field) for field in outage.scope.__struct_fields__}
    row |= {field: getattr(outage, field) for field in OUTAGES if field not in row}
    row |= {field: getattr(outage, field) for field in MORE["outages"] if field != "customers_affected"}
    # Whatever has no reference of its own is recognised by its id when the file is read again.
    return {**row, "reference": outage.reference or outage.id, "customers_affected": outage.affected.customers}


def _call(call: Call) -> Row:
    return {field: getattr(call, field) for field in MORE["calls"]}


def _duty(duty: Duty) -> Row:
    """A duty and what its latest try came to, in the words of interface.md's JSON."""
    told = duty.evidence[-1] if duty.evidence else None
    row: Row = {field: getattr(duty, field) for field in MORE["duties"] if field in duty.__struct_fields__}
    row |= {
        field: getattr(told, field) if told else None for field in ("at", "channel", "result", "person", "by", "ref")
    }
    who = duty.recipient
    return row | {"recipient_kind": who.kind, "recipient_id": who.id, "recipient": who.name}


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


def _write_csv(path: Path, what: str, rows: Iterator[Row]) -> int:
    count = -1
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for cells in _cells(_titles(what), rows):
            writer.writerow(["'" + cell if cell.startswith(FORMULA) else cell for cell in cells])
            count += 1
    return count


def _write_xlsx(path: Path, what: str, rows: Iterator[Row]) -> int:
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
        if count >= EXCEL_ROWS:
            raise BadInput(_("Excel holds {limit} rows; export to .csv or .jsonl").format(limit=EXCEL_ROWS))
    book.save(path)
    return count


def _write_jsonl(path: Path, what: str, rows: Iterator[Row]) -> int:  # noqa: ARG001 - writers look alike
    encode = msgspec.json.Encoder().encode
    count = 0
    with path.open("wb") as file:
        for row in rows:
            file.write(
                encode({field: _kept(value) if isinstance(value, str) else value for field, value in row.items()})
            )
            file.write(b"\n")
            count += 1
    return count


def _kept(cell: str) -> str:
    return "'" + cell if cell.startswith(TAKEN_OFF) else cell


WRITERS: Mapping[str, Callable[[Path, str, Iterator[Row]], int]] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".jsonl": _write_jsonl,
}

__all__: Sequence[str] = ["export"]
