"""A store copied into another: all of it, in order, as it is at the end; killed anywhere, it goes on."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_county import ROOT, engine_at, opened, run

from desk.errors import BadInput, Refused, StoreProblem
from desk.keeping import copying
from desk.keeping.comparing import compared, digests
from desk.keeping.copying import Store, copy_store
from desk.keeping.standing import UNFINISHED, mark_of
from desk.schema import table_specs
from desk.store import TableSpec, open_store
from desk.store.encoding import decode, encode
from desk.store.engine import Engine

SPECS = [TableSpec("people", key="name", indexes=("town",), terms=lambda one: [str(one.get("town", ""))])]


@contextmanager
def stores(source: str, target: str) -> Iterator[tuple[Engine, Engine]]:
    with open_store(source, SPECS) as one, open_store(target, SPECS) as other:
        yield one.storage.engine, other.storage.engine


def copied(source: Engine, target: Engine) -> copying.Copied:
    return copy_store(Store(source, "one"), Store(target, "two"))


def same(one: Engine, other: Engine) -> bool:
    return all(table.same for table in compared(one, other))


@pytest.fixture
def source_url(data: Path) -> str:
    return f"sqlite:///{data}/desk.db"


def test_a_desk_is_copied_and_answers_on_the_other_engine(data: Path, source_url: str, empty_url: str) -> None:
    done = run("store", "copy", source_url, empty_url, data=data)
    assert (done.code, done.err) == (0, "")
    check = run("store", "check", source_url, empty_url, data=data)
    assert check.code == 0, check.out
    with opened(data) as here, opened(data, empty_url) as there:
        assert there.calls.find("张") == here.calls.find("张") != []
        assert list(there.place.outages_table.all()) == list(here.place.outages_table.all()) != []
        assert list(there.place.audit_table.all()) == list(here.place.audit_table.all())


def test_the_audit_of_a_copied_desk_verifies_at_the_seat_that_signed_it(data: Path, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path}/two.db"
    with opened(data) as desk:
        for _line in range(60):  # so many that a desk signs them as it is closed
            desk.access.note("test.note")
    assert run("store", "copy", f"sqlite:///{data}/desk.db", other, data=data).code == 0
    assert run("store", "check", f"sqlite:///{data}/desk.db", other, data=data).code == 0
    with (data / "config.toml").open("a") as file:
        file.write(f'[store]\nurl = "{other}"\n')
    done = run("audit", "verify", data=data)
    assert done.code == 0, done.out


def test_there_and_back_again_nothing_has_changed(data: Path, tmp_path: Path, source_url: str, empty_url: str) -> None:
    back = f"sqlite:///{tmp_path}/back/desk.db"
    specs = table_specs("0951")
    with open_store(source_url, specs) as one, open_store(empty_url, specs) as two, open_store(back, specs) as three:
        copied(one.storage.engine, two.storage.engine)
        copied(two.storage.engine, three.storage.engine)
        assert digests(one.storage.engine) == digests(three.storage.engine)
        numbers = [{name: info.last_number for name, info in it.storage.engine.tables().items()} for it in (one, three)]
        assert numbers[0] == numbers[1]
    assert opened(data).calls.find("张")


def test_ids_order_and_the_next_number_are_kept(tmp_path: Path, empty_url: str) -> None:
    with open_store(f"sqlite:///{tmp_path}/one.db", SPECS) as one, open_store(empty_url, SPECS) as two:
        table = one.table("people")
        table.insert_multiple({"name": str(number)} for number in range(5))
        for number in (1, 5):
            table.remove(doc_ids=[number])
        with one.transaction():
            one.storage.engine.put("by_name", "zebra", "{}", {}, None)
            one.storage.engine.put("by_name", "ant", "{}", {}, None)
            one.storage.engine.next_number("people", 100)
        expected = one.storage.engine.tables()["people"].last_number
        copied(one.storage.engine, two.storage.engine)
        assert two.storage.engine.ids("people") == [2, 3, 4]
        assert two.storage.engine.ids("by_name") == ["zebra", "ant"]
        with two.transaction():
            assert two.storage.engine.next_number("people") == expected + 1


WORKER = """
import os, sys
sys.path.insert(0, "tests/keeping")
from desk.keeping import copying, loading
from desk.keeping.copying import Store, copy_store
from desk.schema import table_specs
from desk.store import open_store
left = int(sys.argv[3])
copying.pages.__globals__["PAGE_ROWS"] = copying.STEP_ROWS = 50
real = copying.append
def append(*given):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
    real(*given)
