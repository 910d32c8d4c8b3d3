"""config.toml: where it is found, what it means, and that every mistake is told with its line."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

import desk
from desk.config import Settings, load_config
from desk.config.load import read_settings
from desk.errors import ConfigProblem

SHIPPED = Path(desk.__file__).parent.parent / "config.toml"

# what is written → the problem, after "FILE:"
MISTAKES = {
    '[countyy]\nname = "x"': "1: there is no section [countyy]; did you mean [county]?",
    "[zzz]":
        "1: there is no section [zzz]; it may be [county], [desk], [store], [access], [seats], ",
    '[county]\nara_code = "0951"': '2: [county] has no setting "ara_code"; did you mean area_code?',
    '[county]\narea-code = "0951"': '2: [county] has no setting "area-code"; did you mean area_code?',
    '[store]\nzzz = "x"': '2: [store] has no setting "zzz"; it may be url',
    '[desk]\narea_code = "0951"': '2: [desk] has no setting "area_code"; it belongs in [county]',
    'area_code = "0951"': "1: area_code stands outside every section; it belongs in [county]",
    'lnguage = "en"': "1: lnguage stands outside every section; did you mean language?",
    "desk = 1": "1: desk is a section: write [desk] on a line of its own",
    "[[board]]": "1: board is a section: write [board] on a line of its own",
    "[county]\narea_code = 951": "2: [county] area_code must be a text in quotes, not 951",
    '[board]\nrestored_hours = "24"': "2: [board] restored_hours must be a whole number, not '24'",
    "[board]\nrestored_hours = 1.5": "2: [board] restored_hours must be a whole number, not 1.5",
    "[board]\nrestored_hours = true": "2: [board] restored_hours must be a whole number, not True",
    "[board]\nrestored_hours = 0": "2: [board] restored_hours: must be from 1 to 168, not 0",
    "[board]\nstale_minutes = 9999": "2: [board] stale_minutes: must be from 1 to 1440, not 9999",
    '[plugins]\nfolders = "x"': "2: [plugins] folders must be a list of texts, not 'x'",
    "[plugins]\nblock = [1]": "2: [plugins] block must be a list of texts, not [1]",
    '[county]\narea_code = "951"':
        "2: [county] area_code: an area code is 3 or 4 digits from 0, like \"0951\", not \"951\"",
    '[county]\ntime_zone = "Asia/Shangai"':
        '2: [county] time_zone: there is no time zone "Asia/Shangai"; did you mean Asia/Shanghai?',
    '[county]\ntime_zone = "beijing time"':
        '2: [county] time_zone: there is no time zone "beijing time"; did you mean Asia/Shanghai?',
    '[desk]\nlanguage = "zh_TW"': '2: [desk] language: there is no language "zh_TW"; did you mean zh_CN?',
    '[desk]\nrole = "boss"': '2: [desk] role: there is no role "boss"; it may be agent, supervisor',
    '[store]\nurl = "mysql://x/y"': '2: [store] url: "mysql://x/y" names no store; write it like "sqlite:///desk.db"',
    '[store]\nurl = "desk.db"': '2: [store] url: "desk.db" names no store; write it like "sqlite:///desk.db"',
    '[regulation]\nday_count = "dates"': '2: [regulation] day_count: days are not counted by "dates"',
    '[regulation]\noff = "national"': "2: [regulation] off must be a list of texts, not 'national'",
    '[regulation.overrides]\ncounty = "PT5M"': "1: [regulation] overrides must be sections of key = text",
    '[regulation.overrides.county]\nimmediately = "5 min"':
        "1: [regulation] overrides: immediately: '5 min' is no length of time; write it like P7D, PT24H or PT30M",
    '[regulation.overrides.county]\neffective_from = "May"':
        "1: [regulation] overrides: effective_from: 'May' is no date; write it like 2026-01-01",
    "[keys]\nsave = 5": '2: [keys] save must name a key, like "f5" or "ctrl+r", not 5',
    '[keys]\nsave = ""': "2: [keys] save must name a key, like \"f5\" or \"ctrl+r\", not ''",
    "[county]\nname = ": "2: this is not TOML: Invalid value",
    '[county]\nname = "x': "2: this is not TOML: ",
    "[county]\n[county]": "2: this is not TOML: ",
    "[county": "1: this is not TOML: ",
}  # fmt: skip


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder, and a home without a data folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    return tmp_path


def written(folder: Path, text: str, name: str = "config.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def problems(file: Path) -> list[str]:
    with pytest.raises(ConfigProblem) as caught:
        read_settings(file)
    return [problem.removeprefix(f"{file}:") for problem in caught.value.problems]


@pytest.mark.parametrize(("text", "problem"), MISTAKES.items(), ids=range(len(MISTAKES)))
def test_a_mistake_is_told_with_its_line(tmp_path, text, problem):
    (told,) = problems(written(tmp_path, text))
    assert told.startswith(problem)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path):
    text = """
