"""Who sits here when a desk is opened, before anyone signs in; most starts need no more of signing in than this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk import schema
from desk.config.settings import SERVER_SCHEMES
from desk.errors import SignInNeeded
from desk.i18n import _
from desk.place import Place
from desk.records import Agent, AgentState

if TYPE_CHECKING:
    from desk.store import RecordTable


def take_place(place: Place) -> None:
    """As a desk is opened: who sits here. Raises NotAllowed when this user is listed and disabled."""
    agents = place.store.records(schema.AGENTS, Agent)
    place.signs_in = must_sign_in(place, agents)
    if place.signs_in:
        place.agent = place.role = ""
    elif (listed := agents.get(place.agent)) is not None:
        require_active(listed)
        place.role = listed.role


def must_sign_in(place: Place, agents: RecordTable[Agent]) -> bool:
    """Whether agents sign in by password: by the settings, and on a server from the first agent listed."""
    if place.config.access.sign_in == "password":
        return True
    return place.config.store_url.startswith(SERVER_SCHEMES) and agents.count() > 0


def require_active(agent: Agent) -> None:
    """Raises SignInNeeded unless this agent may use the desk."""
    if agent.state is not AgentState.ACTIVE:
        words = _("{agent} may not use this desk any more; ask an administrator")
        raise SignInNeeded(words.format(agent=agent.name))
