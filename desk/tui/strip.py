"""What the top strip and the status line say, from facts: pure but for the app's own state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from desk.access.rights import ROLE_WORDS
from desk.i18n import _, ngettext
from desk.text import clean
from desk.tui import times
from desk.tui.cells import Piece
from desk.tui.countdown import span
from desk.tui.widgets.bars import Notice
from desk.tui.words import STAGE_SENTENCES

if TYPE_CHECKING:
    from desk.calls import Found
    from desk.outages.board import Board, BoardRow
    from desk.place import Place
    from desk.tui.app import DeskApp


def notices(app: DeskApp, board: Board, calls: Sequence[str]) -> tuple[list[Notice], list[Notice]]:
    """The strip's left and right notices: what is going on, and what is broken."""
    place = app.desk.place
    left = [
        Notice(f"{place.now():%H:%M}", "strong", 0),
        Notice(_who(place), "text", 5),
    ]
    if calls:
        words = ngettext("{count} call not saved: {who}", "{count} calls not saved: {who}", len(calls))
        left.append(Notice(words.format(count=len(calls), who=calls[0]), "due_to_start", 1))
    left += [*_late(board), *_duties(board), *app.standing.notices()]
    return left, [*_broken(app, board), *_sandbox(app)]


def _who(place: Place) -> str:
    """Seat, agent and, where agents sign in, the role."""
    role = _(ROLE_WORDS.get(place.role, "")) if place.signs_in and place.role else ""
    return " ".join(part for part in (place.seat, clean(place.agent), role) if part) or place.config.county.name


def status_pieces(found: Found | None, row: BoardRow | None, now: datetime) -> list[Piece]:
    """The customer or the row under the cursor in full; nothing, where there is neither."""
    if found is not None:
        return found_sentence(found)
    return row_sentence(row, now) if row is not None else []


def row_sentence(row: BoardRow, now: datetime) -> list[Piece]:
    """The row under the cursor in full, for the status line."""
    pieces = [Piece(f" {row.id} ", "strong"), Piece(_(STAGE_SENTENCES.get(row.stage, row.stage)), row.stage)]
    return [*pieces, Piece("  " + "  ".join(_details(row, now)), "dim")]


def found_sentence(found: Found) -> list[Piece]:
    """The customer under the cursor in full: where, on which feeder, and what touches them."""
    from desk.phone_numbers import shown

    customer = found.customer
    parts = [clean(customer.address), found.feeder, "  ".join(map(shown, customer.phones))]
    pieces = [Piece(f" {clean(customer.name)}  ", "strong"), Piece("  ".join(part for part in parts if part), "dim")]
    return [*pieces, Piece("  " + " ".join(found.outages), "off")]


def row_words(row: BoardRow, now: datetime) -> str:
    """The row under the cursor as text, for the clipboard."""
    return "  ".join([row.id, row.type_label, *_details(row, now)])


def _details(row: BoardRow, now: datetime) -> list[str]:
    when = times.shown_period(row.actual_start or row.planned_start, row.actual_end or row.etr or row.planned_end, now)
    area = clean(row.area or "、".join(row.feeders))
    return [part for part in (when, area, clean(row.what) if row.what != row.type_label else "") if part]


def _late(board: Board) -> list[Notice]:
    overdue = sum(row.stage == "overdue" for row in board.rows.get("active", ()))
    due = sum(row.stage == "due_to_start" for row in board.rows.get("scheduled", ()))
    found = []
    if overdue:
        found.append(Notice(_("late {count}").format(count=overdue), "overdue", 2))
    if due:
        found.append(Notice(_("due to start {count}").format(count=due), "due_to_start", 3))
    return found


def _duties(board: Board) -> list[Notice]:
    """How many duties of the outages on the board should have been done by now."""
    count = sum(row.duties.overdue for rows in board.rows.values() for row in rows)
    return [Notice(_("! {count} duties overdue").format(count=count), "overdue", 2)] if count else []


def _broken(app: DeskApp, board: Board) -> list[Notice]:
    found = []
    if problem := app.file_problem or app.store_line.trouble or app.store_problem:
        found.append(Notice("! " + _("Store: {problem}").format(problem=problem), "bad"))
    found += app.store_line.notices()
    if off := [row.name for row in app.plugin_rows if row.state == "off" and row.reason]:
        names = ", ".join(off[:2]) + (f" +{len(off) - 2}" if off[2:] else "")
        found.append(Notice("! " + _("Plugin off: {names}").format(names=names), "warn"))
    if board.data_age is None:
        found.append(Notice(_("no outage data yet"), "dim"))
    elif board.stale:
        found.append(Notice("! " + _("outage data {age} old").format(age=age_words(board.data_age)), "warn"))
    else:
        found.append(Notice(_("data {age}").format(age=age_words(board.data_age)), "dim"))
    return found


def age_words(age: timedelta) -> str:
    """How old, in minutes at least."""
    minutes = int(age.total_seconds()) // 60
    return _("{minutes}m").format(minutes=minutes) if minutes < 10 else span(minutes * 60)


def _sandbox(app: DeskApp) -> list[Notice]:
    return [Notice(_("SANDBOX"), "sandbox")] if app.sandbox else []
