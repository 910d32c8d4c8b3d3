"""On which line a key of a TOML text stands."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.config.lines import key_lines, line_of

TEXTS = {
    "section and key": ('\n[county]\nname = "x"\n', {("county",): 2, ("county", "name"): 3}),
    "comment with a key": ("# name = 1\nreal = 2", {("real",): 2}),
    "hash in a text": ('a = "# b = 1"\nc = 2', {("a",): 1, ("c",): 2}),
    "brackets in a text": ('a = "]["\n[b]\nc = 2', {("a",): 1, ("b",): 2, ("b", "c"): 3}),
    "list over lines": ("a = [\n 1, # b = 3\n 2,\n]\nc = 2", {("a",): 1, ("c",): 5}),
    "text over lines": ('a = """\nb = 1\n[c]\n\\""""\nd = 2', {("a",): 1, ("d",): 5}),
    "literal over lines": ("a = '''\nb = 1\n\\'''\nd = 2", {("a",): 1, ("d",): 4}),
    "dotted and quoted": ('[a . "b.c"]\nd."e" = 1', {
        ("a",): 1, ("a", "b.c"): 1, ("a", "b.c", "d"): 2, ("a", "b.c", "d", "e"): 2,
    }),
    "inline table": ("a = {b = 1, c = 2}\nd = 1", {("a",): 1, ("d",): 2}),
    "list of tables": ("[[a]]\nb = 1\n[[a]]\nb = 2", {
        ("a",): 1, ("a", "0"): 1, ("a", "0", "b"): 2, ("a", "1"): 3, ("a", "1", "b"): 4,
    }),
    "lists within lists": ("[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\n[a.d]\n[[a]]\n[[a.b]]\nc = 2", {
        ("a",): 1, ("a", "0"): 1, ("a", "0", "b"): 2, ("a", "0", "b", "0"): 2, ("a", "0", "b", "0", "c"): 3,
        ("a", "0", "b", "1"): 4, ("a", "0", "d"): 5, ("a", "1"): 6, ("a", "1", "b"): 7, ("a", "1", "b", "0"): 7,
        ("a", "1", "b", "0", "c"): 8,
    }),
    "escaped quote": ('a = "\\""\nb = 1', {("a",): 1, ("b",): 2}),
    "empty": ("", {}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "lines"), TEXTS.values(), ids=TEXTS)
def test_each_key_has_its_line(text, lines):
    tomllib.loads(text)
    assert key_lines(text) == lines


WORDS = st.text(max_size=8)
SECTION = st.dictionaries(st.from_regex(r"\A[a-z_0-9-]{1,6}\Z"), WORDS | st.integers() | st.lists(WORDS), max_size=4)


@given(st.dictionaries(st.from_regex(r"\A[a-z]{1,6}\Z"), SECTION, max_size=4), st.lists(WORDS, max_size=3))
def test_any_file_of_sections_has_every_key_on_its_line(document, comments):
    lines: list[str] = []
    for section, keys in document.items():
        lines += ["# " + json.dumps(comment, ensure_ascii=True) for comment in comments]
        lines.append(f"[{section}]")
        lines += [f"{key} = {json.dumps(value, ensure_ascii=True)}".replace("\x7f", " ") for key, value in keys.items()]
    found = key_lines("\n".join(lines))
    for section, keys in document.items():
        assert lines[found[section,] - 1] == f"[{section}]"
        for key in keys:
            assert lines[found[section, key] - 1].startswith(f"{key} = ")


def test_an_unknown_place_is_near_what_it_stands_in():
    lines = key_lines("\n[a]\nb = {c = 1}")
    assert line_of(lines, ("a", "b", "c")) == 3
    assert line_of(lines, ("a", "z")) == 2
    assert line_of(lines, ("z",)) == 1
