"""Data files of an older format: brought up step by step, with a copy first; never between two versions."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from desk.errors import StoreProblem
from desk.store import open_store, sqlite_file, sqlite_upgrade

ROOT = Path(__file__).resolve().parents[2]
ROWS = 200

#: Steps that the product does not have: 1 → 2 notes who wrote a commit, 2 → 3 gives every table a remark.
STEPS_IN_A_PROCESS = """
import os, sys
from desk.store import open_store, sqlite_file, sqlite_upgrade

def first(db):
    db.execute("ALTER TABLE desk_tables ADD COLUMN writer TEXT")
    db.execute("UPDATE doc_people SET body = replace(body, 'nnn', 'NNN')")
    if sys.argv[2] == "in the first":
        db.execute("PRAGMA cache_spill=1")
        os._exit(9)

def second(db):
    if sys.argv[2] == "before the second":
        os._exit(9)
    db.execute("ALTER TABLE desk_tables ADD COLUMN remark TEXT")

sqlite_file.VERSION = 3
sqlite_upgrade.STEPS = {1: first, 2: second}
open_store("sqlite:///" + sys.argv[1]).close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A data file of version 1."""
    with open_store(f"sqlite:///{tmp_path}/desk.db") as store:
        store.table("people").insert_multiple({"name": "n" * 200} for _ in range(ROWS))
    return tmp_path / "desk.db"


@pytest.fixture
def version_2(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - made before the version is new
    monkeypatch.setattr(sqlite_file, "VERSION", 2)
    monkeypatch.setattr(sqlite_upgrade, "STEPS", {1: _writer})


def _writer(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE written_by (number INTEGER PRIMARY KEY, name TEXT)")


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as db:
        return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def names(path: Path) -> list[str]:
    with open_store(f"sqlite:///{path}") as store:
        return [one["name"] for one in store.table("people")]


def copies(path: Path) -> list[Path]:
    return sorted((path.parent / sqlite_upgrade.FOLDER).glob("*.db"))


@pytest.mark.usefixtures("version_2")
def test_an_older_file_is_brought_up_when_it_is_opened_and_holds_what_it_held(path: Path) -> None:
    assert names(path) == ["n" * 200] * ROWS
    assert version(path) == 2
    assert "written_by" in tables(path)


@pytest.mark.usefixtures("version_2")
def test_the_file_as_it_was_is_kept_in_backups(path: Path) -> None:
    open_store(f"sqlite:///{path}").close()
    (copy,) = copies(path)
    assert version(copy) == 1
    assert "written_by" not in tables(copy)


@pytest.mark.usefixtures("version_2")
def test_a_file_that_was_brought_up_is_not_copied_again(path: Path) -> None:
    for _time in range(2):
        open_store(f"sqlite:///{path}").close()
    assert len(copies(path)) == 1


@pytest.mark.usefixtures("version_2")
def test_a_new_file_is_of_the_new_version_without_a_copy(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/new.db").close()
    assert version(tmp_path / "new.db") == 2
    assert copies(tmp_path / "new.db") == []


def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(db: sqlite3.Connection) -> None:
        _writer(db)
        db.execute("INSERT INTO no_such_table VALUES (1)")

    with monkeypatch.context() as newer:
        newer.setattr(sqlite_file, "VERSION", 2)
        newer.setattr(sqlite_upgrade, "STEPS", {1: fails})
        with pytest.raises(StoreProblem):
            open_store(f"sqlite:///{path}")
    assert version(path) == 1
    assert names(path) == ["n" * 200] * ROWS


@pytest.mark.parametrize(
    ("killed", "left", "letter"), [("in the first", 1, "n"), ("before the second", 2, "N")], ids=["in", "between"]
)
def test_whoever_is_killed_leaves_one_version_or_the_next(path: Path, killed: str, left: int, letter: str) -> None:
    died = subprocess.run([sys.executable, "-c", STEPS_IN_A_PROCESS, path, killed], cwd=ROOT, check=False)
    assert died.returncode == 9
    twin = path.with_name("twin.db")
    for file in path.parent.glob("desk.db*"):
        shutil.copy(file, twin.with_name(file.name.replace("desk.db", "twin.db")))
    assert version(twin) == left
    with closing(sqlite3.connect(twin)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert {body[20] for (body,) in db.execute("SELECT body FROM doc_people")} == {letter}
    done = subprocess.run([sys.executable, "-c", STEPS_IN_A_PROCESS, path, "nowhere"], cwd=ROOT, check=False)
    assert done.returncode == 0
    assert version(path) == 3


@pytest.mark.usefixtures("version_2")
def test_a_file_that_is_open_elsewhere_is_not_brought_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.3)
    monkeypatch.setattr(sqlite_file, "VERSION", 1)
    with open_store(f"sqlite:///{path}") as seat:
        assert seat.table("people").get(doc_id=1)
        monkeypatch.setattr(sqlite_file, "VERSION", 2)
        with pytest.raises(StoreProblem, match="close the desk on every seat"):
            open_store(f"sqlite:///{path}")
        assert seat.table("people").insert({"name": "later"}) == ROWS + 1
    assert version(path) == 1
    assert copies(path) == []


@pytest.mark.usefixtures("version_2")
def test_without_room_for_the_copy_nothing_is_changed(path: Path) -> None:
    (path.parent / sqlite_upgrade.FOLDER).write_text("a file where the folder should be")
    with pytest.raises(StoreProblem, match="no copy of"):
        open_store(f"sqlite:///{path}")
    assert version(path) == 1
