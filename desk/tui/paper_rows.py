"""An outage's papers as rows: notices in walking order, and what the media carry; and the one under the cursor in full.

Reading them asks the store and fills in the announcements; painting them is pure.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from desk.errors import DeskError
from desk.i18n import N_, _, language
from desk.notices.results import ALL
from desk.records import OPEN_DUTIES, Duty, DutyState
from desk.text import clean
from desk.tui import times
from desk.tui.cells import Line, Piece, field, heading, line, wrap
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.duty_lines import due_words, recipient, tried
from desk.tui.reasons import articles
from desk.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.paper import Announcement, Notice

COLUMNS: tuple[Column, ...] = (
    Column("state", N_("State"), 18),
    Column("whom", N_("To whom"), 0),
    Column("form", N_("Paper"), 24),
    Column("branch", N_("Branch"), 14),
    Column("printed", N_("Printed"), 16),
    Column("due", N_("Until"), 13),
)
NARROWER: tuple[tuple[int, str, int], ...] = (
    (110, "form", 0),
    (110, "state", 16),
    (110, "branch", 11),
    (110, "printed", 13),
    (110, "due", 12),
)
MEDIA = "media_announcement"
NEVER = frozenset({DutyState.EXEMPT, DutyState.WITHDRAWN})


class PaperRow(Struct, frozen=True, kw_only=True):
    """One paper: a notice to deliver, or an announcement (with its words, or why there are none yet)."""

    notice: Notice | None = None
    duty: Duty | None = None
    announcement: Announcement | None = None
    problem: str = ""
    scans: tuple[Path, ...] = ()

    @property
    def id(self) -> str:
        return self.duty.id if self.duty else "announcement"

    @property
    def is_settled(self) -> bool:
        return self.duty is not None and self.duty.state not in OPEN_DUTIES


def read_rows(desk: Desk, outage: str, state: str) -> list[PaperRow]:
    """The papers of an outage: what the public is told first, then the notices as they are walked to.

    `state`: open or all. Asks the store; called beside the screen.
    """
    notices = (
        PaperRow(notice=one, duty=one.duty, scans=tuple(desk.paper.scans(one.duty)))
        for one in desk.paper.notices(outage, state)
    )
    return [*_announcements(desk, outage, state), *notices]


def _announcements(desk: Desk, outage: str, state: str) -> Iterator[PaperRow]:
    owed = [duty for duty in desk.notices.of(outage) if _is_public(duty)]
    for duty in owed:
        if state == "all" or duty.state in OPEN_DUTIES:
            yield _announcement(desk, duty.id, duty)
    if not owed:
        row = _announcement(desk, outage, None)
        if row.announcement is not None:  # nobody is owed it; the county may want to tell all the same
            yield row


def _announcement(desk: Desk, id: str, duty: Duty | None) -> PaperRow:
    scans = tuple(desk.paper.scans(duty)) if duty else ()
    try:
        return PaperRow(duty=duty, announcement=desk.paper.announcement(id), scans=scans)
    except DeskError as problem:
        return PaperRow(duty=duty, problem=str(problem), scans=scans)


def _is_public(duty: Duty) -> bool:
    return duty.recipient.kind == "public" and MEDIA in duty.channels and duty.state not in NEVER


class PaperLines(Lines[PaperRow]):
    """One line for each paper."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime

    def row_id(self, row: PaperRow) -> str:
        return row.id

    def row_key(self, row: PaperRow) -> Hashable:
        return (state_words(row), _printed(row, self.now), _due(row, self.now), language())

    def row_line(self, row: PaperRow, width: int) -> Line:
        late = row.duty is not None and not row.is_settled and row.duty.due < self.now
        texts = (
            (("! " if late else "  ") + state_words(row), "overdue" if late else _role(row)),
            (clean(_whom(row)), "strong"),
            (clean(_title(row)), "text"),
            (clean(row.notice.stop.branch if row.notice else ""), "text"),
            (_printed(row, self.now), "dim"),
            (_due(row, self.now), "overdue" if late else "off"),
        )
        return cells(COLUMNS, widths(COLUMNS, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(COLUMNS, widths(COLUMNS, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return _(
            "No paper is open here: notices and announcements follow from the duties of the outage. `s` shows all."
        )


def state_words(row: PaperRow) -> str:
    """Where a paper stands: what it came to, or what is to be done with it."""
    duty = row.duty
    if duty is not None and duty.evidence:
        last = duty.evidence[-1].result
        return _(ALL[last].words) if last in ALL else last
    if row.notice is None:
        return _("facts missing") if row.problem else _("to publish")
    if row.notice.draft:
        return _("not approved")
    return _("to print") if row.notice.is_to_print else _("to deliver")


def paper_lines(row: PaperRow, now: datetime, width: int) -> list[Line]:
    """One paper in full: whom it is for and where, printed when and by whom, what came of it; or the public's words."""
    duty = row.duty
    head = line(
        Piece(f"{duty.id if duty else ''} ", "title"),
        Piece(f"{articles(duty.articles)}  " if duty else "", "accent"),
        Piece(f"{_title(row)}  ", "strong"),
        Piece(state_words(row), _role(row)),
        copy=duty.id if duty else _title(row),
    )
    facts = _announced_facts(row) if row.notice is None else _delivered_facts(row.notice, now)
    due = (_("Until"), f"{times.shown_in_full(duty.due, now)}  {due_words(duty, now)}") if duty else ("", "")
    scans = (_("Scan"), " ".join(map(str, row.scans)))
    shown = [one for label, value in (*facts, due, scans) if value for one in field(label, value, width)]
    said = tried(duty.evidence, now, width) if duty else []
    return [head, *shown, *said, *_words(row, width)]


def _announced_facts(row: PaperRow) -> Sequence[tuple[str, str]]:
    warning = row.announcement.warning if row.announcement else row.problem
    return ((_("Careful"), clean(warning)),)


def _delivered_facts(notice: Notice, now: datetime) -> Sequence[tuple[str, str]]:
    stop, printed = notice.stop, notice.printed
    where = "  ".join(clean(part) for part in (stop.address, stop.area, stop.feeder, stop.branch) if part)
    draft = _("not approved yet: it prints as a draft, and is not to be delivered") if notice.draft else ""
    words = ""
    if printed:
        words = _("{time} by {who}, {count} times").format(
            time=times.shown(printed.at, now), who=clean(printed.by), count=printed.times
        )
    return ((_("Whom"), clean(stop.name)), (_("Deliver to"), where), (_("Printed"), words), (_("Careful"), draft))


def _words(row: PaperRow, width: int) -> list[Line]:
    if row.announcement is None:
        return []
    rows = (part for words in row.announcement.text.splitlines() for part in wrap(clean(words), width))
    return [heading(_("Words")), *(line(Piece(part, "script")) for part in rows)]


def _whom(row: PaperRow) -> str:
    if row.notice is None:
        return recipient(row.duty) if row.duty else _("the public")
    sites = row.notice.stop.sites
    return (
        _("{name} and {count} sites").format(name=row.notice.stop.name, count=sites) if sites else row.notice.stop.name
    )


def _title(row: PaperRow) -> str:
    if row.notice is not None:
        return row.notice.title
    return row.announcement.title if row.announcement else _("announcement")


def _printed(row: PaperRow, now: datetime) -> str:
    printed = row.notice.printed if row.notice else None
    if printed is None:
        return ""
    return times.shown(printed.at, now) + (f" ({printed.times})" if printed.times > 1 else "")


def _due(row: PaperRow, now: datetime) -> str:
    return times.shown(row.duty.due, now) if row.duty else ""


def _role(row: PaperRow) -> str:
    if row.is_settled:
        return "good"
    if row.problem or (row.notice and row.notice.draft):
        return "warn"
    return "text"
