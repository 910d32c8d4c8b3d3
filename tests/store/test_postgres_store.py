"""What only a store on a server has: counties side by side, an address, its own way of keeping values, refusals."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from tinydb import where
from tinydb.table import Document

from desk.errors import BadInput, StoreProblem
from desk.store import DocumentStore, TableSpec, open_store, server_facts
from tests.postgres_server import PostgresServer, heard_at_once

pytest.importorskip("psycopg")

from desk.store import postgres_terms
from desk.store.postgres_url import Address
from desk.store.postgres_values import encoded, reach


class Person(Struct):
    name: str
    town: str = ""


SPEC = TableSpec("people", key="name", indexes=("town",), terms=lambda person: ["n" + person["name"]])

numbers = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: abs(number) < 2**63 - 1),
    st.sampled_from([2**62 + 1, 2.0**62, -(2**62) - 1, 0, -0.0, 0.0, 1, 1.0, 2**53 + 1, 2.0**53]),
)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)


@given(numbers, numbers)
def test_numbers_are_kept_in_their_order(one: float, other: float) -> None:
    assert (encoded(one) < encoded(other)) == (one < other)
    assert (encoded(one) == encoded(other)) == (one == other)


@given(texts, texts)
def test_texts_are_kept_in_the_order_of_their_characters_after_all_numbers(one: str, other: str) -> None:
    assert (encoded(one).encode() < encoded(other).encode()) == (one < other)
    assert encoded(2**63 - 1) < encoded(one) < "u" < "z"


@given(st.text("ab", min_size=395, max_size=405), st.text("ab", min_size=395, max_size=405))
def test_long_texts_are_equal_only_to_themselves_and_a_comparison_loses_none(one: str, other: str) -> None:
    assert (encoded(one) == encoded(other)) == (one == other)
    for sign, holds in (("<", one < other), (">=", one >= other)):
        passes, text = reach(sign, other)
        if holds:
            assert encoded(one) < text if passes == "<" else encoded(one) >= text


@pytest.fixture
def opened(postgres: PostgresServer) -> Callable[..., DocumentStore]:
    heard_at_once()
    url = postgres.new_url()

    def open_county(county: str, *specs: TableSpec) -> DocumentStore:
        return open_store(f"{url}&county={county}", specs)

    return open_county


def test_counties_of_one_database_do_not_see_each_other(opened: Callable[..., DocumentStore]) -> None:
    with opened("north", SPEC) as north, opened("south", SPEC) as south:
        for store, town in ((north, "x"), (south, "y")):
            store.records("people", Person).put_many(Person(f"p{n}", town) for n in range(30))
        assert [store.table("people").count(where("town") == "x") for store in (north, south)] == [30, 0]
        assert north.table("people").insert({"name": "new"}) == 31
        north.changed()
        south.records("people", Person).remove("p3")
        assert (north.changed(), south.changed()) == (frozenset(), {"people"})
        south.drop_table("people")
        assert (len(north.table("people")), south.tables()) == (31, set())
        assert north._engine.identity != south._engine.identity


def test_two_counties_write_at_the_same_time(opened: Callable[..., DocumentStore]) -> None:
    with opened("north") as north, opened("south") as south:
        for store in (north, south):
            store.insert({})
        with north.transaction():
            north.insert({"n": 1})
            south.insert({"n": 2})  # nobody waits
        assert [len(north), len(south)] == [2, 2]


@pytest.mark.parametrize("id", ["a\0b", "\ud800", "张", "O1", "1" * 30, "007"])
def test_any_text_is_an_id(opened: Callable[..., DocumentStore], id: str) -> None:
    with opened("county") as store:
        table = store.table("named")
        table.document_id_class = str
        table.insert(Document({"n": 1}, id))
        table.insert(Document({"n": 2}, "other"))
        assert table.get(doc_id=id) == {"n": 1}
        assert [document.doc_id for document in table] == [id, "other"]
        table.remove(doc_ids=[id])
        assert len(table) == 1


def test_a_text_too_long_for_an_index_is_found_all_the_same(opened: Callable[..., DocumentStore]) -> None:
    with opened("county", SPEC) as store:
        long = "张" * 5000
        people = store.records("people", Person)
        people.put_many([Person(long, long), Person("b", long + "x"), Person("c", "c")])
        assert people.get(long) == Person(long, long)
        assert [person.name for person in people.where(town=long)] == [long]
        assert store.table("people").count(where("town") > long) == 1
        with pytest.raises(BadInput, match="already has a document"):
            people.add(lambda _: Person(long))


def test_a_key_that_is_taken_does_not_undo_what_was_written_before_it(opened: Callable[..., DocumentStore]) -> None:
    with opened("county", SPEC) as store:
        people = store.table("people")
        people.insert({"name": "a"})
        with store.transaction():
            people.insert({"name": "b"})
            with pytest.raises(BadInput, match="name: a"):
                people.insert({"name": "a"})
            with pytest.raises(BadInput, match="name: a"):
                people.insert_multiple({"name": name} for name in [*map(str, range(40)), "a"])
            with pytest.raises(BadInput, match="name: a"):
                people.update({"name": "a"}, where("name") == "b")
            people.insert({"name": "c"})
        assert [person["name"] for person in people] == ["a", "b", "c"]


def test_many_rows_at_once_and_few_make_the_same_index(
    opened: Callable[..., DocumentStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_terms, "WORTH", 200)  # rows from which there are indexes
    from desk.store.terms import Term

    spec = TableSpec(
        "people", key="name", terms=lambda person: [f"n{person['name']}", "ncommon", "n" + person["name"][::-1]]
    )
    with opened("one", spec) as one, opened("many", spec) as many:
        records = [Person(f"p{n:05d}") for n in range(330)]
        many.records("people", Person).put_many(records)
        few = one.records("people", Person)
        with one.transaction():
            for start in range(0, 330, 11):
                few.put_many(records[start : start + 11])
        for groups in (
            [[Term("ncommon")]],
            [[Term("np0", prefix=True)]],
            [[Term("np0012", prefix=True)]],
            [[Term("np00123")]],
            [[Term("np00", prefix=True)], [Term("n3", prefix=True), Term("n99", prefix=True)]],
            [[Term("np0", prefix=True)], [Term("n321", prefix=True)], [Term("ncommon")]],
        ):
            both = [store.records("people", Person).matching(groups, 30) for store in (one, many)]
            assert both[0] == both[1] != []


@settings(max_examples=50)
@given(st.text(max_size=8))
def test_any_address_is_read_or_refused(text: str) -> None:
    try:
        told = Address.read(f"postgresql://desk:secret@host/db?{text}").shown
    except BadInput as error:
        told = str(error)
    assert "secret" not in told


@pytest.mark.parametrize(
    ("url", "shown", "county"),
    [
        ("postgresql://desk@db.example/desk", "postgresql://db.example/desk", "county"),
        ("postgres://desk@db:5433/desk?county=qs&sslmode=require", "postgresql://db:5433/desk (qs)", "qs"),
        ("postgresql://desk:secret@one,two:5433/desk", "postgresql://one,two:5433/desk", "county"),
        ("postgresql:///desk?host=/run/pg", "postgresql:///run/pg/desk", "county"),
    ],
)
def test_an_address_names_server_database_and_county(url: str, shown: str, county: str) -> None:
    address = Address.read(url, "secret")
    assert (address.shown, address.county) == (shown, county)
    assert "county=" not in address.conninfo
    assert "secret" not in repr(address)


@pytest.mark.parametrize("url", ["postgresql://h/d?conty=x", "postgresql://h/d?county=", "postgresql://h/d?x"])
def test_an_address_with_a_slip_in_it_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="h/d is not the address of a store"):
        open_store(url)


def test_what_libpq_is_told_may_be_changed_in_the_url() -> None:
    conninfo = Address.read("postgresql://h/d?connect_timeout=9&options=-csearch_path%3Dx").conninfo
    assert "connect_timeout=9" in conninfo
    assert conninfo.count("connect_timeout") == 1
    assert "search_path%3Dx" in conninfo


def test_without_the_driver_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name.split(".")[0] == "psycopg":
            raise ImportError(name)
        return real(name, *rest)

    for name in [name for name in sys.modules if name.startswith("desk.store.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(StoreProblem, match=r"pip install 'desk95598\[postgres\]'"):
        open_store("postgresql://h/d")


def test_a_database_that_keeps_no_chinese_is_refused(postgres: PostgresServer) -> None:
    postgres.execute("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    with pytest.raises(StoreProblem, match="it is not UTF8"):
        open_store(postgres.url(database="latin"))
    postgres.execute("DROP DATABASE latin WITH (FORCE)")


def test_a_database_that_is_not_there_is_named(postgres: PostgresServer) -> None:
    with pytest.raises(StoreProblem, match="did not let this desk into") as told:
        open_store(postgres.url(database="nowhere"))
    assert "nowhere" in told.value.why


def test_a_server_that_takes_no_changes_is_named_and_may_be_read(postgres: PostgresServer) -> None:
    url = postgres.new_url()
    with open_store(url) as store:
        store.insert({"n": 1})
    readonly = url.replace("search_path", "default_transaction_read_only%3Don%20-csearch_path")
    with open_store(readonly) as replica:
        assert replica.all() == [{"n": 1}]
        with pytest.raises(StoreProblem, match="takes no changes"):
            replica.insert({})
        assert replica.all() == [{"n": 1}]


def test_a_county_made_by_a_newer_desk_is_refused(postgres: PostgresServer) -> None:
    url = postgres.new_url()
    open_store(url).close()
    path = url.rpartition("%3D")[2]
    postgres.execute(f"UPDATE {path}.desk_counties SET layout = layout + 1")
    with pytest.raises(StoreProblem, match="made by a newer version"):
        open_store(url)


def test_a_server_says_what_it_is_and_nothing_is_made_there(postgres: PostgresServer) -> None:
    url = postgres.new_url()
    facts = server_facts(url)
    assert (facts.made, facts.encoding, facts.replica, facts.local) == (False, "UTF8", False, True)
    assert int(facts.version.split(".")[0]) >= 14
    open_store(url).close()
    assert server_facts(url).made


def test_a_commit_survives_a_crash_of_the_server_whatever_its_own_default_is(postgres: PostgresServer) -> None:
    with open_store(postgres.new_url()) as store:  # the test server's default is off
        engine: Any = store._engine
        assert engine._asked("SHOW synchronous_commit", ()) == [("on",)]
