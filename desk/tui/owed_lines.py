"""What an outage's card says of its duties: told of owed, overdue, approvals outstanding, violations. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from desk.i18n import N_, _
from desk.notices.tally import overdue, owed, told
from desk.records import Approval, DutyTally, Violation
from desk.text import clean
from desk.tui import times
from desk.tui.cells import Line, Piece, heading, join, line, wrap
from desk.tui.words import say

MODES: Mapping[str, str] = {"written": N_("in writing"), "phone": N_("by telephone")}


def outage_duties(
    tally: DutyTally, approvals: Sequence[Approval], violations: Sequence[Violation], now: datetime, width: int
) -> list[Line]:
    """What an outage's card says of its duties: told of owed, overdue, approvals outstanding, violations."""
    if not owed(tally) and not approvals and not violations:
        return []
    late = overdue(tally, now)
    parts = [
        Piece(_("told {told} of {owed}").format(told=told(tally), owed=owed(tally)), "strong"),
        Piece(_("! {count} overdue").format(count=late), "overdue") if late else Piece(""),
        Piece(_("late {count}").format(count=tally.late), "off") if tally.late else Piece(""),
    ]
    waiting = [one for one in approvals if one.at is None]
    lines = [heading(_("Duties")), Line(tuple(join(parts)))]
    lines += approval_lines(waiting, now, width)
    return lines + [line(Piece(row, "bad")) for one in violations for row in wrap(violation(one, now), width)]


def approval_lines(approvals: Sequence[Approval], now: datetime, width: int) -> list[Line]:
    """The steps in order: given by whom and how, or until when."""
    lines: list[Line] = []
    for one in sorted(approvals, key=lambda one: (one.order, one.id)):
        lines += [line(Piece(row, role)) for text, role in [_approval(one, now)] for row in wrap(text, width)]
    return lines


def violation(one: Violation, now: datetime) -> str:
    """One violation in words, with the reason that was given for it."""
    words = _("! Art. {article} {what} {at}").format(article=one.article, what=_(one.what), at=times.shown(one.at, now))
    return _("{words} (reason: {reason})").format(words=words, reason=clean(one.reason)) if one.reason else words


def post_words(one: Approval) -> str:
    """Whose step it is, in words."""
    from desk.regulation.words import POSTS  # reads nothing, but loads the rules' shapes: only where one is shown

    return say(POSTS, one.post)


def _approval(one: Approval, now: datetime) -> tuple[str, str]:
    article, post = " ".join(one.articles), post_words(one)
    if one.at is not None:
        parts = (f"+ {article}", post, one.by, say(MODES, one.mode), times.shown(one.at, now), clean(one.ref))
        return "  ".join(part for part in parts if part), "good"
    words = _("~ {article} {post}: approval outstanding").format(article=article, post=post)
    if one.needed_by is None:
        return words, "warn"
    when = times.shown(one.needed_by, now)
    if one.needed_by < now:
        return words + _(", the last moment was {time}").format(time=when), "overdue"
    return words + _(", last moment {time}").format(time=when), "warn"
