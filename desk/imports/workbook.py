"""Rows of an Excel workbook (XLSX, XLS): the one visible sheet that has a header row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from desk.errors import BadInput
from desk.i18n import N_, _
from desk.imports.delimited import no_header
from desk.imports.files import ENCRYPTED, OLE, not_a_table
from desk.imports.header import LOOKED_AT, best_header
from desk.imports.source import Row, Source

EXACT = 10**15  # Excel keeps 15 digits of a number: a longer one has lost its end

_OFFICE = (
    (b"word/", N_("a text document")),
    ("WordDocument".encode("utf-16-le"), N_("a text document")),
    (b"ppt/", N_("a presentation")),
)


def open_workbook(path: Path, head: bytes, what: str) -> Source:
    """The table in a workbook; raises BadInput when it is locked, damaged, or holds no or two such tables."""
    found = None
    for sheet in _sheets(path, head):
        best = best_header(((n, [text_of(c) for c in cells]) for n, cells in islice(_rows(sheet), LOOKED_AT)), what)
        if best is None:
            continue
        if found is not None and best[0] == found[1][0]:
            raise BadInput(
                _("{path} has such a table on two sheets, {one} and {other}; keep one").format(
                    path=path, one=found[0].name, other=sheet.name
                )
            )
        if found is None or best[0] > found[1][0]:
            found = (sheet, best)
    if found is None:
        raise no_header(path, what)
    sheet, (_score, header_row, columns) = found
    at = [0]
    return Source(
        tuple(columns),
        _table(sheet, header_row, columns, at),
        total=sheet.total_height,
        position=lambda: at[0],
        close=lambda: None,
    )


def text_of(cell: Any) -> str:
    """An Excel cell as the person reads it: 12345 without .0, a date as ISO text, never 1.38E+10."""
    if type(cell) is str:
        return cell
    if type(cell) is float:
        if cell.is_integer() and abs(cell) < EXACT:
            return str(int(cell))
        return repr(cell) if abs(cell) < EXACT else f"{cell:.14E}"
    if cell is None:
        return ""
    if type(cell) is datetime:
        return (cell + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat(" ")
    if type(cell) is date:
        return f"{cell.isoformat()} 00:00"  # calamine gives midnight as a date
    if isinstance(cell, (time, bool)):
        return str(cell).lower()
    return str(cell)


def _sheets(path: Path, head: bytes) -> list[Any]:
    import python_calamine

    try:
        with path.open("rb") as file:  # from_path would believe the name's ending
            book = python_calamine.CalamineWorkbook.from_filelike(file)
        visible = python_calamine.SheetVisibleEnum.Visible
        names = [sheet.name for sheet in book.sheets_metadata if sheet.visible == visible]
        return [book.get_sheet_by_name(name) for name in names]
    except python_calamine.PasswordError:
        raise _locked(path) from None
    except Exception as problem:
        raise _unreadable(path, head, problem) from None
    except BaseException as problem:
        # A damaged file may make the Rust reader panic, which arrives outside Exception.
        if type(problem).__name__ != "PanicException":
            raise
        raise _unreadable(path, head, problem) from None


def _locked(path: Path) -> BadInput:
    return BadInput(_("{path} is protected by a password; save it without one").format(path=path))


def _unreadable(path: Path, head: bytes, problem: BaseException) -> BadInput:
    data = path.read_bytes() if head.startswith(OLE) else head
    if ENCRYPTED in data:
        return _locked(path)
    for part, called in _OFFICE:
        if part in data:
            return not_a_table(path, _(called))
    return BadInput(
        _("{path} is not a workbook that can be read; open it in Excel and save it again as .xlsx").format(path=path),
        why=str(problem),
    )


def _rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    start = 1 if sheet.start is not None else 0
    for number, cells in enumerate(sheet.iter_rows(), start):
        if any(cell != "" for cell in cells):
            yield number, cells


def _table(sheet: Any, header_row: int, columns: list[str], at: list[int]) -> Iterator[Row]:
    merged, above = _merged_down(sheet, header_row), [""] * sheet.total_width
    for number, cells in _rows(sheet):
        at[0] = number
        if number <= header_row:
            continue
        texts = [text_of(cell) for cell in cells]
        for column in merged.get(number, ()):
            if column < len(texts):
                texts[column] = above[column]
        above = texts
        joined = "".join(texts)
        if not joined or joined.isspace():
            continue
        yield number, dict(zip(columns, texts, strict=False))


def _merged_down(sheet: Any, header_row: int) -> dict[int, list[int]]:
    """row -> the columns whose cell is merged with the one above: a line's name written once for all its areas."""
    first_column = sheet.start[1]
    merged: dict[int, list[int]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right >= first_column and top >= header_row:  # ranges count from 0, rows from 1
            for row in range(top + 2, min(bottom, sheet.end[0]) + 2):
                merged.setdefault(row, []).append(left - first_column)
    return merged
