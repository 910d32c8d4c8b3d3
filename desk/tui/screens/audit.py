"""The audit: who did what, the newest first, with all that a line says; `v` verifies, Enter keeps to one thing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime

from desk import schema
from desk.audit.reading import Asked
from desk.audit.verifying import Found
from desk.i18n import N_, _
from desk.records import AuditLine
from desk.text import clean
from desk.tui.cells import Line, Piece, field, heading, line
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.screens.listed import ListScreen
from desk.tui.widgets.lines import Lines

SHOWN = 500  # lines; `desk audit show` has all
LINES: tuple[Column, ...] = (
    Column("number", N_("No."), 9),
    Column("at", N_("When"), 20),
    Column("by", N_("Who"), 14),
    Column("seat", N_("Seat"), 8),
    Column("act", N_("Act"), 24),
    Column("about", N_("About"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "seat", 0), (100, "by", 10), (100, "act", 20))
CHOICES: Mapping[str, str] = {
    "": N_("all"),
    "outage": N_("outages"),
    "duty": N_("duties"),
    "number": N_("numbers shown"),
    "export": N_("exports"),
    "session": N_("sign-ins"),
    "agent": N_("agents"),
}


class AuditLines(Lines[AuditLine]):
    """One line for each line."""

    def row_id(self, row: AuditLine) -> str:
        return row.id

    def row_key(self, row: AuditLine) -> Hashable:
        return row.hash or row.id

    def row_line(self, row: AuditLine, width: int) -> Line:
        texts = (
            (f" {row.number or row.id}", "dim"),
            (row.at.strftime("%Y-%m-%d %H:%M:%S"), "text"),
            (clean(row.by), "strong"),
            (clean(row.seat), "dim"),
            (clean(row.act), "text"),
            (clean(row.about), "text"),
        )
        return cells(LINES, widths(LINES, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(LINES, widths(LINES, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return _("Nothing of this kind has been done yet.")


class AuditScreen(ListScreen[AuditLine]):
    """`v` verifies every line, `s` keeps to one kind, Enter to one outage, duty, customer or file."""

    PLACE = "audit"
    TABLES = (schema.AUDIT,)

    def __init__(self) -> None:
        super().__init__(AuditLines())
        self.kind = self.only = ""

    def title_words(self) -> str:
        return _("Audit")

    def found(self) -> Sequence[AuditLine]:
        asked = Asked(act=self.kind, about=self.only, limit=SHOWN)
        return self.app.desk.audit.listed(asked)[::-1]

    def sums(self) -> Sequence[Piece]:
        pieces = [Piece(" " + _("Which") + " ", "dim"), Piece(f"[{_(CHOICES[self.kind])}]")]
        return [*pieces, Piece(f"  {clean(self.only)}", "strong")] if self.only else pieces

    def context_of(self, row: AuditLine | None) -> dict[str, object]:
        return {"part": row.about or self.only if row else ""}

    def about(self, row: AuditLine, now: datetime, width: int) -> list[Line]:  # noqa: ARG002
        head = line(Piece(f"{row.number or row.id} ", "title"), Piece(clean(row.act), "strong"), copy=row.id)
        facts = (
            (_("About"), row.about),
            (_("Who"), f"{row.by} ({row.role})" if row.role else row.by),
            (_("Seat"), row.seat),
            (_("When"), row.at.isoformat(sep=" ")),
            (_("Hash"), row.hash),
            (_("Before"), row.previous),
        )
        lines = [head, *(part for label, value in facts if value for part in field(label, clean(value), width))]
        if row.details:
            lines.append(heading(_("Details")))
            lines += [part for name, value in row.details.items() for part in field(name, clean(str(value)), width)]
        return lines

    def copied(self) -> str:
        return self.list.current.id if self.list.current else ""

    # commands

    def audit_which(self) -> None:
        """All, or one kind after the other."""
        kinds = list(CHOICES)
        self.kind, self.only = kinds[(kinds.index(self.kind) + 1) % len(kinds)], ""
        self.reload()

    def audit_about(self) -> None:
        """Everything about what the row is about; once more, everything again."""
        if self.list.current is not None:
            self.only, self.kind = "" if self.only else self.list.current.about, ""
            self.reload()

    def audit_verify(self) -> None:
        """Whether every line is what was written; a million take some seconds, and the desk goes on meanwhile."""
        self.app.desk.access.require("verify_audit")
        self.app.go_last("audit.verify", self._verify)

    async def _verify(self) -> None:
        found = await self.app.work.alone(self.app.desk.verify_audit)
        self.app.say(verified_words(found), "good" if found.ok else "bad")


def verified_words(found: Found) -> str:
    """What verifying came to, in a sentence."""
    if found.ok:
        words = _("{count} lines, nothing wrong; signed up to line {number}")
        return words.format(count=found.lines + found.old_lines, number=found.signed)
    words = _("{count} things are wrong, the first: {what}; desk audit verify tells all")
    return words.format(count=found.fault_count, what=found.faults[0].what)
