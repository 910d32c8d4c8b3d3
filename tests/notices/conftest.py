"""A desk on a small county with duties: on the real store, with a clock that stands at NOW."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from noticed_county import AREAS, CUSTOMERS, NOW

from desk.app import Desk
from desk.clock import FixedClock
from desk.config import Config, load_config
from desk.i18n import set_language


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load_config(None, tmp_path / "data", {})


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def desk(config: Config, clock: FixedClock) -> Iterator[Desk]:
    with Desk.create(config, sandbox=True, clock=clock) as made:
        made.place.network.put_many(AREAS)
        made.place.customers.put_many(CUSTOMERS)
        set_language("en")
        yield made
