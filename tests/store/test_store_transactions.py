"""Several writes, all or nothing: nested, rolled back, by several threads."""

# ruff: noqa: PT012  (a transaction is left by an exception from within)
from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest
from msgspec import Struct
from tinydb import where

from desk.errors import StoreProblem
from desk.store import DocumentStore, TableSpec
from desk.store.terms import Term

Open = Callable[..., DocumentStore]


class Failed(Exception):
    """Something of ours went wrong inside a transaction."""


class Person(Struct, frozen=True, omit_defaults=True):
    name: str
    town: str = ""


SPEC = TableSpec("people", key="name", indexes=("town",), terms=lambda person: ["t" + person.get("town", "")])


def test_writes_to_several_tables_are_committed_together(store: DocumentStore, opened: Open) -> None:
    other = opened()
    with store.transaction():
        store.table("people").insert({"n": 1})
        store.table("calls").insert({"n": 2})
        assert other.tables() == set()
    assert other.tables() == {"people", "calls"}


def test_a_transaction_left_by_an_exception_leaves_nothing(store: DocumentStore) -> None:
    people = store.table("people")
    people.insert({"town": "x"})
    with pytest.raises(Failed), store.transaction():
        people.insert({"town": "y"})
        people.update({"town": "z"})
        store.table("calls").insert({})
        raise Failed
    assert people.all() == [{"town": "x"}]
    assert people.count(where("town") == "x") == 1
    assert store.tables() == {"people"}


def test_a_transaction_reads_its_own_writes_and_others_do_not(store: DocumentStore) -> None:
    people = store.table("people")
    with store.transaction():
        people.insert({"town": "x"})
        assert len(people) == people.count(where("town") == "x") == 1
        assert in_a_thread(lambda: (len(people), people.all(), store.tables())) == (0, [], set())
    assert in_a_thread(lambda: len(people)) == 1


def test_an_inner_transaction_that_fails_undoes_its_own_part_alone(store: DocumentStore) -> None:
    people = store.table("people")
    with store.transaction():
        people.insert({"n": 1})
        with pytest.raises(Failed), store.transaction():
            people.insert({"n": 2})
            store.table("calls").insert({"n": 3})
            raise Failed
        people.insert({"n": 4})
    assert people.all() == [{"n": 1}, {"n": 4}]
    assert len(people) == 2
    assert store.tables() == {"people"}


def test_an_inner_transaction_is_final_only_with_the_outer(store: DocumentStore) -> None:
    with pytest.raises(Failed), store.transaction():
        with store.transaction():
            store.insert({"n": 1})
        raise Failed
    assert store.tables() == set()


def test_a_change_that_fails_half_way_inside_a_transaction_leaves_nothing_of_itself(store: DocumentStore) -> None:
    people = store.table("people")
    with store.transaction():
        people.insert({"n": 1})
        with pytest.raises(ValueError, match="not a Mapping"):
            people.insert_multiple([{"n": 2}, "no document"])  # type: ignore[list-item]
        with pytest.raises(TypeError):
            people.insert_multiple([{"n": 3}, {"n": {4}}])
    assert people.all() == [{"n": 1}]


def test_indexes_terms_and_counts_are_right_after_a_rollback(opened: Open) -> None:
    store = opened(SPEC)
    people = store.records("people", Person)
    people.put(Person("a", "x"))
    with pytest.raises(Failed), store.transaction():
        people.put(Person("a", "y"))
        people.put(Person("b", "x"))
        people.put_many(Person(str(n), "y") for n in range(10))
        people.remove("a")
        raise Failed
    assert people.count() == 1
    assert people.where(town="x") == people.matching([[Term("tx")]], 9) == [Person("a", "x")]
    assert people.where(town="y") == people.matching([[Term("ty")]], 9) == []
    people.put(Person("a", "z"))
    assert [people.matching([[Term(term)]], 9) for term in ("tx", "tz")] == [[], [Person("a", "z")]]


