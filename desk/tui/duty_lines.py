"""What stands on the cards of duties: one duty in full, and the page of one on the telephone. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from desk.i18n import _
from desk.notices.results import ALL
from desk.records import Duty, Evidence
from desk.regulation.words import CHANNELS, EVIDENCE, OWNERS
from desk.seats import bare, held_words
from desk.text import clean
from desk.tui import times
from desk.tui.cells import Line, Piece, field, heading, join, line, wrap
from desk.tui.countdown import span
from desk.tui.held_lines import talking_words
from desk.tui.reasons import articles
from desk.tui.words import say

if TYPE_CHECKING:
    from desk.notices import Work
    from desk.notices.calling import PhoneCall

Dialled = Callable[[datetime, int], Iterable[Line]]  # the lines of a call that a machine dialled
TRIES = 4  # tries shown of a duty


def duty_lines(work: Work, why: str, sentences: Iterable[str], now: datetime, width: int) -> list[Line]:
    """One duty: why it is due, until when, who does it and how, what stands in the way, what was tried."""
    duty = work.duty
    head = line(
        Piece(f"{duty.id} ", "title"),
        Piece(f"{articles(duty.articles)}  ", "accent"),
        Piece(why, "strong"),
        copy=f"{duty.id} {why}",
    )
    return [
        head,
        *(line(Piece(row, "bad")) for row in (wrap(f"@ {held_words(work.held)}", width) if work.held else ())),
        *(line(Piece(row, "bad")) for one in work.obstacles for row in wrap(f"! {one.words}", width)),
        *_fields(
            width,
            (_("Whom"), recipient(duty)),
            (_("Until"), _until(work, now)),
            (_("How"), f"{channels(work.channels, duty.channel_mode)}  {say(OWNERS, duty.owner)}"),
            (_("Proof"), say(EVIDENCE, duty.evidence_kind)),
        ),
        *tried(duty.evidence, now, width),
        *(line(Piece(row, "dim")) for sentence in sentences for row in wrap(sentence, width)),
    ]


def call_lines(
    call: PhoneCall, work: Work, why: str, customer: Sequence[Piece], dialled: Dialled, now: datetime, width: int
) -> list[Line]:
    """The page of a duty on the telephone: whom to dial, what came of that, what to say, what to have said back."""
    duty = call.duty
    due = Piece(due_words(duty, now), "overdue" if work.overdue else "off")
    return [
        line(Piece(recipient(duty) + "  ", "title"), *customer, copy=recipient(duty)),
        Line(tuple(join([Piece(articles(duty.articles), "accent"), Piece(why), due, Piece(call.outage.id, "dim")]))),
        *(line(Piece(row, "bad")) for one in work.obstacles for row in wrap(f"! {one.words}", width)),
        *(line(Piece(row, "bad")) for row in _elsewhere(call, width)),
        _number(call),
        *dialled(now, width),
        heading(_("Read out")),
        *(line(Piece(row, "script")) for row in wrap(call.text, width)),
        heading(_("Have it said back")),
        *(line(Piece(row, "text")) for text in call.read_back for row in wrap(text, width)),
        *tried(duty.evidence, now, width),
    ]


def _elsewhere(call: PhoneCall, width: int) -> list[str]:
    """Who else has this duty, or talks to the same customer over something else."""
    held = call.elsewhere
    if held is None:
        return []
    if bare(held.id) == call.duty.id:
        return wrap(f"! {held_words(held)}", width)
    return wrap(talking_words(held), width)


def tried(evidence: Sequence[Evidence], now: datetime, width: int) -> list[Line]:
    """The last tries, the newest first."""
    lines = []
    for one in tuple(reversed(evidence))[:TRIES]:
        result = _(ALL[one.result].words) if one.result in ALL else one.result
        parts = (times.shown(one.at, now), say(CHANNELS, one.channel), result, one.person, one.ref, one.note, one.by)
        words = "  ".join(clean(part) for part in parts if part)
        lines += [line(Piece(row, "dim")) for row in wrap(words, width)]
    return [heading(_("Tried before")), *lines] if lines else []


def recipient(duty: Duty) -> str:
    """Who is owed it, by name."""
    words = clean(duty.recipient.name or duty.recipient.id)
    return _("{name} and {count} sites").format(name=words, count=len(duty.sites)) if duty.sites else words


def channels(names: Sequence[str], mode: str = "any_of") -> str:
    """Over what, in words."""
    return ("+" if mode == "all_of" else "/").join(say(CHANNELS, name) for name in names)


def due_words(duty: Duty, now: datetime) -> str:
    """How long until it is due, or since."""
    seconds = int((duty.due - now).total_seconds())
    if seconds < 0:
        return _("! over {span}").format(span=span(-seconds))
    return _("in {span}").format(span=span(seconds))


def _until(work: Work, now: datetime) -> str:
    duty = work.duty
    words = f"{times.shown_in_full(duty.due, now)}  {due_words(duty, now)}"
    if work.ready_at and work.ready_at > now:
        words += "  " + _("not before {time}").format(time=times.shown(work.ready_at, now))
    return words


def _number(call: PhoneCall) -> Line:
    if call.channel != "phone":
        words = _("the numbers were tried in vain: {channel}").format(channel=say(CHANNELS, call.channel))
        return line(Piece(words, "warn"))
    if not call.number:
        return line(Piece(_("No number is known here: look it up, dial, and write down what it came to."), "warn"))
    tries = _("tried {count} times").format(count=call.tries) if call.tries else ""
    number = Piece(call.number, "number")
    parts = [Piece(_("Number"), "dim"), number, Piece(clean(call.role)), Piece(tries, "off")]
    return Line(tuple(join(parts)), copy=call.number)


def _fields(width: int, *fields: tuple[str, str]) -> list[Line]:
    return [one for label, value in fields if value.strip() for one in field(label, value, width)]
