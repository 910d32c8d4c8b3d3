"""Showing telephone numbers that stand in words, or a caller's who is no customer: a right, and a line in the audit."""

from __future__ import annotations

from desk.access import Access
from desk.place import Place


def reveal(place: Place, about: str) -> None:
    """Write down that numbers of `about` (the id of a call, a case, a message, …) were shown; raises NotAllowed."""
    access = Access(place)
    access.require("reveal_number")
    access.note("number.reveal", about)
