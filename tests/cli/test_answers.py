"""What a command answers when all is well, when it is not, and that it never answers with a traceback."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from commands import REPO, Run, process
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FAULT = {"type": "grid_fault", "feeders": ["城东线"], "cause": "树障", "area": "和平路一带"}

READING = [
    ["lookup", "x"],
    ["outages"],
    ["calls"],
    ["plugins", "list"],
    ["audit", "show"],
    ["outage", "show", "O1"],
    [],
]


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_without_a_desk_one_sentence_says_how_to_make_one(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "desk init" in ran.err
    assert ran.err.count("\n") == 1


def test_a_desk_is_made_once(run: Run, data: Path) -> None:
    assert run("init").code == 0
    assert (data / "desk.db").exists()
    assert run("init").code == 2


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_common_flags_stand_before_or_after_the_command(run: Run, data: Path, place: str) -> None:
    other = str(data.parent / "other")
    flags = ["--data", other, "--json"]
    assert run(*flags, "init").code == 0
    ran = run(*flags, "lookup", "x") if place == "before" else run("lookup", *flags, "x")
    assert ran.json == []
    assert not data.exists()


WRONG_USE = {
    "no such command": ["outags"],
    "no such option": ["outages", "--activ"],
    "missing argument": ["outage", "show"],
    "missing option": ["outage", "change", "O1"],
    "no such choice": ["import", "pigeons", "x.csv"],
    "no such file": ["import", "customers", "nowhere.csv"],
    "not a number": ["lookup", "x", "--limit", "many"],
    "a group alone": ["outage"],
}


@pytest.mark.parametrize("name", WRONG_USE)
def test_a_command_written_wrongly_is_told_in_one_line(run: Run, name: str) -> None:
    ran = run(*WRONG_USE[name])
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


REFUSED = {
    "unknown feeder": (["outage", "open", "-"], {**FAULT, "feeders": ["城北线"]}),
    "unknown key": (["outage", "open", "-"], {**FAULT, "feeder": "x"}),
    "not json": (["outage", "open", "-"], b"{"),
    "json of the wrong kind": (["outage", "open", "-"], [1]),
    "no such file": (["outage", "open", "nowhere.json"], b""),
    "no such outage": (["outage", "restore", "O9"], b""),
    "wrong status": (["outage", "cancel", "O1"], b""),
    "in the future": (["outage", "restore", "O1", "--at", "2026-12-01T09:00"], b""),
    "not a time": (["outage", "restore", "O1", "--at", "later"], b""),
    "a change without its reason": (["outage", "change", "O1", "--end", "2026-12-02T09:00", "--reason", ""], b""),
    "a call on no topic": (["call", "log", "-"], {"number": "1"}),
    "a call about no outage": (["call", "log", "-"], {"topic": "other", "outage": "O9"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_told_in_one_line_and_nothing_is_written(county: Run, name: str) -> None:
    county("outage", "open", "-", given=FAULT)
    before = county("outages", "--json").out, county("calls", "--json").out
    arguments, given = REFUSED[name]
    ran = county(*arguments, given=given)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert (county("outages", "--json").out, county("calls", "--json").out) == before


def test_why_shows_the_technical_side(county: Run) -> None:
    plain, told = (county("outage", "open", "nowhere", *flag).err for flag in ((), ("--why",)))
    assert plain.count("\n") == 1
    assert "Errno" in told


def test_desk_now_is_refused_outside_a_sandbox(run: Run) -> None:
    assert run("init").code == 0
    ran = run("outages", now="2026-12-01T08:00")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "DESK_NOW" in ran.err


def test_desk_now_makes_no_county_either(run: Run, data: Path) -> None:
    assert run("init", now="2026-12-01T08:00").code == 2
    assert not data.exists()


@pytest.mark.parametrize("content", [b"not a store at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_file_that_is_no_store_is_named_and_left_as_it_is(run: Run, data: Path, content: bytes) -> None:
    data.mkdir()
    (data / "desk.db").write_bytes(content)
    ran = run("lookup", "x")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "desk.db" in ran.err
    assert (data / "desk.db").read_bytes() == content


def test_desk_now_sets_the_clock_of_a_sandbox(county: Run) -> None:
    county("outage", "open", "-", given=FAULT)
    assert county("outages", "--json").json[0]["actual_start"] == "2026-12-01T08:00:00+08:00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_json_object_is_read_as_windows_saves_it(county: Run, encoding: str) -> None:
    import json

    given = json.dumps(FAULT, ensure_ascii=False).encode(encoding)
    assert county("outage", "open", "-", given=given).code == 0


IMPORTS = {
    "all good": ("100009,王五,T1\n", 0),
    "some left out": ("100009,王五,T1\n,赵六,T1\n", 1),
    "nothing of use": (",赵六,T1\n", 2),
}


@pytest.mark.parametrize("name", IMPORTS)
def test_an_import_tells_by_its_code_what_became_of_the_file(county: Run, data: Path, name: str) -> None:
    rows, code = IMPORTS[name]
    file = data.parent / "more.csv"
    file.write_text("户号,户名,台区编号\n" + rows, encoding="utf-8")
    assert county("import", "customers", str(file)).code == code


def test_a_strict_import_with_a_bad_row_writes_nothing(county: Run, data: Path) -> None:
    file = data.parent / "more.csv"
    file.write_text("户号,户名,台区编号\n100009,王五,T1\n,赵六,T1\n", encoding="utf-8")
    assert county("import", "customers", str(file), "--strict").code == 2
    assert county("lookup", "100009", "--json").json == []


def test_without_a_terminal_the_board_is_printed(county: Run) -> None:
    county("outage", "open", "-", given=FAULT)
    ran = county()
    assert (ran.code, ran.err) == (0, "")
    assert "O1" in ran.out
    assert "和平路一带" in ran.out


def test_a_demo_prints_only_its_path_and_is_the_same_for_the_same_seed(run: Run, data: Path) -> None:
    found = []
    for name in ("one", "two"):
        folder = str(data.parent / name)
        ran = run("demo", "--customers", "50", "--no-ui", "--data", folder, now="2026-12-01T08:00")
        assert (ran.code, ran.out, ran.err) == (0, folder + "\n", "")
        found.append(run("outages", "--data", folder, "--json").out)
    assert found[0] == found[1] != "[]\n"


def test_a_demo_does_not_touch_a_folder_with_something_in_it(run: Run, data: Path) -> None:
    data.mkdir()
    (data / "mine.txt").write_text("x")
    ran = run("demo", "--customers", "50", "--no-ui", "--data", str(data))
    assert ran.code == 2
    assert [file.name for file in data.iterdir()] == ["mine.txt"]


def test_doctor_names_each_thing_and_its_code_says_whether_all_is_well(county: Run, data: Path) -> None:
    ran = county("doctor", "--json")
    assert ran.code == 0
    assert {finding["check"] for finding in ran.json} >= {"config", "store", "plugins", "clock", "terminal"}
    (data / "plugins").mkdir()
    (data / "plugins" / "broken.py").write_text("1 / 0\n")
    ran = county("doctor")
    assert ran.code == 1
    assert "broken" in ran.out


def test_doctor_without_a_desk_names_the_store(run: Run) -> None:
    ran = run("doctor")
    assert ran.code == 1
    assert "desk init" in ran.out


def test_all_mistakes_of_the_settings_are_told_each_on_its_line(run: Run, data: Path) -> None:
    file = data.parent / "mine.toml"
    file.write_text('[county]\nnmae = "x"\narea_code = 951\n', encoding="utf-8")
    ran = run("outages", "--config", str(file))
    assert ran.code == 2
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == [f"{file}:2", f"{file}:3"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_json_keys_are_the_same_in_every_language(county: Run, data: Path, language: str) -> None:
    (data / "config.toml").write_text(f'[desk]\nlanguage = "{language}"\n')
    county("outage", "open", "-", given=FAULT)
    assert county("outages", "--json").json[0]["status"] == "confirmed"


def test_columns_line_up_by_cells(county: Run) -> None:
    from desk.text import cell_width

    county("outage", "open", "-", given=FAULT)
    county("outage", "open", "-", given={**FAULT, "area": "x", "type": "hazard_removal", "planned_start": "2026-12-02"})
    _head, *lines = county("outages").out.splitlines()
    starts = {cell_width(line[: line.index("12-0")]) for line in lines}
    assert len(starts) == 1


def test_what_a_document_holds_cannot_steer_the_terminal(county: Run) -> None:
    county("outage", "open", "-", given={**FAULT, "area": "\x1b[2J红"})
    assert "\x1b" not in county("outages").out
    assert "\x1b" not in county().out


words = st.sampled_from(
    ["lookup", "outages", "outage", "open", "show", "O1", "-", "--json", "--at", "calls", "--since", "call", "log"]
)
texts = st.text(st.characters(exclude_characters="\x00"), max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(words | texts, max_size=5))
def test_no_words_at_all_make_a_traceback(county: Run, arguments: list[str]) -> None:
    ran = county(*arguments)
    assert ran.code in (0, 1, 2)
    assert "Traceback" not in ran.out + ran.err
    assert "did not expect" not in ran.err


def test_a_reader_that_goes_away_is_no_error(county: Run) -> None:
    for number in range(40):
        county("call", "log", "-", given={"topic": "other", "note": f"{number}" * 2000})
    child = process("calls", "--json")
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.read(10)
    child.stdout.close()
    assert child.stderr.read() == b""
    assert child.wait(20) == 0


def test_chinese_comes_out_whole_in_the_c_locale(county: Run) -> None:
    assert county
    child = process("lookup", "张三", environ={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    out, err = child.communicate(timeout=20)
    assert (child.returncode, err) == (0, b"")
    assert "和平路1号" in out.decode("utf-8")


def test_ctrl_c_ends_quietly(county: Run) -> None:
    import subprocess

    assert county
    child = process("outage", "open", "-", stdin=subprocess.PIPE)
    time.sleep(1)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=20)
    assert (child.returncode, out) == (130, b"")
    assert b"Traceback" not in err


HEAVY = "textual rich jinja2 phonenumbers openpyxl python_calamine charset_normalizer pluggy pypinyin platformdirs"


def test_a_lookup_loads_nothing_it_does_not_need(county: Run) -> None:
    import subprocess
    import sys

    assert county
    code = (
        "import sys; from desk.cli import main; main(['lookup', '100001']);"
        f"print([name for name in '{HEAVY}'.split() if name in sys.modules])"
    )
    known = {**os.environ, "PYTHONPATH": str(REPO)}
    ran = subprocess.run([sys.executable, "-c", code], env=known, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
