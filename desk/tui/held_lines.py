"""What another seat has taken on, in lists and sentences: a sign, whose it is, until when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from desk.i18n import _
from desk.seats import bare, held_words, whose
from desk.text import clean

if TYPE_CHECKING:
    from desk.records import Claim


def is_held(claim: Claim | None, now: datetime) -> bool:
    """Whether it is somebody else's still."""
    return claim is not None and claim.until > now


def sign_of(claim: Claim | None) -> str:
    """The sign before a row that another seat has: `@` and who sits there."""
    return f"@{clean(claim.agent or claim.seat)}  " if claim is not None else ""


def held_sign(screen: Any, row: Any) -> str:
    """The same of a row of a list that knows what other seats have."""
    return sign_of(screen.held_elsewhere(row))


def take_over_words(claim: Claim) -> str:
    """The question before it is taken over."""
    return _("{held}. Take it over: why?").format(held=held_words(claim))


def taken_words(claim: Claim) -> str:
    """What is said once it was."""
    return _("{what} is yours until {until}").format(what=bare(claim.id), until=claim.until.strftime("%H:%M"))


def talking_words(claim: Claim) -> str:
    """Somebody else talks to the same customer."""
    words = {"who": whose(claim.seat, claim.agent), "since": f"{claim.at:%H:%M}", "what": bare(claim.id)}
    return _("! {who} is talking to this customer since {since} ({what})").format(**words)
