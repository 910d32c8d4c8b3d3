"""Reads a workbook in a process of its own, which may be wrong, slow or greedy without harm: run as a program.

A file made for it has the reader ask for all the memory of the machine, or panic, which no `except` stops. So it works
within limits, and what it found is written to its output: frames of msgpack, each after four bytes that count it. A
sheet is a map, its rows that hold anything are [number, texts], and null ends it; true ends the workbook.
It imports nothing of the desk, so that it starts quickly.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

import msgspec

# Bytes; a sheet of a million rows with twelve columns takes one and a half GB, and its file has 60 MB.
LEAST_MEMORY, MEMORY_A_BYTE, MEMORY = 384 << 20, 200, 3 << 30
SECONDS = 30  # of work
OUTPUT = 2 << 30  # bytes
MERGED = 200_000  # rows whose cells are merged with the one above; more is nonsense
EXACT = 10**15  # Excel keeps 15 digits of a number: a longer one has lost its end


def main(path: str) -> None:
    """Write what the workbook holds to standard output, within limits."""
    limit(os.path.getsize(path))
    write(path, sys.stdout.buffer)


def limit(size: int) -> None:
    """Let this process have no more than a workbook of `size` bytes needs; some systems know no limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    memory = min(MEMORY, LEAST_MEMORY + MEMORY_A_BYTE * size)
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, OUTPUT)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def write(path: str, out: IO[bytes]) -> None:
    """Every visible sheet as frames; a file that cannot be read is one frame that says so."""
    put = _putting(out)
    try:
        for sheet in _sheets(path):
            for frame in _frames(sheet):
                put(frame)
        put(True)
    except BaseException as problem:  # a panic of the reader is no Exception
        put({"fault": type(problem).__name__, "why": str(problem)[:500]})
    out.flush()


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


def _putting(out: IO[bytes]) -> Callable[[Any], None]:
    encode = msgspec.msgpack.Encoder().encode

    def put(frame: Any) -> None:
        data = encode(frame)
        out.write(len(data).to_bytes(4, "big") + data)

    return put


def _sheets(path: str) -> Iterator[Any]:
    import python_calamine

    with open(path, "rb") as file:  # from_path would believe the name's ending
        book = python_calamine.CalamineWorkbook.from_filelike(file)
    visible = python_calamine.SheetVisibleEnum.Visible
    for sheet in book.sheets_metadata:
        if sheet.visible == visible:
            yield book.get_sheet_by_name(sheet.name)


def _frames(sheet: Any) -> Iterator[Any]:
    width = sheet.end[1] - sheet.start[1] + 1 if sheet.start is not None else 0
    yield {"name": sheet.name, "height": sheet.total_height, "width": width, "merged": _merged(sheet)}
    for number, cells in enumerate(sheet.iter_rows(), 1 if sheet.start is not None else 0):
        texts = [text_of(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield number, texts
    yield None


def _merged(sheet: Any) -> list[tuple[int, int, int]]:
    """(column, first row, last row) of the cells that are merged with the one above: rows count from 1."""
    if sheet.start is None:
        return []
    first_column, merged, rows = sheet.start[1], [], 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right >= first_column:  # ranges count from 0
            merged.append((left - first_column, top + 2, min(bottom, sheet.end[0]) + 1))
            rows += max(merged[-1][2] - top, 0)
            if rows > MERGED:
                return []
    return merged


if __name__ == "__main__":
    main(sys.argv[1])