copying.append = append
specs = table_specs("0951")
with open_store(sys.argv[1], specs) as one, open_store(sys.argv[2], specs) as two:
    copy_store(Store(one.storage.engine, "one"), Store(two.storage.engine, "two"))
"""


def test_a_copy_killed_again_and_again_ends_the_same(data: Path, source_url: str, empty_url: str) -> None:
    chance = random.Random(7)
    codes = []
    for kills in range(3):
        pages = str(chance.randrange(1, 8)) if kills < 2 else "1000"
        done = subprocess.run([sys.executable, "-c", WORKER, source_url, empty_url, pages], cwd=ROOT, check=False)
        codes.append(done.returncode)
        if kills == 0:
            with pytest.raises(StoreProblem, match="desk store copy"):
                opened(data, empty_url)
        if kills == 1:
            with opened(data) as desk:  # the desk goes on meanwhile
                desk.access.note("test.note")
    assert codes == [9, 9, 0]
    with engine_at(source_url) as one, engine_at(empty_url) as two:
        assert same(one, two)
        assert mark_of(two) is None


def test_what_is_written_during_the_copy_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with stores(f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/two.db") as (one, two):
        write(one, 100)
        real, left = copying.append, [3]

        def append(*given: object) -> None:
            if left[0]:
                left[0] -= 1
                write(one, 1)
            real(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(copying, "append", append)
        done = copied(one, two)
        assert (done.passes, one.info("people").rows) == (4, 103)
        assert same(one, two)


def write(engine: Engine, rows: int) -> None:
    with engine.transaction():
        first = engine.next_number("people", rows)
        for number in range(first, first + rows):
            engine.put("people", number, f'{{"name":"{number}"}}', {"name": str(number)}, None)


def test_a_source_that_never_rests_is_refused_and_the_target_is_no_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stores(f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/two.db") as (one, two):
        write(one, 10)
        real = copying.append

        def append(*given: object) -> None:
            write(one, 1)
            real(*given)  # type: ignore[arg-type]

        with monkeypatch.context() as busy:
            busy.setattr(copying, "append", append)
            with pytest.raises(Refused, match="close the desk on every seat"):
                copied(one, two)
        assert mark_of(two) is not None
        copied(one, two)
        assert same(one, two)


def test_a_store_with_a_desk_is_never_copied_over(data: Path, tmp_path: Path, source_url: str) -> None:
    other = f"sqlite:///{tmp_path}/two.db"
    with open_store(other) as store:
        store.table("people").insert({"name": "mine"})
        before = digests(store.storage.engine)
    done = run("store", "copy", source_url, other, data=data)
    assert done.code == 2
    assert "holds a desk already" in done.err
    with engine_at(other) as engine:
        assert digests(engine) == before


def test_a_finished_copy_is_not_copied_into_again(data: Path, tmp_path: Path, source_url: str) -> None:
    other = f"sqlite:///{tmp_path}/two.db"
    assert run("store", "copy", source_url, other, data=data).code == 0
    assert run("store", "copy", source_url, other, data=data).code == 2


def test_what_another_copy_left_unfinished_is_left_to_it(tmp_path: Path) -> None:
    with stores(f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/two.db") as (one, two):
        write(one, 10)
        copying.set_mark(two, copying.Mark("copy", "another store"))
        with pytest.raises(Refused, match="half filled"):
            copied(one, two)


def test_of_two_copies_into_one_store_the_later_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with stores(f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/two.db") as (one, two):
        write(one, 10)

        def later(rows: object) -> object:
            monkeypatch.setattr(copying, "pages", pages)
            copied(one, two)
            return pages(rows)  # type: ignore[arg-type]

        pages = copying.pages
        monkeypatch.setattr(copying, "pages", later)
        with pytest.raises(Refused, match="this one has stopped"):
            copied(one, two)
        assert same(one, two)
        assert mark_of(two) is None


def test_a_store_is_not_copied_into_itself(data: Path, source_url: str) -> None:
    done = run("store", "copy", source_url, source_url, data=data)
    assert done.code == 2
    with engine_at(source_url) as engine, pytest.raises(BadInput, match="into itself"):
        copied(engine, engine)


def test_check_tells_which_table_differs(data: Path, tmp_path: Path, source_url: str) -> None:
    other = f"sqlite:///{tmp_path}/two.db"
    assert run("store", "copy", source_url, other, data=data).code == 0
    with open_store(other) as store:
        store.table("calls").update({"topic": "x"}, doc_ids=[1])
    done = run("store", "check", source_url, other, data=data)
    assert done.code == 1
    assert [line.split()[0] for line in done.out.splitlines() if "different" in line] == ["calls"]


def test_a_source_that_is_not_there_is_not_made(data: Path, tmp_path: Path) -> None:
    done = run("store", "copy", f"sqlite:///{tmp_path}/none.db", f"sqlite:///{tmp_path}/two.db", data=data)
    assert done.code == 2
    assert not list(tmp_path.glob("*.db"))


def test_a_password_in_an_address_is_not_told(data: Path, source_url: str) -> None:
    done = run("store", "copy", source_url, "postgresql://desk:hush@127.0.0.1:1/desk", data=data)
    assert done.code == 2
    assert "hush" not in done.err + done.out


EDITS = st.lists(
    st.tuples(st.sampled_from(["add", "change", "remove", "swap keys", "clear"]), st.integers(0, 30)), max_size=12
)


@given(before=EDITS, after=EDITS)
@settings(max_examples=25, deadline=None)
def test_whatever_became_of_the_source_the_next_pass_makes_the_target_the_same(
    tmp_path_factory: pytest.TempPathFactory, before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("edits")
    with stores(f"sqlite:///{folder}/one.db", f"sqlite:///{folder}/two.db") as (one, two):
        write(one, 12)
        edit(one, before)
        copied(one, two)
        edit(one, after)
        copying.set_mark(two, copying.Mark("copy", one.identity))  # as if it had been killed there
        copied(one, two)
        assert same(one, two)
        assert two.info(UNFINISHED) is None


def edit(engine: Engine, edits: list[tuple[str, int]]) -> None:
    for act, number in edits:
        ids = engine.ids("people")
        with engine.transaction():
            if act == "add":
                write(engine, 1 + number % 3)
            elif act == "clear" and number > 25:
                engine.clear("people")
            elif ids and act in ("change", "remove"):
                row = engine.row("people", ids[number % len(ids)])
                assert row is not None
                if act == "remove":
                    engine.delete("people", row)
                else:
                    document = {**decode(row[3]), "town": f"t{number}"}
                    engine.put("people", row[1], encode(document), document, row)
            elif len(ids) > 1 and act == "swap keys":
                swap(engine, ids[0], ids[-1])


def swap(engine: Engine, one: object, other: object) -> None:
    first, last = engine.row("people", one), engine.row("people", other)  # type: ignore[arg-type]
    assert first is not None
    assert last is not None
    free = engine.put("people", first[1], '{"name":"free"}', {"name": "free"}, first)
    engine.put("people", last[1], first[3], decode(first[3]), last)
    engine.put("people", first[1], last[3], decode(last[3]), free)
