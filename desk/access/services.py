"""Who runs without a person: the desk's own machines, and whoever lists its first administrator.

Both are the operating system's user who owns the data folder (or its root): they could read the store and every secret
below it anyway, so nothing is opened to them that was closed.
"""

from __future__ import annotations

import os

from desk import schema
from desk.errors import SignInNeeded
from desk.i18n import _
from desk.place import Place
from desk.records import Agent, AgentState


def as_service(place: Place, name: str) -> None:
    """`desk work` or `desk ring` sits here, with a machine's few rights; raises SignInNeeded unless one owns the data.

    Where nobody signs in the machines are the operating system's user, as everyone.
    """
    if not place.signs_in:
        return
    if not owns_data(place):
        words = _("{name} runs as the user who owns {folder}; start it as that user, or sign in")
        raise SignInNeeded(words.format(name=name, folder=place.config.data))
    place.agent, place.role = name, "service"


def as_founder(place: Place) -> bool:
    """Sit here as administrator while the desk has none, to list the first; False when one must sign in."""
    agents = place.store.records(schema.AGENTS, Agent)
    active = (agent for agent in agents.all() if agent.state is AgentState.ACTIVE)
    if any(agent.role == "administrator" for agent in active) or not owns_data(place):
        return False
    place.agent, place.role = place.config.desk.agent, "administrator"
    return True


def owns_data(place: Place) -> bool:
    """Whether this process runs as the owner of the data folder. Where a system has no owners: whether it may write."""
    folder = place.config.data
    try:
        if not hasattr(os, "geteuid"):
            return os.access(folder, os.W_OK)
        return os.geteuid() in (0, folder.stat().st_uid)
    except OSError:
        return False
