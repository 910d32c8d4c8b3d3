"""The typed door: records in, records out, on the same documents TinyDB sees."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from functools import cache
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from tinydb import where

from desk.errors import BadInput, StaleWrite, StoreProblem
from desk.store import DocumentStore, RecordTable, TableSpec, open_store

Open = Callable[..., DocumentStore]


class Kind(StrEnum):
    HOME = "home"
    SHOP = "shop"


class Place(Struct, frozen=True, omit_defaults=True):
    id: str
    kind: Kind = Kind.HOME
    area: str = ""
    size: float | None = None
    seen: datetime | None = None
    tags: tuple[str, ...] = ()


SPEC = TableSpec("places", key="id", indexes=("kind", "area", "size", "seen"))
CHINA = timezone(timedelta(hours=8))
A, B, C = Place("1", area="x"), Place("2", Kind.SHOP, "x", 2.5), Place("3", Kind.SHOP, "y", seen=None)


@pytest.fixture
def places(opened: Open) -> RecordTable[Place]:
    table = opened(SPEC).records("places", Place)
    table.put_many([A, B, C])
    return table


def test_a_record_is_found_by_its_key(places: RecordTable[Place]) -> None:
    assert [places.get(key) for key in ("1", "3", "4", 1, None, "\0", "\ud800")] == [A, C, None, None, None, None, None]


@pytest.mark.parametrize(
    ("equals", "found"),
    [
        ({"area": "x"}, [A, B]),
        ({"area": ["y", "x"], "kind": Kind.SHOP}, [B, C]),
        ({"area": []}, []),
        ({"area": {"y"}}, [C]),
        ({"kind": [Kind.HOME]}, [A]),
        ({"kind": Kind.HOME, "area": "x"}, [A]),
        ({"size": 2.5}, [B]),
        ({"size": None}, [A, C]),
        ({"id": ("3", "1")}, [A, C]),
        ({}, [A, B, C]),
        ({"area": "\ud800"}, []),
    ],
    ids=range(11),
)
def test_records_are_found_by_their_values(places: RecordTable[Place], equals: Any, found: list[Place]) -> None:
    assert places.where(**equals) == list(places.each(**equals)) == found
    assert places.count(**equals) == len(found)
    assert list(places.revisions(**equals)) == [place.id for place in found]


def test_a_value_no_index_can_compare_is_found_all_the_same(places: RecordTable[Place]) -> None:
    odd = Place("4", area="a\0b", size=2.0**70)
    places.put(odd)
    assert places.where(area="a\0b") == places.where(size=2.0**70) == places.where(area=["a\0b", "z"]) == [odd]
    assert places.count(area="a\0b") == len(places.revisions(area="a\0b")) == 1
    assert places.where(area="z") == []


def test_many_values_may_be_asked_for_at_once(places: RecordTable[Place]) -> None:
    assert places.where(area=[str(n) for n in range(100_000)] + ["y"]) == [C]
    assert places.where(size=[n + 0.5 for n in range(2000)]) == [B]


def test_asking_by_a_field_without_index_is_a_mistake(places: RecordTable[Place]) -> None:
    with pytest.raises(ValueError, match="places has no index on 'tags'"):
        places.where(tags="x")


def test_a_range_is_in_order_of_its_field(opened: Open) -> None:
    places = opened(SPEC).records("places", Place)
    days = [datetime(2026, 1, day, tzinfo=CHINA) for day in (3, 1, 2)]
    places.put_many(Place(str(number), seen=day) for number, day in enumerate(days))
    places.put(Place("never"))

    def ids(*bounds: Any, **options: Any) -> str:
        return "".join(place.id for place in places.range("seen", *bounds, **options))

    assert ids(None, None) == "120"
    assert ids(days[1], days[0]) == "12"
    assert ids("2026-01-02", None, newest_first=True) == "02"
    assert ids(None, None, newest_first=True, limit=1) == "0"


def test_storing_again_changes_nothing(places: RecordTable[Place]) -> None:
    before = places.revisions()
    places.put(A)
    places.put_many([A, B, C])
    assert places.revisions() == before


def test_many_records_replace_those_with_their_keys_and_the_last_of_a_key_counts(places: RecordTable[Place]) -> None:
    places.put_many(iter([Place("2", area="z"), Place("9"), Place("9", area="n"), Place("0")]))
    assert list(places.all()) == [A, Place("2", area="z"), C, Place("9", area="n"), Place("0")]


def test_a_put_with_an_old_revision_is_refused(places: RecordTable[Place]) -> None:
    revision = places.revision("1")
    places.put(Place("1", area="new"), revision=revision)
    with pytest.raises(StaleWrite):
        places.put(Place("1", area="newer"), revision=revision)
    with pytest.raises(StaleWrite):
        places.put(Place("7"), revision=revision)
    assert places.get("1") == Place("1", area="new")
    assert places.get("7") is None


def test_a_key_is_taken_once(places: RecordTable[Place], opened: Open) -> None:
    with pytest.raises(BadInput, match="places already has a document with this id: 1"):
        places.add(lambda _: Place("1"))
    with pytest.raises(BadInput, match="this id: 3"):
        opened().table("places").insert_multiple([{"id": "8"}, {"id": "3"}, {"id": "9"}])
    with pytest.raises(BadInput, match="id in places must be a text or a number"):
        opened().table("places").insert({"id": None})
    assert places.count() == 3


def test_a_removed_record_is_gone_and_removing_it_again_is_no_error(places: RecordTable[Place]) -> None:
    assert (places.remove("2"), places.remove("2"), places.where(area="x")) == (True, False, [A])


def test_both_doors_open_on_the_same_documents(places: RecordTable[Place], opened: Open) -> None:
    table = opened(SPEC).table("places")
    assert table.get(where("id") == "2") == {"id": "2", "kind": "shop", "area": "x", "size": 2.5}
    table.update({"area": "q"}, where("id") == "2")
    table.insert({"id": "5", "area": "q", "unknown": 1})
    assert [place.id for place in places.where(area="q")] == ["2", "5"]


def test_a_document_that_is_no_record_is_named(places: RecordTable[Place], opened: Open) -> None:
    opened().table("places").insert({"id": "5", "kind": "castle"})
    with pytest.raises(StoreProblem, match="places 4 is not stored as it should be"):
        places.get("5")


def test_an_index_declared_later_finds_what_was_there_before(places: RecordTable[Place], opened: Open) -> None:
    class Tagged(Struct):
        id: str
        colour: str = ""

    opened().table("places").insert({"id": "r", "colour": "red"})
    found = opened(TableSpec("places", key="id", indexes=("colour",))).records("places", Tagged).where(colour="red")
    assert [place.id for place in found] == ["r"]
    assert places.where(area="x") == [A, B]


def test_a_key_declared_on_a_table_with_twins_is_refused_and_nothing_is_lost(opened: Open) -> None:
    plain = opened()
    plain.table("places").insert_multiple([{"id": "1"}, {"id": "1"}])
    with pytest.raises(StoreProblem):
        opened(SPEC)
    assert len(plain.table("places").all()) == 2


def test_a_store_without_specs_that_makes_the_table_anew_is_caught_up_with(opened: Open) -> None:
    places, plain = opened(SPEC).records("places", Place), opened()
    plain.table("places").insert({"id": "1", "area": "x"})
    assert places.where(area="x") == [A]
    plain.drop_tables()
    assert places.where(area="x") == []
    plain.table("places").insert({"id": "1", "area": "x"})
    assert places.where(area="x") == [A]


def test_a_million_records_need_no_more_memory_than_a_few(opened: Open) -> None:
    places = opened(SPEC).records("places", Place)
    places.put_many(Place(str(number)) for number in range(2000))
    tracemalloc.start()
    places.put_many(Place(str(number), area="x") for number in range(30_000))
    assert sum(1 for _ in places.all()) == 30_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


COUNTIES = count(1)


@cache
def one_place(new_url: Callable[[str], str]) -> str:
    """On the server, for all examples: each is a county of its own."""
    return new_url("postgres")


@settings(max_examples=60, deadline=None)
@given(
    engine=st.sampled_from(["sqlite", "sqlite", "postgres"]),
    records=st.lists(
        st.builds(
            Place,
            id=st.sampled_from("abcde"),
            kind=st.sampled_from(Kind),
            area=st.sampled_from(["", "x", "\0", "张"]),
            size=st.sampled_from([None, 0.0, -0.0, 1.5, 2.0**80]),
        ),
        max_size=12,
    ),
    asked=st.fixed_dictionaries(
        {},
        optional={
            "kind": st.sampled_from(Kind),
            "area": st.lists(st.sampled_from(["", "x", "\0", "y"]), max_size=2),
            "size": st.sampled_from([None, 0.0, 1.5, 2.0**80]),
        },
    ),
)
def test_what_is_found_is_what_a_walk_through_all_would_find(
    new_url: Callable[[str], str], records: list[Place], asked: dict[str, Any], engine: str
) -> None:
    url = new_url("sqlite") if engine == "sqlite" else f"{one_place(new_url)}&county={next(COUNTIES)}"
    store = open_store(url, [SPEC])
    places = store.records("places", Place)
    for record in records:
        places.put(record)

    def fits(place: Place) -> bool:
        return all(
            getattr(place, field) in (value if isinstance(value, list) else [value]) for field, value in asked.items()
        )

    assert places.where(**asked) == [place for place in places.all() if fits(place)]
    assert places.count(**asked) == len(places.where(**asked))
    store.close()
