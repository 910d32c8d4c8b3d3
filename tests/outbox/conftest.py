"""A desk whose channels are fakes behind the real runner, on the real store, with a clock that stands until moved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from outbox_county import AREAS, CUSTOMERS, NOW, FakeChannel, FakeHost, SettableClock

from desk.app import Desk
from desk.config import Config, load_config
from desk.i18n import set_language


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load_config(None, tmp_path / "data", {})


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture
def desk(config: Config, clock: SettableClock) -> Iterator[Desk]:
    with Desk.create(config, sandbox=True, clock=clock) as made:
        made.place.network.put_many(AREAS)
        made.place.customers.put_many(CUSTOMERS)
        set_language("en")
        yield made


@pytest.fixture
def host(desk: Desk) -> FakeHost:
    return FakeHost.at(desk)


@pytest.fixture
def sms(host: FakeHost) -> FakeChannel:
    return host.bring(FakeChannel("sms"))
