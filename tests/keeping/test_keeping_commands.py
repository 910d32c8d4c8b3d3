"""`desk backup` and `desk restore` as somebody types them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from kept_county import PASSPHRASE, run

from desk.keeping import backup as backups
from desk.keeping import sealed
from desk.keeping.belongings import ALLOWED, NOT_KEPT, is_allowed


@pytest.fixture
def passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The file that DESK_BACKUP_PASSPHRASE_FILE names, and guesses that are quick to make."""
    cheap = sealed.Costs(passes=1, memory=64, lanes=1)
    monkeypatch.setattr(backups.back_up, "__kwdefaults__", {**(backups.back_up.__kwdefaults__ or {}), "costs": cheap})
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    return str(tmp_path / "passphrase")


def test_a_backup_and_a_restore_say_what_they_did(data: Path, tmp_path: Path) -> None:
    made = run("backup", tmp_path / "desk.backup", "--json", data=data)
    told = json.loads(made.out)
    assert (made.code, told["file"], told["encrypted"]) == (0, str(tmp_path / "desk.backup"), False)
    assert told["bytes"] == (tmp_path / "desk.backup").stat().st_size
    back = json.loads(run("restore", tmp_path / "desk.backup", "--json", data=tmp_path / "new").out)
    assert (back["rows"], back["tables"], back["data"]) == (told["rows"], told["tables"], str(tmp_path / "new"))


def test_in_words_too(data: Path, tmp_path: Path) -> None:
    assert "read back and verified" in run("backup", tmp_path / "desk.backup", data=data).out
    assert "is whole: 湖畔县供电公司" in run("restore", "--check", tmp_path / "desk.backup", data=data).out
    assert "desk doctor" in run("restore", tmp_path / "desk.backup", data=tmp_path / "new").out


def test_the_passphrase_comes_out_of_a_file(data: Path, tmp_path: Path, passphrase: str) -> None:
    file = tmp_path / "desk.backup"
    done = run("backup", "--encrypt", file, data=data, DESK_BACKUP_PASSPHRASE_FILE=passphrase)
    assert (done.code, done.err) == (0, "")
    assert b"tables/" not in file.read_bytes()
    assert run("restore", "--check", file, data=data, DESK_BACKUP_PASSPHRASE_FILE=passphrase).code == 0


@pytest.mark.parametrize("content", [None, "", "\n", "short\n"], ids=["no file", "nothing", "no line", "short"])
def test_without_a_good_passphrase_nothing_is_written(data: Path, tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "passphrase").write_text(content)
    named = {"DESK_BACKUP_PASSPHRASE_FILE": str(tmp_path / "passphrase")}
    done = run("backup", "--encrypt", tmp_path / "desk.backup", data=data, **named)
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
    assert list(tmp_path.glob("desk.backup*")) == []


def test_without_a_terminal_it_is_not_asked_for(data: Path, tmp_path: Path) -> None:
    done = run("backup", "--encrypt", tmp_path / "desk.backup", data=data)
    assert (done.code, "DESK_BACKUP_PASSPHRASE_FILE" in done.err) == (2, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_told(data: Path, tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    assert run("backup", tmp_path / "shut" / "desk.backup", data=data).code == 2


def test_a_folder_that_is_not_there_is_told(data: Path, tmp_path: Path) -> None:
    done = run("backup", tmp_path / "none" / "desk.backup", data=data)
    assert (done.code, "cannot be written: No such file" in done.err) == (2, True)


def test_restoring_into_a_desk_is_refused(data: Path, backup: Path) -> None:
    done = run("restore", backup, data=data)
    assert (done.code, "there is a desk in" in done.err) == (2, True)


def test_folders_elsewhere_are_named(data: Path, tmp_path: Path) -> None:
    with (data / "config.toml").open("a") as file:
        file.write(f'[call]\nscript_folder = "{tmp_path}/elsewhere"\n')
    done = run("backup", tmp_path / "desk.backup", data=data)
    assert (done.code, done.err) == (0, f"not in the backup: {tmp_path}/elsewhere\n")


def test_a_sandbox_is_restored_with_its_clock_set(backup: Path, tmp_path: Path) -> None:
    done = run("restore", backup, data=tmp_path / "new", DESK_NOW="2026-12-02T10:00")
    assert done.code == 0, done.err


def test_everything_the_desk_writes_beside_its_store_is_kept_or_known_not_to_be() -> None:
    """A new file or folder of the data folder must be decided upon: see desk/keeping/belongings.py."""
    root = Path(__file__).resolve().parents[2] / "desk"
    from re import findall

    named = {
        name.partition("/")[0]
        for file in root.rglob("*.py")
        for name in findall(r'(?:config\.data|self\._data|data) / "([a-z][\w./-]*)"', file.read_text("utf-8"))
    }
    known = {name.partition("/")[0] for name in (*ALLOWED, *NOT_KEPT)} | {"desk.db"}
    assert sorted(named - known) == []
    assert all(is_allowed(name) for name in ALLOWED)
