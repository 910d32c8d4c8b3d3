"""`desk paper …` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from paper_county import HOSPITAL, approved, opened, owed, plan

from desk.app import Desk
from desk.cli import main
from desk.records import Outage

pytest.importorskip("typst", reason="printing needs the extra print")
pytest.importorskip("pylopdf_fonts_zh_cn", reason="printing needs the extra print")


class Ran(NamedTuple):
    code: int
    out: str
    err: str


class Typed:
    """Types commands on the desk's data folder."""

    def __init__(self, desk: Desk, read: Any) -> None:
        self.desk = desk
        self._read = read

    def __call__(self, *words: str) -> Ran:
        code = main([*words, "--data", str(self.desk.place.config.data)])
        return Ran(code, *self._read())


@pytest.fixture
def typed(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    monkeypatch.chdir(tmp_path)
    for name in ("DESK_CONFIG", "DESK_PLUGINS", "DESK_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DESK_NOW", "2026-12-01T08:00")
    (desk.place.config.data / "config.toml").write_text('[desk]\nlanguage = "en"\n', encoding="utf-8")
    return Typed(desk, capsys.readouterr)


@pytest.fixture
def outage(desk: Desk) -> Outage:
    return approved(desk, plan())


def test_notices_are_printed_and_named(typed: Typed, outage: Outage, tmp_path: Path) -> None:
    ran = typed("paper", "notices", outage.id, "--out", str(tmp_path / "out"), "--json")
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    assert (said["papers"], said["drafts"], len(said["files"])) == (8, 0, 3)
    assert all(Path(file).read_bytes().startswith(b"%PDF") for file in said["files"])


def test_drafts_are_told(typed: Typed, tmp_path: Path) -> None:
    outage = opened(typed.desk, plan())
    ran = typed("paper", "notices", outage.id, "--out", str(tmp_path / "out"))
    assert "5 are not approved yet: drafts, not to be delivered" in ran.err


@pytest.mark.parametrize(("ending", "begins"), [(".pdf", b"%PDF"), (".png", b"\x89PNG"), (".txt", "停电公告".encode())])
def test_the_announcement_is_written_by_its_ending(
    typed: Typed, outage: Outage, tmp_path: Path, ending: str, begins: bytes
) -> None:
    out = tmp_path / f"page{ending}"
    ran = typed("paper", "page", outage.id, "--out", str(out))
    assert ran.code == 0, ran.err
    assert out.read_bytes().startswith(begins)


def test_the_announcement_is_shown_without_a_file(typed: Typed, outage: Outage) -> None:
    assert "城关镇和平路以东" in typed("paper", "page", outage.id).out


def test_another_ending_is_refused(typed: Typed, outage: Outage) -> None:
    ran = typed("paper", "page", outage.id, "--out", "page.doc")
    assert (ran.code, ran.err) == (2, "page.doc must end in .pdf, .png or .txt\n")


def test_rounds_are_listed_and_printed(typed: Typed, outage: Outage, tmp_path: Path) -> None:
    ran = typed("paper", "rounds", outage.id, "--branch", "城关所", "--out", str(tmp_path / "round.pdf"), "--json")
    (one,) = json.loads(ran.out)
    assert [stop["name"] for stop in one["stops"]][:2] == ["王兰", "人民医院"]
    assert (tmp_path / "round.pdf").read_bytes().startswith(b"%PDF")
    assert "城关所: 0 of 4 done" in typed("paper", "rounds").out


def test_a_signature_is_written_down_with_its_scan(typed: Typed, outage: Outage, slip: Path) -> None:
    duty = owed(typed.desk, outage, HOSPITAL)
    ran = typed("paper", "returned", duty.id, "--result", "signed", "--person", "王主任", "--scan", str(slip), "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["state"] == "done"


def test_a_publication_is_written_down(typed: Typed, outage: Outage) -> None:
    ran = typed("paper", "published", outage.id, "--medium", "县电视台", "--ref", "19:30")
    assert (ran.code, ran.out.strip()[-4:]) == (0, "done"), ran.err


@pytest.mark.parametrize("words", [("theft_notice",), ("approval_form", "O1")], ids=" ".join)
def test_forms_are_printed(typed: Typed, outage: Outage, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert outage.id == "O1"
    assert typed("paper", "form", *words, "--out", str(tmp_path / "form.pdf")).code == 0
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF")


def test_no_rounds_say_where_they_would_come_from(typed: Typed) -> None:
    assert typed("paper", "rounds").out.startswith("Nothing is to be delivered.")
