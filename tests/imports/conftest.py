"""A desk of its own for every test, and files written the way offices write them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desk.app import Desk
from desk.clock import FixedClock, parse_time, zone_named
from desk.config import load_config
from desk.place import Place

NETWORK = [
    ["台区编号", "台区名称", "支线", "线路", "变电站", "公变/专变", "供电所"],
    ["TQ1", "王家庄1号公变", "王家支线", "城东线", "城关变", "公变", "城关供电所"],
    ["TQ2", "李家湾1号公变", "", "城东线", "城关变", "公变", "城关供电所"],
    ["TQ3", "水泥厂专变", "", "城西线", "城关变", "专变", "城关供电所"],
]
CUSTOMERS = [
    ["户号", "户名", "用电地址", "联系电话", "台区编号", "特殊", "重要", "重要等级", "行业"],
    ["1001", "张三", "王家庄1号", "13800138000", "TQ1", "否", "否", "", "居民"],
    ["1002", "县医院", "城关镇人民路", "0951-5550000转801（值班）；13900139000", "TQ2", "是", "是", "一级", "医院"],
    ["1003", "水泥厂", "城关镇", "", "TQ3", "", "", "", ""],
]

Rows = Sequence[Sequence[Any]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    now = parse_time("2026-11-23T10:00", zone_named("Asia/Shanghai"))
    with Desk.create(load_config(None, tmp_path / "data"), sandbox=True, clock=FixedClock(now)) as desk:
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


def everything(place: Place) -> dict[str, bytes]:
    """The stored network, customers and outages with their revisions, to see that nothing moved."""
    tables = {"network": place.network, "customers": place.customers, "outages": place.outages_table}
    found = {name: msgspec.json.encode(list(records.all())) for name, records in tables.items()}  # type: ignore[attr-defined]
    revisions = {name: records.revisions() for name, records in tables.items()}  # type: ignore[attr-defined]
    return {**found, "revisions": msgspec.json.encode(revisions, order="sorted")}
