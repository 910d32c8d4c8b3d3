"""Who sits here: the operating system's user, an agent who signs in by name and password, or a session taken up again.

    sign_in = SigningIn(place)
    token = sign_in.by_password("zhang", "四十二只 白鹅", door="screen")   # place.agent and .role are zhang's now
    sign_in.resume(token)                                              # the same, in another process

Wrong passwords slow down and lock, for names that nobody has just as for those that are listed; the count is kept in
the store before the password is looked at, so that tries at many seats at once are counted too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.access.passwords import hashed, is_outdated, matches, normalised
from desk.access.seating import must_sign_in, require_active
from desk.access.sessions import ENDED, Sessions, digest
from desk.access.waiting import locked_words, wait_words
from desk.errors import NotAllowed, SignInNeeded
from desk.i18n import N_, _
from desk.place import Place
from desk.records import Agent, AgentState, Session

if TYPE_CHECKING:
    from desk.store import RecordTable

SLOW_FROM = 3  # wrong passwords in a row after which one waits: 1, 2, 4 … seconds
MOST_STRANGERS = 1000  # names that nobody has, whose tries are remembered
WRONG = N_("name or password is wrong")


class SigningIn:
    """Puts agents into this place, and takes them out of it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._access = Access(place)
        self.sessions = Sessions(place)
        self._agents = place.store.records(schema.AGENTS, Agent)
        self._strangers = place.store.records(schema.STRANGERS, Agent)

    # coming and going

    def by_password(self, name: str, password: str, *, door: str) -> str:
        """Sign an agent in and keep the sign-in as a session; returns its token. Who sat here before is signed out.

        Raises SignInNeeded: wrong, disabled, too soon after a wrong one, locked (`wait` says for how many seconds),
        or the password must be changed first (see `Agents.change_own`).
        """
        agent = self.checked(name, password)
        _require_own_password(agent)
        with self._sitting(agent, door):
            if self._place.session:
                self.sessions.close(self._place.session)
            token = self.sessions.open_session(agent.name, self._place.seat, door)
        self._place.session = digest(token)
        return token

    def for_one_command(self, name: str, password: str) -> None:
        """The same for as long as this desk is open: nothing is kept but a line in the audit."""
        agent = self.checked(name, password)
        _require_own_password(agent)
        with self._sitting(agent, "command"):
            self._place.session = ""

    def resume(self, token: str) -> Session:
        """Take up the sign-in of this token; raises SignInNeeded when it has ended."""
        session = self.sessions.resume(token)
        agent = self._agents.get(session.agent)
        if agent is None:
            raise SignInNeeded(_(ENDED))
        place = self._place
        place.signs_in = True
        place.agent, place.role, place.session = agent.name, agent.role, session.id
        return session

    def unlock(self, password: str) -> None:
        """Whoever sits here is back at the locked screen; raises SignInNeeded like `by_password`."""
        self.checked(self._place.agent, password)
        self.still_here()
        self._access.note("session.unlock", self._place.agent)

    def sign_out(self) -> None:
        """Nobody sits here from now on."""
        place = self._place
        if place.session:
            with place.store.transaction():
                if self.sessions.close(place.session) is not None:
                    self._access.note("session.close", place.agent)
        if place.signs_in:
            place.agent = place.role = place.session = ""

    def still_here(self) -> None:
        """Look again whether who sits here still may, and in which role; raises SignInNeeded when that is over."""
        place = self._place
        place.signs_in = place.signs_in or must_sign_in(place, self._agents)
        agent = self._agents.get(place.agent)
        try:
            if place.session:
                self.sessions.alive(place.session)
            if agent is not None:
                require_active(agent)
            elif place.signs_in and place.role != "service":
                raise SignInNeeded(_(ENDED))
        except NotAllowed:
            place.role, place.session = "", ""
            raise
        if agent is not None:
            place.role = agent.role

    @contextmanager
    def _sitting(self, agent: Agent, door: str) -> Iterator[None]:
        """`agent` sits here once what is done meanwhile is stored, with the line in the audit; else who sat before."""
        place = self._place
        before = place.agent, place.role, place.session
        try:
            with place.store.transaction():
                yield
                place.agent, place.role, place.signs_in = agent.name, agent.role, True
                self._access.note("session.open", agent.name, {"seat": place.seat, "door": door})
        except BaseException:
            place.agent, place.role, place.session = before
            raise

    # the password

    def checked(self, name: str, password: str) -> Agent:
        """The agent of this name and password. A try is counted before the password is looked at."""
        table, tried = self._begin(normalised(name).strip())
        if not matches(tried.password, password) or tried.state is not AgentState.ACTIVE:
            self._refused(table, tried)
            now = self._place.now()
            wait = self._wait(tried, now)
            more = _("; ") + _waiting(wait, locked=_locked(tried, now)) if wait else ""
            raise SignInNeeded(_(WRONG) + more, wait=wait)
        return self._well(tried, password)

    def _begin(self, name: str) -> tuple[RecordTable[Agent], Agent]:
        """Count a try of this name, unless it comes too soon."""
        now = self._place.now()
        with self._place.store.transaction():
            known = self._agents.get(name)
            table = self._agents if known else self._strangers
            tried = known or self._stranger(name, now)
            tried = self._after_lock(tried, now)
            self._require_time(tried, now)
            tried = replace(tried, failures=tried.failures + 1, failed_at=now)
            if tried.failures >= self._place.config.access.tries:
                tried = replace(tried, locked_until=now + self._lock)
            table.put(tried)
        return table, tried

    def _stranger(self, name: str, now: datetime) -> Agent:
        """The tries under a name that nobody has; they are kept under its digest, and not for long."""
        id = digest(name)
        if self._strangers.count() >= MOST_STRANGERS:
            for old in self._strangers.range("failed_at", None, None, limit=MOST_STRANGERS // 10):
                self._strangers.remove(old.name)
        return self._strangers.get(id) or Agent(name=id, role="", since=now)

    def _refused(self, table: RecordTable[Agent], tried: Agent) -> None:
        """Leave a line: by name only for an agent that is listed, as a mistyped name may be a password."""
        name = tried.name if table is self._agents else ""
        with self._place.store.transaction():
            self._access.note("session.refuse", name, {"failures": tried.failures, "seat": self._place.seat})
            if tried.locked_until is not None:
                self._access.note("agent.lock", name, {"minutes": self._place.config.access.locked_minutes})

    def _well(self, tried: Agent, password: str) -> Agent:
        """The password was right: the count begins anew, and an old hash is made again."""
        made = hashed(password) if is_outdated(tried.password) else ""
        with self._place.store.transaction():
            agent = self._agents.get(tried.name)
            if agent is None or agent.password != tried.password:
                raise SignInNeeded(_(WRONG))  # it was changed while we looked
            agent = replace(agent, failures=0, failed_at=None, locked_until=None, password=made or agent.password)
            self._agents.put(agent)
        return agent

    # waiting

    def _after_lock(self, tried: Agent, now: datetime) -> Agent:
        """Once a lock is over the count begins anew."""
        if tried.locked_until is not None and not _locked(tried, now):
            return replace(tried, failures=0, failed_at=None, locked_until=None)
        return tried

    def _require_time(self, tried: Agent, now: datetime) -> None:
        """Raises SignInNeeded while no try is taken."""
        if wait := self._wait(tried, now):
            raise SignInNeeded(_waiting(wait, locked=_locked(tried, now)), wait=wait)

    def _wait(self, tried: Agent, now: datetime) -> int:
        """Seconds until the next try may be made; however far a clock jumped back, no more than the wait itself."""
        if tried.locked_until is not None:
            until = min(tried.locked_until, now + self._lock)
        elif tried.failed_at is None or tried.failures < SLOW_FROM:
            return 0
        else:
            pause = timedelta(seconds=2 ** min(tried.failures - SLOW_FROM, 20))
            until = min(tried.failed_at, now) + min(pause, self._lock)
        return max(0, -int((now - until).total_seconds() // 1))

    @property
    def _lock(self) -> timedelta:
        return timedelta(minutes=self._place.config.access.locked_minutes)


def _locked(tried: Agent, now: datetime) -> bool:
    return tried.locked_until is not None and tried.locked_until > now


def _waiting(seconds: int, *, locked: bool) -> str:
    """How long no try is taken, in words."""
    return (locked_words if locked else wait_words)(seconds)


def _require_own_password(agent: Agent) -> None:
    if agent.must_change:
        raise MustChange(_("choose a password of your own first"))


class MustChange(SignInNeeded):
    """The password was right, but somebody else chose it: it must be changed before it is good for anything."""
