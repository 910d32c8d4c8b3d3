"""A desk of its own for every test, and files written the way offices write them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from offices import CUSTOMERS, NETWORK

from desk.app import Desk
from desk.clock import FixedClock, parse_time, zone_named
from desk.config import load_config
from desk.i18n import set_language
from desk.place import Place

Rows = Sequence[Sequence[Any]]


@pytest.fixture(autouse=True)
def _in_english() -> None:
    set_language("en")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    now = parse_time("2026-11-23T10:00", zone_named("Asia/Shanghai"))
    with Desk.create(load_config(None, tmp_path / "data"), sandbox=True, clock=FixedClock(now)) as desk:
        set_language("en")
        yield desk


@pytest.fixture
def place(desk: Desk) -> Place:
    return desk.place


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows as a CSV file: table(rows, "name.csv", encoding="gb18030")."""

    def write(rows: Rows, name: str = "table.csv", *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return write


@pytest.fixture
def county(place: Place, table: Callable[..., Path]) -> Place:
    """A place that has the small network and the customers above."""
    from desk.imports import import_file

    assert not import_file(place, "network", table(NETWORK, "network.csv")).rejected
    assert not import_file(place, "customers", table(CUSTOMERS, "customers.csv")).rejected
    return place
