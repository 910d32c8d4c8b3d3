"""Rows of a text table: comma, semicolon or tab, with quotes as Excel and as careless programs write them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

from desk.errors import BadInput
from desk.i18n import _
from desk.imports.header import LOOKED_AT, best_header
from desk.imports.source import PROBLEM, Row, Source

DELIMITERS = ",\t;，|"
UNCLOSED = ("unexpected end of data", "field larger than field limit")

Numbered = Iterator[tuple[int, list[str]]]


class Lines:
    """The lines of a text file, counted; the ones of the record being read are held for a second look."""

    def __init__(self, stream: TextIO) -> None:
        self.number = 0
        self.held: list[str] = []
        self._stream = stream

    def __iter__(self) -> Iterator[str]:
        for line in self._stream:
            self.number += 1
            self.held.append(line)
            yield line


def open_delimited(path: Path, encoding: str, what: str) -> Source:
    """A text table whose delimiter and header row are those under which most columns are known."""
    found = None
    for delimiter in DELIMITERS:
        best = _header(path, encoding, delimiter, what)
        if best is not None and (found is None or best[0] > found[1][0]):
            found = (delimiter, best)
    if found is None:
        raise no_header(path, what)
    delimiter, (_score, header_row, columns) = found
    stream = path.open(encoding=encoding, newline="")
    bytes_read: Any = stream.buffer  # typeshed hides that it can tell
    return Source(
        tuple(columns),
        _rows(_records(Lines(stream), delimiter, path), header_row, columns),
        total=path.stat().st_size,
        position=bytes_read.tell,
        close=stream.close,
    )


def no_header(path: Path, what: str) -> BadInput:
    """The refusal of a file in which no known column name was found."""
    from desk.imports.columns import REQUIRED, official

    required = "、".join(official(field, what) for field in REQUIRED.get(what, ()))
    if not required:
        return BadInput(_("{path} has no header row with known column names").format(path=path))
    return BadInput(_("{path} has no header row with the columns {missing}").format(path=path, missing=required))


def _header(path: Path, encoding: str, delimiter: str, what: str) -> tuple[int, int, list[str]] | None:
    with path.open(encoding=encoding, newline="") as stream:
        return best_header(_while_readable(islice(_records(Lines(stream), delimiter, path), LOOKED_AT)), what)


def _while_readable(records: Numbered) -> Numbered:
    with suppress(BadInput):  # a quote that never closes, perhaps only under this delimiter
        yield from records


def _records(lines: Lines, delimiter: str, path: Path) -> Numbered:
    """(first line, cells) of each record; raises BadInput where a quotation mark never closes."""
    text = iter(lines)
    strict = csv.reader(text, delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        lines.held.clear()
        first = lines.number + 1
        try:
            yield first, next(strict)
        except StopIteration:
            return
        except csv.Error as problem:
            yield first, _lenient(lines, text, delimiter, first, path, str(problem))
        except UnicodeError as problem:
            raise BadInput(
                _("line {line} of {path} is damaged text; save it as CSV UTF-8").format(line=first, path=path),
                why=str(problem),
            ) from None


def _lenient(lines: Lines, text: Iterator[str], delimiter: str, first: int, path: Path, problem: str) -> list[str]:
    """One record read again the way Excel does, where text follows a closing quotation mark."""
    if not problem.startswith(UNCLOSED):
        try:
            again = chain(tuple(lines.held), text)
            return next(csv.reader(again, delimiter=delimiter, skipinitialspace=True))
        except csv.Error as still:
            problem = str(still)
    raise BadInput(
        _("a quotation mark in line {line} of {path} never closes; correct that line").format(line=first, path=path),
        why=problem,
    )


def _rows(records: Numbered, header_row: int, columns: list[str]) -> Iterator[Row]:
    width = len(columns)
    for number, cells in records:
        if number <= header_row:
            continue
        joined = "".join(cells)
        if not joined or joined.isspace():
            continue
        if len(cells) < width:
            cells += [""] * (width - len(cells))
        row: dict[str, Any] = dict(zip(columns, cells, strict=False))
        if len(cells) > width and any(map(str.strip, cells[width:])):
            # An unquoted comma has moved every cell after it: nothing in this row can be trusted.
            row[PROBLEM] = (cells[-1], _("has more cells than the header; put text with commas in quotation marks"))
        yield number, row
