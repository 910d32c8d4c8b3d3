"""The rows of an order table as offices write it: position, feeder, load in MW, kW or 万千瓦, protected, notes.

rows, report = read_order_rows(place, "超电网供电能力限电序位表.xlsx")

A table with a hole in it is another order: one bad row, and no row is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.access import Access
from desk.i18n import _
from desk.imports import values
from desk.imports.cells import device, folded, identifier, text
from desk.imports.columns import field_of
from desk.imports.layout import Readers
from desk.imports.report import Report, Wrong
from desk.imports.run import Progress, Run, never
from desk.imports.source import read_rows
from desk.orders import OrderRow

if TYPE_CHECKING:
    from desk.place import Place

# One megawatt is so many of these.
UNITS = {"mw": 1.0, "兆瓦": 1.0, "万千瓦": 0.1, "万kw": 0.1, "kw": 1000.0, "千瓦": 1000.0}
UNIT = re.compile("|".join(sorted(map(re.escape, UNITS), key=len, reverse=True)))
NUMBER = re.compile(r"\d+(?:\.\d+)?")
PLACE = re.compile(r"第?(\d{1,4}|[一二三四五六七八九十]{1,3})(?:位|轮|级|序位)?")
DIGITS = "一二三四五六七八九"


def read_order_rows(
    place: Place, path: str | Path, progress: Progress | None = None
) -> tuple[tuple[OrderRow, ...], Report]:
    """The rows of the table in a file, and the report of the reading; no rows when one of them is bad.

    Raises BadInput when the file cannot be read or lacks columns, NotAllowed without the right.
    """
    Access(place).require("keep_orders")
    source = read_rows(path, "orders")
    try:
        run = Run("orders", Path(path), source, dry_run=False, strict=True, progress=progress, cancelled=never)
        load_column = next((name for name in source.columns if field_of(name, "orders") == "load"), "")
        rows = tuple(_once(run, order_readers(place.grid.feeders, load_column)))
        run.tally.created = len(rows)
        report = run.report()
        return (() if report.rejected else rows), report
    finally:
        source.close()


def _once(run: Run, readers: Readers) -> Iterable[OrderRow]:
    """Every good row; a feeder that stands twice would be cut twice, and is refused."""
    seen: dict[str, int] = {}
    for number, fields in run.rows(readers):
        first = seen.setdefault(fields["feeder"], number)
        if first != number:
            problem = _("is already in row {row} of this file").format(row=first)
            run.tally.reject(number, "feeder", fields["feeder"], problem)
            continue
        yield OrderRow(**fields)


def order_readers(feeders: Iterable[str], load_column: str) -> Readers:
    """How each column is read; `load_column` is the heading over the loads, which may name their unit."""
    return {
        "position": position,
        "feeder": feeder_reader(feeders),
        "load": load_reader(unit_in(load_column) or "mw"),
        "protected": values.flag,
        "notes": text,
    }


def position(cell: str) -> int:
    """A place in the order, from 3, 第3轮 or 第三轮; rounds may hold several feeders."""
    match = PLACE.fullmatch(identifier(cell))
    number = _counted(match[1]) if match else 0
    if not number:
        raise Wrong(_("is not a position; write 1, 2, 3 …"))
    return number


def _counted(word: str) -> int:
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return DIGITS.find(word) + 1
    return 10 * (DIGITS.find(tens) + 1 if tens else 1) + (DIGITS.find(ones) + 1 if ones else 0)


def feeder_reader(feeders: Iterable[str]) -> Callable[[Any], str]:
    """A reader that finds the feeder of the network that is meant, however it is typed."""
    known = {folded(name): name for name in feeders}

    def read(cell: Any) -> str:
        name = device(cell)
        found = known.get(folded(name), "")
        if found or not name:
            return found
        near = _near(name, list(known.values()))
        if near:
            raise Wrong(_("is not in the network; did you mean {name}?").format(name=near))
        raise Wrong(_("is not in the network; import the network first, or correct it"))

    return read


def _near(name: str, names: list[str]) -> str:
    from desk.grid import nearest

    return next(iter(nearest(name, names, 1)), "")


def unit_in(words: str) -> str:
    """The unit of power named in `words`, as a key of `UNITS`; empty when there is none."""
    match = UNIT.search(folded(words))
    return match[0] if match else ""


def load_reader(unit: str) -> Callable[[Any], float]:
    """A reader of a load in MW; `unit` is meant where the cell names none."""

    def read(cell: Any) -> float:
        written = folded(text(cell))
        if not written:
            return 0.0
        named = unit_in(written)
        number = written.removesuffix(named)
        if not NUMBER.fullmatch(number):
            raise Wrong(_("is not a load; write it in MW, like 3.5"))
        return round(float(number) / UNITS[named or unit], 6)

    return read
