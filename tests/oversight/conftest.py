"""A desk on the small county, on the real store, with a clock that can be put forward; and its command line."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from oversight_county import AREAS, CUSTOMERS, NOW, Ran, Run

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


@pytest.fixture
def run(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command on the same data folder, at the moment the desk's clock shows."""
    from desk.cli import main

    monkeypatch.setenv("DESK_DATA", str(desk.place.config.data))
    for name in ("DESK_CONFIG", "DESK_PLUGINS"):
        monkeypatch.delenv(name, raising=False)

    def ran(*arguments: str, given: bytes = b"", now: datetime | None = None) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        monkeypatch.setenv("DESK_NOW", (now or desk.place.now()).isoformat())
        capsys.readouterr()
        code = main(list(arguments))
        return Ran(code, *capsys.readouterr())

    return ran
