"""A ring in words."""

from __future__ import annotations

from collections.abc import Mapping

from desk.i18n import N_, _
from desk.records import Phone, Ring, RingState
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
    """The caller's number as a Chinese reader expects it; as it came where it is no number."""
    from desk.phone_numbers import read_phone, shown

    if is_withheld(ring):
        return _("number withheld")
    if not ring.number:
        return clean(ring.written_number)
    phone: Phone = read_phone(ring.number, area_code)
    return shown(phone)
