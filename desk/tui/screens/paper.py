"""An outage's papers on screen: printed with one bar, rounds to walk, what came back, what the media carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from textual.widget import Widget

from desk import schema
from desk.errors import DeskError
from desk.i18n import N_, _, ngettext
from desk.tui.cells import Line, Piece
from desk.tui.context import InputContext
from desk.tui.paper_rows import PaperLines, PaperRow, paper_lines, read_rows
from desk.tui.screens.listed import ListScreen
from desk.tui.widgets.words_line import Words

if TYPE_CHECKING:
    from desk.paper import Paper, PrintRun

STATES = {"open": N_("open"), "all": N_("all")}
FOLDER = "print"  # below the data folder, until another one is typed
BAR = 40
EVERY = "*"  # of the rounds: those of every outage


class PaperScreen(ListScreen[PaperRow]):
    """The written notices of one outage in walking order, below what the public is told."""

    PLACE = "paper"
    TABLES = (schema.DUTIES, schema.APPROVALS, schema.PAPERS, schema.OUTAGES)

    def __init__(self, outage: str) -> None:
        super().__init__(PaperLines())
        self.outage, self.state = outage, "open"
        self.progress = Words(id="progress")
        self._folder: Path | None = None  # where the last print went
        self._stop: Event | None = None

    def title_words(self) -> str:
        return _("Papers of {id}").format(id=self.outage)

    def body(self) -> Iterable[Widget]:
        self.progress.display = False
        first, *rest = super().body()
        yield from (first, self.progress, *rest)

    def opened(self) -> None:
        self.list.now = self.app.desk.place.now()  # type: ignore[attr-defined]
        super().opened()

    def found(self) -> Sequence[PaperRow]:
        self.list.now = self.app.desk.place.now()  # type: ignore[attr-defined]
        return read_rows(self.app.desk, self.outage, self.state)

    def sums(self) -> Sequence[Piece]:
        rows = [row for row in self.list.rows if row.notice]
        printed = sum(row.notice is not None and row.notice.printed is not None for row in rows)
        counted = ngettext("{count} notice", "{count} notices", len(rows)).format(count=len(rows))
        drafts = sum(row.notice is not None and row.notice.draft and not row.is_settled for row in rows)
        pieces = [Piece(" " + _("Which") + " ", "dim"), Piece(f"[{_(STATES[self.state])}]"), Piece(f"  {counted}")]
        pieces.append(Piece("  " + _("printed {count}").format(count=printed), "dim"))
        if drafts:
            pieces.append(Piece("  ! " + _("not approved {count}").format(count=drafts), "warn"))
        return pieces

    def input_context(self) -> InputContext:
        context = super().input_context()
        return context if context.asking else self._with_print(context)

    def _with_print(self, context: InputContext) -> InputContext:
        from msgspec.structs import replace

        return replace(context, outage=self.outage, busy=self._stop is not None)

    def context_of(self, row: PaperRow | None) -> dict[str, object]:
        return {
            "part": row.id if row else "",
            "duty": row.duty.id if row and row.duty else "",
            "may_write": self.app.desk.access.may("settle_duty"),
        }

    def about(self, row: PaperRow, now: datetime, width: int) -> list[Line]:
        return paper_lines(row, now, width)

    def copied(self) -> str:
        row = self.list.current
        if row is None:
            return ""
        return row.announcement.text if row.announcement else f"{row.id} {row.notice.stop.name if row.notice else ''}"

    # commands

    def paper_which(self) -> None:
        """Those that are open, or all."""
        self.state = "all" if self.state == "open" else "open"
        self.reload()

    def paper_write(self) -> None:
        """What came back of the delivery, or where the announcement appeared."""
        from desk.tui.screens.paper_back import PublishedScreen, ReturnScreen

        row = self.list.current
        if row is not None and row.duty is not None:
            self.app.push_screen((ReturnScreen if row.notice else PublishedScreen)(row.duty.id))

    def paper_print(self) -> None:
        """The open notices of the outage, a file for each branch; only what is new, once some were printed."""
        open_ones = [row for row in self.list.rows if row.notice and not row.is_settled]
        new = tuple(row.id for row in open_ones if row.notice and row.notice.is_to_print)
        if 0 < len(new) < len(open_ones):
            words = ngettext("only the {count} not printed yet", "only the {count} not printed yet", len(new))
            choices = [("new", words.format(count=len(new))), ("all", _("all of them again"))]
            then = lambda chosen: self._ask_print(new if chosen == "new" else ())  # noqa: E731
            self.question(_("Some were printed already. Print which?"), then, choices=choices, label=_("Which"))
        else:
            self._ask_print(())

    def _ask_print(self, only: tuple[str, ...]) -> None:
        self._ask_folder(_("Print the open notices of {id}").format(id=self.outage), partial(self._begin, only))

    def paper_one(self) -> None:
        """The notice under the cursor, or the announcement as a page."""
        row = self.list.current
        if row is not None and row.notice is not None:
            self._ask_folder(_("Print the notice of {id}").format(id=row.id), partial(self._begin, (row.id,)))
        elif row is not None:
            about = row.duty.id if row.duty else self.outage
            page = partial(self.app.desk.paper.page, about)
            name = " ".join((about, row.announcement.title if row.announcement else ""))
            self._ask_folder(_("Print the announcement as a page"), partial(self._put, name, page))

    def paper_rounds(self) -> None:
        """Who is to be delivered to, to carry and mark off: of this outage, of all, of one branch."""
        branches = dict.fromkeys(row.notice.stop.branch for row in self.list.rows if row.notice)
        choices = [("", _("of this outage")), (EVERY, _("of every outage"))]
        choices += [(branch, branch) for branch in branches if branch]
        self.question(_("Which delivery rounds?"), self._ask_rounds, choices=choices, label=_("Rounds"))

    def _ask_rounds(self, chosen: str) -> None:
        outage, branch = ("", "") if chosen == EVERY else (self.outage, chosen)
        name = " ".join(part for part in (outage, branch, _("delivery rounds")) if part)
        made = partial(_rounds, self.app.desk.paper, outage, branch)
        self._ask_folder(_("Print the delivery rounds"), partial(self._put, name, made))

    def paper_forms(self) -> None:
        """The approval form of the outage, or the theft notice to be filled in on site."""
        choices = [("approval_form", _("approval form")), ("theft_notice", _("theft notice, blank"))]
        self.question(_("Which form?"), self._ask_form, choices=choices, label=_("Form"))

    def _ask_form(self, form: str) -> None:
        paper = self.app.desk.paper
        made = partial(paper.approval_form, self.outage) if form == "approval_form" else partial(paper.blank, form)
        approval = " ".join((self.outage, _("approval form")))
        name = approval if form == "approval_form" else _("theft notice, blank")
        self._ask_folder(_("Print the form"), partial(self._put, name, made))

    def paper_cancel(self) -> None:
        """Stop a print that runs; nothing of it stays."""
        if self._stop is not None:
            self._stop.set()

    def paper_close(self) -> None:
        """The key that opened the screen closes it."""
        self.desk_back()

    def desk_back(self) -> None:
        """Out of the question, then out of the screen; leaving stops a print that runs."""
        if not self.ask.display:
            self.paper_cancel()
        super().desk_back()

    # printing, on a thread of its own: calls are saved meanwhile

    def _ask_folder(self, words: str, then: Callable[[Path], None]) -> None:
        folder = self._folder or self.app.desk.place.config.data / FOLDER
        self.question(words, lambda typed: self._chosen(typed, then), label=_("Folder"), value=str(folder))

    def _chosen(self, typed: str, then: Callable[[Path], None]) -> None:
        typed = typed.strip().strip("'\"")
        if not typed:
            self.ask.refuse(_("Type the folder for the files"))
            return
        self._folder = Path(typed).expanduser()
        self.close_question()
        then(self._folder)

    def _begin(self, only: tuple[str, ...], folder: Path) -> None:
        self._stop = Event()
        self._tell_bar(0, 0)
        self.app.show_keys()
        self.app.go(self._print, only, folder, self._stop)

    async def _print(self, only: tuple[str, ...], folder: Path, stop: Event) -> None:
        run = partial(self.app.desk.paper.print_notices, self.outage, folder, only=only)
        try:
            done = await self.app.work.alone(run, progress=self._tell, cancelled=stop.is_set)
        except DeskError as problem:
            self._stopped(Piece(f" ! {problem}", "bad"))
            return
        self._stopped(*_summary(done, folder))

    def _put(self, name: str, made: Callable[[], bytes], folder: Path) -> None:
        self.app.go(self._put_one, name, made, folder)

    async def _put_one(self, name: str, made: Callable[[], bytes], folder: Path) -> None:
        from desk.paper.printing import placed

        try:
            file = await self.app.work.alone(lambda: placed(folder, name, made()))
        except DeskError as problem:
            self._stopped(Piece(f" ! {problem}", "bad"))
            return
        words = _("printed: {file}").format(file=file.name)
        self._stopped(Piece(f" {words}", "good"), Piece(f"  {file.parent}", "dim"))

    def _tell(self, done: int, total: int) -> None:
        self.app.call_from_thread(self._tell_bar, done, total)

    def _tell_bar(self, done: int, total: int) -> None:
        share = done / max(total, 1)
        bar = "#" * int(share * BAR)
        words = f"{done:,}/{total:,}" if total else _("getting ready")
        self.progress.display = True
        self.progress.say(Piece(f" [{bar:<{BAR}}] {share:4.0%}  ", "accent"), Piece(words, "dim"))

    def _stopped(self, *words: Piece) -> None:
        self._stop = None
        if self.is_attached:
            self.progress.display = True
            self.progress.say(*words)
            self.reload()


def _rounds(paper: Paper, outage: str, branch: str) -> bytes:
    return paper.rounds_pdf(paper.rounds(outage, branch))


def _summary(run: PrintRun, folder: Path) -> tuple[Piece, ...]:
    if run.cancelled:
        return (Piece(" " + _("Cancelled: nothing was written."), "warn"),)
    papers = ngettext("{count} notice printed", "{count} notices printed", run.papers).format(count=run.papers)
    files = ngettext("{count} file", "{count} files", len(run.files)).format(count=len(run.files))
    pieces = [Piece(f" {papers}", "good"), Piece(f"  {files}  {folder}", "dim")]
    if run.drafts:
        words = _("{count} are drafts, not to be delivered").format(count=run.drafts)
        pieces.insert(1, Piece("  ! " + words, "warn"))
    return (*pieces, *(Piece(f"  ! {warning}", "bad") for warning in run.warnings))
