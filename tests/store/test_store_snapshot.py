"""A snapshot: all of one moment, whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.store import DocumentStore, TableSpec

Open = Callable[..., DocumentStore]


def test_a_snapshot_shows_one_moment_of_every_table_while_others_write(store: DocumentStore, opened: Open) -> None:
    people, calls = store.table("people"), store.table("calls")
    people.insert_multiple({"n": n} for n in range(3))
    calls.insert({"n": 9})
    with store._engine.snapshot() as moment:
        people.remove(doc_ids=[1])
        opened().table("calls").insert({"n": 10})
        store.drop_table("calls")
        opened().table("later").insert({})
        assert [(id, body) for _, id, _, body in moment.rows("people")] == [
            (1, '{"n":0}'),
            (2, '{"n":1}'),
            (3, '{"n":2}'),
        ]
        assert [body for *_, body in moment.rows("calls")] == ['{"n":9}']
        assert list(moment.rows("later")) == []
        assert {name: info.rows for name, info in moment.tables().items()} == {"people": 3, "calls": 1}
    assert len(people) == 2
    assert store.tables() == {"people", "later"}


def test_a_snapshot_does_not_see_what_is_not_committed(store: DocumentStore) -> None:
    people = store.table("people")
    people.insert({"n": 1})
    with store.transaction():
        people.insert({"n": 2})
        with store._engine.snapshot() as moment:
            assert [body for *_, body in moment.rows("people")] == ['{"n":1}']


def test_a_snapshot_tells_what_a_copy_must_keep(opened: Open) -> None:
    store = opened(TableSpec("outages", key="id", indexes=("status",)))
    outages = store.table("outages")
    with store.transaction():
        store._engine.next_number("outages", 7)
        outages.insert({"id": "O1", "status": "x"})
    with store._engine.snapshot() as moment:
        info = moment.tables()["outages"]
    assert (info.key, info.fields, info.last_number, info.rows) == ("id", ("id", "status"), 7, 1)


@pytest.mark.parametrize("rounds", [3])
def test_a_snapshot_that_ended_does_not_hold_the_past(store: DocumentStore, rounds: int) -> None:
    for number in range(rounds):
        with store._engine.snapshot() as moment:
            assert sum(1 for _ in moment.rows("people")) == number
        store.table("people").insert({})
        assert len(store.table("people").all()) == number + 1
