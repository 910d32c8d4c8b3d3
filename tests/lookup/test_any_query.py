"""What must hold for anything typed and anything stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import example, given, settings
from hypothesis import strategies as st

from desk.phone_numbers import shown
from desk.records import Customer
from desk.store import RecordTable
from desk.store.lookup import caller, find
from desk.store.query import Seen, Word, loosened, queries
from desk.store.terms import plain, units
from tests.lookup.conftest import AREA_CODE, COUNTY, customer, made_on

PIECES = [
    *"张三丰中山路号李曾国强 \"'*()-:^+/·，　",
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "zs",
    "zhang",
    "13800",
    "64",
    "12",
    "😀",
    "\0",
]
typed = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
place = st.text(alphabet="中山路青县城关解放街号0123456789-Ab ", min_size=1, max_size=16)
name = st.text(alphabet="王李张三丰曾重行Xy9·医院", min_size=1, max_size=9)
phone = st.from_regex(r"\A(1[38][0-9]{9}|0951[5-8][0-9]{6}|0[0-9]{4}|955[0-9]{2})\Z")
people = st.lists(st.tuples(name, place, phone), min_size=1, max_size=8)


@contextmanager
def stored(engine: str, customers: list[Customer], *, one_by_one: bool = False) -> Iterator[RecordTable[Customer]]:
    with made_on(engine) as store:
        table = store.records("customers", Customer)
        if one_by_one:
            for each in customers:
                table.put(each)
        else:
            table.put_many(customers)
        yield table


def numbered(people: list[tuple[str, str, str]]) -> list[Customer]:
    return [customer(f"64{n:04d}", name, place, phone) for n, (name, place, phone) in enumerate(people)]


def everything(one: Customer) -> str:
    numbers = [text for phone in one.phones for text in (phone.number, phone.written, phone.extension)]
    return "".join(units(plain(" ".join([one.account_no, one.meter_no, one.name, one.address, *numbers]))))


@settings(deadline=None)
@given(typed)
@example('"' * 3)
@example("张三\ud800")
@example("x" * 10_000)
@example("张 " * 5_000)
@example("张三" * 5_000)
@example("1 a" * 5_000)
@example("NEAR(张三 中山, 2) OR *")
@example("ﷺ½㎏①Ⅷ")
def test_any_text_may_be_typed_and_chinese_in_it_is_in_what_is_found(county: RecordTable[Customer], query: str) -> None:
    for match in find(county, query):
        present = everything(match.customer)
        assert all(char in present for char in plain(query) if re.match(r"[\u4e00-\u9fff]", char))


@settings(deadline=None)
@given(st.text())
def test_any_text_may_ring(county: RecordTable[Customer], number: str) -> None:
    caller(county, number, AREA_CODE)


@given(people, st.data())
@settings(max_examples=50, deadline=None)
def test_any_part_finds_its_customer(engine: str, people: list[tuple[str, str, str]], data: st.DataObject) -> None:
    customers = numbered(people)
    with stored(engine, customers) as table:
        for one in customers:
            for query in parts(one, data):
                assert one in [match.customer for match in find(table, query)], query


def typed_again(found: list[str]) -> str:
    """Units as someone would type them: only between two runs must something stand."""
    return re.sub("(?<=[0-9a-z])(?=\0[0-9a-z])", "-", "\0".join(found)).replace("\0", "")


def parts(one: Customer, data: st.DataObject) -> list[str]:
    """The beginning and the end of the number, a piece of the name and of the address, and two of them."""
    number = one.phones[0].number or one.phones[0].written
    cut = data.draw(st.integers(1, len(number)))
    pieces = [number[:cut], number[-cut:], one.account_no[: data.draw(st.integers(1, 6))]]
    for text in (one.name, one.address):
        found = units(plain(text))
        if found:
            start = data.draw(st.integers(0, len(found) - 1))
            end = data.draw(st.integers(start + 1, len(found)))
            pieces.append(typed_again(found[start:end]))
    return [*pieces, f"{pieces[-1]} {pieces[0]}"]


@given(people, people)
@settings(max_examples=20, deadline=None)
def test_an_index_made_row_by_row_answers_as_one_made_at_once(
    engine: str, before: list[tuple[str, str, str]], after: list[tuple[str, str, str]]
) -> None:
    old, new = numbered(before), numbered(after)
    final = {one.account_no: one for one in (*old, *new)}
    with stored(engine, [*old, *new], one_by_one=True) as grown, stored(engine, list(final.values())) as made:
        for query in {text for row in (*before, *after) for text in row}:
            assert find(grown, query) == find(made, query)


def test_every_stored_customer_is_found_by_each_of_its_fields(county: RecordTable[Customer]) -> None:
    for one in COUNTY:
        for text in (one.account_no, one.name, one.address, one.meter_no, *(shown(p) for p in one.phones if p.number)):
            if units(text):
                assert one in [match.customer for match in find(county, text)], text


@settings(deadline=None)
@given(typed)
def test_the_index_hides_nobody_whom_the_words_match(county: RecordTable[Customer], query: str) -> None:
    def matching(words: list[Word]) -> set[str]:
        return {one.name for one in COUNTY if words and all(word.rank(Seen(one)) is not None for word in words)}

    as_typed = set().union(*map(matching, queries(query)))
    assert {match.customer.name for match in find(county, query)} == (as_typed or matching(loosened(query)))
