"""A county that hears telephones: its desk, a free port, and an Asterisk that only pretends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fake_ami import FakeAmi
from ring_county import County, free_port

from desk.app import Desk
from desk.records import Customer, Phone, TransformerArea


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    folder = tmp_path / "data"
    folder.mkdir()
    made = County(folder)
    yield made
    for desk in made.opened:
        with suppress(Exception):
            desk.close()


@pytest.fixture
def desk(county: County) -> Desk:
    county.sections = '[ring]\nseats = { "8001" = "1", "8002" = "2" }\n'
    desk = county.open()
    phone = Phone(written="13800138000", number="13800138000", kind="mobile")
    desk.place.network.put(TransformerArea(transformer_area="T1", feeder="城东线"))
    desk.place.customers.put(Customer(account_no="64010001", name="张三", transformer_area="T1", phones=(phone,)))
    return desk


@pytest.fixture
def ami() -> Iterator[FakeAmi]:
    fake = FakeAmi()
    yield fake
    fake.gone()


@pytest.fixture
def port() -> int:
    return free_port()
