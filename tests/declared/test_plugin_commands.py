"""`desk plugins new | check | show | try | trust | off | on`, as a colleague types them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DESK_CONFIG", "DESK_NOW", "DESK_PLUGINS", "PAGER_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DESK_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


@pytest.fixture
def run(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*words: str, given: object = None) -> tuple[int, str, str]:
        content = b"" if given is None else json.dumps(given, ensure_ascii=False).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        capsys.readouterr()
        code = main([*words])
        return code, *capsys.readouterr()

    assert ran("init", "--sandbox")[0] == 0
    configure(data)
    return ran


def configure(data: Path, more: str = "", language: str = "en") -> None:
    text = f'[desk]\nlanguage = "{language}"\n[messages]\ntest_numbers = ["138 0013 8000", "robot"]\n{more}'
    (data / "config.toml").write_text(text, encoding="utf-8")


def new(run: Run, where: str, kind: str = "webhook", name: str = "pager", **more: str) -> tuple[int, str, str]:
    answers = {"label": "呼机", "kind": kind, "family": "sms", "where": where, **more}
    return run("plugins", "new", name, *(word for key, value in answers.items() for word in (f"--{key}", value)))


def test_a_new_channel_is_written_checked_and_on(run, data):
    code, out, err = new(run, "http://127.0.0.1:1/send")
    assert (code, err) == (0, "")
    assert (data / "plugins" / "pager.toml").exists()
    assert "pager is on" in out


def test_answers_may_come_as_one_document(run, data):
    answers = {"label": "呼机", "kind": "human", "family": "fax", "where": "去 {address}；说 {body}"}
    code, out, _err = run("plugins", "new", "runner", "--answers", "-", "--json", given=answers)
    assert code == 0
    assert json.loads(out)["state"] == "on"
    assert (data / "plugins" / "runner.toml").exists()


def test_what_is_missing_is_told_at_once_and_nothing_is_written(run, data):
    code, _out, err = run("plugins", "new", "The Pager", "--kind", "webhok")
    assert code == 2
    for words in (
        "label is missing",
        "family is missing",
        "where is missing",
        "did you mean webhook?",
        "small letters",
    ):
        assert words in err
    assert not (data / "plugins").exists()


@pytest.mark.usefixtures("run")
def test_at_a_terminal_the_five_questions_are_asked(monkeypatch, capsys):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("pager\n呼机\nwebhok\nwebhook\nsms\nhttp://127.0.0.1:1/\n"))
    assert main(["plugins", "new"]) == 0
    out = capsys.readouterr().out
    assert "did you mean webhook?" in out
    assert "pager is on" in out


def test_a_host_off_the_list_is_named_with_what_to_do(run):
    _code, out, _err = new(run, "http://sms.example.cn/send")
    assert "not approved" in out
    assert "add it to hosts in [plugins] of config.toml" in out


def test_a_command_waits_for_someone_s_word_and_is_off_again_when_changed(run, data):
    _code, out, _err = new(run, "/bin/true -- {address}", kind="command")
    assert "not approved" in out
    assert "no plugin" in run("plugins", "trust", "other")[2]
    assert run("plugins", "trust", "pager", "--by", "王工")[0] == 0
    assert state(run, "pager") == "on"
    file = data / "plugins" / "pager.toml"
    file.write_text(file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert state(run, "pager") == "not_approved"


def state(run: Run, name: str) -> str:
    rows = json.loads(run("plugins", "list", "--json")[1])
    return next(row["state"] for row in rows if row["name"] == name)


def test_a_try_prints_the_exact_request_and_sends_nothing(run, gateway, data, monkeypatch):
    configure(data, '[channels.pager]\ntoken = { env = "PAGER_TOKEN" }\n')
    monkeypatch.setenv("PAGER_TOKEN", "t0ps3cr3t")
    new(run, f"{gateway.url}/send?token={{settings.token}}")
    code, out, _err = run("plugins", "try", "pager", "--to", "13912345678", "--text", "8:00 停电")
    assert code == 0
    assert f"{gateway.url}/send?token=***" in out
    assert '{"to":"139****5678","text":"8:00 停电"}' in out
    assert "t0ps3cr3t" not in out
    assert gateway.requests == []


def test_a_real_try_goes_to_listed_numbers_only(run, gateway):
    new(run, f"{gateway.url}/send")
    code, _out, err = run("plugins", "try", "pager", "--to", "13912345678", "--really")
    assert code == 2
    assert "test_numbers" in err
    assert gateway.requests == []
    code, out, _err = run("plugins", "try", "pager", "--to", "13800138000", "--really")
    assert code == 0
    assert "taken by the gateway" in out
    assert len(gateway.requests) == 1


def test_two_real_tries_are_two_messages(run, data):
    new(run, "{key}.txt", kind="file")
    for _time in range(2):
        assert run("plugins", "try", "pager", "--to", "13800138000", "--really")[0] == 0
    assert len(list((data / "spool" / "pager").iterdir())) == 2


def test_in_training_nothing_leaves(run, data, gateway):
    new(run, f"{gateway.url}/send")
    configure(data, "training = true\n")
    code, _out, err = run("plugins", "try", "pager", "--to", "13800138000", "--really")
    assert (code, gateway.requests) == (2, [])
    assert "training" in err


def test_a_gateway_that_is_away_is_told_in_a_sentence(run):
    new(run, "http://127.0.0.1:1/send")
    code, out, _err = run("plugins", "try", "pager", "--to", "13800138000", "--really")
    assert code == 1
    assert "was not reached" in out


def test_show_prints_what_to_write_into_config_toml(run):
    code, out, _err = run("plugins", "show", "wecom")
    assert code == 0
    assert "[channels.wecom]" in out
    assert 'key = { env = "WECOM_KEY" }' in out
    shown = json.loads(run("plugins", "show", "wecom", "--json")[1])
    assert shown["settings"][0] == {
        "name": "key",
        "words": "the robot's key",
        "needed": True,
        "secret": True,
        "default": None,
    }
    assert run("plugins", "show", "grid_fault")[0] == 0
    assert "desk plugins list" in run("plugins", "show", "nobody")[2]


def test_what_cannot_be_used_is_told_where_it_is_tried(run, data):
    new(run, "/bin/true -- {address}", kind="command")
    assert "nobody has approved it yet" in run("plugins", "try", "pager", "--to", "13800138000")[2]
    (data / "plugins" / "bad.toml").write_text('kind = "webhook"\n', encoding="utf-8")
    assert "bad.toml line 1" in run("plugins", "try", "bad", "--to", "13800138000")[2]


def test_the_list_of_parts_tells_of_a_channel_that_may_not_be_used(run, data):
    new(run, "http://sms.example.cn/send")
    (row,) = (row for row in json.loads(run("plugins", "list", "--json")[1]) if row["name"] == "pager")
    assert row["state"] == "not_approved"
    assert "add it to hosts" in row["reason"]
    configure(data, '[channels.pager]\ntoken = "x"\n')
    (row,) = (row for row in json.loads(run("plugins", "list", "--json")[1]) if row["name"] == "pager")
    assert row["state"] == "off"
    assert "token" in row["reason"]
    assert "plugins: pager" not in run("doctor")[1]


def test_check_tells_every_mistake_of_a_file_with_its_line(run, data):
    (data / "plugins").mkdir()
    file = data / "plugins" / "bad.toml"
    file.write_text('kind = "webhook"\nlable = "x"\n[can]\nfamly = "sms"\n', encoding="utf-8")
    for part in ("bad", str(file)):
        code, out, _err = run("plugins", "check", part)
        assert code == 1
        assert f"{file}:2:" in out
        assert "did you mean family?" in out
    assert state(run, "bad") == "off"


def test_check_runs_the_example_and_the_contract(run, data):
    new(run, "http://127.0.0.1:1/send")
    code, out, _err = run("plugins", "check", "pager", "--json")
    found = {finding["what"]: finding["result"] for finding in json.loads(out)}
    assert code == 0
    assert found["example"] == "ok"
    assert found["no_connection"] == "ok"
    file = data / "plugins" / "pager.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('gives = "throttled"', 'gives = "refused"'), encoding="utf-8")
    code, out, _err = run("plugins", "check", "pager")
    assert code == 1
    assert 'answer 2 is taken for "throttled", not "refused"' in out


def test_a_script_is_read_and_not_run_by_a_check(run, tmp_path):
    script = tmp_path / "evil.py"
    script.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", encoding="utf-8")
    code, out, _err = run("plugins", "check", str(script))
    assert (code, (tmp_path / "ran").exists()) == (0, False)
    assert "desk plugins trust" in out
    script.write_text("def x(:\n", encoding="utf-8")
    assert "line 1" in run("plugins", "check", str(script))[1]


def test_off_and_on(run):
    new(run, "http://127.0.0.1:1/send")
    assert run("plugins", "off", "pager")[0] == 0
    assert "would not" in run("plugins", "try", "pager", "--to", "1")[1] or state(run, "pager") == "off"
    assert run("plugins", "on", "pager")[0] == 0
    assert state(run, "pager") == "on"


def test_an_agent_adds_nothing(run, data):
    configure(data, "")
    text = (data / "config.toml").read_text(encoding="utf-8")
    (data / "config.toml").write_text(text.replace("[desk]", '[desk]\nrole = "agent"'), encoding="utf-8")
    code, _out, err = new(run, "http://127.0.0.1:1/send")
    assert code == 2
    assert "ask a supervisor" in err
