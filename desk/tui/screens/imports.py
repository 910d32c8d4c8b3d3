"""Files from other offices: which kind, which file, how far; cancel, and every row refused with its reason."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from textual.widget import Widget

from desk.errors import DeskError
from desk.i18n import N_, _
from desk.text import clean
from desk.tui.cells import BLANK, Line, Piece
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.context import InputContext
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.field import Field
from desk.tui.widgets.lines import Lines
from desk.tui.widgets.row import Row
from desk.tui.widgets.words_line import Words

if TYPE_CHECKING:
    from desk.imports import Rejected as RejectedRow
    from desk.imports import Report

KINDS = {"customers": N_("Customers"), "network": N_("Network"), "outages": N_("Outages")}
MODES = {
    "good": N_("take the good rows"),
    "strict": N_("all or nothing"),
    "dry": N_("only try, write nothing"),
}
REJECTED: tuple[Column, ...] = (
    Column("row", N_("Row"), 9, True),
    Column("gap", "", 2),
    Column("field", N_("Field"), 18),
    Column("value", N_("Value"), 22),
    Column("problem", N_("Problem"), 0),
)
BAR = 40


class Rejected(Lines["RejectedRow"]):
    """The rows that were refused."""

    report: Report | None = None

    def row_id(self, row: RejectedRow) -> str:
        return f"{row.row}/{row.field}"

    def row_key(self, row: RejectedRow) -> Hashable:
        return (row.value, row.problem)

    def row_line(self, row: RejectedRow, width: int) -> Line:
        texts = (
            (f"{row.row:,}", "dim"),
            ("", "text"),
            (row.field, "text"),
            (clean(row.value), "off"),
            (clean(row.problem), "text"),
        )
        return cells(REJECTED, widths(REJECTED, width), texts)

    def head(self) -> list[Line]:
        return [titles(REJECTED, widths(REJECTED, self.outer_size.width)) if self.rows else BLANK]

    def empty(self) -> str:
        if self.report is not None:
            return _("No row was refused.")
        return _("CSV, XLSX, XLS or JSON lines, Chinese or English column names. Refused rows are listed here.")


class ImportScreen(DeskSubscreen[None]):
    """Chooses a file, runs the import beside the screen, and shows its report."""

    PLACE = "import"

    def __init__(self) -> None:
        super().__init__()
        self._stop: Event | None = None

    def title_words(self) -> str:
        return _("Import")

    def body(self) -> Iterable[Widget]:
        self.kind, self.mode, self.field = Choice(id="kind"), Choice(id="mode"), Field(id="path")
        self.labels = {name: Words(id=f"label-{name}") for name in ("kind", "mode", "path")}
        self.progress, self.list = Words(id="progress"), Rejected()
        for name, widget in (("kind", self.kind), ("mode", self.mode), ("path", self.field)):
            self.labels[name].styles.width = 12
            yield Row(self.labels[name], widget)
        yield self.progress
        yield self.list

    def opened(self) -> None:
        self.set_focus(self.field)

    def speak_again(self) -> None:
        super().speak_again()
        words = {"kind": _("Kind"), "mode": _("Bad rows"), "path": _("File")}
        for name, label in self.labels.items():
            label.say(Piece(f" {words[name]}", "dim"))
        self.kind.set_options([(key, _(text)) for key, text in KINDS.items()], self.kind.value or "customers")
        self.mode.set_options([(key, _(text)) for key, text in MODES.items()], self.mode.value or "good")

    def input_context(self) -> InputContext:
        return InputContext(where=self.PLACE, typing=isinstance(self.focused, Field), busy=self._stop is not None)

    def moves(self) -> Rejected:
        return self.list

    def copied(self) -> str:
        row = self.list.current
        return f"{row.row} {row.field} {row.value} {row.problem}" if row else ""

    def import_next(self) -> None:
        order: list[Widget] = [self.field, self.kind, self.mode, self.list]
        at = order.index(self.focused) if self.focused in order else 0
        self.set_focus(order[(at + 1) % len(order)])

    def import_start(self) -> None:
        path = self.field.value.strip().strip("'\"")
        if not path:
            self.app.say(_("Type or paste the path of a file"), "bad")
            return
        self._stop = Event()
        self.app.go(self._run, self.kind.value, Path(path).expanduser(), self.mode.value, self._stop)

    def import_cancel(self) -> None:
        if self._stop is not None:
            self._stop.set()

    def desk_back(self) -> None:
        """Leaving stops an import that runs; nothing is left half done."""
        self.import_cancel()
        self.app.pop_screen()

    async def _run(self, kind: str, path: Path, mode: str, stop: Event) -> None:
        from desk.imports import import_file

        run = partial(import_file, self.app.desk.place, kind, path, dry_run=mode == "dry", strict=mode == "strict")
        self.progress.say(Piece(" " + _("reading {file}").format(file=path.name), "dim"))
        try:
            # On its own thread: a long import must not hold up the saving of calls.
            report = await self.app.work.alone(run, progress=self._tell, cancelled=stop.is_set)
        except DeskError as problem:
            self._stopped(Piece(f" {problem}", "bad"))
            return
        self._stopped(*_summary(report, mode))
        self.list.report = report
        self.list.show(report.rejected)

    def _tell(self, done: int, total: int) -> None:
        share = done / max(total, 1)
        bar = "#" * int(share * BAR)
        self.app.call_from_thread(self.progress.say, Piece(f" [{bar:<{BAR}}] {share:4.0%}", "accent"))

    def _stopped(self, *words: Piece) -> None:
        self._stop = None
        if self.is_attached:
            self.progress.say(*words)
            self.app.show_keys()


def _summary(report: Report, mode: str) -> tuple[Piece, ...]:
    words = _("read {read}  new {created}  changed {updated}  same {unchanged}  refused {rejected}").format(
        read=f"{report.read:,}",
        created=f"{report.created:,}",
        updated=f"{report.updated:,}",
        unchanged=f"{report.unchanged:,}",
        rejected=f"{len(report.rejected):,}",
    )
    first = [Piece(" " + _("Tried only: "), "warn")] if mode == "dry" else [Piece(" ")]
    unknown = "、".join(report.unknown_columns[:4])
    more = [Piece("  " + _("columns not known: {names}").format(names=unknown), "warn")] if unknown else []
    return (*first, Piece(words, "bad" if report.rejected else "good"), *more)
