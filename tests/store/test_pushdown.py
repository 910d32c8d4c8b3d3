"""Queries narrowed by indexes: TinyDB's shapes are as we read them, and narrowing never changes an answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_strategies import documents, queries
from tinydb import Query, where
from tinydb.queries import QueryInstance
from tinydb.table import Document

from desk.store import DocumentStore, TableSpec, open_store
from desk.store.engine import Among, Both, Compared, Condition, Either, OtherKind
from desk.store.pushdown import NOTHING, narrowed

A = Query().a
INDEXED = {"a", "b"}


@pytest.mark.parametrize(
    ("query", "shape"),
    [
        (where("a") == 1, ("==", ("a",), 1)),
        (where("a") == [1, {"b": 2}], ("==", ("a",), (1, {"b": 2}))),
        (where("a") != 1, ("!=", ("a",), 1)),
        (where("a") < 1, ("<", ("a",), 1)),
        (where("a") <= 1, ("<=", ("a",), 1)),
        (where("a") > 1, (">", ("a",), 1)),
        (where("a") >= 1, (">=", ("a",), 1)),
        (where("a").one_of([1, 2]), ("one_of", ("a",), (1, 2))),
        (where("a").one_of({1}), ("one_of", ("a",), frozenset({1}))),
        (where("a").exists(), ("exists", ("a",))),
        (where("a").matches("x"), ("matches", ("a",), "x")),
        (where("a").search("x"), ("search", ("a",), "x")),
        (A.b == 1, ("==", ("a", "b"), 1)),
        (Query().noop(), ()),
        (~(A == 1), ("not", ("==", ("a",), 1))),
        ((A == 1) & (A == 2), ("and", frozenset({("==", ("a",), 1), ("==", ("a",), 2)}))),
        ((A == 1) | (A == 2), ("or", frozenset({("==", ("a",), 1), ("==", ("a",), 2)}))),
        (where("a").map(str) == "1", None),
    ],
    ids=lambda given: str(given)[:6],
)
def test_tinydb_names_its_queries_as_we_read_them(query: QueryInstance, shape: object) -> None:
    assert query._hash == shape


SEEN = Among("a", (1,))


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        (A == 1, SEEN),
        (A == None, Among("a", ())),  # noqa: E711
        (A.one_of([1, "x"]), Among("a", (1, "x"))),
        (A < "x", Compared("a", "<", "x")),
        ((A == 1) & (Query().b == 2), Both((SEEN, Among("b", (2,))))),
        ((A == 1) | (Query().b == 2), Either((SEEN, Among("b", (2,))))),
        ((A == 1) & Query().c.exists(), SEEN),
        (Query().c.exists() & (A == 1), SEEN),
        # b may raise, but is looked at only where a holds.
        ((A == 1) & Query().c.test(bool), SEEN),
        ((A == 1) & (Query().c < 3), SEEN),
        # Here it is looked at everywhere, and must be.
        (Query().c.test(bool) & (A == 1), None),
        ((Query().b < 3) & (A == 1), Either((Both((Compared("b", "<", 3), SEEN)), OtherKind("b", 3)))),
        ((A == 1) | Query().c.exists(), None),
        (~(A == 1), None),
        (A != 1, None),
        (Query().c == 1, None),
        (A.b == 1, None),
        (A == [1], None),
        (A == 2**80, None),
        (A.one_of("text"), None),
        (A.one_of([]), Among("a", ())),
        (bool, None),
    ],
)
def test_a_query_is_narrowed_as_far_as_is_safe(query: Any, condition: Condition | None) -> None:
    assert narrowed(query, INDEXED) == condition


def test_a_query_hashed_by_hand_is_not_trusted_with_an_order() -> None:
    both = (A < 1) & (A == 1)
    unordered = QueryInstance(lambda document: both(document), both._hash)
    assert narrowed(unordered, INDEXED) == Either((Both(narrowed_parts(unordered)), OtherKind("a", 1)))


def narrowed_parts(query: QueryInstance) -> tuple[Condition, ...]:
    whole = narrowed(query, INDEXED)
    assert isinstance(whole, Either)
    assert isinstance(whole.parts[0], Both)
    assert set(whole.parts[0].parts) == {Compared("a", "<", 1), SEEN}
    return whole.parts[0].parts


def test_a_text_with_its_own_idea_of_equality_is_not_narrowed() -> None:
    class Loose(str):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = str.__hash__

    assert narrowed(Loose("x") == A, INDEXED) is None


def test_nothing_is_no_condition_on_any_row(store: DocumentStore) -> None:
    people = store.table("people")
    people.insert({"town": "x"})
    assert list(store._engine.rows("people", NOTHING)) == []


@pytest.fixture(scope="module")
def crowd(new_url: Callable[[str], str]) -> Callable[[str], DocumentStore]:
    """A store on each engine, made when first asked for."""
    return cache(lambda engine: open_store(new_url(engine), [TableSpec("_default", indexes=("a", "b"))]))


Crowd = Callable[[str], DocumentStore]


@settings(max_examples=400, deadline=None)
@given(many=st.lists(documents, max_size=6), query=queries)
def test_narrowing_changes_no_answer(crowd: Crowd, many: list[Any], query: QueryInstance) -> None:
    check(crowd("sqlite"), many, query)


@settings(max_examples=120, deadline=None)
@given(many=st.lists(documents, max_size=6), query=queries)
def test_narrowing_changes_no_answer_on_a_server(crowd: Crowd, many: list[Any], query: QueryInstance) -> None:
    check(crowd("postgres"), many, query)


def check(crowd: DocumentStore, many: list[Any], query: QueryInstance) -> None:
    crowd.truncate()
    crowd.insert_multiple(many)
    everything = [Document(document, document.doc_id) for document in crowd]
    assert answer(lambda: crowd.search(query)) == answer(lambda: [one for one in everything if query(one)])


def answer(ask: Any) -> Any:
    try:
        return [(document.doc_id, repr(dict(document))) for document in ask()]
    except Exception as error:
        return type(error)


def test_an_indexed_search_reads_only_what_may_match(store: DocumentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    people = store.table("people")
    people.insert_multiple({"town": f"t{n}", "age": n} for n in range(500))
    read: list[object] = []
    rows = store._engine.rows
    monkeypatch.setattr(store._engine, "rows", lambda *a: (read.append(row) or row for row in rows(*a)))
    assert people.count(where("town") == "t7") == 1
    assert people.get((where("age") > 10) & (where("town") == "t20")) is not None
    assert len(read) == 2
