"""Both engines find the same customers, in the same order, however common what was typed is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk.demo.lines import network
from desk.demo.people import customers
from desk.pinyin import readings
from desk.records import Customer
from desk.store import RecordTable
from desk.store.lookup import find
from tests.lookup.conftest import made_on
from tests.postgres_server import PostgresServer, heard_at_once

SIZE = 1_500

Tables = tuple[RecordTable[Customer], RecordTable[Customer]]


@pytest.fixture(scope="module")
def crowd() -> list[Customer]:
    return list(customers(SIZE, 7, list(network(SIZE, 7))))


@pytest.fixture(scope="module")
def both(crowd: list[Customer], postgres: PostgresServer) -> Iterator[Tables]:  # noqa: ARG001
    from desk.store import postgres_terms

    heard_at_once()
    with pytest.MonkeyPatch.context() as patch, made_on("sqlite") as file, made_on("postgres") as server:
        patch.setattr(postgres_terms, "WORTH", 500)  # the rows from which there are indexes
        tables = file.records("customers", Customer), server.records("customers", Customer)
        for table in tables:
            table.put_many(crowd)
        yield tables


def test_both_find_the_same_in_the_same_order(both: Tables, crowd: list[Customer]) -> None:
    for one in crowd[:: SIZE // 10]:
        phone = one.phones[0].number if one.phones else one.account_no
        name, street = one.name[:2], one.address[-9:-3]
        typed = [
            one.account_no, one.account_no[:7], one.meter_no, phone, phone[:3], phone[:7], phone[-4:], one.name, name,
            readings(one.name)[0][0], readings(one.name)[1][0], readings(one.name)[1][0][:5], street, one.name[0],
            f"{name} {street}", f"{one.name[0]} {street} {phone[-3:]}", f"{one.account_no[:6]} {one.name[0]}",
        ]  # fmt: skip
        for query in typed:
            expected, found = (find(table, query, 20) for table in both)
            assert found == expected, query
