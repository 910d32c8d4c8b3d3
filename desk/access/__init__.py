"""Who may do what at the desk, and the line that is left when it must be answerable later.

    access = Access(place)
    access.require("open_outage")                     # raises NotAllowed, or SignInNeeded while nobody is signed in
    access.note("outage.open", outage.id)

What each role may do stands in rights.py; who is listed in agents.py; how one signs in in signing_in.py.
"""

from __future__ import annotations

from typing import Any

from desk.access.rights import RIGHTS, ROLE_WORDS, ROLES, rights_of
from desk.audit import Audit
from desk.errors import NotAllowed, NotFound, SignInNeeded
from desk.i18n import _
from desk.place import Place
from desk.records import AuditLine, Customer

__all__ = ["RIGHTS", "ROLES", "ROLE_WORDS", "Access"]


class Access:
    """The rights of whoever sits at this place."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def may(self, right: str) -> bool:
        place = self._place
        return right in rights_of(place.role, alone=not place.signs_in)

    def require(self, right: str) -> None:
        """Raises NotAllowed unless the role at this place has `right`; SignInNeeded while nobody is signed in."""
        if self.may(right):
            return
        self.require_anyone()
        words = {"role": _(ROLE_WORDS.get(self._place.role, self._place.role)), "right": _(RIGHTS[right])}
        raise NotAllowed(_("the role {role} may not {right}; ask a supervisor").format(**words))

    def require_anyone(self) -> None:
        """Raises SignInNeeded while nobody is signed in, where signing in is asked for."""
        if self._place.signs_in and not self._place.role:
            raise SignInNeeded(_("nobody is signed in at this desk; sign in first"))

    def reveal(self, account_no: str) -> Customer:
        """The customer with telephone numbers in full; leaves a line in the audit."""
        self.require("reveal_number")
        customer = self._place.customers.get(account_no)
        if customer is None:
            raise NotFound(_("there is no customer {account}").format(account=account_no))
        self.note("number.reveal", account_no)
        return customer

    def note(self, act: str, about: str = "", details: dict[str, Any] | None = None) -> AuditLine:
        """Leave a line in the audit; inside a transaction it is kept or dropped with it."""
        return Audit(self._place).note(act, about, details)
