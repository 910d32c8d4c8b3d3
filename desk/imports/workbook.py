"""Rows of an Excel workbook (XLSX, XLS): the one visible sheet that has a header row.

The workbook is read by a process of its own (see workbook_process.py), its sheets are taken from what that one wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import msgspec

from desk.errors import BadInput
from desk.i18n import N_, _
from desk.imports import workbook_process
from desk.imports.delimited import no_header
from desk.imports.files import ENCRYPTED, OLE, not_a_table
from desk.imports.header import LOOKED_AT, best_header
from desk.imports.source import Row, Source
from desk.imports.workbook_process import text_of

__all__ = ["open_workbook", "text_of"]

_OFFICE = (
    (b"word/", N_("a text document")),
    ("WordDocument".encode("utf-16-le"), N_("a text document")),
    (b"ppt/", N_("a presentation")),
)
PATIENCE = 90.0  # seconds, of which it may work thirty; one that stands still is ended
_decode = msgspec.msgpack.Decoder().decode


class Sheet:
    """One sheet in what the reader wrote; its rows can be read again."""

    def __init__(self, written: IO[bytes], about: dict[str, Any]) -> None:
        self.name: str = about["name"]
        self.height: int = about["height"]
        self.width: int = about["width"]
        self._merged = about["merged"]
        self._written = written
        self._start = written.tell()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(number, texts) of every row that holds anything, all of one width."""
        self._written.seek(self._start)
        while (found := _frame(self._written)) is not None:
            number, texts = found
            yield number, texts + [""] * (self.width - len(texts))

    def merged_down(self, header_row: int) -> dict[int, list[int]]:
        """row -> the columns whose cell is merged with the one above: a line's name written once for all its areas."""
        merged: dict[int, list[int]] = {}
        for column, first, last in self._merged:
            if first >= header_row + 2:
                for row in range(first, last + 1):
                    merged.setdefault(row, []).append(column)
        return merged


def open_workbook(path: Path, head: bytes, what: str) -> Source:
    """The table in a workbook; raises BadInput when it is locked, damaged, or holds no or two such tables."""
    written = TemporaryFile()  # noqa: SIM115 - closed by the Source
    try:
        run(path, written)
        sheet, header_row, columns = _table_in(written, path, head, what)
    except BaseException:
        written.close()
        raise
    at = [0]
    return Source(
        tuple(columns),
        _table(sheet, header_row, columns, at),
        total=sheet.height,
        position=lambda: at[0],
        close=written.close,
    )


def run(path: Path, written: IO[bytes]) -> None:
    """Have the workbook read; however that ends, what was found until then is in `written`."""
    import os
    import subprocess
    import sys

    command = [sys.executable, "-P", workbook_process.__file__, str(path.absolute())]
    environment = os.environ | {"RUST_BACKTRACE": "0"}  # a reader without memory stands still over drawing one
    nothing = subprocess.DEVNULL  # what it says on its way down is not for the screen
    with suppress(subprocess.TimeoutExpired):  # by then it is killed
        subprocess.run(
            command, stdin=nothing, stdout=written, stderr=nothing, env=environment, timeout=PATIENCE, check=False
        )


def _table_in(written: IO[bytes], path: Path, head: bytes, what: str) -> tuple[Sheet, int, list[str]]:
    found = None
    for sheet in _sheets(written, path, head):
        best = best_header(islice(sheet.rows(), LOOKED_AT), what)
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
    return sheet, header_row, columns


def _sheets(written: IO[bytes], path: Path, head: bytes) -> list[Sheet]:
    """The sheets that were written, once it is certain that all of the workbook was read."""
    written.seek(0)
    found: list[Sheet] = []
    while (frame := _frame(written)) is not True:
        if not isinstance(frame, dict) or "fault" in frame:
            raise _refused(path, head, frame or {})
        found.append(Sheet(written, frame))
        while _frame(written) is not None:
            pass
    return found


def _frame(written: IO[bytes]) -> Any:
    """The next frame; where the reader died, a fault."""
    size = int.from_bytes(written.read(4), "big")
    data = written.read(size)
    return _decode(data) if data and len(data) == size else {"fault": "Ended", "why": "the reader ended"}


def _refused(path: Path, head: bytes, fault: dict[str, str]) -> BadInput:
    data = path.read_bytes() if head.startswith(OLE) else head
    if fault.get("fault") == "PasswordError" or ENCRYPTED in data:
        return BadInput(_("{path} is protected by a password; save it without one").format(path=path))
    for part, called in _OFFICE:
        if part in data:
            return not_a_table(path, _(called))
    return BadInput(
        _("{path} is not a workbook that can be read; open it in Excel and save it again as .xlsx").format(path=path),
        why=fault.get("why", ""),
    )


def _table(sheet: Sheet, header_row: int, columns: list[str], at: list[int]) -> Iterator[Row]:
    merged, above = sheet.merged_down(header_row), [""] * sheet.width
    for number, texts in sheet.rows():
        at[0] = number
        if number <= header_row:
            continue
        for column in merged.get(number, ()):
            if column < len(texts):
                texts[column] = above[column]
        above = texts
        joined = "".join(texts)
        if not joined or joined.isspace():
            continue
        yield number, dict(zip(columns, texts, strict=False))
