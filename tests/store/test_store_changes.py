"""The change feed: which tables anyone has changed since one last asked; and what searches remember."""

# ruff: noqa: PT012  (a transaction is left by an exception from within)
from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial

import pytest
from msgspec import Struct
from tinydb import where

from desk.store import DocumentStore, TableSpec
from desk.store.terms import Term

Open = Callable[..., DocumentStore]


class Person(Struct):
    name: str


def named(kind: str, person: Mapping[str, str]) -> list[str]:
    return [kind + person["name"]]


def test_nothing_changed_says_nothing(store: DocumentStore) -> None:
    assert store.changed() == store.changed() == frozenset()


def test_a_change_is_told_once_to_each_store(store: DocumentStore, opened: Open) -> None:
    other = opened()
    with store.transaction():
        store.table("people").insert({})
        store.table("calls").insert({})
    for each in (store, other):
        assert each.changed() == {"people", "calls"}
        assert each.changed() == frozenset()


def test_only_tables_that_changed_are_told(store: DocumentStore, opened: Open) -> None:
    other = opened()
    store.table("people").insert({"n": 1})
    store.table("calls").insert({"n": 1})
    other.changed()
    store.table("people").update({"n": 1})  # it is so already
    store.table("calls").update({"n": 2})
    assert other.changed() == {"calls"}
    store.drop_table("people")
    assert other.changed() == {"people"}


def test_what_is_undone_is_not_told(store: DocumentStore, opened: Open) -> None:
    other = opened()
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.table("people").insert({})
        assert other.changed() == frozenset()
        _ = 1 / 0
    assert other.changed() == store.changed() == frozenset()


def test_changes_of_other_threads_are_told(store: DocumentStore) -> None:
    thread = threading.Thread(target=lambda: store.table("people").insert({}))
    thread.start()
    thread.join()
    assert store.changed() == {"people"}


def test_a_remembered_search_is_forgotten_when_anyone_changes_the_table(store: DocumentStore, opened: Open) -> None:
    people, theirs = store.table("people"), opened().table("people")
    query = where("town") == "x"
    assert people.search(query) == []
    theirs.insert({"town": "x"})
    assert people.search(query) == [{"town": "x"}]
    theirs.truncate()
    assert people.search(query) == []


def test_ids_go_on_from_what_others_wrote(store: DocumentStore, opened: Open) -> None:
    people, theirs = store.table("people"), opened().table("people")
    assert [people.insert({}), theirs.insert({}), people.insert({}), theirs.insert({})] == [1, 2, 3, 4]
    assert people.insert_multiple([{}, {}]) == [5, 6]


def test_lookup_terms_written_past_by_a_stranger_are_made_anew(opened: Open) -> None:
    spec = TableSpec("people", key="name", terms=partial(named, "n"), terms_version="1")
    people = opened(spec).records("people", Person)
    people.put(Person("x"))
    stranger = opened().table("people")
    stranger.insert({"name": "y"})
    stranger.update({"name": "z"}, where("name") == "x")
    assert [people.matching([[Term("n" + name)]], 9) for name in "xyz"] == [[], [Person("y")], [Person("z")]]
    people.put(Person("w"))
    assert people.matching([[Term("n", prefix=True)]], 9) == [Person("z"), Person("y"), Person("w")]


def test_lookup_terms_are_made_anew_when_their_version_rises(opened: Open) -> None:
    opened(TableSpec("people", key="name")).records("people", Person).put(Person("x"))
    for version in ("1", "2"):
        spec = TableSpec("people", "name", terms=partial(named, version), terms_version=version)
        people = opened(spec).records("people", Person)
        assert people.matching([[Term(version + "x")]], 9) == [Person("x")]
    assert people.matching([[Term("1x")]], 9) == []
    people.remove("x")
    assert people.matching([[Term("2x")]], 9) == []
