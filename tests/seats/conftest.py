"""A desk on a small county, two more seats at its store, and one clock for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace
from seat_county import NOW, fill, seat

from desk.app import Desk
from desk.clock import FixedClock
from desk.config import Config, load_config
from desk.i18n import set_language


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """`sqlite`, unless a module asks for both."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def config(tmp_path: Path, engine: str, request: pytest.FixtureRequest) -> Config:
    config = load_config(None, tmp_path / "data", {})
    return config if engine == "sqlite" else replace(config, store_url=request.getfixturevalue("postgres_url"))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def desk(config: Config, clock: FixedClock) -> Iterator[Desk]:
    with Desk.create(config, sandbox=True, clock=clock) as made:
        set_language("en")
        fill(made)
        yield made


@pytest.fixture
def sit(desk: Desk, config: Config, clock: FixedClock) -> Iterator[Callable[..., Desk]]:  # noqa: ARG001
    """`sit("3", "李四")`: a desk at that seat; all are left at the end."""
    with ExitStack() as seats:

        def opened(number: str, agent: str, role: str = "agent") -> Desk:
            there = seats.enter_context(seat(config, number, agent, clock, role))
            set_language("en")
            return there

        yield opened
