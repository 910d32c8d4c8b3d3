"""Files that cannot be used: one clear sentence, and not a byte changed."""

# ruff: noqa: PT012  (a transaction is left by an exception from within)
from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tinydb import TinyDB, where

from desk.errors import BadInput, StoreProblem
from desk.store import DocumentStore, TableSpec, open_store
from desk.store.sqlite_file import APPLICATION, VERSION
from desk.store.storage import EngineStorage

ROOT = Path(__file__).parents[2]
SPECS = [TableSpec("people", indexes=("town",), terms=lambda person: ["t" + str(person.get("town"))])]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "desk.db"


def opened(path: Path) -> DocumentStore:
    return open_store(f"sqlite:///{path}", SPECS)


def filled(path: Path) -> Path:
    with opened(path) as store:
        store.table("people").insert_multiple({"name": "n" * 200, "town": f"t{n % 7}"} for n in range(500))
    return path


def other_database(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE theirs (x)")
    db.commit()
    db.close()


def newer(path: Path) -> None:
    filled(path)
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version={VERSION + 1}")
    db.close()


def cut(path: Path) -> None:
    filled(path)
    os.truncate(path, path.stat().st_size // 2)


def text(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    return write


UNUSABLE = {
    "another program's SQLite file": (other_database, "is not a file of this desk"),
    "a TinyDB JSON file": (text(b'{"_default": {"1": {"a": 1}}}'), "is not a file of this desk"),
    "a short file": (text(b"x"), "is not a file of this desk"),
    "SQLite's first bytes only": (text(b"SQLite format 3\0"), "is not a file of this desk"),
    "noise": (text(random.Random(1).randbytes(9000)), "is not a file of this desk"),
    "a newer version's": (newer, "was made by a newer version of the desk"),
    "half a file": (cut, "is damaged; restore it from a backup"),
}


@pytest.mark.parametrize(("make", "sentence"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used_is_named_and_left_alone(
    path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    make(path)
    before = path.read_bytes()
    with pytest.raises(StoreProblem, match=sentence) as told:
        opened(path)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["desk.db"]


def test_a_folder_is_no_file(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreProblem, match="is a folder; name the data file itself"):
        opened(path)


def test_a_file_where_the_folder_should_be_is_named(path: Path) -> None:
    path.parent.write_text("x")
    with pytest.raises(StoreProblem, match=r"the folder .* cannot be made"):
        opened(path)


def test_a_device_is_no_file() -> None:
    with pytest.raises(StoreProblem, match="/dev/null"):
        open_store("sqlite:////dev/null")


@pytest.fixture
def locked(path: Path) -> Iterator[Path]:
    """The data folder made unchangeable, in the strongest way that this machine lets us."""
    filled(path)
    if os.geteuid() != 0:
        path.parent.chmod(0o555)
        yield path
        path.parent.chmod(0o755)
    elif shutil.which("chattr") and subprocess.run(["chattr", "+i", path.parent, path], check=False).returncode == 0:
        yield path  # nothing else binds root
        subprocess.run(["chattr", "-i", path.parent, path], check=True)
    else:
        pytest.skip("root may write anywhere here, and chattr does not work")


def test_a_read_only_folder_is_named_and_the_data_left_alone(locked: Path) -> None:
    before = locked.read_bytes()
    with pytest.raises(StoreProblem, match="cannot be written to; allow writing"):
        opened(locked)
    assert locked.read_bytes() == before


@pytest.mark.parametrize(
    "url", ["", "desk.db", "sqlite:", "sqlite:///", "sqlite:///:memory:", "mysql://x/y", "sqlite:///\0"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match=r"write it like sqlite:///data/desk\.db"):
        open_store(url)


def test_a_relative_path_is_beside_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///some/where/desk.db").close()
    assert (tmp_path / "some/where/desk.db").exists()


def test_every_file_of_ours_says_so_in_its_first_bytes(path: Path) -> None:
    header = filled(path).read_bytes()[:100]
    assert int.from_bytes(header[68:72], "big") == APPLICATION
    assert int.from_bytes(header[60:64], "big") == VERSION


@pytest.mark.parametrize("seed", range(60))
def test_a_file_damaged_anywhere_is_told_and_never_surprises(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(filled(path).read_bytes())
    for _ in range(chance.choice([1, 30, 2000])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path.write_bytes(content)
    with suppress(StoreProblem), opened(path) as store:
        people = store.table("people")
        people.all()
        people.search(where("town") == "t3")
        people.insert({"town": "t3"})
        people.update({"name": "m"}, where("town") == "t4")
        people.remove(where("town") == "t5")


def test_a_closed_store_says_so(path: Path) -> None:
    store = opened(path)
    store.insert({})
    store.close()
    store.close()
    for act in (store.all, lambda: store.insert({}), store.changed, store.tables):
        with pytest.raises(StoreProblem, match="is closed"):
            act()


def limit(store: DocumentStore) -> sqlite3.Connection:
    db: sqlite3.Connection = store._engine._file.writer  # type: ignore[attr-defined]
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count={pages + 3}")
    return db


def test_a_full_disk_undoes_the_write_and_the_store_stays_usable(path: Path) -> None:
    store = opened(filled(path))
    people = store.table("people")
    db = limit(store)
    with pytest.raises(StoreProblem, match="the disk is full: nothing was saved"):
        people.insert_multiple({"name": "x" * 500, "town": "new"} for _ in range(500))
    assert (len(people), people.count(where("town") == "new")) == (500, 0)
    assert people.update({"name": "m"}, doc_ids=[1]) == [1]
    db.execute("PRAGMA max_page_count=1000000")
    assert len(people.insert_multiple({"town": "new"} for _ in range(500))) == 500
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    store.close()


def test_a_disk_that_fills_inside_a_transaction_leaves_nothing_of_it(path: Path) -> None:
    store = opened(filled(path))
    people = store.table("people")
    limit(store)
    with pytest.raises(StoreProblem), store.transaction():
        people.update({"name": "kept?"}, doc_ids=[1])
        with pytest.raises(StoreProblem):
            people.insert_multiple({"name": "x" * 500} for _ in range(500))
        people.insert_multiple({"name": "x" * 500} for _ in range(500))
    assert people.get(doc_id=1)["name"] == "n" * 200
    assert len(people) == 500
    store.close()


_FILLING = """
import resource, signal, sys
from desk.errors import StoreProblem
from desk.i18n import set_language
from desk.store import open_store

set_language("en")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store(sys.argv[1])
store.insert({"n": 0})
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
saved = 0
try:
    while True:
        store.insert({"n": "x" * 1000})
        saved += 1
except StoreProblem as told:
    print(told)
print(len(store.all()) == saved + 1)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.insert({"n": 1})
print(len(store.all()) == saved + 2)
"""


def test_a_file_that_may_not_grow_says_so_and_goes_on_when_it_may(path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    done = subprocess.run(
        [sys.executable, "-c", _FILLING, f"sqlite:///{path}"],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told, kept, went_on = done.stdout.splitlines()
    assert "nothing was saved" in told
    assert (kept, went_on) == ("True", "True")


def test_plain_tinydb_works_on_our_storage(path: Path) -> None:
    with TinyDB(path, storage=EngineStorage) as db:
        assert db.tables() == set()
        assert db.insert_multiple([{"n": 1}, {"n": 2}, {"n": 3}]) == [1, 2, 3]
        db.update({"m": 1}, where("n") == 2)
        db.remove(doc_ids=[1])
        db.table("other", persist_empty=True)
        db.table("gone").insert({})
        db.drop_table("gone")
    with opened(path) as store:
        assert store.tables() == {"_default", "other"}
        assert [(one.doc_id, one) for one in store] == [(2, {"n": 2, "m": 1}), (3, {"n": 3})]


def test_a_store_of_ours_takes_plain_tables_too(path: Path) -> None:
    from tinydb.table import Table

    with opened(path) as store:
        store.table_class = Table
        table = store.table("people")
        table.insert_multiple([{"town": "x"}, {"town": "y"}])
        table.remove(where("town") == "x")
        assert type(table) is Table
        assert store.records  # the rest is as ever
    with opened(path) as store:
        assert store.table("people").search(where("town") == "y") == [{"town": "y"}]


def test_opening_is_quick_and_loads_nothing_it_does_not_need() -> None:
    heavy = {"textual", "jinja2", "phonenumbers", "openpyxl", "pypinyin"}
    code = f"import sys, desk.store; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
