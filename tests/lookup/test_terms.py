"""The terms of a document, how names are spelled, and the index that keeps them."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.pinyin import readings
from desk.store import sqlite_terms
from desk.store.terms import Term, customer_terms

terms = customer_terms("0951")
scalars = st.one_of(st.none(), st.text(), st.integers(), st.booleans())
documents = st.dictionaries(
    st.sampled_from(["account_no", "name", "address", "meter_no", "phones", "special"]),
    st.one_of(scalars, st.lists(st.dictionaries(st.sampled_from(["written", "number", "extension", "kind"]), scalars))),
)


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(":memory:", isolation_level=None)
    sqlite_terms.create(db, "odd\"'name")
    yield db
    db.close()


@given(documents)
def test_any_document_has_terms_that_an_index_can_keep(document: dict[str, object]) -> None:
    for term in terms(document):
        assert re.fullmatch(r"[a-z][0-9a-z\u0080-\U0010ffff]+", term)
        term.encode()


def test_a_name_is_spelled_by_initials_and_in_full() -> None:
    assert readings("张三丰") == (["zsf"], ["zhangsanfeng"])
    assert readings("3D打印店") == (["3ddyd"], ["3ddayindian"])
    assert readings("") == ([], [])


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("曾", {"zeng", "ceng"}),
        ("单", {"shan", "dan"}),
        ("仇", {"qiu", "chou"}),
        ("乐", {"le", "yue"}),
        ("吕", {"lv", "lu"}),
        ("长行", {"changxing", "changhang", "zhangxing", "zhanghang"}),
        ("王", {"wang"}),
    ],
)
def test_characters_with_several_readings_have_them_all(name: str, spelled: set[str]) -> None:
    assert set(readings(name)[1]) == spelled


@given(st.text())
def test_any_name_can_be_spelled(name: str) -> None:
    initials, full = readings(name)
    assert len(initials) <= 4
    assert len(full) <= 4


@pytest.mark.parametrize("term", ["", " ", "a b", '"', "n\0", "x*", "\ud800", "a-b"])
def test_a_term_that_cannot_be_kept_is_carried_by_nobody(index: sqlite3.Connection, term: str) -> None:
    sqlite_terms.put(index, "odd\"'name", 1, ["ab", "x"])
    assert sqlite_terms.match(index, "odd\"'name", [[Term(term, prefix=True)]], 9) == []


pool = st.sampled_from(["n张三", "n三", "n张", "p138", "p1380013", "p1380014", "p13800139", "d路12", "d路128"])
carried = st.dictionaries(st.integers(1, 12), st.sets(pool, max_size=6), max_size=8)
wanted = st.lists(
    st.lists(
        st.builds(lambda t, n, p: Term(t[:n] if p else t, p), pool, st.integers(1, 9), st.booleans()),
        min_size=1,
        max_size=3,
    ),
    min_size=1,
    max_size=3,
)


@given(carried, carried, st.sets(st.integers(1, 12)), wanted)
def test_the_index_gives_the_rows_that_carry_a_term_of_each_group(
    before: dict[int, set[str]], after: dict[int, set[str]], gone: set[int], groups: list[list[Term]]
) -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    sqlite_terms.create(db, "t")
    rows: dict[int, set[str]] = {}
    sqlite_terms.put_many(db, "t", sorted(before.items()))
    rows |= before
    for seq, new in after.items():
        sqlite_terms.put(db, "t", seq, new, rows.get(seq, set()))
        rows[seq] = new
    for seq in gone & rows.keys():
        sqlite_terms.delete(db, "t", seq, rows.pop(seq))
    assert set(sqlite_terms.match(db, "t", groups, 50)) == {seq for seq, held in rows.items() if _carries(held, groups)}
    sqlite_terms.clear(db, "t")
    assert sqlite_terms.match(db, "t", groups, 50) == []
    db.close()


def _carries(held: set[str], groups: list[list[Term]]) -> bool:
    return all(
        any(has.startswith(term.text) if term.prefix else has == term.text for term in group for has in held)
        for group in groups
    )


def test_common_prefixes_among_other_words_lose_nobody(index: sqlite3.Connection) -> None:
    table = "odd\"'name"
    rows = [(n, [f"a6401{n:06d}", "n张" if n % 1000 == 999 else "n王", "d青山"]) for n in range(1, 20_001)]
    sqlite_terms.put_many(index, table, rows)
    for groups in ([[Term("a64010", True)], [Term("n张")]], [[Term("n张")], [Term("a64010", True), Term("m1")]]):
        assert set(sqlite_terms.match(index, table, groups, 50)) >= {n for n in range(1, 20_001) if n % 1000 == 999}


def test_searching_loads_nothing_heavy() -> None:
    heavy = {"pypinyin", "phonenumbers", "textual", "openpyxl"}
    program = (
        "import sys; from desk.store import lookup; from desk.store.query import queries;"
        "queries('张san 138'); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.split())
