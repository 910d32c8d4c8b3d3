"""Where a backup may be put back, and what becomes of a restore that was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from kept_county import CHEAP, PASSPHRASE, ROOT, engine_at, opened, put_back, settings

from desk.app import Desk
from desk.errors import NotAllowed, Refused, StoreProblem
from desk.keeping import restoring
from desk.keeping.backup import back_up
from desk.keeping.comparing import digests
from desk.keeping.standing import mark_of
from desk.store import open_store


def everything(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith(("-wal", "-shm"))
    }


def test_a_place_with_a_desk_is_never_restored_into(data: Path, backup: Path) -> None:
    before = everything(data)
    with pytest.raises(Refused, match="there is a desk in"):
        put_back(backup, data)
    assert everything(data) == before


def test_a_store_that_holds_something_is_never_restored_into(backup: Path, tmp_path: Path, empty_url: str) -> None:
    with open_store(empty_url) as store:
        store.table("people").insert({"name": "mine"})
        before = digests(store.storage.engine)
    with pytest.raises(Refused, match=r"not empty|there is a desk"):
        put_back(backup, tmp_path / "new", empty_url)
    assert not (tmp_path / "new").exists()
    with engine_at(empty_url) as engine:
        assert digests(engine) == before


def test_a_file_that_says_something_else_is_not_written_over(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new" / "scripts").mkdir(parents=True)
    (tmp_path / "new" / "scripts" / "greeting.j2").write_text("ours")
    with pytest.raises(Refused, match=r"greeting\.j2 is there already"):
        put_back(backup, tmp_path / "new")
    assert [path for path in everything(tmp_path / "new") if not path.startswith("desk.db")] == ["scripts/greeting.j2"]


def test_only_who_may_restores(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "config.toml").write_text('[desk]\nrole = "agent"\n')
    with pytest.raises(NotAllowed):
        put_back(backup, tmp_path / "new")


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, "tests/keeping")
from kept_county import put_back
from desk.keeping import restoring
from desk.keeping.belongings_back import Files
name, left = sys.argv[4].split()
left = int(left)
home = restoring if hasattr(restoring, name) else Files
real = getattr(home, name)
def counted(*given):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
    return real(*given)
setattr(home, name, counted)
put_back(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
"""


@pytest.mark.parametrize("at", ["set_mark 0", "put 3", "append 7", "put_settings 0", "unmark 0"])
def test_a_restore_that_was_killed_says_so_and_is_done_again(backup: Path, tmp_path: Path, at: str) -> None:
    new = tmp_path / "new"
    died = killed(backup, new, "", at)
    assert died == 9
    with pytest.raises(StoreProblem, match="desk restore"):
        opened(new)
    done = put_back(backup, new)
    with opened(new) as desk:
        assert desk.place.customers.count() == 150
    assert (done.notes, (new / "config.from-backup.toml").exists()) == ((), False)


def killed(backup: Path, new: Path, url: str, at: str) -> int:
    command = [sys.executable, "-c", KILLED, backup, new, url, at]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def test_a_half_restored_server_is_no_desk_for_any_seat(backup: Path, tmp_path: Path, empty_url: str) -> None:
    assert killed(backup, tmp_path / "new", empty_url, "append 5") == 9
    with engine_at(empty_url) as engine:
        assert mark_of(engine) is not None
    with pytest.raises(StoreProblem, match="desk restore"):
        Desk.open(settings(tmp_path / "another", empty_url))
    put_back(backup, tmp_path / "new", empty_url)
    with opened(tmp_path / "new", empty_url) as desk:
        assert desk.place.customers.count() == 150


def test_another_backup_does_not_go_on_where_one_was_killed(data: Path, backup: Path, tmp_path: Path) -> None:
    assert killed(backup, tmp_path / "new", "", "append 5") == 9
    with opened(data) as desk:
        other = back_up(desk.place, tmp_path / "other.backup")
    with pytest.raises(Refused, match="another backup was half restored"):
        put_back(other.file, tmp_path / "new")


def test_what_reads_back_otherwise_is_no_desk(backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = restoring.append
    monkeypatch.setattr(restoring, "append", lambda engine, table, page: real(engine, table, page[:-1]))
    with pytest.raises(StoreProblem, match="does not read back"):
        put_back(backup, tmp_path / "new")
    with pytest.raises(StoreProblem, match="desk restore"):
        opened(tmp_path / "new")


# Settings


def test_settings_in_force_at_the_new_place_stay(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "config.toml").write_text('[county]\nname = "another"\n')
    done = put_back(backup, tmp_path / "new")
    assert "another" in (tmp_path / "new" / "config.toml").read_text()
    assert "湖畔县供电公司" in (tmp_path / "new" / "config.from-backup.toml").read_text("utf-8")
    assert "config.from-backup.toml" in done.notes[0]


def test_settings_that_named_another_store_name_the_one_restored_into(data: Path, tmp_path: Path) -> None:
    (data / "elsewhere.db").write_bytes((data / "desk.db").read_bytes())
    text = (data / "config.toml").read_text("utf-8") + f'\n[store]\nurl = "sqlite:///{data}/elsewhere.db"  # there\n'
    (data / "config.toml").write_text(text, "utf-8")
    with opened(data) as desk:
        done = back_up(desk.place, tmp_path / "desk.backup")
    restored = put_back(done.file, tmp_path / "new")
    assert settings(tmp_path / "new").store_url == f"sqlite:///{tmp_path}/new/desk.db"
    assert "# our own remark" in (tmp_path / "new" / "config.toml").read_text("utf-8")
    assert "named another store" in restored.notes[0]
    with opened(tmp_path / "new") as desk:
        assert desk.place.customers.count() == 150


def test_what_the_new_seat_signed_and_its_passwords_stay(data: Path, tmp_path: Path) -> None:
    with opened(data) as desk:
        done = back_up(desk.place, tmp_path / "desk.backup", passphrase=PASSPHRASE, costs=CHEAP)
    (tmp_path / "new" / "secrets").mkdir(parents=True)
    (tmp_path / "new" / "secrets" / "sms").write_text("the new one")
    restored = put_back(done.file, tmp_path / "new", passphrase=PASSPHRASE)
    assert (tmp_path / "new" / "secrets" / "sms").read_text() == "the new one"
    assert "stays as it was here" in restored.notes[0]
