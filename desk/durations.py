"""Stretches of time as ISO 8601 writes them: `P7D`, `PT30M`, `P1DT12H`. Days stay days: a county may count dates."""

from __future__ import annotations

import re
from datetime import timedelta

from msgspec import Struct

from desk.errors import BadInput
from desk.i18n import _

_SHAPE = re.compile(r"P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?")


class Duration(Struct, frozen=True):
    """Days, and what is over in hours, minutes and seconds."""

    days: int = 0
    seconds: int = 0

    @property
    def text(self) -> str:
        """As ISO 8601 writes it."""
        hours, minutes, seconds = self.seconds // 3600, self.seconds % 3600 // 60, self.seconds % 60
        days = f"{self.days}D" if self.days or not self.seconds else ""
        parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
        clock = "".join(f"{count}{unit}" for count, unit in parts if count)
        return f"P{days}" + (f"T{clock}" if clock else "")

    @property
    def length(self) -> timedelta:
        """The stretch with a day as 24 hours."""
        return timedelta(days=self.days, seconds=self.seconds)


def parse_duration(text: str) -> Duration:
    """The stretch `text` names; raises BadInput when it names none."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None or text.strip()[-1] in "PT":
        raise BadInput(_("{text} is no length of time; write it like P7D, PT24H or PT30M").format(text=repr(text)))
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return Duration(weeks * 7 + days, (hours * 60 + minutes) * 60 + seconds)
