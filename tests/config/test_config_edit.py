"""Changing config.toml from the desk: values move, everything a person wrote around them stays."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import desk
from desk.config.edit import Change, changed, write
from desk.errors import BadInput, ConfigProblem, StaleWrite, StoreProblem
from desk.i18n import set_language

SHIPPED = (Path(desk.__file__).parent.parent / "config.toml").read_text(encoding="utf-8")
WRITTEN = """\
# ours
[county]
name = "清河县"   # as on the seal

[channels.sms]   # the north centre
type = "smpp"
password = { env = "SMS" }  # ask 王芳
port = 2775
"""


@pytest.fixture(autouse=True)
def english():
    set_language("en")


@pytest.fixture
def file(tmp_path) -> Path:
    (tmp_path / "config.toml").write_text(WRITTEN, encoding="utf-8")
    return tmp_path / "config.toml"


def test_a_value_moves_and_every_other_line_stays(file):
    write(file, [Change(("channels", "sms", "port"), 2776)])
    assert file.read_text(encoding="utf-8") == WRITTEN.replace("2775", "2776")


def test_a_comment_behind_a_value_stays_behind_it(file):
    write(file, [Change(("county", "name"), "清水县")])
    assert 'name = "清水县"   # as on the seal' in file.read_text(encoding="utf-8")


def test_a_secret_changes_its_place_on_one_line(file):
    write(file, [Change(("channels", "sms"), {"password": {"file": "secrets/sms"}})])
    assert 'password = {file = "secrets/sms"}  # ask 王芳' in file.read_text(encoding="utf-8")


def test_a_new_channel_becomes_a_section_at_the_end(file):
    write(file, [Change(("channels", "fax"), {"type": "hylafax", "host": "10.0.0.9", "serves": ("hospital",)})])
    text = file.read_text(encoding="utf-8")
    assert text.startswith(WRITTEN)
    assert text.index("[channels.fax]") > text.index("[channels.sms]")
    assert tomllib.loads(text)["channels"]["fax"] == {"type": "hylafax", "host": "10.0.0.9", "serves": ["hospital"]}
    assert "[channels]\n" not in text


def test_a_key_and_a_section_are_taken_away(file):
    write(file, [Change(("channels", "sms", "port"), None), Change(("county",), None), Change(("no", "such"), None)])
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    assert raw == {"channels": {"sms": {"type": "smpp", "password": {"env": "SMS"}}}}


def test_a_file_that_is_not_there_yet_is_made(tmp_path):
    file = tmp_path / "new" / "config.toml"
    write(file, [Change(("messages", "training"), True)])
    assert tomllib.loads(file.read_text(encoding="utf-8")) == {"messages": {"training": True}}


def test_with_a_mistake_nothing_is_written(file):
    with pytest.raises(ConfigProblem, match=r"config\.toml:4: \[county\] area_code"):
        write(file, [Change(("county", "name"), "x"), Change(("county", "area_code"), "951")])
    assert file.read_text(encoding="utf-8") == WRITTEN
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(file):
    with pytest.raises(StaleWrite, match="was changed meanwhile"):
        write(file, [Change(("county", "name"), "x")], seen="[county]\n")


def test_a_path_through_a_value_is_refused(file):
    with pytest.raises(BadInput, match=r"county\.name is a value"):
        write(file, [Change(("county", "name", "x"), "y")])


@pytest.mark.parametrize("text", ["[county\n", 'name = "'])
def test_a_broken_file_is_not_mended_by_guessing(tmp_path, text):
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(ConfigProblem, match="not TOML"):
        write(file, [Change(("county", "name"), "x")])
    assert file.read_text() == text


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises((StoreProblem, ConfigProblem), match="cannot be"):
        write(tmp_path / "file" / "config.toml", [Change(("county", "name"), "x")])


def test_a_link_stays_a_link(file, tmp_path):
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    write(link, [Change(("county", "name"), "清水县")])
    assert link.is_symlink()
    assert "清水县" in file.read_text(encoding="utf-8")


@given(
    name=st.from_regex(r"[a-z][a-z0-9_-]{0,12}", fullmatch=True),
    values=st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True),
        st.one_of(
            st.booleans(), st.integers(-(2**40), 2**40), st.text(max_size=20), st.lists(st.text(max_size=5), max_size=3)
        ),
        max_size=5,
    ),
)
def test_what_is_written_is_what_is_read_and_the_shipped_comments_stay(name, values):
    after = changed(SHIPPED, [Change(("channels", name), values)])
    assert tomllib.loads(after)["channels"][name] == values
    comments = [line for line in SHIPPED.splitlines() if line.startswith("#")]
    assert [line for line in after.splitlines() if line in set(comments)] == comments
