"""Oversight: for each outage told of owed, the names still open, what was late or out of order, approvals missing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct
from textual import on
from textual.widget import Widget

from desk.i18n import N_, _, language, ngettext
from desk.notices.tally import overdue, owed, told
from desk.records import Approval, Outage, Violation
from desk.text import clean
from desk.tui import times
from desk.tui.cells import Line, Piece, heading, line, wrap
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.context import InputContext
from desk.tui.duty_lines import recipient
from desk.tui.owed_lines import outage_duties
from desk.tui.reasons import articles
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.lines import Lines
from desk.tui.widgets.page import Page
from desk.tui.widgets.words_line import Words

if TYPE_CHECKING:
    from desk.notices import Notices
    from desk.records import Duty

OVERSIGHT: tuple[Column, ...] = (
    Column("outage", N_("Outage"), 7),
    Column("told", N_("Told"), 10, True),
    Column("overdue", N_("Overdue"), 9, True),
    Column("late", N_("Late"), 6, True),
    Column("violations", N_("Viol."), 6, True),
    Column("approvals", N_("Appr."), 6, True),
    Column("gap", "", 2),
    Column("type", N_("Type"), 14),
    Column("area", N_("Area"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "type", 0),)
NAMES = 60  # names still open that are shown of one outage
LATE = 40


class Watched(Struct, frozen=True):
    """One outage as a supervisor looks at it."""

    outage: Outage
    label: str
    violations: tuple[Violation, ...]
    approvals: tuple[Approval, ...]  # those still missing
    overdue: int

    @property
    def wrong(self) -> int:
        """How much is wrong: what decides the order."""
        return self.overdue + self.outage.duties.late + len(self.violations)


class OutageLines(Lines[Watched]):
    """One line for each outage, the worst first."""

    only_wrong = True

    def row_id(self, row: Watched) -> str:
        return row.outage.id

    def row_key(self, row: Watched) -> Hashable:
        return (row.overdue, len(row.violations), len(row.approvals), told(row.outage.duties), language())

    def row_line(self, row: Watched, width: int) -> Line:
        tally = row.outage.duties
        texts = (
            (f" {row.outage.id}", "strong"),
            (f"{told(tally)}/{owed(tally)}", "text"),
            (f"! {row.overdue}" if row.overdue else "", "overdue"),
            (str(tally.late or ""), "off"),
            (f"! {len(row.violations)}" if row.violations else "", "bad"),
            (f"~ {len(row.approvals)}" if row.approvals else "", "warn"),
            ("", "text"),
            (row.label, "text"),
            (clean(row.outage.area), "text"),
        )
        return cells(OVERSIGHT, widths(OVERSIGHT, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(OVERSIGHT, widths(OVERSIGHT, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        if self.only_wrong:
            return _("Nothing is overdue, late, out of order or unapproved. `s` shows every outage on the board.")
        return _("No outage is on the board. F7 there opens one; its duties are counted here.")


class OversightScreen(DeskSubscreen[None]):
    """The outages of the board with what they owe; below, the one under the cursor in full."""

    PLACE = "oversight"

    def __init__(self) -> None:
        super().__init__()
        self.list, self.page, self.sums = OutageLines(), Page(id="work-page"), Words(id="filters")
        self._all: list[Watched] = []

    def title_words(self) -> str:
        return _("Oversight")

    def body(self) -> Iterable[Widget]:
        yield self.sums
        yield self.list
        yield self.page

    def opened(self) -> None:
        self.set_focus(self.list)
        self.reload()

    def on_screen_resume(self) -> None:
        if self.list.is_attached:
            self.reload()

    def on_resize(self) -> None:
        self.page.styles.height = max(8, self.size.height // 2 - 2)

    def input_context(self) -> InputContext:
        row = self.list.current
        may_write = self.app.desk.access.may("approve")
        return InputContext(where=self.PLACE, outage=row.outage.id if row else "", may_write=may_write)

    def moves(self) -> OutageLines:
        return self.list

    def move(self, command: str) -> None:
        """By lines in the list, by pages in what is said of the outage under the cursor."""
        if command in ("page_up", "page_down"):
            self.page.scroll_by(-6 if command == "page_up" else 6)
        else:
            self.list.move(command)

    def copied(self) -> str:
        row = self.list.current
        return f"{row.outage.id} {told(row.outage.duties)}/{owed(row.outage.duties)}" if row else ""

    def reload(self) -> None:
        self.app.go_last("oversight", self._read)

    async def _read(self) -> None:
        self._all = await self.app.work.look(self._found)
        self._show()

    def _found(self) -> list[Watched]:
        desk = self.app.desk
        notices, now = desk.notices, desk.place.now()
        labels = {name: kind.label for name, kind in desk.place.plugins.outage_types.items()}
        missing = notices.approvals_open()
        rows = [
            Watched(
                outage,
                labels.get(outage.type, outage.type),
                tuple(notices.violations(outage.id)),
                tuple(one for one in missing if one.outage == outage.id),
                overdue(outage.duties, now),
            )
            for outage in (held.outage for held in desk.outages.live.held())
        ]
        return sorted(rows, key=lambda row: (-row.wrong, -len(row.approvals), row.outage.id))

    def _show(self) -> None:
        some = [row for row in self._all if row.wrong or row.approvals] if self.list.only_wrong else self._all
        self.list.repaint_all()
        self.list.show(some)
        self.sums.say(*_sums(self._all))
        self.app.show_keys()

    @on(Lines.Moved)
    def _moved(self) -> None:
        if self.list.current is None:
            self.page.show(lambda _width: ())
        else:
            self.app.go_last("watched", self._look_at, self.list.current)
        self.app.show_keys()

    async def _look_at(self, row: Watched) -> None:
        notices = self.app.desk.notices
        still, late = await self.app.work.look(_open_and_late, notices, row.outage.id)
        now = self.app.desk.place.now()
        self.page.show(partial(watched_lines, row, still, late, now))

    # commands

    def oversight_which(self) -> None:
        """Every outage of the board, or only those with something wrong."""
        self.list.only_wrong = not self.list.only_wrong
        self._show()

    def oversight_open(self) -> None:
        if self.list.current is not None:
            self.app.screens.screens_work(self.list.current.outage.id)

    def outage_approve(self) -> None:
        if self.list.current is not None:
            self.app.screens.open_approvals(self.list.current.outage.id)

    def oversight_close(self) -> None:
        self.app.desk_back()


def _open_and_late(notices: Notices, outage: str) -> tuple[list[Duty], list[Duty]]:
    still = [work.duty for work in notices.work(outage=outage, limit=NAMES)]
    return still, list(islice(notices.all(outage=outage, state="late"), LATE))


def watched_lines(row: Watched, still: Sequence[Duty], late: Sequence[Duty], now: datetime, width: int) -> list[Line]:
    """One outage: its counts, the names still open, what was done late."""
    lines = [heading(_("Still open")), *_named(still, now, width)] if still else []
    lines += outage_duties(row.outage.duties, row.approvals, row.violations, now, width)
    if late:
        lines += [heading(_("Done late"))]
    for duty in late:
        words = _("{articles} {who}: due {due}, done {done}").format(
            articles=articles(duty.articles),
            who=recipient(duty),
            due=times.shown(duty.due, now),
            done=times.shown(duty.closed_at, now),
        )
        lines += [line(Piece(part, "off")) for part in wrap(words, width)]
    return lines or [line(Piece(_("{id} owes nothing.").format(id=row.outage.id), "dim"))]


def _named(still: Sequence[Duty], now: datetime, width: int) -> list[Line]:
    """Names by article: those overdue first, with their sign."""
    by_rule: dict[tuple[str, bool], list[str]] = {}
    for duty in still:
        by_rule.setdefault((articles(duty.articles), duty.due < now), []).append(recipient(duty))
    lines = []
    for (cited, over), names in sorted(by_rule.items(), key=lambda item: not item[0][1]):
        words = f"{'! ' if over else '  '}{cited}  {'、'.join(names)}"
        lines += [line(Piece(part, "overdue" if over else "text")) for part in wrap(words, width)]
    return lines


def _sums(rows: Sequence[Watched]) -> list[Piece]:
    owed_all = sum(owed(row.outage.duties) for row in rows)
    late_now = sum(row.overdue for row in rows)
    counts = ngettext("{count} outage", "{count} outages", len(rows)).format(count=len(rows))
    share = _("told {told} of {owed}").format(told=sum(told(row.outage.duties) for row in rows), owed=owed_all)
    pieces = [Piece(f" {counts}  ", "dim"), Piece(share, "strong")]
    if late_now:
        pieces.append(Piece("  " + _("! {count} overdue").format(count=late_now), "overdue"))
    missing = sum(len(row.approvals) for row in rows)
    if missing:
        pieces.append(Piece("  " + _("~ {count} approvals outstanding").format(count=missing), "warn"))
    return pieces
