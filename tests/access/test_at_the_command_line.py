"""Commands under password: who runs them, and what they say when nobody does."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.app import Desk
from desk.cli import main
from desk.records import Ring

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "forty-two white geese"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    for name in ("DESK_CONFIG", "DESK_NOW", "DESK_SESSION", "DESK_AGENT", "DESK_PASSWORD_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DESK_DATA", str(desk.place.config.data))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "password").write_text(PASSWORD + "\n")

    def ran(*words: str, given: str = "", **env: str) -> tuple[int, str, str]:
        with monkeypatch.context() as patched:
            for name, value in env.items():
                patched.setenv(name, value)
            patched.setattr(sys, "stdin", io.StringIO(given))
            capsys.readouterr()
            code = main(list(words))
            return code, *capsys.readouterr()

    return ran


def as_agent(tmp_path: Path, name: str) -> dict[str, str]:
    return {"DESK_AGENT": name, "DESK_PASSWORD_FILE": str(tmp_path / "password")}


@pytest.mark.parametrize(
    "words", [("outages",), ("lookup", "1"), ("duties",), ("agents", "list"), ("audit", "show"), ()]
)
def test_a_command_of_nobody_is_refused_with_one_sentence_that_says_how(run: Run, words: tuple[str, ...]) -> None:
    code, out, told = run(*words)
    assert (code, out) == (2, "")
    assert told == "this desk asks who you are: run desk sign-in first, or set DESK_AGENT and DESK_PASSWORD_FILE\n"


def test_a_script_runs_by_name_and_password_file(run: Run, tmp_path: Path) -> None:
    assert run("outages", **as_agent(tmp_path, "agent"))[0] == 0


def test_a_wrong_password_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("not the one\n")
    assert run("outages", **as_agent(tmp_path, "agent"))[::2] == (2, "name or password is wrong\n")


def test_a_password_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "password").unlink()
    code, _out, told = run("outages", **as_agent(tmp_path, "agent"))
    assert code == 2
    assert "password cannot be read" in told


def test_a_role_holds_at_the_command_line_too(run: Run, tmp_path: Path) -> None:
    code, _out, told = run("audit", "show", **as_agent(tmp_path, "agent"))
    assert (code, told) == (2, "the role agent may not read the audit; ask a supervisor\n")


def test_signing_in_serves_the_commands_that_follow(run: Run, tmp_path: Path) -> None:
    assert run("sign-in", "agent", given=PASSWORD + "\n")[0] == 0
    assert run("outages")[0] == 0
    assert run("sign-out")[0] == 0
    assert run("outages")[0] == 2
    assert list((tmp_path / "state").rglob("*")) != []


def test_what_signing_in_keeps_is_for_this_user_alone(run: Run, tmp_path: Path) -> None:
    run("sign-in", "agent", given=PASSWORD + "\n")
    (file,) = (one for one in (tmp_path / "state").rglob("*") if one.is_file())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_session_of_another_process_is_taken_up(run: Run, desk: Desk) -> None:
    token = desk.sign_in("agent", PASSWORD, door="browser")
    assert run("outages", DESK_SESSION=token)[0] == 0
    desk.sign_out()
    assert run("outages", DESK_SESSION=token)[0] == 2


def test_the_list_in_json_holds_no_hash(run: Run, tmp_path: Path) -> None:
    code, out, _told = run("agents", "list", "--json", **as_agent(tmp_path, "administrator"))
    assert code == 0
    assert {row["name"]: row["role"] for row in json.loads(out)}["viewer"] == "viewer"
    assert "argon2" not in out


def test_an_administrator_lists_and_disables(run: Run, tmp_path: Path) -> None:
    who = as_agent(tmp_path, "administrator")
    assert run("agents", "add", "wang", "--role", "agent", "--password-stdin", given="a good long one\n", **who)[0] == 0
    assert run("agents", "disable", "wang", **who)[1] == "wang: agent, disabled\n"
    assert run("agents", "enable", "wang", **who)[1] == "wang: agent, active\n"
    assert run("agents", "role", "wang", "viewer", **who)[1] == "wang: viewer, active\n"


def test_ones_own_password_is_changed_by_the_old_one(run: Run, tmp_path: Path) -> None:
    who = as_agent(tmp_path, "agent")
    assert run("agents", "passwd", "--password-stdin", given="a good long one\n", **who)[0] == 0
    assert run("outages", **who)[0] == 2


def test_the_owner_of_the_data_lists_the_first_administrator(
    open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = open_desk().place.config.data
    monkeypatch.setenv("DESK_DATA", str(folder))
    for role, code in {"agent": 2, "administrator": 0}.items():
        monkeypatch.setattr(sys, "stdin", io.StringIO("a good long one\n"))
        assert main(["agents", "add", "li", "--role", role, "--password-stdin"]) == code
    assert "first is an administrator" in capsys.readouterr().err


def test_machines_run_as_the_owner_of_the_data_and_leave_their_name(run: Run, desk: Desk) -> None:
    assert run("work", "--once")[0] == 0
    assert run("ring", "13900000000", "--seat", "3")[0] == 0
    assert desk.place.store.records("rings", Ring).count() == 1


def test_machines_of_another_user_are_nobody(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.access.services.owns_data", lambda _place: False)
    code, _out, told = run("ring", "13900000000")
    assert code == 2
    assert "desk ring runs as the user who owns" in told


def test_a_machine_is_no_administrator(desk: Desk) -> None:
    from desk.access.services import as_service

    as_service(desk.place, "desk work")
    assert desk.place.role == "service"
    assert not any(map(desk.access.may, ("export", "import", "manage_agents", "see_audit", "reveal_number", "back_up")))


def test_nobody_pays_for_hashing_who_needs_none() -> None:
    code = "import sys, desk.app, desk.cli.lookup, desk.access.agents, desk.tui.app; print('argon2' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stdout == "False\n"


HAMMER = """
import sys
from pathlib import Path
from argon2 import PasswordHasher
from desk.access import passwords
from desk.app import Desk
from desk.config import load_config
from desk.errors import SignInNeeded
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
looked = 0
with Desk.open(load_config(data=Path(sys.argv[1]), environ={})) as desk:
    for _try in range(20):
        try:
            desk.sign_in("agent", "wrong password")
        except SignInNeeded as problem:
            looked += str(problem).startswith("name or password")
print(looked)
"""


def test_two_processes_that_guess_together_have_no_more_tries_than_one(desk: Desk) -> None:
    command = [sys.executable, "-c", HAMMER, str(desk.place.config.data)]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _one in range(2)]
    looked = sum(int(one.communicate(timeout=60)[0]) for one in both)
    assert 3 <= looked <= 5
    from desk import schema
    from desk.records import Agent

    stored = desk.place.store.records(schema.AGENTS, Agent).get("agent")
    assert stored is not None
    assert stored.failures == looked
