"""Sign-ins that last: a token that only the signed-in side knows, kept as its SHA-256, until it ends.

    token = Sessions(place).open_session("zhang", "3", "browser")
    session = Sessions(place).resume(token)            # raises SignInNeeded once it has ended

It ends by signing out, after `[access] session_hours`, when the agent is disabled or the password is changed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from msgspec.structs import replace

from desk import schema
from desk.access.seating import require_active
from desk.errors import SignInNeeded
from desk.i18n import N_, _
from desk.place import Place
from desk.records import Agent, Session

DOORS = ("screen", "command", "browser")
SEEN_EVERY = timedelta(minutes=5)  # how exactly it is known when a session was last used: each time is a write
KEPT = timedelta(days=1)  # after its end; the audit tells of it for ever
ENDED = N_("this sign-in has ended; sign in again")


class Sessions:
    """The sign-ins of one desk."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._table = place.store.records(schema.SESSIONS, Session)
        self._agents = place.store.records(schema.AGENTS, Agent)

    def open_session(self, agent: str, seat: str, door: str) -> str:
        """A new sign-in of this agent, whose password was checked by the caller; returns its token."""
        if door not in DOORS:
            raise ValueError(f"a session is opened at one of {', '.join(DOORS)}, not {door!r}")
        token, now = token_urlsafe(32), self._place.now()
        ends = now + timedelta(hours=self._place.config.access.session_hours)
        with self._place.store.transaction():
            self._forget_old(now)
            self._table.put(
                Session(
                    id=digest(token), agent=agent, seat=seat, opened_at=now, seen_at=now, expires_at=ends, door=door
                )
            )
        return token

    def resume(self, token: str) -> Session:
        """The sign-in of this token; raises SignInNeeded when it has ended or never was."""
        return self.alive(digest(token))

    def alive(self, id: str) -> Session:
        """The sign-in called `id`, seen just now; raises SignInNeeded when it has ended or never was."""
        session, now = self._table.get(id) or self._just_stored(id), self._place.now()
        if session is None or session.closed_at is not None or now >= session.expires_at:
            raise SignInNeeded(_(ENDED))
        agent = self._agents.get(session.agent)
        if agent is None:
            raise SignInNeeded(_(ENDED))
        require_active(agent)
        if abs(now - session.seen_at) >= SEEN_EVERY:
            session = self._seen(id, now) or session
        return session

    def of(self, agent: str) -> list[Session]:
        """The sign-ins of this agent that have not ended, the oldest first."""
        now = self._place.now()
        return [one for one in self._table.where(agent=agent) if one.closed_at is None and now < one.expires_at]

    def close(self, id: str) -> Session | None:
        """End one sign-in; None when it had ended already."""
        with self._place.store.transaction():
            session = self._table.get(id)
            if session is None or session.closed_at is not None:
                return None
            closed = replace(session, closed_at=self._place.now())
            self._table.put(closed)
            return closed

    def close_all(self, agent: str, *, but: str = "") -> int:
        """End every sign-in of this agent, except the one called `but`; returns how many."""
        return sum(self.close(session.id) is not None for session in self.of(agent) if session.id != but)

    def _just_stored(self, id: str) -> Session | None:
        """Look once more, as a writer does: the first sign-in of all makes the table, of which others hear later."""
        with self._place.store.transaction():
            return self._table.get(id)

    def _seen(self, id: str, now: datetime) -> Session | None:
        with self._place.store.transaction():
            session = self._table.get(id)
            if session is None or session.closed_at is not None:
                return session
            seen = replace(session, seen_at=now)
            self._table.put(seen)
            return seen

    def _forget_old(self, now: datetime) -> None:
        for old in self._table.range("expires_at", None, (now - KEPT).isoformat(), limit=100):
            self._table.remove(old.id)


def digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
