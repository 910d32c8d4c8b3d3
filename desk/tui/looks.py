"""How a seat's screen looks: the theme, the borders and the language chosen there, remembered for the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk import schema
from desk.records import Record

if TYPE_CHECKING:
    from desk.place import Place


class Look(Record, frozen=True, kw_only=True):
    """What was chosen on the screen of one seat; an empty word stands for what the settings say."""

    seat: str = ""
    theme: str = ""
    ascii_lines: bool = False
    language: str = ""


def remembered(place: Place) -> Look:
    """The look of this seat; as the settings say where none was chosen."""
    return place.store.records(schema.SEATS, Look).get(place.seat) or Look(seat=place.seat)


def remember(place: Place, look: Look) -> None:
    """Keep the look of this seat."""
    place.store.records(schema.SEATS, Look).put(look)
