"""Who else is here, and who has the same card open.

    here = Presences(place)
    here.announce("outage:O12", editing=True)     written when it is another card than before, or is about to lapse
    here.with_card("outage:O12")                  who else has it open
    here.leave()                                  nobody sits here any more

A desk alone writes once, when it is opened: cards are told only while somebody else is there to see them
(`has_company`). What a seat said is believed for LASTS, so that one that crashed is soon forgotten.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property

from desk import schema
from desk.place import Place
from desk.records import Presence
from desk.store import RecordTable

LASTS = timedelta(seconds=150)  # as long as a presence is believed
RENEWED = timedelta(seconds=60)  # as long as it is left as it is


class Presences:
    """The presence of one agent at one seat, and of the others. Reads the store; not for the screen's thread."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._told: Presence | None = None

    @cached_property
    def _table(self) -> RecordTable[Presence]:
        return self._place.store.records(schema.PRESENCES, Presence)

    def announce(self, card: str = "", *, editing: bool = False) -> bool:
        """Say that this seat is here with this card open; returns whether anything had to be written."""
        now, place = self._place.now(), self._place
        told = Presence(
            id=self._id, seat=place.seat, agent=place.agent, card=card, editing=editing, at=now, until=now + LASTS
        )
        if self._told is not None and self._told.id != told.id:
            self.leave()  # somebody else has signed in here
        if not self._is_news(told, now):
            return False
        self._table.put(told)
        self._told = told
        return True

    @property
    def is_known(self) -> bool:
        """Whether whoever sits here now has said so."""
        return self._told is not None and self._told.id == self._id

    def others(self) -> list[Presence]:
        """Everybody else who is here."""
        return [one for one in self._table.all() if self._is_other(one)]

    def has_company(self) -> bool:
        """Whether anybody else is here."""
        return bool(self.others())

    def with_card(self, card: str) -> list[Presence]:
        """Who else has this card open, whoever edits it first."""
        found = [one for one in self._table.where(card=card) if self._is_other(one)] if card else []
        return sorted(found, key=lambda one: (not one.editing, one.at, one.id))

    def leave(self) -> None:
        """Nobody sits here any more."""
        told, self._told = self._told, None
        if told is not None:
            self._table.remove(told.id)
            self._sweep()

    # inside

    @property
    def _id(self) -> str:
        return f"{self._place.seat}/{self._place.agent}"

    def _is_news(self, told: Presence, now: datetime) -> bool:
        before = self._told
        if before is None or (before.card, before.editing) != (told.card, told.editing):
            return True
        return not before.at <= now < before.at + RENEWED

    def _is_other(self, one: Presence) -> bool:
        return one.id != self._id and is_here(one, self._place.now())

    def _sweep(self) -> None:
        now = self._place.now()
        for gone in [one for one in self._table.all() if not is_here(one, now)]:
            self._table.remove(gone.id)


def is_here(one: Presence, now: datetime) -> bool:
    """Whether it is believed. One that began in the future is for its own length only: a clock has jumped back."""
    return one.at - (one.until - one.at) <= now < one.until
