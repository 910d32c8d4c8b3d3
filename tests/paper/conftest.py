"""A desk on a county to print for, and the same with its notices in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from paper_county import AREAS, CUSTOMERS, NOW

from desk.app import Desk
from desk.clock import FixedClock
from desk.config import load_config
from desk.i18n import set_language

SLIP = b"%PDF-1.7\n a slip with a signature"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def make(tmp_path: Path, clock: FixedClock) -> Iterator[Callable[[str], Desk]]:
    """Makes the desk of a county whose notices are in one language."""
    made: list[Desk] = []

    def desk_in(language: str) -> Desk:
        config = load_config(None, tmp_path / f"data-{language}", {})
        config = replace(config, messages=replace(config.messages, language=language))
        desk = Desk.create(config, sandbox=True, clock=clock)
        made.append(desk)
        desk.place.network.put_many(AREAS)
        desk.place.customers.put_many(CUSTOMERS)
        set_language("en")
        return desk

    yield desk_in
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make: Callable[[str], Desk]) -> Desk:
    return make("zh_CN")


@pytest.fixture
def slip(tmp_path: Path) -> Path:
    file = tmp_path / "扫描 1.PDF"
    file.write_bytes(SLIP)
    return file
