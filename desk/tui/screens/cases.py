"""Cases: complaints and what else callers want answered, by when they are due; assigned, answered, closed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from functools import partial

from desk import schema
from desk.cases import KINDS, OPEN, WORDS, step_word
from desk.i18n import N_, _, language
from desk.records import Case
from desk.text import clean
from desk.tui import times
from desk.tui.cells import Line, Piece, discreet, field, heading, line, wrap
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.screens.listed import ListScreen
from desk.tui.widgets.lines import Lines

CASES: tuple[Column, ...] = (
    Column("due", N_("Due"), 13),
    Column("kind", N_("Kind"), 16),
    Column("state", N_("State"), 10),
    Column("id", N_("No."), 6),
    Column("owner", N_("Whose"), 12),
    Column("who", N_("Who"), 16),
    Column("about", N_("About"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "kind", 12), (100, "who", 0), (100, "owner", 9))
CHOICES: Mapping[str, str] = {"open": N_("open"), "overdue": N_("overdue"), "all": N_("all")}


class CaseLines(Lines[Case]):
    """One line for each case."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime

    def row_id(self, row: Case) -> str:
        return row.id

    def row_key(self, row: Case) -> Hashable:
        return (row.state, row.owner, self._is_late(row), language())

    def row_line(self, row: Case, width: int) -> Line:
        late = self._is_late(row)
        texts = (
            (("!" if late else " ") + times.shown(row.due, self.now), "overdue" if late else "text"),
            (_(KINDS.get(row.kind, row.kind)), "strong"),
            (_(WORDS[row.state]), "text" if row.state in OPEN else "dim"),
            (row.id, "dim"),
            (clean(row.owner), "text"),
            (clean(row.customer_name), "text"),
            (clean(row.about), "text"),
        )
        return cells(CASES, widths(CASES, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(CASES, widths(CASES, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return _("No case is open. A call whose topic is a complaint, a suggestion or praise opens one.")

    def _is_late(self, row: Case) -> bool:
        return row.state in OPEN and row.due is not None and row.due < self.now


class CasesScreen(ListScreen[Case]):
    """`a` says whose it is, Enter writes what the caller was told, `x` closes it."""

    PLACE = "cases"
    KIND = "case"
    TABLES = (schema.CASES,)

    def __init__(self) -> None:
        super().__init__(CaseLines())
        self.state = "open"

    def title_words(self) -> str:
        return _("Cases")

    def opened(self) -> None:
        self.list.now = self.app.desk.now()  # type: ignore[attr-defined]
        super().opened()

    def found(self) -> Sequence[Case]:
        self.list.now = self.app.desk.now()  # type: ignore[attr-defined]
        return self.app.desk.cases.listed(self.state)

    def sums(self) -> Sequence[Piece]:
        return [Piece(" " + _("Which") + " ", "dim"), Piece(f"[{_(CHOICES[self.state])}]")]

    def context_of(self, row: Case | None) -> dict[str, object]:
        stage = str(row.state) if row else ""
        return {"part": row.id if row else "", "stage": stage, "outage": row.outage if row else ""}

    def about(self, row: Case, now: datetime, width: int) -> list[Line]:
        return case_lines(row, now, width)

    def copied(self) -> str:
        return discreet(f"{self.list.current.id} {self.list.current.about}") if self.list.current else ""

    # commands

    def cases_leave(self) -> None:
        """The key that opened the screen closes it."""
        self.app.desk_back()

    def cases_which(self) -> None:
        """Those open, those overdue, or all."""
        names = list(CHOICES)
        self.state = names[(names.index(self.state) + 1) % len(names)]
        self.reload()

    def cases_assign(self) -> None:
        """Whose it is now."""
        self._ask("assign", _("{id}: whose is it now?"), _("Whose"))

    def cases_answer(self) -> None:
        """What the caller was told."""
        self._ask("answer", _("{id}: what was the caller told?"), _("Answer"))

    def cases_close(self) -> None:
        """Nothing more is to be done."""
        self._ask("close", _("{id}: close it. Anything to add?"), _("Note"))

    def _ask(self, verb: str, question: str, label: str) -> None:
        row = self.list.current
        if row is not None:
            do = partial(getattr(self.app.desk.cases, verb), row.id)
            if verb == "assign":
                do = partial(self.app.desk.cases.assign, row.id, seen=row)
            self.question(question.format(id=row.id), lambda typed: self.act(partial(do, typed), _said), label=label)


def case_lines(case: Case, now: datetime, width: int) -> list[Line]:
    """One case in full."""
    head = line(
        Piece(f"{case.id} ", "title"),
        Piece(_(KINDS.get(case.kind, case.kind)), "strong"),
        Piece(f"  {_(WORDS[case.state])}", "dim"),
        copy=case.id,
    )
    facts = (
        (_("About"), clean(case.about)),
        (_("Who"), clean(f"{case.customer_name} {case.account_no}".strip())),
        (_("Due"), times.shown(case.due, now)),
        (_("Whose"), clean(case.owner)),
        (_("Call"), " ".join(filter(None, (case.call, case.outage, *case.linked)))),
        (_("Article"), case.article),
        (_("Answer"), clean(case.answer)),
    )
    lines = [head, *(row for label, value in facts if value for row in field(label, value, width)), heading(_("Steps"))]
    for step in reversed(case.steps):
        act = step_word(step.act)
        words = "  ".join(filter(None, (times.shown(step.at, now), act, clean(step.note), step.by)))
        lines += [line(Piece(row, "dim")) for row in wrap(words, width)]
    return lines


def _said(case: Case) -> str:
    return _("{id}: {state}").format(id=case.id, state=_(WORDS[case.state]))
