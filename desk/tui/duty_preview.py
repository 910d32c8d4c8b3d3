"""What saving would make owed: duties grouped by rule, each with its deadline, those missed already marked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from desk.i18n import _, ngettext
from desk.text import fit, fit_right
from desk.tui import times
from desk.tui.cells import Line, Piece, heading, line, wrap
from desk.tui.countdown import span
from desk.tui.reasons import articles
from desk.tui.words import say

if TYPE_CHECKING:
    from desk.regulation.facts import ApprovalStep, DutyDraft, Steps
    from desk.tui.reasons import Reasons

LEAST_TITLE = 8
WITH_OWNER = 64  # cells from which there is room for who does it


class Terms(Protocol):
    """What all duties of a group share: a sheet of them, one of them, or the terms of a draft."""

    @property
    def rules(self) -> tuple[str, ...]: ...
    @property
    def articles(self) -> tuple[str, ...]: ...
    @property
    def due(self) -> datetime: ...
    @property
    def owner(self) -> str: ...


class Group(Struct, frozen=True):
    """Duties by the same rules with the same deadline."""

    articles: tuple[str, ...]
    title: str
    due: datetime
    owner: str
    count: int


def expected(duties: Any, title: Callable[[Terms], str]) -> list[Group]:
    """The duties that opening would make, as `Preview.duties` gives them; sheets are counted without unpacking."""
    sheets = getattr(duties, "sheets", None)
    if sheets is not None:
        return _grouped(((sheet, len(sheet.lines)) for sheet in sheets), title)
    return _grouped(((duty, 1) for duty in duties), title)


def drafted(drafts: Iterable[DutyDraft], title: Callable[[Terms], str]) -> list[Group]:
    """Drafts of duties, grouped."""
    return _grouped(((draft.terms, 1) for draft in drafts), title)


def _grouped(found: Iterable[tuple[Terms, int]], title: Callable[[Terms], str]) -> list[Group]:
    counts: dict[tuple[tuple[str, ...], datetime], list[Any]] = {}
    for terms, count in found:
        kept = counts.setdefault((terms.rules, terms.due), [terms, 0])
        kept[1] += count
    groups = [Group(terms.articles, title(terms), terms.due, terms.owner, count) for terms, count in counts.values()]
    return sorted(groups, key=lambda group: group.due)


def expected_lines(groups: Sequence[Group], now: datetime, width: int) -> list[Line]:
    """Every group with its deadline; those already missed are red and carry a `!`."""
    total = sum(group.count for group in groups)
    missed = sum(group.count for group in groups if group.due < now)
    words = ngettext("{count} duty", "{count} duties", total).format(count=total)
    if missed:
        words += "  " + _("! {count} missed already").format(count=missed)
    return [heading(words), *group_lines(groups, now, width)]


def group_lines(groups: Iterable[Group], now: datetime, width: int) -> list[Line]:
    """A line for each group: article, what, how many, who does it, until when."""
    from desk.regulation.words import OWNERS

    lines = []
    for group in groups:
        missed = group.due < now
        left = (
            f"-{span(int((now - group.due).total_seconds()))}"
            if missed
            else span(int((group.due - now).total_seconds()))
        )
        role = "overdue" if missed else "text"
        wide = width >= WITH_OWNER
        room = max(width - 36 - (12 if wide else 0), LEAST_TITLE)
        owner = Piece(fit(say(OWNERS, group.owner), 11) + " ", "dim") if wide else Piece("")
        lines.append(
            line(
                Piece(
                    fit(f"{'!' if missed else ' '}{articles(group.articles)}", 10), "overdue" if missed else "accent"
                ),
                Piece(fit(group.title, room), role),
                Piece(fit_right(str(group.count), 4) + " ", "strong"),
                owner,
                Piece(fit(times.shown(group.due, now), 12), role),
                Piece(fit_right(left, 9), role),
            )
        )
    return lines


def approval_lines(steps: Sequence[ApprovalStep], names: Sequence[str], now: datetime, width: int) -> list[Line]:
    """The approvals that will be needed, in order; those that come with the form carry their names."""
    from desk.regulation.words import POSTS

    if not steps:
        return []
    until = next((step.needed_by for step in steps if step.needed_by), None)
    cited = " ".join(dict.fromkeys(article for step in steps for article in step.articles))
    words = _("Approvals (Art. {articles})").format(articles=cited)
    role = "text"
    if until is not None:
        late = until < now
        text = _("{words}: ! the last moment was {time}") if late else _("{words}: last moment {time}")
        words, role = text.format(words=words, time=times.shown(until, now)), "overdue" if late else "text"
    lines = [line(Piece(row, role)) for row in wrap(words, width)]
    chain = []
    for number, step in enumerate(steps):
        name = names[number] if number < len(names) else ""
        chain.append(f"+ {say(POSTS, step.post)} {name}" if name else f"~ {say(POSTS, step.post)}")
    return [*lines, *(line(Piece(row, "dim")) for row in wrap("  ".join(chain), width))]


def change_lines(steps: Steps, reasons: Reasons, now: datetime, width: int) -> list[Line]:
    """What a change would do: who must hear, who is newly owed, whose deadlines move, what falls away."""
    parts: list[tuple[str, list[Group]]] = [
        (_("Must be told of the change: {count}"), drafted(steps.inform, reasons.title)),
        (_("Newly owed: {count}"), drafted(steps.add, reasons.title)),
        (_("Deadlines that move: {count}"), _grouped(((duty, 1) for duty in steps.move), reasons.title)),
        (_("No longer owed: {count}"), _grouped(((duty, 1) for duty in steps.withdraw), reasons.title)),
    ]
    lines = []
    for words, groups in parts:
        if groups:
            lines += [heading(words.format(count=sum(group.count for group in groups)))]
            lines += group_lines(groups, now, width)
    return lines or [line(Piece(_("Nobody has to be told of this change."), "dim"))]
