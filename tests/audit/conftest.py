"""A place whose audit may be attacked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from audited import Attacker, place_at

from desk.place import Place


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a store that is not there yet, on each engine."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/desk.db"


@pytest.fixture
def place(tmp_path: Path, url: str) -> Iterator[Place]:
    made = place_at(tmp_path / "seat1", url)
    yield made
    made.store.close()


@pytest.fixture
def attacker(place: Place) -> Attacker:
    return Attacker(place)
