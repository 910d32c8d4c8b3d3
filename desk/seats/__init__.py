"""Several seats at one store: who has taken what on, who has which card open, and how two edits become one.

seats = desk.seats
seats.claims.take(duty_claim("D12"))
seats.presences.announce("outage:O12")
seats.leave()
"""

from __future__ import annotations

from contextlib import suppress

from desk.errors import DeskError
from desk.place import Place
from desk.seats.claims import (
    Claims,
    HeldElsewhere,
    bare,
    callback_claim,
    case_claim,
    duty_claim,
    held_words,
    message_claim,
    whose,
    work_order_claim,
)
from desk.seats.merging import Conflict, EditConflict, Merged, merge, touched
from desk.seats.presence import Presences

__all__ = [
    "Claims",
    "Conflict",
    "EditConflict",
    "HeldElsewhere",
    "Merged",
    "Presences",
    "Seats",
    "bare",
    "callback_claim",
    "case_claim",
    "duty_claim",
    "held_words",
    "merge",
    "message_claim",
    "touched",
    "whose",
    "work_order_claim",
]


class Seats:
    """What this seat knows of the others, and they of it."""

    def __init__(self, place: Place) -> None:
        self.claims = Claims(place)
        self.presences = Presences(place)

    def leave(self) -> None:
        """The desk is left or its agent signs out: what is in hand is free again. A store that is away keeps nobody."""
        with suppress(DeskError):
            self.claims.drop_all()
            self.presences.leave()
