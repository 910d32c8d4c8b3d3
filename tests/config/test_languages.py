"""The language is chosen once and meant from then on, also by sentences that stood there before."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk import i18n
from desk.errors import BadInput

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"
msgid "board"
msgstr "停电板"
msgid "{count} call"
msgid_plural "{count} calls"
msgstr[0] "{count} 个来电"
"""


@pytest.fixture
def catalogue(tmp_path, monkeypatch) -> Path:
    """A compiled catalogue of two sentences in place of the shipped one."""
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    file = tmp_path / "zh_CN" / "LC_MESSAGES" / "desk.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as stream:
        write_mo(stream, read_po(BytesIO(CATALOGUE.encode()), locale="zh_CN"))
    monkeypatch.setattr(i18n, "_locale", tmp_path)
    i18n._catalogue.cache_clear()
    yield file
    i18n._catalogue.cache_clear()


@pytest.mark.usefixtures("catalogue")
def test_a_sentence_is_said_in_the_language_chosen_last():
    marked = i18n.N_("board")
    i18n.set_language("zh_CN")
    assert i18n._(marked) == "停电板"
    i18n.set_language("en")
    assert i18n._(marked) == "board"


@pytest.mark.usefixtures("catalogue")
def test_numbers_choose_the_form():
    assert [i18n.ngettext("{count} call", "{count} calls", n) for n in (1, 2)] == ["{count} call", "{count} calls"]
    i18n.set_language("zh_CN")
    assert i18n.ngettext("{count} call", "{count} calls", 2) == "{count} 个来电"


@pytest.mark.usefixtures("catalogue")
def test_a_sentence_without_a_translation_stays_english_and_an_empty_one_empty():
    i18n.set_language("zh_CN")
    assert i18n._("not in there") == "not in there"
    assert i18n._("") == ""


def test_a_missing_catalogue_leaves_english(tmp_path, monkeypatch):
    monkeypatch.setattr(i18n, "_locale", tmp_path)
    i18n._catalogue.cache_clear()
    i18n.set_language("zh_CN")
    assert i18n._("board") == "board"
    assert i18n.ngettext("one", "many", 1) == "one"
    i18n._catalogue.cache_clear()


@pytest.mark.parametrize(("written", "meant"), [("zh", "zh_CN"), ("zh_CN", "zh_CN"), ("zh-CN", "zh_CN"), ("en", "en")])
def test_a_language_may_be_spelt_in_several_ways(written, meant):
    i18n.set_language(written)
    assert i18n.language() == meant


def test_an_unknown_language_is_refused_and_nothing_changes():
    with pytest.raises(BadInput, match="choose one of zh_CN, en"):
        i18n.set_language("fr")
    assert i18n.language() == "en"


def test_a_parts_own_words_follow_the_language():
    words = {"zh_CN": "电话", "en": "telephone"}
    assert i18n.in_language(words) == "telephone"
    i18n.set_language("zh")
    assert i18n.in_language(words) == "电话"
    assert i18n.in_language({}) == ""