def test_a_number_given_out_is_not_given_again_after_its_record_is_gone(opened: Open) -> None:
    people = opened(SPEC).records("people", Person)
    people.add(lambda number: Person(f"P{number}"))
    people.add(lambda number: Person(f"P{number}"))
    people.remove("P2")
    assert people.add(lambda number: Person(f"P{number}")).name == "P3"
    assert opened(SPEC).records("people", Person).add(lambda number: Person(f"P{number}")).name == "P4"


def test_threads_write_one_after_the_other_and_lose_nothing(store: DocumentStore) -> None:
    people = store.table("people")

    def write() -> None:
        for _ in range(40):
            with store.transaction():
                people.insert({"n": len(people)})

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert len(people.all()) <= 160  # reading is never refused meanwhile
    assert [document["n"] for document in people] == list(range(160))
    assert [document.doc_id for document in people] == list(range(1, 161))


def test_threads_that_ended_leave_no_connection_behind(store: DocumentStore) -> None:
    store.insert({"n": 1})
    for _ in range(50):
        assert in_a_thread(store.all) == [{"n": 1}]
    engine: Any = store._engine
    assert len(engine._file._readers if hasattr(engine, "_file") else engine._lines._idle) <= 2


def test_a_table_may_be_changed_while_it_is_walked_through(store: DocumentStore) -> None:
    people = store.table("people")
    people.insert_multiple({"n": n} for n in range(50))
    for document in people:
        people.insert({"n": -1})
        people.update({"seen": True}, doc_ids=[document.doc_id])
        assert people.get(doc_id=document.doc_id)["seen"]
    assert (len(people), people.count(where("seen").exists())) == (100, 50)
    with store.transaction():
        for document in people:
            people.remove(doc_ids=[document.doc_id])
    assert len(people) == 0


def test_a_walk_that_is_given_up_does_not_hold_the_past(store: DocumentStore) -> None:
    people = store.table("people")
    people.insert_multiple({"n": n} for n in range(50))
    next(iter(people))
    people.insert({"n": 50})
    assert len(people.all()) == 51


def test_a_remembered_search_is_not_what_a_transaction_undid(store: DocumentStore) -> None:
    people = store.table("people")
    query = where("town") == "x"
    assert people.search(query) == []
    with pytest.raises(Failed), store.transaction():
        people.insert({"town": "x"})
        assert len(people.search(query)) == 1
        raise Failed
    assert people.search(query) == []


def test_many_documents_can_be_changed_in_one_go(store: DocumentStore) -> None:
    people = store.table("people")
    assert len(people.insert_multiple({"n": n} for n in range(5000))) == 5000
    assert len(people.update(lambda person: person.update(n=-person["n"]))) == 5000
    assert people.remove(where("n") < -4990) == list(range(4992, 5001))
    assert [document["n"] for document in people] == [-n for n in range(4991)]
    assert people.insert({}) == 5001


def test_the_store_is_sound_after_all_kinds_of_writes(store: DocumentStore, url: str) -> None:
    for name in ("A", "a", "张", "", "x y", "sqlite_master", "doc_a", "a_ix", "'\"", "\ud800", "\0"):
        table = store.table(name)
        table.insert({"name": name.encode("utf-8", "replace").decode()})
        assert len(table) == 1
        assert name in store.tables()
    store.drop_table("a")
    store.close()
    if url.startswith("postgresql"):
        return
    db = sqlite3.connect(url.removeprefix("sqlite:///"))
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()


def in_a_thread(ask: Callable[[], Any]) -> Any:
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(ask()))
    thread.start()
    thread.join()
    return answers[0]


def test_a_writer_that_waits_too_long_is_told(opened: Open) -> None:
    store, other = opened(), opened()
    with store.transaction():
        store.insert({})
        engine: Any = other._engine
        if hasattr(engine, "_file"):
            engine._file.writer.execute("PRAGMA busy_timeout=50")
        else:
            engine._transactions.busy_seconds = 0.05
        with pytest.raises(StoreProblem):
            other.insert({})
        assert other.all() == []
    assert other.insert({}) == 2
