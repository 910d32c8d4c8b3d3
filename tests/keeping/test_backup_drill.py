"""The drill: a desk at work is backed up, lost, restored elsewhere, and answers as before."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from kept_county import CHEAP, NOW, PASSPHRASE, ROOT, engine_at, opened, put_back, run

from desk.errors import BadInput, NotAllowed, Refused, StoreProblem
from desk.keeping.backup import Made, back_up
from desk.keeping.belongings import PASSING_TABLES
from desk.keeping.comparing import digests
from desk.keeping.opening import verified

PLUGIN = """
from desk.plugins import channel

@channel("ours", labels={"zh_CN": "呼机", "en": "pager"}, family="internal", address="mobile")
def ours(message):
    pass
"""
QUESTIONS = (["lookup", "张"], ["outages"], ["outages", "--active"], ["duties"], ["calls"], ["messages"], ["callbacks"])

WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, "tests/keeping")
from kept_county import opened
with opened(Path(sys.argv[1]), sys.argv[2]) as desk:
    for number in range(100000):
        with desk.place.store.transaction():
            desk.place.store.table("pairs").insert({"one": number})
            desk.place.store.table("twins").insert({"one": number})
        if number == 20:
            print("writing", flush=True)
"""


def answers(data: Path) -> list[object]:
    """What the desk says of its customers, outages, duties, calls, messages."""
    told = []
    for words in QUESTIONS:
        done = run(*words, "--json", data=data, DESK_NOW=NOW.isoformat())
        assert done.code == 0, done.err
        told.append(json.loads(done.out))
    return told


def made(data: Path, file: Path, **how: str) -> Made:
    with opened(data) as desk:
        return back_up(desk.place, file, costs=CHEAP, **how)


def kept(url: str) -> dict[str, object]:
    """The digest of every table that a backup holds, without the audit's."""
    with engine_at(url) as engine:
        return {name: one for name, one in digests(engine).items() if name not in {*PASSING_TABLES, "audit"}}


def names(backup: Path) -> list[str]:
    with tarfile.open(backup) as tar:
        return tar.getnames()


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=["open", "encrypted"])
def test_a_restored_desk_answers_as_the_lost_one_did(data: Path, tmp_path: Path, passphrase: str) -> None:
    before = answers(data)
    done = made(data, tmp_path / "desk.backup", passphrase=passphrase)
    assert sum(map(len, before)) > 50  # type: ignore[arg-type]
    put_back(done.file, tmp_path / "new", passphrase=passphrase)
    assert answers(tmp_path / "new") == before


def test_a_restored_desk_passes_doctor_and_the_audit_verifies(data: Path, tmp_path: Path) -> None:
    put_back(made(data, tmp_path / "desk.backup").file, tmp_path / "new")
    for words in (["doctor"], ["audit", "verify"]):
        done = run(*words, data=tmp_path / "new")
        assert done.code == 0, done.out + done.err


def test_every_table_of_the_restored_store_is_as_the_manifest_says(data: Path, tmp_path: Path, empty_url: str) -> None:
    done = made(data, tmp_path / "desk.backup")
    put_back(done.file, tmp_path / "new", empty_url)
    restored = kept(empty_url)
    told = {table.name: table.sha256 for table in done.manifest.tables if table.name != "audit"}
    assert {name: digest.sha256 for name, digest in restored.items()} == told  # type: ignore[attr-defined]
    assert sum(table.rows for table in done.manifest.tables) > 300


def test_a_backup_of_a_server_is_restored_into_a_file(data: Path, tmp_path: Path, empty_url: str) -> None:
    put_back(made(data, tmp_path / "first.backup").file, tmp_path / "server", empty_url)
    with opened(tmp_path / "server", empty_url) as desk:
        second = back_up(desk.place, tmp_path / "second.backup")
    put_back(second.file, tmp_path / "back")
    assert kept(f"sqlite:///{tmp_path}/back/desk.db") == kept(f"sqlite:///{data}/desk.db")


