"""What is to be done once something is stored: done then, once, and never for what came to nothing."""

# ruff: noqa: PT012  (a transaction is left by an exception from within)
from __future__ import annotations

import pytest

from desk.store import DocumentStore


class Failed(Exception):
    """Something of ours went wrong inside a transaction."""


def test_outside_a_transaction_it_is_done_at_once(store: DocumentStore) -> None:
    done: list[str] = []
    store.after_commit(lambda: done.append("a"))
    assert done == ["a"]


def test_inside_it_waits_for_the_outermost_commit_and_keeps_its_order(store: DocumentStore) -> None:
    done: list[str] = []
    with store.transaction():
        store.after_commit(lambda: done.append("a"))
        with store.transaction():
            store.table("people").insert({"n": 1})
            store.after_commit(lambda: done.append("b"))
        assert done == []
    assert done == ["a", "b"]


def test_what_it_does_sees_what_was_stored(store: DocumentStore) -> None:
    seen: list[int] = []
    with store.transaction():
        store.after_commit(lambda: seen.append(len(store.table("people"))))
        store.table("people").insert({"n": 1})
    assert seen == [1]


def test_a_transaction_that_fails_does_nothing_afterwards(store: DocumentStore) -> None:
    done: list[str] = []
    with pytest.raises(Failed), store.transaction():
        store.after_commit(lambda: done.append("a"))
        raise Failed
    assert done == []


def test_an_inner_part_that_fails_takes_its_own_away(store: DocumentStore) -> None:
    done: list[str] = []
    with store.transaction():
        store.after_commit(lambda: done.append("a"))
        with pytest.raises(Failed), store.transaction():
            store.after_commit(lambda: done.append("b"))
            raise Failed
    assert done == ["a"]


def test_it_may_write_itself(store: DocumentStore) -> None:
    with store.transaction():
        store.after_commit(lambda: store.table("people").insert({"n": 2}) and None)
        store.table("people").insert({"n": 1})
    assert len(store.table("people")) == 2
