"""A desk on the stormy county, its clock an hour after the calls begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stormy_county import MINUTE, NOW, fill

from desk.app import Desk
from desk.clock import FixedClock
from desk.config import load_config
from desk.i18n import set_language


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW + 60 * MINUTE)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with Desk.create(load_config(None, tmp_path / "data", {}), sandbox=True, clock=clock) as made:
        set_language("en")
        fill(made)
        yield made
