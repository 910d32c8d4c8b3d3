"""A small county on both real engines, in which each customer is there to be found in its own way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from desk.phone_numbers import read_phones
from desk.records import Customer
from desk.store import DocumentStore, RecordTable, TableSpec, open_store
from desk.store.lookup import Match, find
from desk.store.terms import TERMS_VERSION, customer_terms
from tests.postgres_server import heard_at_once, postgres_server

AREA_CODE = "0951"
CUSTOMERS = TableSpec(
    "customers", key="account_no", terms=customer_terms(AREA_CODE), terms_version=f"{TERMS_VERSION}/{AREA_CODE}"
)


def customer(account_no: str, name: str, address: str = "", phones: str = "", **more: Any) -> Customer:
    """A customer as an import would store it."""
    known = read_phones(phones, AREA_CODE)
    return Customer(account_no=account_no, name=name, address=address, phones=known, transformer_area="T1", **more)


COUNTY = (
    customer("6401000001", "张三", "青山县城关镇中山路12号3单元401室", "13800138000", meter_no="0110000071"),
    customer("6401000002", "张三丰", "青山县城关镇中山路128号", "0951-5550000转8012（办）", meter_no="0110000072"),
    customer("6401000003", "曾国强", "青山县柳河镇解放街7号", "１３９００１３９０００", meter_no="AB-0073"),
    customer("6401000004", "吕布", "青山县柳河镇张庄村3组", "+852 2123 4567；无"),
    customer("6401000005", "青山县人民医院", "城关镇健康路1号", "5556666、120", important=True, grade="一级"),
    customer("6401000006", "单雄信", "城关镇A座1-12号", "4001234567"),
    customer("6401000007", "买买提·阿不都", "柳河镇张三营村", "拒绝提供13800"),
    customer("6401000008", "Walmart超市", "城关镇解放街128号", "95598"),
    customer("6402000009", "李张伟", "柳河镇三里村张家巷9号", "13712345678", special=True),
    customer("6402000010", "章珊", "柳河镇三里村10号", "010-65558888"),
)


ENGINES = ("sqlite", "postgres")


_numbers = count(1)
_server_url = cache(lambda: postgres_server().new_url())  # one place for all: each store is a county of its own there


@contextmanager
def made_on(engine: str) -> Iterator[DocumentStore]:
    """An empty store on the engine named."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/desk.db" if engine == "sqlite" else f"{_server_url()}&county={next(_numbers)}"
        with open_store(url, [CUSTOMERS]) as opened:
            yield opened


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "postgres":
        request.getfixturevalue("postgres")  # skips where there is none
        heard_at_once()
    name: str = request.param
    return name


@pytest.fixture
def store(engine: str) -> Iterator[DocumentStore]:
    with made_on(engine) as opened:
        yield opened


@pytest.fixture
def customers(store: DocumentStore) -> RecordTable[Customer]:
    """An empty table of customers with its lookup index."""
    return store.records("customers", Customer)


@pytest.fixture(scope="session")
def county(engine: str) -> Iterator[RecordTable[Customer]]:
    """COUNTY, stored once on each engine; not to be changed."""
    with made_on(engine) as opened:
        table = opened.records("customers", Customer)
        table.put_many(COUNTY)
        yield table


@pytest.fixture(scope="session")
def found(county: RecordTable[Customer]) -> Callable[[str], list[str]]:
    """The names that a query finds in COUNTY, best first."""
    return lambda query: names(find(county, query))


def names(matches: list[Match]) -> list[str]:
    return [match.customer.name for match in matches]
