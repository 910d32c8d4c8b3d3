"""The agents of a desk: listed with a role, given a password, disabled and enabled again; each act leaves a line.

    agents = Agents(place)
    agents.add("zhang", "agent", "四十二只 白鹅")
    agents.listed()                                   # rows without any hash
    agents.change_own("zhang", "四十二只 白鹅", "another long one")

Who may do it stands in rights.py (`MANAGED`): administrators for everyone, supervisors for agents and viewers.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.access.passwords import checked, hashed, normalised
from desk.access.rights import MANAGED, RIGHTS, ROLE_WORDS, ROLES
from desk.access.sessions import Sessions
from desk.access.signing_in import SigningIn
from desk.config.mistakes import guess
from desk.config.settings import SERVER_SCHEMES
from desk.errors import BadInput, NotAllowed, NotFound, Refused
from desk.i18n import _
from desk.place import Place
from desk.records import Agent, AgentState
from desk.records.base import Record

LONGEST_NAME = 32
_NAME = re.compile(r"[\w·.@][\w·.@\- ]*")  # letters of any script, digits; no sign a terminal, path or formula minds
ADMINISTRATOR = "administrator"
CALM: dict[str, Any] = {"failures": 0, "failed_at": None, "locked_until": None}
LEAD = "lead_agents"  # the right to deal with the sign-in of agents and viewers


class AgentRow(Record, frozen=True, kw_only=True):
    """An agent as shown: never the hash."""

    name: str
    role: str
    state: str
    has_password: bool
    must_change: bool
    locked_until: datetime | None
    sessions: int
    since: datetime
    by: str


class Agents:
    """The list of agents, kept by those who may."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._access = Access(place)
        self._table = place.store.records(schema.AGENTS, Agent)
        self._sessions = Sessions(place)

    # reading

    def listed(self) -> list[AgentRow]:
        """Every agent by name; raises NotAllowed unless one deals with agents or reads the audit."""
        if not any(map(self._access.may, (*MANAGED, "see_audit"))):
            self._access.require("manage_agents")
        return [self._row(agent) for agent in sorted(self._table.all(), key=lambda agent: agent.name)]

    def get(self, name: str) -> AgentRow:
        """One of them; raises NotFound."""
        return next((row for row in self.listed() if row.name == normalised(name).strip()), None) or _nobody(name)

    def roles(self) -> list[str]:
        """The roles one may give."""
        return [role for role in ROLES if self._covers(role)]

    # acts

    def add(self, name: str, role: str, password: str = "", *, must_change: bool = False) -> AgentRow:
        """List an agent. Without a password they cannot sign in by one until it is set."""
        self._require_any()
        name = _name(name)
        self._require_over(_role(role))
        encoded = self._encoded(name, password)
        with self._place.store.transaction():
            if any(agent.name.casefold() == name.casefold() for agent in self._table.all()):
                raise Refused(_("{agent} is listed already").format(agent=name))
            if role != ADMINISTRATOR and self._signing_in_begins() and not self._administrators():
                raise Refused(_("whoever is listed first is an administrator; nobody could list others otherwise"))
            now, by = self._place.now(), self._place.agent
            agent = Agent(name=name, role=role, password=encoded, must_change=must_change, since=now, by=by)
            self._table.put(agent)
            self._access.note("agent.add", name, {"role": role})
        return self._row(agent)

    def set_password(self, name: str, password: str, *, must_change: bool = False) -> AgentRow:
        """Give an agent a new password: ends their sign-ins and unlocks them."""
        agent = self._one_of_mine(name)
        encoded = self._encoded(agent.name, password, needed=True)
        return self._changed("agent.passwd", agent.name, {"password": encoded, "must_change": must_change, **CALM})

    def change_own(self, name: str, old: str, new: str) -> AgentRow:
        """One's own password, by the old one; ends one's other sign-ins. Raises SignInNeeded like a sign-in."""
        name = normalised(name).strip()
        agent = SigningIn(self._place).checked(name, old)
        encoded = self._encoded(agent.name, new, needed=True)
        if normalised(old) == normalised(new):
            raise BadInput(_("the new password is the old one; choose another"))
        place = self._place
        before = place.agent
        place.agent = before or agent.name  # the old password has said who it is
        try:
            with place.store.transaction():
                fields = {"password": encoded, "must_change": False}
                row = self._put("agent.passwd", agent.name, fields, {"own": True})
                self._sessions.close_all(agent.name, but=place.session)
        finally:
            place.agent = before
        return row

    def disable(self, name: str) -> AgentRow:
        """Take the desk away from an agent: their sign-ins end, open screens lock within seconds."""
        agent = self._one_of_mine(name)
        self._keep_an_administrator(agent)
        return self._changed("agent.disable", agent.name, {"state": AgentState.DISABLED})

    def enable(self, name: str) -> AgentRow:
        """Let an agent sign in again, also one that is locked."""
        agent = self._one_of_mine(name)
        with self._place.store.transaction():
            return self._put("agent.enable", agent.name, {"state": AgentState.ACTIVE, **CALM})

    def give_role(self, name: str, role: str) -> AgentRow:
        """Another role from now on, on open screens too."""
        agent = self._one_of_mine(name)
        self._require_over(_role(role))
        if role != ADMINISTRATOR:
            self._keep_an_administrator(agent)
        with self._place.store.transaction():
            return self._put("agent.role", agent.name, {"role": role}, {"role": role, "before": agent.role})

    # inside

    def _one_of_mine(self, name: str) -> Agent:
        """The agent, one whose sign-in may be dealt with from here; who may not is not told who is listed."""
        self._require_any()
        agent = self._table.get(normalised(name).strip())
        if agent is None:
            raise NotFound(_("nobody is listed as {agent}").format(agent=name))
        self._require_over(agent.role)
        return agent

    def _require_any(self) -> None:
        if not any(map(self._access.may, MANAGED)):
            self._access.require("manage_agents")

    def _covers(self, role: str) -> bool:
        return any(self._access.may(right) and role in covered for right, covered in MANAGED.items())

    def _require_over(self, role: str) -> None:
        self._require_any()
        if not self._covers(role):
            mine = _(ROLE_WORDS.get(self._place.role, self._place.role))
            words = {"mine": mine, "right": _(RIGHTS[LEAD]), "role": _(ROLE_WORDS[role])}
            raise NotAllowed(_("the role {mine} may {right}, not of {role}; ask an administrator").format(**words))

    def _encoded(self, name: str, password: str, *, needed: bool = False) -> str:
        if not password and not needed and not self._signing_in_begins():
            return ""
        return hashed(checked(password, name=name))

    def _signing_in_begins(self) -> bool:
        """Whether agents have to sign in, now or as soon as one is listed."""
        return self._place.signs_in or self._place.config.store_url.startswith(SERVER_SCHEMES)

    def _administrators(self) -> list[str]:
        return [one.name for one in self._table.all() if one.role == ADMINISTRATOR and one.state is AgentState.ACTIVE]

    def _keep_an_administrator(self, agent: Agent) -> None:
        if self._administrators() == [agent.name]:
            raise Refused(_("{agent} is the last administrator; list another one first").format(agent=agent.name))

    def _changed(self, act: str, name: str, fields: dict[str, Any]) -> AgentRow:
        """Another password or state: all sign-ins of the agent end."""
        with self._place.store.transaction():
            row = self._put(act, name, fields)
            self._sessions.close_all(name)
        return row

    def _put(self, act: str, name: str, fields: dict[str, Any], details: dict[str, Any] | None = None) -> AgentRow:
        """Store the agent with other `fields`, and the line about it."""
        agent = self._table.get(name)
        if agent is None:
            raise NotFound(_("nobody is listed as {agent}").format(agent=name))
        agent = replace(agent, **fields)
        self._table.put(agent)
        self._access.note(act, name, details)
        return self._row(agent)

    def _row(self, agent: Agent) -> AgentRow:
        now = self._place.now()
        locked = agent.locked_until if agent.locked_until and agent.locked_until > now else None
        return AgentRow(
            name=agent.name,
            role=agent.role,
            state=agent.state.value,
            has_password=bool(agent.password),
            must_change=agent.must_change,
            locked_until=locked,
            sessions=len(self._sessions.of(agent.name)),
            since=agent.since,
            by=agent.by,
        )


def _name(written: str) -> str:
    """A name as it is listed; raises BadInput."""
    name = normalised(written).strip()
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        words = _("an agent's name is letters, digits and . - @ _, at most {count} signs, not {name}")
        raise BadInput(words.format(count=LONGEST_NAME, name=repr(written[:60])))
    return name


def _role(role: str) -> str:
    if role not in ROLES:
        raise BadInput(_('there is no role "{value}"').format(value=role) + guess(role, ROLES))
    return role


def _nobody(name: str) -> AgentRow:
    raise NotFound(_("nobody is listed as {agent}").format(agent=name))
