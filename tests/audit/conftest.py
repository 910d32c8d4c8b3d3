"""A place whose audit may be attacked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from audited import Attacker, place_at

from desk.place import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = place_at(tmp_path / "seat1")
    yield made
    made.store.close()


@pytest.fixture
def attacker(place: Place) -> Attacker:
    return Attacker(place)
