"""Signing in on PostgreSQL: the same over several seats, and nobody's desk any more once an agent is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desk import schema
from desk.app import Desk
from desk.clock import FixedClock
from desk.config import load_config
from desk.errors import Refused, SignInNeeded
from desk.opening import desk_exists
from desk.records import Agent

PASSWORD = "forty-two white geese"


@pytest.fixture
def seat(tmp_path: Path, postgres_url: str) -> Iterator[Callable[[str], Desk]]:
    """Opens a seat of one county on a server; nobody signs in by the settings."""
    opened = []
    clock = FixedClock(datetime(2026, 12, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai")))

    def open_one(name: str) -> Desk:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "config.toml").write_text(
            f'[desk]\nlanguage = "en"\nagent = "owner"\nseat = "{name}"\n[store]\nurl = "{postgres_url}"\n'
        )
        config = load_config(data=folder, environ={})
        opened.append((Desk.open if desk_exists(config) else Desk.create)(config, clock=clock))
        return opened[-1]

    yield open_one
    for desk in opened:
        desk.close()


def listed(seat: Callable[[str], Desk]) -> Desk:
    first = seat("1")
    first.agents.add("li", "administrator", PASSWORD)
    first.agents.add("wang", "agent", PASSWORD)
    return first


def test_a_desk_on_a_server_asks_who_comes_from_the_first_agent_listed(seat: Callable[[str], Desk]) -> None:
    first = seat("1")
    assert not first.needs_sign_in
    with pytest.raises(Refused, match="first is an administrator"):
        first.agents.add("wang", "agent", PASSWORD)
    first.agents.add("li", "administrator", PASSWORD)
    assert seat("2").needs_sign_in
    with pytest.raises(SignInNeeded):
        first.signing_in.still_here()
    assert first.needs_sign_in


def test_a_sign_in_is_taken_up_and_ended_at_another_seat(seat: Callable[[str], Desk]) -> None:
    listed(seat)
    one, two, office = seat("1"), seat("2"), seat("3")
    token = one.sign_in("wang", PASSWORD)
    two.resume(token)
    one.changed()
    office.sign_in("li", PASSWORD)
    office.agents.disable("wang")
    for desk in (one, two):
        with pytest.raises(SignInNeeded):
            desk.signing_in.still_here()


def test_seats_that_guess_together_have_no_more_tries_than_one(seat: Callable[[str], Desk]) -> None:
    first = listed(seat)
    seats = [seat(str(number)) for number in range(4)]

    def guess(desk: Desk) -> int:
        looked = 0
        for _try in range(5):
            try:
                desk.sign_in("wang", "wrong password")
            except SignInNeeded as problem:
                looked += str(problem).startswith("name or password")
        return looked

    with ThreadPoolExecutor(4) as hands:
        looked = sum(hands.map(guess, seats))
    agent = first.place.store.records(schema.AGENTS, Agent).get("wang")
    assert looked == 3
    assert agent is not None
    assert agent.failures == 3
