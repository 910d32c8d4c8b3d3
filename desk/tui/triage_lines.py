"""The triage panel on the caller's card, as lines for a width. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from desk.i18n import N_, _
from desk.text import cell_width, clean
from desk.tui.cells import Line, Piece, heading, line, wrap
from desk.tui.strip import age_words

if TYPE_CHECKING:
    from desk.triage import Conclusion, Row

# state → its sign, its role and its words; a letter or sign says what the colour says.
STATES: Mapping[str, tuple[str, str, str]] = {
    "found": ("+", "text", ""),
    "none": ("-", "dim", N_("nothing")),
    "waiting": ("~", "dim", N_("asking")),
    "no_answer": ("?", "warn", N_("no answer in time")),
    "fault": ("!", "bad", N_("fault: {what}")),
}
TOGETHER = ("none", "waiting")  # one line for all of them
OLD = timedelta(minutes=1)
ROLES: Mapping[str, str] = {"suspended": "overdue", "off": "off", "due": "due_to_start", "predicted": "predicted"}


def triage_lines(rows: Sequence[Row], conclusion: Conclusion, width: int) -> list[Line]:
    """The conclusion, a line for each source that found something or failed, one line for those that found nothing."""
    lines = [heading(_("Triage"))]
    role = "warn" if conclusion.is_stale else ROLES.get(conclusion.bearing, "strong")
    lines += [line(Piece(words, role)) for words in wrap(clean(conclusion.words), width)]
    for row in rows:
        if row.state not in TOGETHER:
            lines += _row(row, width)
    for state in TOGETHER:
        lines += _together(state, [row.label for row in rows if row.state == state], width)
    return lines


def _row(row: Row, width: int) -> list[Line]:
    sign, role, words = STATES[row.state]
    said = clean(row.words) if row.state == "found" else _(words).format(what=clean(row.fault))
    is_old = row.age is not None and row.age >= OLD
    age = "  " + _("data {age}").format(age=age_words(row.age)) if row.age is not None and is_old else ""
    head = f"{sign} {row.label}  "
    first, *more = wrap(said + age, width - cell_width(head))
    hang = " " * cell_width(head)
    return [
        line(Piece(head, "dim" if role == "text" else role), Piece(first, role), copy=said),
        *(line(hang, Piece(words, role)) for words in more),
    ]


def _together(state: str, labels: Sequence[str], width: int) -> list[Line]:
    if not labels:
        return []
    sign, role, words = STATES[state]
    text = f"{_(words)}: " + ", ".join(labels)
    first, *more = wrap(text, width - 2)
    return [line(Piece(f"{sign} {first}", role)), *(line("  ", Piece(words, role)) for words in more)]
