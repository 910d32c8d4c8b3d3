"""Who is signed in in which browser, how many screens are open, and which were left alone for too long.

A browser holds a ticket in a cookie; the desk's own session stays in this server and is handed to the desk's process
only. Kept in memory: when the server ends, its screens end, and everyone signs in again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest, new
from secrets import token_urlsafe
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.serve.child import Screen
    from desk.serve.door import Signed

TICKET_BYTES = 32
ADDRESSES_KEPT = 10_000


@dataclass(eq=False)
class Ticket:
    """One sign-in in one browser. `proof` goes into its forms."""

    signed: Signed
    proof: str = field(default_factory=lambda: token_urlsafe(TICKET_BYTES))
    screens: set[Screen] = field(default_factory=set)
    seen: float = field(default_factory=monotonic)  # when its browser was last heard of


class Tickets:
    """All browsers that are signed in. `sessions` and `per_agent`: how many screens may be open."""

    def __init__(self, sessions: int, per_agent: int) -> None:
        self._sessions, self._per_agent = sessions, per_agent
        self._by_key: dict[bytes, Ticket] = {}
        self._closing = 0

    def __iter__(self) -> Iterator[Ticket]:
        return iter(list(self._by_key.values()))

    def issue(self, signed: Signed) -> str:
        """A new ticket; returns what its cookie says."""
        cookie = token_urlsafe(TICKET_BYTES)
        self._by_key[_key(cookie)] = Ticket(signed)
        return cookie

    def held(self, cookie: str) -> Ticket | None:
        """The ticket of this cookie; None when there is none, or none any more."""
        return self._by_key.get(_key(cookie)) if cookie else None

    def drop(self, ticket: Ticket) -> None:
        """This ticket holds no longer."""
        self._by_key = {key: kept for key, kept in self._by_key.items() if kept is not ticket}

    def is_full(self) -> bool:
        """Whether all screens there may be are open, or have not ended yet."""
        return self.screens() + self._closing >= self._sessions

    @contextmanager
    def closing(self) -> Iterator[None]:
        """Inside, a screen nobody sees any more comes to its end."""
        self._closing += 1
        try:
            yield
        finally:
            self._closing -= 1

    def has_enough(self, agent: str) -> bool:
        """Whether `agent` has as many screens open as one may."""
        return sum(len(ticket.screens) for ticket in self if ticket.signed.agent == agent) >= self._per_agent

    def screens(self) -> int:
        return sum(len(ticket.screens) for ticket in self)

    def at_seat(self, seat: str) -> str:
        """Who has a screen open at `seat`; empty when nobody has."""
        return next((one.signed.agent for one in self if one.screens and one.signed.seat == seat), "")


class Slowing:
    """So many wrong sign-ins from one address, and it waits: against one password tried on every name.

    The desk's own lock, by name, is in the use case; this one forgets when the server ends.
    """

    def __init__(self, most: int = 20, seconds: float = 300.0, clock: Callable[[], float] = monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._wrong: dict[str, list[float]] = {}

    def waits(self, address: str) -> bool:
        """Whether nothing from `address` is looked at for now."""
        return len(self._recent(address)) >= self._most

    def wrong(self, address: str) -> None:
        """A sign-in from `address` was refused."""
        if address not in self._wrong and len(self._wrong) >= ADDRESSES_KEPT:
            self._wrong = {kept: recent for kept in self._wrong if (recent := self._recent(kept))}
        self._wrong[address] = [*self._recent(address), self._clock()]

    def right(self, address: str) -> None:
        """Somebody signed in from `address`."""
        self._wrong.pop(address, None)

    def _recent(self, address: str) -> list[float]:
        since = self._clock() - self._seconds
        return [at for at in self._wrong.get(address, ()) if at > since][-self._most :]


def form_proof(secret: bytes, cookie: str) -> str:
    """What a sign-in form must bring along with this cookie: only a page of ours can have put it there."""
    return new(secret, cookie.encode("utf-8", "replace"), sha256).hexdigest()


def is_same(given: str, expected: str) -> bool:
    """Whether two secrets are the same; takes as long for a near miss as for any."""
    return compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _key(cookie: str) -> bytes:
    return sha256(cookie.encode("utf-8", "replace")).digest()
