"""How the command line writes: JSON for programs, lines that line up for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from desk.errors import BadInput
from desk.i18n import _
from desk.phone_numbers import without_numbers
from desk.text import clean, table

# Keys whose values somebody typed in words: a telephone number in them is masked. Ids and codes are left alone.
TYPED = frozenset(
    {
        *("note", "about", "answer", "words", "reason", "outcome", "error", "hazard", "person", "place", "cause"),
        *("area", "what", "why", "named", "purpose", "special_need", "who", "ref", "by", "text", "value", "problem"),
    }
)


def discreet(document: Any, *, typed: bool = False) -> Any:
    """A document with the telephone numbers masked in what was typed."""
    if isinstance(document, str):
        return without_numbers(document) if typed else document
    if isinstance(document, dict):
        return {name: discreet(one, typed=name in TYPED) for name, one in document.items()}
    if isinstance(document, list | tuple):
        return [discreet(one, typed=typed) for one in document]
    return document


def said(text: str) -> str:
    """What somebody typed, on one line, telephone numbers masked."""
    return without_numbers(clean(text))


def print_json(document: object) -> None:
    """One JSON document on stdout, Chinese as it is written, no telephone number in clear among typed words."""
    print_in_full(discreet(msgspec.to_builtins(document)))


def print_in_full(document: object) -> None:
    """The same with every word as it is stored: for whoever was given leave."""
    text = msgspec.json.format(msgspec.json.encode(document), indent=2)
    click.echo(text.decode())


def print_record(record: object) -> None:
    """A record or a list of records as one JSON document, every key there."""
    from desk.outputs import in_full

    print_json(in_full(record))


def print_rows(rows: Iterable[object]) -> None:
    """A JSON list on stdout, row by row: it may be longer than memory."""
    for piece in json_list(rows):
        click.echo(piece, nl=False)
    click.echo("")


def json_list(rows: Iterable[object]) -> Iterator[str]:
    """The pieces of a JSON list."""
    before = "[\n"
    for row in rows:
        yield before + msgspec.json.encode(discreet(row)).decode()
        before = ",\n"
    yield "\n]" if before == ",\n" else "[]"


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows under their headings, columns aligned by cells."""
    cells = [tuple(said("" if value is None else str(value)) for value in row) for row in rows]
    for line in table([tuple(map(said, head)), *cells]):
        click.echo(line)


def print_list(head: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> None:
    """The same; without any row, a sentence that says what would fill it."""
    found = list(rows)
    if found:
        print_table(head, found)
    else:
        click.echo(empty)


def read_object(file: str) -> Any:
    """The JSON document in a file, or on stdin when it is called `-`; raises BadInput."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as problem:
        words = {"file": file, "problem": problem.strerror}
        raise BadInput(_("{file} cannot be read: {problem}").format(**words), why=str(problem)) from None
    try:
        return msgspec.json.decode(_utf8(content))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        name = _("what was given on stdin") if file == "-" else file
        words = {"file": name, "problem": str(problem)}
        raise BadInput(_("{file} is not a JSON object: {problem}").format(**words), why=str(problem)) from None


def _utf8(content: bytes) -> str:
    """JSON is UTF-8; what a Chinese Windows saved as GB18030 is read all the same."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def short(at: datetime | None) -> str:
    """A moment in a table."""
    return at.strftime("%m-%d %H:%M") if at else ""
