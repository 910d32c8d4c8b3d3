"""The outbox: what is to be sent, what was, with which proof, and what a person must decide.

    outbox = desk.outbox
    outbox.listed(state="unknown")          messages with their tries
    outbox.work_once()                      one round of the worker
    outbox.decide("M12", "again")           a person's word on what nobody knows
    outbox.receive("sms", {"id": "4711", "status": "delivered"})

A try is stored as `sending` before its channel is called, and what became of it afterwards: whoever is killed
between the two leaves a message of which nobody knows whether it arrived, and says so.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from desk.outbox.book import Book

if TYPE_CHECKING:
    from desk.notices import Notices
    from desk.place import Place

__all__ = ["Outbox"]


class Outbox:
    """The messages of one county, from one seat."""

    def __init__(self, place: Place, notices: Notices) -> None:
        self._place = place
        self._notices = notices

    @cached_property
    def book(self) -> Book:
        """Where they are kept."""
        return Book(self._place)
