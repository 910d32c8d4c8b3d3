"""The desk on a terminal's whole screen; without a terminal, the board as plain text."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from desk.cli.show import short
from desk.i18n import N_, _, ngettext
from desk.text import clean, table

if TYPE_CHECKING:
    from desk.config import Config
    from desk.outages.board import Board, BoardRow

TAB_WORDS = {
    "active": N_("Off now"),
    "scheduled": N_("Scheduled"),
    "predicted": N_("Predicted"),
    "restored": N_("Recently restored"),
}
STAGE_WORDS = {
    "off": N_("off"),
    "overdue": N_("overdue"),
    "due_to_start": N_("due to start"),
    "upcoming": N_("upcoming"),
    "predicted": N_("predicted"),
    "restored": N_("restored"),
}


def open_desk(config: Config, *, mouse: bool = True, color: bool = True) -> int:
    """The screen, or the board as text where there is none; returns the exit code."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        from desk.tui import run

        return run(config, mouse=mouse, color=color)
    from desk.app import Desk
    from desk.opening import standing_clock

    with Desk.open(config, clock=standing_clock(config)) as desk:
        if desk.needs_sign_in or os.environ.get("DESK_SESSION"):
            from desk.cli.who import sign_in_here

            sign_in_here(desk)
        for line in board_lines(desk.outages.board(), config.county.name):
            click.echo(line)
    return 0


def board_lines(board: Board, county: str) -> list[str]:
    """The whole board as lines of text, for a reader without a screen."""
    lines = [f"{clean(county)}  {board.at:%Y-%m-%d %H:%M}  {_age(board)}"]
    for tab, rows in board.rows.items():
        lines += ["", f"{_(TAB_WORDS[tab])} ({len(rows)})"]
        lines += table([_cells(row) for row in rows])
    return lines


def _age(board: Board) -> str:
    if board.data_age is None:
        return _("no outage was entered yet")
    minutes = int(board.data_age.total_seconds() // 60)
    text = _("data from {minutes} min ago, may be out of date") if board.stale else _("data from {minutes} min ago")
    return text.format(minutes=minutes)


def _cells(row: BoardRow) -> tuple[str, ...]:
    affected = row.affected
    return (
        "!" if row.danger_to_life else " ",
        row.id,
        row.type_label,
        _(STAGE_WORDS[row.stage]),
        short(row.actual_start or row.planned_start),
        short(row.actual_end or row.etr or row.planned_end),
        ngettext("{count} customer", "{count} customers", affected.customers).format(count=affected.customers),
        _("{special} special, {important} important").format(special=affected.special, important=affected.important),
        ngettext("{count} call", "{count} calls", row.calls).format(count=row.calls),
        clean(row.area),
        clean(row.what),
    )
