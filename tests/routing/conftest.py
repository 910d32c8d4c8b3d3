"""A desk on the small county of the notices, with made-up channels in place of the county's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# The small county where every kind of recipient is owed something is that of the notices.
sys.path.append(str(Path(__file__).parent.parent / "notices"))

from noticed_county import AREAS, CUSTOMERS, NOW
from reachable import FakeHost, Faxes, Robots, Texts

from desk.app import Desk
from desk.clock import FixedClock
from desk.config import load_config
from desk.i18n import set_language
from desk.outbox.planning import Planning

CONFIG = """
[notices]
contacts = { "城关所" = "0951-5550000、0951-5550099（传真）", "移动公司" = "13700137000" }
"""


@pytest.fixture
def settings() -> str:
    """What stands in config.toml besides; overridden by a test module or class."""
    return ""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock, settings: str) -> Iterator[Desk]:
    file = tmp_path / "config.toml"
    file.write_text(CONFIG + settings, encoding="utf-8")
    with Desk.create(load_config(file, tmp_path / "data", {}), sandbox=True, clock=clock) as made:
        made.place.network.put_many(AREAS)
        made.place.customers.put_many(CUSTOMERS)
        host = FakeHost(made.place.plugins, Texts(), Faxes(), Robots())
        made.place.__dict__["plugins"] = host
        set_language("en")
        yield made


@pytest.fixture
def planning(desk: Desk) -> Planning:
    return desk.outbox.planning
