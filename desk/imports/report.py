"""What an import says when it is done: how many rows, what became of them, and why some were refused."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from msgspec import Struct

from desk.errors import Refused

VALUE_SHOWN = 120  # characters of a rejected value that are kept: enough to find it again


class Rejected(Struct, frozen=True, kw_only=True):
    """One reason why a row was left out. `row` is the number the person sees in the file."""

    row: int
    field: str
    value: str
    problem: str


class Report(Struct, frozen=True, kw_only=True):
    """The outcome of one file: `read` = created + updated + unchanged + distinct rejected rows."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()
    unknown_columns: tuple[str, ...] = ()


class Cancelled(Refused):
    """The person stopped the import; nothing was written."""


class Wrong(Exception):
    """A cell cannot be what its column says; `str()` is the sentence for the report."""


class Tally:
    """Counts rows while a file is read, and keeps the reasons of the rejected ones in file order."""

    def __init__(self) -> None:
        self.read = self.created = self.updated = self.unchanged = 0
        self.rejected: list[Rejected] = []

    def reject(self, row: int, field: str, value: object, problem: str) -> None:
        shown = str(value)
        if len(shown) > VALUE_SHOWN:
            shown = shown[:VALUE_SHOWN] + "…"
        self.rejected.append(Rejected(row=row, field=field, value=shown, problem=problem))

    def report(self, unknown_columns: tuple[str, ...]) -> Report:
        self.rejected.sort(key=lambda reason: reason.row)
        return Report(
            read=self.read,
            created=self.created,
            updated=self.updated,
            unchanged=self.unchanged,
            rejected=tuple(self.rejected),
            unknown_columns=unknown_columns,
        )


class Pace:
    """Calls `progress` about ten times a second, however often it is asked to."""

    def __init__(self, progress: Callable[[int, int], None] | None, total: int) -> None:
        self._progress = progress
        self._total = max(total, 1)
        self._next = 0.0

    def at(self, done: int) -> None:
        """Report `done` of the total, unless the last report was a moment ago."""
        if self._progress is None or (now := monotonic()) < self._next:
            return
        self._next = now + 0.1
        self._progress(min(done, self._total), self._total)

    def end(self) -> None:
        if self._progress is not None:
            self._progress(self._total, self._total)
