"""Who works at the desk, and who is signed in where."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from desk.records.base import Record


class AgentState(StrEnum):
    """Whether an agent may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class Agent(Record, frozen=True, kw_only=True):
    """One person who may sign in. `password` is argon2id's encoded hash, empty while none was set; after
    `failures` wrong ones in a row the agent waits until `locked_until`."""

    name: str
    role: str
    state: AgentState = AgentState.ACTIVE
    password: str = ""
    must_change: bool = False
    failures: int = 0
    failed_at: datetime | None = None
    locked_until: datetime | None = None
    since: datetime
    by: str = ""  # who listed the agent


class Session(Record, frozen=True, kw_only=True):
    """One sign-in. `id` is the SHA-256 of a token that only the signed-in side knows."""

    id: str
    agent: str
    seat: str = ""
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    closed_at: datetime | None = None
    door: str = "screen"  # screen | command | browser
