"""The words of the nine types: short names, statuses, facts, and what is read to callers in every stage."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.config import Config
from desk.i18n import LANGUAGES, set_language
from desk.plugins import OutageType
from desk.plugins.folders import shipped_folder
from desk.plugins.host import PluginHost
from desk.records import Status
from desk.text import cell_width

TEMPLATES = shipped_folder() / "scripts"


@pytest.fixture(scope="module")
def types(tmp_path_factory):
    config = Config(data=tmp_path_factory.mktemp("data"), store_url="sqlite:///:memory:")
    return PluginHost.open(config, environ={}).outage_types


@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_short_names_fit_four_cells_and_differ(types, language):
    set_language(language)
    shorts = [kind.short for kind in types.values()]
    assert len(set(shorts)) == len(shorts) == 9
    assert all(0 < cell_width(short) <= 4 for short in shorts)


@pytest.mark.parametrize(
    ("label", "short"), [("洪水停电", "洪水"), ("flood", "floo"), ("UV灯停电", "UV灯"), ("x", "x")], ids=str
)
def test_a_type_without_a_short_name_is_cut_to_four_cells(label, short):
    assert OutageType(id="flood", labels={"en": label}, planned=False).short == short


def test_every_word_of_a_type_is_in_both_languages(types):
    for kind in types.values():
        facts = [words for fact in kind.facts for words in (fact.labels, *fact.choices.values(), fact.help) if words]
        for words in (kind.labels, kind.shorts, kind.causes, *kind.statuses.values(), *facts):
            assert set(words) == set(LANGUAGES), kind.id


def test_statuses_are_words_for_statuses_that_exist(types):
    known = {status.value for status in Status}
    assert [name for kind in types.values() for name in kind.statuses if name not in known] == []


def test_a_status_without_a_word_of_its_own_is_left_to_the_desk(types):
    assert types["arrears"].status_word("confirmed") == "suspended"
    assert types["arrears"].status_word("closed") == ""
    assert types["grid_fault"].status_word("confirmed") == ""


@pytest.mark.parametrize("suffix", ["zh", "en"])
def test_every_template_is_there_in_both_languages(suffix):
    names = {path.name.split(".")[0] for path in TEMPLATES.glob("*.j2")}
    assert {path.name.split(".")[0] for path in TEMPLATES.glob(f"*.{suffix}.j2")} == names


SECTORS = [
    *("mine", "hospital", "special_need", "water", "sewage", "chemical", "metallurgy", "continuous_process"),
    *("residential_tower", "crowd_place", "fire_service", "telecom", "broadcast", "government", "data_centre"),
    *("school", "farm"),
]
# Sectors with nothing to ask, to avoid, or to tell besides; everyone else has all four lines.
WITHOUT = {
    "ask": {"fire_service"},
    "never": {
        *("water", "sewage", "crowd_place", "fire_service", "telecom", "broadcast", "government", "data_centre", "farm")
    },
    "also": {"telecom", "broadcast", "government", "data_centre"},
}


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize("suffix", ["zh", "en"])
def test_every_sector_has_what_to_ask_say_avoid_and_tell(sector, suffix):
    text = filled(TEMPLATES / f"sector.{suffix}.j2", sector)
    heads = {"zh": ("问：", "说：", "不说：", "另告："), "en": ("Ask: ", "Say: ", "Never: ", "Also tell: ")}[suffix]
    for part, head in zip(("ask", "say", "never", "also"), heads, strict=True):
        there = any(line.startswith(head) for line in text.splitlines())
        assert there is (sector not in WITHOUT.get(part, set())), part


def test_a_home_device_is_asked_for_beside_the_sector():
    text = filled(TEMPLATES / "sector.zh.j2", "residential_tower", "呼吸机")
    assert "有人困在电梯里吗" in text
    assert "电池还能用几分钟" in text


def filled(file: Path, sector: str, special_need: str = "") -> str:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    customer = {"sector": sector, "special_need": special_need}
    return environment.from_string(file.read_text(encoding="utf-8")).render(customer=customer)
