"""`desk audit`: what a person and a program are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from audited import NOW, Attacker, later, place_at, written

from desk.audit import Audit
from desk.cli import main
from desk.place import Place


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A desk's data folder, with an audit of ten lines."""
    (tmp_path / "data").mkdir()
    place = _place(tmp_path / "data")
    written(place, 10)
    place.store.close()
    return tmp_path / "data"


def _place(data: Path) -> Place:
    return place_at(data, f"sqlite:///{data}/desk.db")


def run(data: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    (data / "config.toml").write_text('[desk]\nlanguage = "en"\n', encoding="utf-8")
    code = main(["audit", *words, "--data", str(data), "--config", str(data / "config.toml")])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_a_clean_audit_says_so_and_ends_with_0(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, words = run(data, capsys, "verify")
    assert (code, words.splitlines()[0]) == (0, "10 lines, nothing wrong")


def test_a_changed_one_says_where_and_ends_with_1(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = _place(data)
    Attacker(place).change(5, about="K99")
    place.store.close()
    code, words = run(data, capsys, "verify")
    assert code == 1
    assert words.splitlines()[:2] == [
        "        5  line 5 (A5) is not what it was when it was written",
        "up to line 4 nothing is wrong",
    ]
    code, words = run(data, capsys, "verify", "--json")
    found = json.loads(words)
    assert (code, found["ok"], found["trustworthy"]) == (1, False, 4)
    assert found["faults"] == [{"kind": "changed", "line": 5, "id": "A5", "what": found["faults"][0]["what"]}]


def test_a_printed_checkpoint_kept_elsewhere_finds_a_tail_cut_off_with_its_checkpoints(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.jsonl"
    kept.write_text(run(data, capsys, "checkpoint")[1], encoding="utf-8")
    key = run(data, capsys, "key")[1].strip()
    assert run(data, capsys, "verify", "--checkpoints", str(kept), "--key", key)[0] == 0
    place = _place(data)
    attacker = Attacker(place)
    attacker.remove(9, 10, 11)
    attacker.checkpoints.truncate()
    place.store.close()
    (data / "audit" / "checkpoints.jsonl").unlink()
    assert run(data, capsys, "verify")[0] == 0
    code, words = run(data, capsys, "verify", "--checkpoints", str(kept))
    assert (code, "the audit ends at line 8" in words) == (1, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--checkpoints", "nowhere.jsonl"), "nowhere.jsonl cannot be read"),
        (("--key", "abc"), "abc is no key; `desk audit key` prints one"),
        (("--checkpoints", "{data}/config.toml"), "holds a line that is no checkpoint"),
    ],
    ids=["no file", "no key", "another file"],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    code, told = run(data, capsys, "verify", *(word.format(data=data) for word in words))
    assert (code, says in told) == (2, True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), 13),
        (("--act", "case"), 11),
        (("--act", "case.open"), 10),
        (("--act", "cas"), 0),
        (("--by", "王强"), 2),
        (("--about", "k3"), 1),
        (("--limit", "4"), 4),
        (("--by", "王强", "--limit", "1"), 1),
        (("--since", "2026-12-01T08:30"), 3),
        (("--until", "2026-12-01T08:30"), 10),
    ],
    ids=str,
)
def test_lines_are_found_by_time_agent_act_and_what_they_are_about(
    data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], expected: int
) -> None:
    place = _place(data)
    later(place, NOW.replace(minute=40) - NOW)
    Audit(place).note("case.closed", "K100")
    place.agent = "王强"
    Audit(place).note("outage.open", "O1")
    Audit(place).note("outage.close", "O1")
    place.store.close()
    code, told = run(data, capsys, "show", "--json", *words)
    assert (code, len(json.loads(told))) == (0, expected)


def test_lines_come_out_as_they_are_stored(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = _place(data)
    stored = list(place.audit_table.bodies())
    place.store.close()
    assert run(data, capsys, "lines")[1].splitlines() == stored


@pytest.mark.parametrize("command", ["verify", "checkpoint", "key", "show", "lines"])
def test_who_has_no_right_is_told_so(data: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    (data / "config.toml").write_text('[desk]\nlanguage = "en"\nrole = "agent"\n', encoding="utf-8")
    code = main(["audit", command, "--data", str(data), "--config", str(data / "config.toml")])
    assert (code, "may not" in capsys.readouterr().err) == (2, True)
