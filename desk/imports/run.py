"""Takes a whole file in: reads, checks and compares without a lock, then writes what is new in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from desk.access import Access
from desk.errors import BadInput
from desk.i18n import _
from desk.imports.columns import REQUIRED, TABLES, field_of
from desk.imports.layout import Layout, Readers
from desk.imports.report import Cancelled, Pace, Report, Tally, Wrong
from desk.imports.source import PROBLEM, Source, read_rows
from desk.place import Place

Progress = Callable[[int, int], None]

TOTALS = frozenset({"合计", "总计", "小计", "共计", "合计:", "总计:", "合计：", "总计：", "total"})
CHECKED_EVERY = 256  # rows between two looks at the cancel button
UNREADABLE = (Wrong, AttributeError, TypeError, ValueError)  # what a reader raises at a list where text must be


def never() -> bool:
    return False


def import_file(
    place: Place,
    what: str,
    path: str | Path,
    *,
    dry_run: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = never,
) -> Report:
    """Take in the network, the customers or the outages written in a file.

    Good rows are committed together, bad ones are named in the report. `strict`: one bad row, and nothing
    is written (created and updated are 0). `dry_run`: the same report, nothing written. `progress` is called
    about ten times a second with (done, total) in bytes or rows. Raises BadInput when the file cannot be
    read or lacks columns, NotAllowed without the right, Cancelled when `cancelled()` says so; in each
    case nothing was written.
    """
    if what not in TABLES:
        raise BadInput(_("there is no import of {what}; choose {choices}").format(what=what, choices=", ".join(TABLES)))
    Access(place).require("import")
    source = read_rows(path, what)
    try:
        run = Run(what, Path(path), source, dry_run=dry_run, strict=strict, progress=progress, cancelled=cancelled)
        if what == "outages":
            from desk.imports.outage_import import take_outages

            return take_outages(place, run)
        from desk.imports.record_import import take_records

        return take_records(place, run)
    finally:
        source.close()


class Run:
    """One import under way: the rows of its file as values, and the count of what became of them."""

    def __init__(
        self,
        what: str,
        path: Path,
        source: Source,
        *,
        dry_run: bool,
        strict: bool,
        progress: Progress | None,
        cancelled: Callable[[], bool],
    ) -> None:
        self.what = what
        self.path = path
        self.source = source
        self.tally = Tally()
        self.pace = Pace(progress, 2 * source.total)  # reading is the first half, writing the second
        self._dry_run = dry_run
        self._strict = strict
        self._cancelled = cancelled
        self._unknown: dict[str, None] = {}

    def rows(self, readers: Readers) -> Iterator[tuple[int, dict[str, Any]]]:
        """(row number, field values) of every good row; bad ones go to the tally."""
        layout = Layout(self.source.columns, self.what, readers, self.path)
        self._unknown.update(dict.fromkeys(layout.unknown))
        key_field = REQUIRED[self.what][0]
        key_column = layout.column_of[key_field]
        for row, cells in self.source:
            if not self.tally.read % CHECKED_EVERY:
                self.check_cancelled()
                self.pace.at(self.source.position())
            if cells.get(key_column) == key_column:
                continue  # the header, repeated at the top of a printed page
            self.tally.read += 1
            if PROBLEM in cells:
                self.tally.reject(row, "", *cells[PROBLEM])
                continue
            if self.source.open_ended and not cells.keys() <= layout.known:
                layout = self._widened(layout, cells, readers)
            try:
                values = layout.values(cells)
            except UNREADABLE:
                self._rejected(row, cells, layout, key_column)
                continue
            yield row, values

    def _widened(self, layout: Layout, cells: dict[str, Any], readers: Readers) -> Layout:
        """The layout with the columns this row brings; those that mean nothing are only noted."""
        more = [column for column in cells if column not in layout.known]
        self._unknown.update(dict.fromkeys(column for column in more if field_of(column, self.what) is None))
        if all(column in self._unknown for column in more):
            return layout
        return Layout([*layout.columns, *more], self.what, readers, self.path)

    def _rejected(self, row: int, cells: dict[str, Any], layout: Layout, key_column: str) -> None:
        if _is_total(cells, key_column):
            self.tally.read -= 1
            return
        for field, value, problem in layout.problems(cells) or [("", "", _("cannot be read"))]:
            self.tally.reject(row, field, value, problem)

    def check_cancelled(self) -> None:
        if self._cancelled():
            raise Cancelled(_("the import of {path} was stopped; nothing was written").format(path=self.path))

    def may_write(self) -> bool:
        return not self._dry_run and not (self._strict and self.tally.rejected)

    def report(self) -> Report:
        if self._strict and self.tally.rejected:
            self.tally.created = self.tally.updated = 0
        self.pace.end()
        return self.tally.report(tuple(self._unknown))


def _is_total(cells: dict[str, Any], key_column: str) -> bool:
    """Whether a row that was refused is only the sum below a table."""
    words = [cell for cell in cells.values() if isinstance(cell, str)]
    if not any("".join(cell.split()).casefold() in TOTALS for cell in words):
        return False
    key = cells.get(key_column)
    return isinstance(key, str) and (not key.strip() or "".join(key.split()).casefold() in TOTALS)
