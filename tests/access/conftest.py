"""Desks that ask for a password, and agents on them; passwords are hashed cheaply here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher

from desk.access import passwords
from desk.app import Desk
from desk.clock import FixedClock
from desk.config import load_config

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "forty-two white geese"
SETTINGS = '[desk]\nlanguage = "en"\nagent = "owner"\nseat = "3"\n[access]\nsign_in = "{sign_in}"\n'
ROLES_LISTED = ("administrator", "supervisor", "dispatcher", "auditor", "agent", "viewer")

OpenDesk = Callable[..., Desk]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", CHEAP)


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[OpenDesk]:
    """Opens the desk of this test, as often as it is asked: each is a seat of its own on one store and one clock."""
    folder, clock, opened = tmp_path / "county", FixedClock(NOW), []

    def open_one(sign_in: str = "password", more: str = "") -> Desk:
        folder.mkdir(exist_ok=True)
        (folder / "config.toml").write_text(SETTINGS.format(sign_in=sign_in) + more)
        config = load_config(data=folder, environ={})
        opened.append((Desk.open if (folder / "desk.db").exists() else Desk.create)(config, clock=clock))
        return opened[-1]

    yield open_one
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    """A desk under password, with an agent of each role called as the role; nobody is signed in."""
    one = open_desk()
    one.place.agent, one.place.role = "owner", "administrator"
    for role in ROLES_LISTED:
        one.agents.add(role, role, PASSWORD)
    one.place.agent = one.place.role = ""
    return one
