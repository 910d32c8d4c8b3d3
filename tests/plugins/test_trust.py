"""Dropped-in Python runs only when someone answers for exactly these bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from desk.config import Plugins
from desk.errors import NotFound, StoreProblem

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def test_a_dropped_in_part_is_not_run_until_it_is_approved(parts, tmp_path, good):
    parts.drop(flood=f"open({str(tmp_path / 'ran')!r}, 'w')\n" + good("flood"))
    row = parts.row("flood")
    assert (row.state, row.reason) == ("not_approved", "nobody has approved it yet")
    assert not (tmp_path / "ran").exists()


def test_an_approved_part_runs_from_the_next_start(parts, good):
    parts.drop(flood=good("flood"))
    parts.host().approve("flood", "王芳", NOON)
    assert parts.row("flood").state == "on"


def test_a_part_can_be_approved_by_its_path(parts, good):
    parts.drop(flood=good("flood"))
    path = str(parts.dropped / "flood.py")
    assert parts.host().approve(path, "王芳", NOON).path == path


def test_a_changed_part_is_off_until_it_is_approved_again(parts, good):
    parts.drop(flood=good("flood"))
    parts.host().approve("flood", "王芳", NOON)
    parts.drop(flood=good("flood") + "# one more line\n")
    row = parts.row("flood")
    assert row.state == "not_approved"
    assert "changed since 王芳 approved it at 2026-12-01 12:00" in row.reason
    parts.host().approve("flood", "李强", NOON)
    assert parts.row("flood").state == "on"


def test_approving_one_part_approves_no_other(parts, good):
    parts.drop(flood=good("flood"), storm=good("storm"))
    parts.host().approve("flood", "王芳", NOON)
    assert list(parts.host().outage_types) == ["flood"]


def test_the_lock_file_says_path_hash_who_and_when(parts, good):
    parts.drop(flood=good("flood"))
    parts.host().approve("flood", "王芳", NOON)
    (entry,) = msgspec.json.decode((parts.data / "plugins.lock").read_bytes())["approved"]
    assert entry["path"] == str(parts.dropped / "flood.py")
    assert (entry["who"], entry["when"], len(entry["sha256"])) == ("王芳", "2026-12-01T12:00:00Z", 64)


def test_a_package_is_approved_with_all_its_files(parts, good):
    package = parts.dropped / "flood"
    package.mkdir()
    (package / "__init__.py").write_text("from .words import NAME\n" + good("flood"))
    (package / "words.py").write_text("NAME = 'flood'\n")
    parts.host().approve("flood", "王芳", NOON)
    assert parts.row("flood").state == "on"
    (package / "words.py").write_text("NAME = 'storm'\n")
    assert parts.row("flood").state == "not_approved"


def test_what_runs_is_what_was_approved_and_not_a_cached_copy(parts, good):
    package = parts.dropped / "flood"
    package.mkdir()
    (package / "__init__.py").write_text("from . import words\n" + good("flood"))
    (package / "words.py").write_text("NAME = 'flood'\n")
    parts.host().approve("flood", "王芳", NOON)
    assert parts.row("flood").state == "on"
    assert not (package / "__pycache__").exists()


def test_a_fault_in_an_approved_package_is_named_with_its_line(parts):
    package = parts.dropped / "flood"
    package.mkdir()
    (package / "__init__.py").write_text("from . import words\n")
    (package / "words.py").write_text("\n1/0\n")
    parts.host().approve("flood", "王芳", NOON)
    assert parts.row("flood").reason.startswith("flood/words.py line 2: ZeroDivisionError")


def test_approving_what_does_not_wait_is_refused(parts, good):
    parts.ship(flood=good("flood"))
    with pytest.raises(NotFound, match="no plugin called"):
        parts.host().approve("flood", "王芳", NOON)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"approved": [{"path": 1}]}', "\x00"], ids=repr)
def test_a_lock_file_that_cannot_be_read_approves_nothing_and_says_so(parts, good, text):
    parts.drop(flood=good("flood"))
    (parts.data / "plugins.lock").write_text(text)
    row = parts.row("flood")
    assert row.state == "not_approved"
    assert "plugins.lock cannot be read" in row.reason
    with pytest.raises(StoreProblem):
        parts.host().approve("flood", "王芳", NOON)


def test_a_configured_folder_asks_for_trust_like_any_other(parts, good, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "flood.py").write_text(good("flood"))
    parts.lists = Plugins(folders=(str(tmp_path / "more"),))
    assert parts.row("flood").state == "not_approved"


def test_a_blocked_part_is_off_though_approved(parts, good):
    parts.drop(flood=good("flood"))
    parts.host().approve("flood", "王芳", NOON)
    parts.lists = Plugins(block=("flood",))
    assert parts.row("flood").state == "off"
