"""Rows of JSON: one object a line (streamed), one array of objects, or a single object."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from desk.errors import BadInput
from desk.i18n import _
from desk.imports.columns import recognised
from desk.imports.delimited import no_header
from desk.imports.source import PROBLEM, Row, Source
from desk.privacy.watermark import is_watermark

BROKEN = (msgspec.DecodeError, RecursionError, UnicodeError)
EXACT = 10**15  # a float beyond has lost digits, and its text says so
LOOKED_AT = 20  # objects whose keys together are the columns

_decode = msgspec.json.Decoder().decode


def open_json(path: Path, encoding: str, what: str) -> Source:
    """A JSON file as a table; its columns are the keys of the first objects, later ones may have more."""
    rows: Iterator[Row]
    if (whole := _whole(path, encoding)) is not None:
        rows = iter([_row(number, item) for number, item in enumerate(whole, 1)])
        first = [_row(number, item) for number, item in enumerate(whole[:LOOKED_AT], 1)]
        source = Source((), rows, total=len(whole), position=lambda: 0, close=lambda: None, open_ended=True)
    else:
        first = _first(path, encoding)
        stream = path.open(encoding=encoding)
        bytes_read: Any = stream.buffer  # typeshed hides that it can tell
        source = Source(
            (),
            _lines(stream, path),
            total=path.stat().st_size,
            position=bytes_read.tell,
            close=stream.close,
            open_ended=True,
        )
    known = [cells for _number, cells in first if not is_watermark(cells)]
    source.columns = tuple(dict.fromkeys(key for cells in known for key in cells if key != PROBLEM))
    if not recognised(source.columns, what):
        source.close()
        raise no_header(path, what)
    return source


def _whole(path: Path, encoding: str) -> list[Any] | None:
    """The objects of a file that is one JSON value over several lines, or None when it is JSON lines."""
    with path.open(encoding=encoding) as stream:
        opening = stream.readline()
        while opening and not opening.strip("\ufeff \t\r\n"):
            opening = stream.readline()
        if opening.lstrip("\ufeff \t").startswith("{") and _is_json(opening):
            return None
        text = opening + stream.read()
    try:
        value = _decode(text.strip("\ufeff \t\r\n"))
    except BROKEN as problem:
        if opening.lstrip("\ufeff \t").startswith("{"):
            return None
        raise BadInput(_("{path} is not valid JSON").format(path=path), why=str(problem)) from None
    return value if isinstance(value, list) else [value]


def _is_json(line: str) -> bool:
    try:
        _decode(line.strip("\ufeff \t\r\n"))
    except BROKEN:
        return False
    return True


def _first(path: Path, encoding: str) -> list[Row]:
    with path.open(encoding=encoding) as stream:
        rows = _lines(stream, path)
        return [row for _count, row in zip(range(LOOKED_AT), rows, strict=False)]


def _lines(stream: Any, path: Path) -> Iterator[Row]:
    try:
        for number, line in enumerate(stream, 1):
            text = line.strip("\ufeff \t\r\n")
            if not text:
                continue
            try:
                yield _row(number, _decode(text))
            except BROKEN:
                yield number, {PROBLEM: (text, _("is not a JSON object"))}
    except UnicodeError as problem:
        raise BadInput(_("{path} is damaged text; save it as UTF-8").format(path=path), why=str(problem)) from None


def _row(number: int, item: Any) -> Row:
    if not isinstance(item, dict):
        return number, {PROBLEM: (item, _("is not a JSON object"))}
    return number, {
        key: value if type(value) is str else _plain(value) for key, value in item.items() if key != PROBLEM
    }


def _plain(value: Any) -> Any:
    """Text for a number, a flag or nothing; a list or an object stays one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    return value if isinstance(value, list | dict) else str(value)
