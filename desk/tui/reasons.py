"""Why a duty is due, in words: what its rule is called, and from what its deadline counts.

reasons = Reasons(desk)              # the rule packs are read when the first reason is asked for
reasons.why(duty)                    # "written notice: 7 days before the planned start"
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from desk.i18n import _

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.regulation import Regulation
    from desk.regulation.pack import Entry


class Ruled(Protocol):
    """What a reason needs of a duty, or of a sheet of them."""

    @property
    def rules(self) -> tuple[str, ...]: ...


class Reasons:
    """The words of the rules in force. Reading them costs tens of milliseconds once: not on the screen's thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def regulation(self) -> Regulation:
        return self._desk.notices.owing.regulation

    def why(self, duty: Ruled) -> str:
        """What is owed and from when its deadline counts; the rules' names where their pack is gone."""
        from desk.regulation.words import moments

        entries = self._entries(duty)
        if not entries:
            return ", ".join(duty.rules)
        first = entries[0]
        when = moments(getattr(first, "due", ()), first.pack, self.regulation)
        return _("{what}: {when}").format(what=first.title, when=when) if when else first.title

    def title(self, duty: Ruled) -> str:
        """What is owed, in a few words."""
        entries = self._entries(duty)
        return entries[0].title if entries else ", ".join(duty.rules)

    def sentences(self, duty: Ruled) -> list[str]:
        """What the rules say, a sentence for each."""
        return [entry.sentence for entry in self._entries(duty)]

    def _entries(self, duty: Ruled) -> list[Entry]:
        by_name = self.regulation.by_name
        return [by_name[rule] for rule in duty.rules if rule in by_name]


def articles(names: Iterable[str]) -> str:
    """Articles as a list shows them, the desk's own practice in one short word."""
    return " ".join(dict.fromkeys(_("desk") if name == "desk practice" else name for name in names))