[county]
area_code = "1"          # one
time_zone = "Moon"       # two

[bord]                   # three
x = 1

[board]
stale_minutes = [        # four
  "a",
]
"""
    told = problems(written(tmp_path, text))
    assert [problem.partition(":")[0] for problem in told] == ["3", "4", "6", "10"]


def test_the_error_in_one_line_holds_every_mistake(tmp_path):
    file = written(tmp_path, '[county]\narea_code = "1"\nnam = "x"\n')
    with pytest.raises(ConfigProblem) as caught:
        read_settings(file)
    assert str(caught.value) == "; ".join(caught.value.problems)
    assert "\n" not in str(caught.value)


@given(st.text())
def test_any_text_is_settings_or_a_config_problem(tmp_path_factory, text):
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with suppress(ConfigProblem):
        read_settings(file)


VALUES = st.recursive(
    st.text(max_size=5) | st.integers() | st.booleans() | st.floats(), lambda inner: st.lists(inner, max_size=2)
)
NAMES = st.sampled_from(["name", "area_code", "time_zone", "language", "role", "url", "folders", "restored_hours"])
SECTIONS = st.sampled_from(["county", "desk", "store", "plugins", "board", "call", "keys", "colour"])


@given(st.dictionaries(SECTIONS, st.dictionaries(NAMES | st.text(max_size=5), VALUES) | VALUES))
def test_any_values_are_settings_or_mistakes_with_sentences(raw):
    import msgspec

    from desk.config.mistakes import mistakes

    found = mistakes(raw)
    assert all(mistake.text and mistake.path[0] in raw for mistake in found)
    if not found:
        raw.pop("keys", None)
        msgspec.convert(raw, Settings)


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes('[county]\nname = "县公司"\n'.encode("gb18030"))
    assert problems(file) == ["2: this is not UTF-8; save the file as UTF-8"]


def test_a_byte_order_mark_and_windows_lines_are_no_mistake(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes('\ufeff[county]\r\nname = "县公司"\r\nnam = 1\r\n'.encode())
    assert problems(file) == ['3: [county] has no setting "nam"; did you mean name?']


@pytest.mark.parametrize("text", ["", "# nothing\n", "[county]\n[desk]\n[keys]\n"], ids=repr)
def test_an_empty_file_is_fine(tmp_path, text):
    assert read_settings(written(tmp_path, text)) == Settings()


def test_the_shipped_file_shows_every_setting_with_its_default():
    raw = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    shown = {(section, key): value for section, keys in raw.items() for key, value in keys.items()}
    real = {}
    for section in fields(Settings):
        if section.name not in ("keys", "channels", "feeds"):
            default = getattr(Settings(), section.name)
            real |= {(section.name, field.name): getattr(default, field.name) for field in fields(section.type)}
    assert shown == {name: list(value) if isinstance(value, tuple) else value for name, value in real.items()}
    assert "keys" in raw


def test_every_setting_of_the_shipped_file_is_explained_above_it():
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        if re.match(r"\w+ = ", line):
            assert before.startswith("#") or re.match(r"\w+ = ", before), line


def test_the_shipped_file_is_read_without_a_mistake():
    assert read_settings(SHIPPED) == Settings()


def test_without_a_file_the_defaults_hold(here):
    config = load_config(environ={})
    assert config.path is None
    assert config.board.restored_hours == 24
    assert config.data == here / "home/.local/share/desk95598"
    assert config.store_url == f"sqlite:///{config.data}/desk.db"


def test_the_file_is_searched_by_flag_environment_data_folder_and_current_folder(here):
    places = {
        "flag": written(here, '[county]\nname = "flag"', "flag.toml"),
        "env": written(here, '[county]\nname = "env"', "env.toml"),
        "data": written(here / "data", '[county]\nname = "data"'),
        "here": written(here, '[county]\nname = "here"'),
    }
    environ = {"DESK_CONFIG": str(places["env"]), "DESK_DATA": str(here / "data")}
    assert load_config(places["flag"], environ=environ).county.name == "flag"
    assert load_config(environ=environ).county.name == "env"
    del environ["DESK_CONFIG"]
    assert load_config(environ=environ).county.name == "data"
    assert load_config(data=here / "other", environ=environ).county.name == "here"
    assert load_config(environ={}).county.name == "here"


def test_a_file_in_the_users_own_data_folder_is_found(here):
    written(here / "home/.local/share/desk95598", '[county]\nname = "own"')
    assert load_config(environ={}).county.name == "own"


def test_the_data_folder_is_named_by_flag_environment_and_file(here):
    written(here, '[desk]\ndata = "kept/here"')
    environ = {"DESK_DATA": str(here / "env")}
    assert load_config(data=Path("flag"), environ=environ).data == here / "flag"
    assert load_config(environ=environ).data == here / "env"
    assert load_config(environ={}).data == here / "kept/here"


def test_a_named_file_that_is_not_there_is_told(here):
    with pytest.raises(ConfigProblem, match=r"there is no file .*none\.toml"):
        load_config(here / "none.toml", environ={})


def test_a_folder_in_place_of_the_file_is_told(here):
    with pytest.raises(ConfigProblem, match="cannot be read"):
        load_config(here, environ={})


@pytest.mark.parametrize(
    ("url", "path"),
    [("", "data/desk.db"), ("sqlite:///county.db", "data/county.db"), ("sqlite:////srv/d.db", "/srv/d.db")],
)
def test_the_store_lies_in_the_data_folder_unless_told_otherwise(here, url, path):
    file = written(here, f'[store]\nurl = "{url}"')
    assert load_config(file, data=here / "data", environ={}).store_url == f"sqlite:///{here / path}"


def test_folders_are_counted_from_the_file_that_names_them(here):
    file = written(here / "etc", '[plugins]\nfolders = ["more", "/srv/parts"]\n[call]\nscript_folder = "words"')
    config = load_config(file, data=here, environ={})
    assert config.plugins.folders == (str(here / "etc/more"), "/srv/parts")
    assert config.call.script_folder == str(here / "etc/words")


def test_whoever_sits_here_has_a_name_though_none_is_written(here):
    assert load_config(environ={"USER": "wang"}).desk.agent == "wang"
    assert load_config(environ={}).desk.agent == "agent"
    assert load_config(environ={}).desk.seat
    file = written(here, '[desk]\nagent = "王芳"\nseat = "3"')
    desk_settings = load_config(file, environ={"USER": "wang"}).desk
    assert (desk_settings.agent, desk_settings.seat) == ("王芳", "3")


@pytest.mark.parametrize("line", ['call.save = "f9"', '"call.save" = "f9"'])
def test_a_command_may_be_written_with_or_without_quotes(here, line):
    file = written(here, f"[keys]\n{line}\n")
    assert load_config(file, environ={}).keys == {"call.save": "f9"}


def test_a_wrong_key_is_told_with_the_line_of_its_command(tmp_path):
    (told,) = problems(written(tmp_path, '[keys]\ncall.find = "f3"\ncall.save = 9\n'))
    assert told.startswith("3: [keys] call.save must name a key")


def test_the_roles_of_the_file_are_those_with_rights():
    from desk.access import ROLES as rights
    from desk.config.mistakes import ROLES

    assert set(ROLES) == set(rights)