def test_a_backup_is_of_one_moment_while_another_process_writes(backup: Path, tmp_path: Path, empty_url: str) -> None:
    put_back(backup, tmp_path / "data", empty_url)
    command = [sys.executable, "-c", WRITER, tmp_path / "data", empty_url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        with opened(tmp_path / "data", empty_url) as desk:
            done = back_up(desk.place, tmp_path / "desk.backup")
        assert writer.poll() is None
        writer.kill()
    rows = {table.name: table.rows for table in done.manifest.tables}
    assert rows["pairs"] == rows["twins"] > 20
    put_back(done.file, tmp_path / "new")
    with engine_at(f"sqlite:///{tmp_path}/new/desk.db") as engine:
        assert [row[3] for row in engine.rows("pairs")] == [row[3] for row in engine.rows("twins")]


def test_what_the_desk_needs_beside_its_store_comes_back(data: Path, tmp_path: Path) -> None:
    done = put_back(made(data, tmp_path / "desk.backup").file, tmp_path / "new")
    for path in ("config.toml", "scripts/greeting.j2", "wording/sms.j2", "sandbox"):
        assert (tmp_path / "new" / path).read_bytes() == (data / path).read_bytes()
    (attachment,) = (file for file in (tmp_path / "new" / "attachments").rglob("*") if file.is_file())
    assert attachment.read_bytes() == (data / attachment.relative_to(tmp_path / "new")).read_bytes()
    assert done.notes == ()


def test_passwords_and_keys_are_in_encrypted_backups_only(data: Path, tmp_path: Path) -> None:
    with opened(data) as desk:
        desk.place.config.data.joinpath("audit").mkdir(exist_ok=True)
        desk.place.config.data.joinpath("audit/signing.key").write_text("ab" * 32)
        plain = back_up(desk.place, tmp_path / "plain.backup")
        sealed = back_up(desk.place, tmp_path / "sealed.backup", passphrase=PASSPHRASE, costs=CHEAP)
    secrets = {"secrets/sms", "audit/signing.key"}
    assert secrets & {file.path for file in plain.manifest.files} == set()
    assert secrets <= {file.path for file in sealed.manifest.files}
    assert "你好".encode() not in sealed.file.read_bytes()
    put_back(sealed.file, tmp_path / "new", passphrase=PASSPHRASE)
    assert (tmp_path / "new/secrets/sms").stat().st_mode & 0o77 == 0


def test_what_belongs_to_this_machine_alone_is_not_in_it(backup: Path) -> None:
    assert [name for name in names(backup) if "spool" in name or "desk.log" in name or "sessions" in name] == []


def test_any_tar_opens_a_backup_that_is_not_encrypted(backup: Path, tmp_path: Path) -> None:
    done = subprocess.run(["tar", "xzf", backup], cwd=tmp_path, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "tables/customers.00001.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 150
    assert json.loads(lines[0])[1]["account_no"]


def test_the_backup_holds_the_audit_line_that_tells_of_it(data: Path, tmp_path: Path) -> None:
    done = made(data, tmp_path / "desk.backup")
    put_back(done.file, tmp_path / "new")
    with opened(tmp_path / "new") as desk:
        *_before, told, restored = desk.place.audit_table.all()
    assert (told.act, told.about, told.by) == ("backup.make", done.manifest.head.id, "li")
    assert (restored.act, restored.about) == ("backup.restore", done.manifest.head.id)


def test_numbers_count_on_after_a_restore_also_past_what_was_removed(data: Path, tmp_path: Path) -> None:
    with opened(data) as desk:
        line = desk.access.note("test.note")
        with desk.place.store.transaction():
            desk.place.audit_table.remove(line.id)
        done = back_up(desk.place, tmp_path / "desk.backup")
    put_back(done.file, tmp_path / "new")
    with opened(data) as old, opened(tmp_path / "new") as new:
        assert new.access.note("test.note").id not in {one.id for one in old.place.audit_table.all()} | {line.id}


def test_a_plugin_somebody_answers_for_is_on_in_another_folder(data: Path, tmp_path: Path) -> None:
    (data / "plugins").mkdir(exist_ok=True)
    (data / "plugins" / "ours.py").write_text(PLUGIN)
    with opened(data) as desk:
        desk.place.plugins.approve("ours", "li", NOW)
        done = back_up(desk.place, tmp_path / "desk.backup")
    put_back(done.file, tmp_path / "new")
    with opened(tmp_path / "new") as desk:
        assert {row.name: row.state for row in desk.place.plugins.listed()}["ours"] == "on"


# Where a backup is written


def test_a_backup_never_takes_the_place_of_a_file(data: Path, tmp_path: Path) -> None:
    (tmp_path / "desk.backup").write_text("mine")
    with pytest.raises(Refused, match="is there already"):
        made(data, tmp_path / "desk.backup")
    assert (tmp_path / "desk.backup").read_text() == "mine"


def test_into_a_folder_it_is_named_by_the_time(data: Path, tmp_path: Path) -> None:
    assert made(data, tmp_path).file == tmp_path / "desk-20261201-090000.backup"


def test_the_rest_of_one_that_was_killed_is_in_nobodys_way(data: Path, tmp_path: Path) -> None:
    (tmp_path / "desk.backup.part").write_bytes(bytes(10_000_000))
    done = made(data, tmp_path / "desk.backup")
    assert verified(done.file) == done.manifest
    assert not (tmp_path / "desk.backup.part").exists()


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=["open", "encrypted"])
def test_a_full_disk_leaves_nothing(data: Path, tmp_path: Path, passphrase: str) -> None:
    (tmp_path / "full").mkdir()
    command = [sys.executable, "-c", LIMITED, data, tmp_path / "full/desk.backup", passphrase]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "StoreProblem\n", done.stderr
    assert list((tmp_path / "full").iterdir()) == []


LIMITED = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.path.insert(0, "tests/keeping")
from kept_county import CHEAP, opened
from desk.keeping.backup import write_backup
from desk.access import Access
Access.note = lambda *_, **__: None
from desk.errors import StoreProblem
with opened(Path(sys.argv[1])) as desk:
    desk.access.may("back_up")
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
    try:
        write_backup(desk.place, Path(sys.argv[2]), passphrase=sys.argv[3], costs=CHEAP)
    except StoreProblem:
        print("StoreProblem")
"""


def test_a_backup_that_reads_back_otherwise_is_not_kept(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.keeping.backup.verified", lambda *_given: None)
    with pytest.raises(StoreProblem, match="does not read back"):
        made(data, tmp_path / "desk.backup")
    assert not (tmp_path / "desk.backup").exists()


def test_only_who_may_makes_a_backup(data: Path, tmp_path: Path) -> None:
    with opened(data) as desk:
        desk.place.role = "agent"
        with pytest.raises(NotAllowed):
            back_up(desk.place, tmp_path / "desk.backup")
    assert not (tmp_path / "desk.backup").exists()


def test_a_short_passphrase_is_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="12 signs"):
        made(data, tmp_path / "desk.backup", passphrase="secret")
    assert list(tmp_path.glob("desk.backup*")) == []
