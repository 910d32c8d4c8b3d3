"""What is remembered of a number or address: that it reached nobody, or that its owner wants nothing this way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cached_property

from desk import schema
from desk.place import Place
from desk.records import Record
from desk.store import RecordTable

# Numbers are given to other people, and out of order ones are mended: after so long it is tried again.
FORGETS: dict[str, timedelta | None] = {"wrong_number": timedelta(days=90), "opted_out": None}


class AddressNote(Record, frozen=True, kw_only=True):
    """One address over one family of channels, and what is the matter with it: wrong_number or opted_out."""

    id: str
    state: str
    at: datetime
    why: str = ""


class Memory:
    """The notes on addresses of one county."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._used: tuple[int, bool] | None = None

    @cached_property
    def _table(self) -> RecordTable[AddressNote]:
        return self._place.store.records(schema.ADDRESSES, AddressNote)

    @property
    def _is_used(self) -> bool:
        """Whether anything is remembered at all; asked once for each change, not for each sheet of duties."""
        version = self._place.changes.version(schema.ADDRESSES)
        if self._used is None or self._used[0] != version:
            self._used = (version, self._table.count() > 0)
        return self._used[1]

    def note(self, family: str, address: str, state: str, why: str, at: datetime) -> None:
        """Remember what is the matter with an address; inside a transaction it is kept or dropped with it."""
        if address:
            self._table.put(AddressNote(id=_key(family, address), state=state, at=at, why=why))

    def forget(self, family: str, address: str) -> bool:
        """Use the address again; whether anything was remembered of it."""
        return self._table.remove(_key(family, address))

    def bad(self, places: Callable[[], Iterable[tuple[str, str]]], now: datetime) -> set[tuple[str, str]]:
        """Those of these (family, address) that are not to be used now; asked for only once anything is remembered."""
        asked = {_key(*place): place for place in places()} if self._is_used else {}
        notes = self._table.where(id=list(asked)) if asked else []
        return {asked[note.id] for note in notes if not _forgotten(note, now)}


def _key(family: str, address: str) -> str:
    return f"{family} {address}"


def _forgotten(note: AddressNote, now: datetime) -> bool:
    after = FORGETS.get(note.state)
    return after is not None and now - note.at > after
