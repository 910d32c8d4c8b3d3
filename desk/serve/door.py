"""The desk's own sign-in, as the server needs it: a name and a password in, a session out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from desk.errors import SignInNeeded

if TYPE_CHECKING:
    from desk.access.signing_in import SigningIn
    from desk.app import Desk
    from desk.place import Place


@dataclass(frozen=True)
class Signed:
    """Who signed in, at which seat. `token` is the desk's session; it never reaches the browser."""

    agent: str
    seat: str
    token: str = field(repr=False)


class Door(Protocol):
    """Who may come in. Its verbs may take a while and are called on threads."""

    def sign_in(self, name: str, password: str, seat: str) -> Signed:
        """Raises SignInNeeded with the sentence for the page when it is refused; `MustChange` when the password is
        right but somebody else's choice."""

    def change_password(self, name: str, password: str, new: str) -> None:
        """Raises SignInNeeded, or BadInput for a new password that is none."""

    def holds(self, signed: Signed) -> bool:
        """Whether this sign-in still holds: not ended elsewhere, not run out, the agent not disabled."""

    def sign_out(self, signed: Signed) -> None:
        """End it; no error when it had ended."""


class DeskDoor:
    """The door of an open desk. Each sign-in has a place of its own at the one store."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def sign_in(self, name: str, password: str, seat: str) -> Signed:
        coming = self._coming(seat)
        token = coming.by_password(name, password, door="browser")
        return Signed(coming.sessions.resume(token).agent, seat, token)

    def change_password(self, name: str, password: str, new: str) -> None:
        from desk.access.agents import Agents

        Agents(self._place("")).change_own(name, password, new)

    def holds(self, signed: Signed) -> bool:
        try:
            self._coming(signed.seat).sessions.resume(signed.token)
        except SignInNeeded:
            return False
        return True

    def sign_out(self, signed: Signed) -> None:
        going = self._coming(signed.seat)
        try:
            going.resume(signed.token)
        except SignInNeeded:
            return
        going.sign_out()

    def _coming(self, seat: str) -> SigningIn:
        from desk.access.signing_in import SigningIn

        return SigningIn(self._place(seat))

    def _place(self, seat: str) -> Place:
        return replace(self._desk.place, agent="", role="", session="", seat=seat, signs_in=True)
