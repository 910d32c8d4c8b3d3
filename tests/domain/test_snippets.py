"""Phrases by name in the note: the county's over those that ship, a broken file told and not fatal."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.config import load_config
from desk.plugins.folders import shipped_folder
from desk.snippets import Snippets, read_snippets

KNOWN = Snippets(phrases={"zl": "整栋楼无电", "tz": "开关已跳"})


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("::zl ", "整栋楼无电 "),
        ("::zl", "::zl"),
        ("三楼 ::ZL 和 ::tz 了", "三楼 整栋楼无电 和 开关已跳 了"),
        ("::nosuch ", "::nosuch "),
        ("10:30 a::b", "10:30 a::b"),
        ("::zl\u3000好", "整栋楼无电\u3000好"),
    ],
)
def test_a_known_name_and_a_space_is_written_out(typed: str, stands: str) -> None:
    assert KNOWN.expanded(typed) == stands


def test_at_the_end_of_a_note_that_is_saved_no_space_is_needed() -> None:
    assert KNOWN.expanded("半小时前 ::zl", at_end=True) == "半小时前 整栋楼无电"


def test_the_names_that_begin_like_what_is_typed_are_offered() -> None:
    assert KNOWN.begun("三楼 ::z") == [("zl", "整栋楼无电")]
    assert len(KNOWN.begun("::")) == 2
    assert KNOWN.begun("三楼") == []


def test_the_countys_phrases_come_before_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "snippets.toml").write_text('[snippets]\nzl = "整条街没电"\nxx = "新"\n', encoding="utf-8")
    found = read_snippets(load_config(None, tmp_path, {}), shipped_folder() / "scripts")
    assert (found.phrases["zl"], found.phrases["xx"], found.problem) == ("整条街没电", "新", "")
    assert "tz" in found.phrases


@pytest.mark.parametrize("text", ["[snippets", "[snippets]\nzl = 3\n", 'snippets = "x"'])
def test_a_broken_file_is_a_sentence_and_the_shipped_phrases_stay(tmp_path: Path, text: str) -> None:
    (tmp_path / "snippets.toml").write_text(text, encoding="utf-8")
    found = read_snippets(load_config(None, tmp_path, {}), shipped_folder() / "scripts")
    assert "snippets.toml" in found.problem
    assert found.phrases["tz"]
