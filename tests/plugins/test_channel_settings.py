"""A channel's settings and secrets: every mistake at once, no secret anywhere, and an example that can be used."""

from __future__ import annotations

import copy
import logging
import pickle
import sys
import tomllib
from types import SimpleNamespace
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.i18n import set_language
from desk.plugins import ChannelSettings, ConfigProblem, Secret, described
from desk.plugins.secrets import secret, starred
from desk.plugins.settings import example, json_schema, needed, read, table, toml_value
from desk.text import clean

GEHEIM = "geheim-0815"


class Settings(ChannelSettings, frozen=True, kw_only=True):
    host: Annotated[str, described({"zh_CN": "短信中心地址", "en": "the centre's address"})]
    port: Annotated[int, described({"zh_CN": "端口", "en": "port"}, least=1, most=65535)] = 2775
    password: Secret
    spare: Secret | None = None
    sign: Annotated[str, described({"en": "the sign"}, longest=8)] = ""
    tags: tuple[str, ...] = ()


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("SMS_PASSWORD", GEHEIM)


WELL = {"host": "10.0.0.5", "password": {"env": "SMS_PASSWORD"}}


def test_settings_are_read_into_the_channels_own_record():
    settings, wrong = read(Settings, WELL | {"tags": ["a"]})
    assert wrong == []
    assert (settings.host, settings.port, settings.tags) == ("10.0.0.5", 2775, ("a",))
    assert settings.password.reveal() == GEHEIM


def test_every_mistake_is_told_at_once_and_no_secret_is_repeated():
    settings, wrong = read(
        Settings, {"hots": GEHEIM, "port": "x", "password": GEHEIM, "sign": "123456789", "tags": [1]}
    )
    assert settings is None
    assert [problem.key for problem in wrong] == ["hots", "host", "port", "password", "sign", "tags"]
    assert GEHEIM not in str(wrong)
    assert "did you mean host?" in wrong[0].text


PLACES = {
    "no such variable": ({"env": "NOT_SET_ANYWHERE"}, "the environment variable NOT_SET_ANYWHERE is not set"),
    "no such file": ({"file": "none"}, "none cannot be read: No such file or directory"),
    "an empty file": ({"file": "empty"}, "empty is empty"),
    "a file that is no text": ({"file": "binary"}, "binary cannot be read: it is not text"),
    "two places": ({"env": "A", "file": "b"}, "a secret is never written here"),
    "another place": ({"vault": "x"}, "a secret is never written here"),
    "no place": ({"env": " "}, "a secret is never written here"),
    "a number": (4711, "a secret is never written here"),
}


@pytest.mark.parametrize(("place", "words"), PLACES.values(), ids=PLACES)
def test_a_secret_that_is_not_where_it_should_be_is_told(tmp_path, place, words):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    _settings, (problem,) = read(Settings, WELL | {"password": place}, tmp_path)
    assert problem.key == "password"
    assert words in problem.text


def test_a_secret_in_a_file_counts_from_the_folder_and_loses_its_last_newline(tmp_path):
    (tmp_path / "sms").write_text(f" {GEHEIM} \r\n", newline="")
    assert Secret("file", "sms", tmp_path).reveal() == f" {GEHEIM} "


def test_a_secret_in_the_keyring_is_asked_for_when_it_is_used(monkeypatch):
    asked = []
    monkeypatch.setitem(
        sys.modules, "keyring", SimpleNamespace(get_password=lambda *place: asked.append(place) or GEHEIM)
    )
    settings, wrong = read(Settings, WELL | {"password": {"keyring": "sms/desk1"}})
    assert (wrong, asked) == ([], [])
    assert settings.password.reveal() == GEHEIM
    assert asked == [("sms", "desk1")]


@pytest.mark.parametrize("found", [None, ""])
def test_a_keyring_without_it_is_a_problem_of_the_settings(monkeypatch, found):
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=lambda *_place: found))
    with pytest.raises(ConfigProblem, match="the keyring has nothing under sms"):
        Secret("keyring", "sms").reveal()


def test_without_the_keyring_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigProblem, match=r"pip install desk95598\[keyring\]"):
        Secret("keyring", "sms").reveal()


def test_a_secret_is_in_no_repr_text_format_or_log(caplog):
    settings, _wrong = read(Settings, WELL)
    settings.password.reveal()
    with caplog.at_level(logging.INFO):
        logging.getLogger("x").info("%s %r", settings, settings.password)
    shown = f"{settings} {settings.password} {settings.password:>10} {settings.password!r} {caplog.text}"
    assert GEHEIM not in shown
    assert "***" in shown


@pytest.mark.parametrize("copied", [pickle.dumps, copy.deepcopy, msgspec.json.encode], ids=["pickle", "copy", "json"])
def test_a_secret_is_not_written_anywhere(copied):
    with pytest.raises(TypeError):
        copied(Secret.of(GEHEIM))


def test_what_was_revealed_is_starred_wherever_it_turns_up():
    Secret.of(GEHEIM).reveal()
    assert starred(f"POST /send?key={GEHEIM}&to=1") == "POST /send?key=***&to=1"


def test_a_secret_is_equal_to_itself_by_its_place():
    assert secret({"env": "A"}) == secret({"env": "A"}) != secret({"file": "A"})
    assert len({secret({"env": "A"}), secret({"env": "A"})}) == 1


@pytest.mark.parametrize(("language", "words"), [("zh_CN", "短信中心地址"), ("en", "the centre's address")])
def test_a_form_has_a_line_for_each_setting_in_the_language_spoken(language, words):
    set_language(language)
    rows = table(Settings)
    assert [row.name for row in rows] == ["host", "port", "password", "spare", "sign", "tags"]
    assert (rows[0].words, rows[0].needed, rows[1].default) == (words, True, 2775)
    assert [row.name for row in rows if row.secret] == ["password", "spare"]
    assert needed(Settings) == ("host", "password")


def test_the_example_is_toml_that_lacks_only_what_is_the_countys_own():
    text = example("sms-north", "smpp", Settings)
    raw = tomllib.loads(text)["channels"]["sms-north"]
    assert raw == {"type": "smpp", "host": "", "password": {"env": "SMS_NORTH_PASSWORD"}}
    everything = tomllib.loads("\n".join(line.removeprefix("# ") for line in text.splitlines() if " = " in line))
    assert everything["port"] == 2775
    assert everything["tags"] == []


def test_the_schema_says_what_is_needed_and_that_a_secret_is_a_place():
    shape = json_schema(Settings)["$defs"]["Settings"]
    assert (shape["required"], shape["additionalProperties"]) == (["host", "password"], False)
    assert set(shape["properties"]["password"]["properties"]) == {"env", "file", "keyring"}


PLAIN = st.recursive(
    st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@given(PLAIN)
def test_a_default_is_written_as_toml_reads_it(value):
    assert tomllib.loads(f"x = {toml_value(value)}")["x"] == value


@given(st.dictionaries(st.text(max_size=12), PLAIN, max_size=5))
def test_whatever_is_written_is_read_or_told_and_never_raises(raw):
    settings, wrong = read(Settings, raw)
    assert (settings is None) == bool(wrong)
    assert all(problem.text == clean(problem.text) for problem in wrong)
