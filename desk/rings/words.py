"""A ring in words."""

from __future__ import annotations

from collections.abc import Mapping

from desk.i18n import N_, _
from desk.records import Ring, RingState
from desk.text import clean

STATE_WORDS: Mapping[RingState, str] = {
    RingState.RINGING: N_("ringing"),
    RingState.ANSWERED: N_("picked up"),
    RingState.MISSED: N_("missed"),
    RingState.ENDED: N_("ended"),
}


def is_withheld(ring: Ring) -> bool:
    """Whether the caller's number did not come with the call."""
    return not any(map(str.isdigit, ring.written_number))


def number_words(ring: Ring, area_code: str = "") -> str:
    """The caller's number, its middle hidden; a key shows it once the call is open."""
    from desk.phone_numbers import hidden

    if is_withheld(ring):
        return _("number withheld")
    return clean(hidden(ring.number or ring.written_number, area_code))
