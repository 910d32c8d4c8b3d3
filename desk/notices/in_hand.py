"""Duties on the telephone at several seats: the next one that nobody else deals with, taken on as it comes up.

A duty is claimed by its own number, never by its sheet: two agents work on one sheet side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk.place import Place
from desk.records import Claim, Customer, Duty
from desk.seats import Claims, HeldElsewhere, duty_claim

if TYPE_CHECKING:
    from desk.notices.work import Work


class InHand:
    """Who has which duty, as seen from one seat."""

    def __init__(self, place: Place) -> None:
        self._claims = Claims(place)

    def take(self, duty: Duty, contact: Customer | None) -> Claim:
        """This seat deals with the duty from now on; raises HeldElsewhere."""
        return self._claims.take(duty_claim(duty.id), about=contact.account_no if contact else "")

    def take_first(
        self, works: Iterable[Work], but: Collection[str], stored: Callable[[str], Duty | None]
    ) -> Duty | None:
        """The first of these that nobody else deals with, and whose customer nobody else talks to; taken on. `stored`
        reads a duty again: what was listed a moment ago another seat may have done with since."""
        others = self._claims.others()
        busy = {one.about for one in others.values() if one.about}
        for work in works:
            duty = work.duty
            if duty.id in but or duty_claim(duty.id) in others or busy & {duty.recipient.id, *duty.sites}:
                continue
            try:
                self._claims.take(duty_claim(duty.id), about=_account(duty))
            except HeldElsewhere:
                continue  # another seat was quicker
            if stored(duty.id) == duty:
                return duty
            self.let_go(duty.id)
        return None

    def let_go(self, *duties: str) -> None:
        """Nobody's again, as far as they were ours."""
        self._claims.drop(*map(duty_claim, duties))

    def require(self, duty: str) -> None:
        """Raises HeldElsewhere where somebody else deals with it; inside the transaction that writes it down."""
        self._claims.require(duty_claim(duty))

    def end(self, duty: str) -> None:
        """It was written down what came of it; inside that transaction."""
        self._claims.end(duty_claim(duty))

    def elsewhere(self, duty: Duty, contact: Customer | None) -> Claim | None:
        """Who else deals with this duty or, over something else, talks to its customer."""
        what = duty_claim(duty.id)
        return self._claims.holder(what) or self._claims.busy_with(contact.account_no if contact else "", but=what)

    def marked(self, works: list[Work]) -> list[Work]:
        """The same with whose each is, where it is somebody else's."""
        others = self._claims.others()
        if not others:
            return works
        return [replace(work, held=held) if (held := others.get(duty_claim(work.duty.id))) else work for work in works]


def _account(duty: Duty) -> str:
    return "" if duty.recipient.kind != "customer" else duty.sites[0] if duty.sites else duty.recipient.id
