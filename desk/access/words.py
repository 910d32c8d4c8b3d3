"""How agents and what is done to them read on the command line and on screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.access.agents import AgentRow

STATES: Mapping[str, str] = {
    "active": N_("active"),
    "disabled": N_("disabled"),
    "locked": N_("locked until {time}"),
    "no_password": N_("no password yet"),
    "must_change": N_("password to be changed"),
}


def state_words(row: AgentRow) -> str:
    """Whether this agent may sign in now, and if not, why."""
    words = _(STATES[_state(row)])
    return words.format(time=f"{row.locked_until:%H:%M}") if row.locked_until is not None else words


def _state(row: AgentRow) -> str:
    if row.state == "disabled":
        return "disabled"
    if row.locked_until is not None:
        return "locked"
    if not row.has_password:
        return "no_password"
    return "must_change" if row.must_change else "active"
