"""Records of an older desk: brought up in one piece, with a backup first; those of a newer one are refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from kept_county import NOW, ROOT, opened, put_back

from desk.errors import StoreProblem
from desk.keeping import backup, restoring, upgrade
from desk.keeping.opening import verified
from desk.store import DocumentStore
from desk.store.documents import DocumentTable


def hazards_in_words(store: DocumentStore) -> None:
    """A step that the product does not have."""
    calls: DocumentTable = store.table("calls")
    calls.update(lambda call: call.__setitem__("note", "brought up"))


@pytest.fixture
def version_2(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (upgrade, backup, restoring):
        monkeypatch.setattr(module, "RECORDS", 2)
    monkeypatch.setattr(upgrade, "STEPS", {1: hazards_in_words})


def notes(data: Path, url: str = "") -> set[str]:
    with opened(data, url) as desk:
        return {call.note for call in desk.place.calls_table.all()}


def backups(data: Path) -> list[Path]:
    return sorted((data / "backups").glob("*.backup"))


@pytest.mark.usefixtures("version_2")
def test_older_records_are_brought_up_when_the_desk_is_opened(data: Path) -> None:
    assert notes(data) == {"brought up"}
    with opened(data) as desk:
        assert upgrade.version_of(desk.place.store.storage.engine) == 2


@pytest.mark.usefixtures("version_2")
def test_the_desk_as_it_was_is_backed_up_first_and_once(data: Path, tmp_path: Path) -> None:
    for _time in range(2):
        notes(data)
    (kept,) = backups(data)
    assert verified(kept).head.made_at == NOW
    put_back(kept, tmp_path / "new")
    assert backups(tmp_path / "new") == []


def test_a_desk_of_this_version_is_left_alone(data: Path) -> None:
    with opened(data) as desk:
        before = desk.place.store.storage.engine.tables()
    with opened(data) as desk:
        assert desk.place.store.storage.engine.tables() == before
    assert backups(data) == []


@pytest.mark.usefixtures("version_2")
def test_a_backup_of_older_records_is_restored_and_brought_up(backup: Path, tmp_path: Path) -> None:
    put_back(backup, tmp_path / "new")
    assert notes(tmp_path / "new") == {"brought up"}


@pytest.mark.usefixtures("version_2")
def test_records_on_a_server_are_brought_up_too(
    backup: Path, tmp_path: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_back(backup, tmp_path / "new", empty_url)
    assert notes(tmp_path / "new", empty_url) == {"brought up"}
    assert len(backups(tmp_path / "new")) == 1
    monkeypatch.setattr(upgrade, "RECORDS", 1)
    with pytest.raises(StoreProblem, match="newer version"):
        opened(tmp_path / "new", empty_url)


def test_records_of_a_newer_desk_are_refused_untouched(data: Path) -> None:
    with opened(data) as desk:
        upgrade.set_version(desk.place.store.storage.engine, 2)
    before = (data / "desk.db").read_bytes()
    with pytest.raises(StoreProblem, match="newer version of the desk; update"):
        opened(data)
    assert (data / "desk.db").read_bytes() == before


def test_a_step_that_fails_leaves_everything_as_it_was(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = notes(data)

    def fails(store: DocumentStore) -> None:
        hazards_in_words(store)
        raise StoreProblem("no")

    with monkeypatch.context() as newer:
        newer.setattr(upgrade, "RECORDS", 2)
        newer.setattr(upgrade, "STEPS", {1: fails})
        with pytest.raises(StoreProblem):
            opened(data)
    assert notes(data) == before


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, "tests/keeping")
from kept_county import opened
from desk.keeping import upgrade
from test_record_versions import hazards_in_words
def second(store):
    store.table("outages").truncate()
    os._exit(9)
upgrade.RECORDS = 3
upgrade.STEPS = {1: hazards_in_words, 2: second}
opened(Path(sys.argv[1]))
"""


def test_whoever_is_killed_between_two_steps_leaves_the_old_version(data: Path) -> None:
    before = notes(data)
    died = subprocess.run([sys.executable, "-c", KILLED, data], cwd=ROOT, check=False)
    assert died.returncode == 9
    assert notes(data) == before
    with opened(data) as desk:
        assert upgrade.version_of(desk.place.store.storage.engine) == 1
        assert desk.place.outages_table.count() > 0
