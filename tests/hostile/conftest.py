"""A desk on which nothing that anybody wrote is well meant."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.update({"TEXTUAL_FPS": "240", "TEXTUAL_ANIMATIONS": "none", "ESCDELAY": "25"})

import pytest
from hostile_county import build

from desk.app import Desk


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Desk]:
    with build(tmp_path / "county") as desk:
        yield desk
