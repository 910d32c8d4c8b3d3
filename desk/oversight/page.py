"""A page on paper, before it is paper: headings, facts, tables; the same for Markdown and for print.

Pure. `markdown(page)` is plain text that lines up in any editor, and a page in any viewer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from desk.text import cell_width, clean, fit

Cells = tuple[str, ...]


class Section(Struct, frozen=True, kw_only=True):
    """A heading with facts (name, value), a table, or a sentence; `widths` are the shares of a printed table."""

    heading: str
    facts: tuple[tuple[str, str], ...] = ()
    head: Cells = ()
    rows: tuple[Cells, ...] = ()
    widths: tuple[float, ...] = ()
    note: str = ""


class Page(Struct, frozen=True, kw_only=True):
    """The whole of it. `signatures` are who signs for it.

    `foot` says when and by whom it was made, `mark` is the fingerprint of its content.
    """

    language: str
    over: str
    title: str
    under: str
    summary: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    signatures: tuple[str, ...]
    foot: str
    mark: str = ""


WRONG = "※"  # before what is not as it must be; print sets such a line in red as well


def wrong(text: str) -> str:
    """A line of a cell that says what is not as it must be."""
    return f"\n{WRONG} {text}"


def markdown(page: Page) -> str:
    """The page as Markdown whose tables line up as they stand."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield _plain(page.over)
    yield ""
    yield f"# {_plain(page.title)}"
    yield ""
    yield _plain(page.under)
    yield ""
    yield from _table(tuple(name for name, _value in page.summary), (tuple(value for _name, value in page.summary),))
    for section in page.sections:
        yield ""
        yield f"## {_plain(section.heading)}"
        yield ""
        yield from _facts(section.facts)
        if section.rows:
            yield from _table(section.head, section.rows)
        if section.note:
            if section.facts or section.rows:
                yield ""
            yield _plain(section.note)
    yield ""
    yield "".join(f"{_plain(name)}: ____________________    " for name in page.signatures).rstrip()
    yield ""
    yield "---"
    yield ""
    yield _plain(page.foot)
    if page.mark:
        yield ""
        yield f"SHA-256 {page.mark}"


def _facts(facts: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max((cell_width(_plain(name)) for name, _value in facts), default=0)
    for name, value in facts:
        # Two spaces at the end keep the lines apart where Markdown is drawn.
        yield f"{fit(_plain(name), width)}  {_plain(value)}  "
    if facts:
        yield ""


def _table(head: Cells, rows: Sequence[Cells]) -> Iterator[str]:
    cells = [tuple(_cell(cell) for cell in row) for row in (head, *rows)]
    widths = [max(3, *(cell_width(cell) for cell in column)) for column in zip(*cells, strict=True)]
    for number, row in enumerate(cells):
        yield "| " + " | ".join(fit(cell, width) for cell, width in zip(row, widths, strict=True)) + " |"
        if number == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"


# What Markdown would read as more than text: kept as it was written.
_MARKS = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>#"})


def _plain(text: str) -> str:
    return " ".join(clean(line) for line in text.splitlines()).translate(_MARKS)


def _cell(text: str) -> str:
    return "<br>".join(_plain(line).replace("|", "\\|") for line in text.splitlines())
