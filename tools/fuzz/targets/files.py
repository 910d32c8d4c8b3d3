"""Files that are imported: any bytes under any name, and workbooks whose sheet is any XML."""

from __future__ import annotations

import faulthandler
import io
import os
import signal
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from desk.imports import import_file, workbook, workbook_process
from tools.fuzz.targets.county import counties
from tools.fuzz.targets.target import Door, Target

TABLES = ("network", "customers", "outages")
SAMPLES = Path(__file__).parents[3] / "docs" / "samples"


def _forked(path: Path, written: IO[bytes]) -> None:
    """The process that reads workbooks, as a fork: as much apart, and sooner there."""
    child = os.fork()
    if not child:
        try:
            faulthandler.disable()  # a reader that panics is what this is for
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            workbook_process.limit(0)
            with open(written.fileno(), "wb", closefd=False) as out:
                workbook_process.write(str(path), out)
        finally:
            os._exit(0)
    try:
        os.waitpid(child, 0)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise


@contextmanager
def _reading_in_forks() -> Iterator[None]:
    """While a door is open workbooks are read so, within tighter limits; afterwards as the desk does."""
    before = workbook.run, workbook_process.LEAST_MEMORY, workbook_process.SECONDS
    os.environ["RUST_BACKTRACE"] = "0"
    workbook.run = _forked
    workbook_process.LEAST_MEMORY, workbook_process.SECONDS = 1 << 28, 1
    try:
        yield
    finally:
        workbook.run, workbook_process.LEAST_MEMORY, workbook_process.SECONDS = before


@contextmanager
def opened(folder: Path) -> Iterator[Door]:
    """The first byte says what the rest is said to be."""
    with counties(folder) as here, _reading_in_forks():
        file = folder / "file"

        def door(data: bytes) -> None:
            file.write_bytes(data[1:])
            import_file(here().place, TABLES[(data[:1] or b"1")[0] % 3], file)

        yield door


@contextmanager
def opened_sheet(folder: Path) -> Iterator[Door]:
    """The input is the sheet inside a workbook that is right in all else."""
    parts = _parts(_workbook([["户号", "户名", "台区编号"], ["1", "张三", "TQ1"]]))
    with counties(folder) as here, _reading_in_forks():
        file = folder / "file.xlsx"

        def door(data: bytes) -> None:
            with zipfile.ZipFile(file, "w") as book:
                for name, content in parts.items():
                    book.writestr(name, data if name.endswith("sheet1.xml") else content)
            import_file(here().place, "customers", file, dry_run=True)

        yield door


def samples() -> Iterator[bytes]:
    for number, what in enumerate(TABLES):
        written = SAMPLES / f"{what}.csv"
        text = written.read_text(encoding="utf-8-sig")
        yield bytes([number]) + text.encode()
        yield bytes([number]) + b"\xef\xbb\xbf" + text.encode()
        yield bytes([number]) + text.encode("gb18030")
        yield bytes([number]) + text.encode("utf-16")
        rows = [line.split(",") for line in text.splitlines()[:4]]
        yield bytes([number]) + _workbook(rows)
    yield "\x01户号,户名,台区编号\n1,张三,TQ1\n".encode()
    yield '\x01{"account_no": "1", "name": "张三", "transformer_area": "TQ1", "phones": ["13800138000"]}\n'.encode()
    yield '\x01[{"户号": "1", "户名": "张三", "台区编号": "TQ1"}, {"户号": 2, "flags": {"a": [1.5, null]}}]'.encode()
    yield b'\x02{"type": "planned_maintenance", "feeders": ["\xe5\x9f\x8e\xe4\xb8\x9c\xe7\xba\xbf"], "phases": [{}]}'
    yield b"\x01" + _old_workbook()


def sheets() -> Iterator[bytes]:
    for rows in (
        [["户号", "户名", "台区编号"], ["1", "张三", "TQ1"]],
        [["户号", "户名", "台区编号"], [1.5, True, None]],
    ):
        yield next(part for name, part in _parts(_workbook(rows)).items() if name.endswith("sheet1.xml"))
    yield (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD9"/>'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>户号</t></is></c><c r="B1" t="str"><v>户名</v></c>'
        '<c r="C1" t="str"><v>台区编号</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#REF!</v></c>'
        '<c r="C2" t="d"><v>2026-12-01</v></c></row></sheetData><mergeCells><mergeCell ref="A2:A9"/></mergeCells>'
        "</worksheet>"
    ).encode()


def _workbook(rows: list[list[object]] | list[list[str]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _old_workbook() -> bytes:
    try:
        import xlwt
    except ImportError:
        return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    book = xlwt.Workbook()
    sheet = book.add_sheet("客户")
    for row, cells in enumerate((("户号", "户名", "台区编号"), ("1", "张三", "TQ1"))):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _parts(book: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


XML = (
    b'<c r="XFD1048576">',
    b'<row r="1048576">',
    b'<mergeCell ref="A1:XFD1048576"/>',
    b"<v>",
    b"</v>",
    b'r="',
    b't="s"',
)
TARGETS = {
    "imports": Target(
        opened, samples, ("户号".encode(), "停电类型".encode(), b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b'","')
    ),
    "workbooks": Target(opened_sheet, sheets, XML),
}
