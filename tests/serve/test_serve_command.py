"""`desk serve` as it is started, the desk's own sign-in behind it, and the process that draws one screen."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_county import Served, build, environ
from served import PASSWORD

from desk.access.agents import Agents
from desk.access.signing_in import MustChange
from desk.app import Desk
from desk.cli import main
from desk.config import load_config
from desk.errors import BadInput, SignInNeeded
from desk.serve.door import DeskDoor
from desk.serve.environment import screen_environment
from desk.tui.commands import COMMANDS

# What Chromium and Firefox keep for themselves, whatever a page says, outside full screen.
BROWSERS_OWN = {"ctrl+w", "ctrl+t", "ctrl+n", "ctrl+tab", "ctrl+pageup", "ctrl+pagedown", "ctrl+q"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return build(tmp_path_factory.mktemp("served") / "county")


@pytest.fixture
def desk(county: Served) -> Iterator[Desk]:
    with county.desk() as opened:
        yield opened


def test_while_no_agent_is_listed_browsers_are_refused_in_one_sentence(tmp_path, capsys):
    Desk.create(load_config(None, tmp_path, {}), sandbox=True).close()

    assert main(["serve", "--data", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "browsers must sign in" in told or "浏览器里必须登录" in told
    assert told.count("\n") == 1


def test_an_agent_without_the_right_does_not_open_the_desk_to_browsers(county, capsys, monkeypatch):
    monkeypatch.setenv("DESK_AGENT", "张三")
    monkeypatch.setenv("DESK_PASSWORD_FILE", str(county.folder / "password"))

    assert main(["serve", "--data", str(county.folder)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_port_that_is_taken_is_told_in_one_sentence(county, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert main(["serve", "--data", str(county.folder), "--port", str(port)]) == 2
    told = capsys.readouterr().err
    assert f"127.0.0.1:{port}" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1", False), (socket.gethostname(), True)], ids=["it", "other"])
def test_another_host_than_loopback_is_warned_of(county, capsys, host, warned):
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        main(["serve", "--data", str(county.folder), "--host", host, "--port", str(port)])

    assert ("TLS" in capsys.readouterr().err) is warned


def test_the_desks_own_sign_in_opens_a_session_that_another_process_takes_up(county, desk):
    door = DeskDoor(desk)
    signed = door.sign_in("张三", PASSWORD, "3")

    with county.desk() as other:
        session = other.resume(signed.token)
    assert (session.agent, session.seat, session.door) == ("张三", "3", "browser")
    assert door.holds(signed)
    assert desk.place.agent == ""
    door.sign_out(signed)
    door.sign_out(signed)
    assert not door.holds(signed)


def test_a_wrong_password_is_refused_by_the_use_case_and_noted(desk):
    with pytest.raises(SignInNeeded):
        DeskDoor(desk).sign_in("张三", "wrong password", "3")

    assert list(desk.place.audit_table.all())[-1].act == "session.refuse"


def test_a_disabled_agents_sign_in_holds_no_longer(county, desk):
    signed = DeskDoor(desk).sign_in("张三", PASSWORD, "3")
    with county.desk() as other:
        other.sign_in("管理员", PASSWORD)
        Agents(other.place).disable("张三")
        held = DeskDoor(desk).holds(signed)
        Agents(other.place).enable("张三")

    assert not held


def test_a_password_that_somebody_else_chose_is_changed_at_the_door(county, desk):
    door = DeskDoor(desk)
    with county.desk() as other:
        other.sign_in("管理员", PASSWORD)
        Agents(other.place).add("王五", "agent", PASSWORD, must_change=True)
    with pytest.raises(MustChange):
        door.sign_in("王五", PASSWORD, "3")
    with pytest.raises(BadInput):
        door.change_password("王五", PASSWORD, "short")

    door.change_password("王五", PASSWORD, "另选一句 只有我知道")
    assert door.sign_in("王五", "另选一句 只有我知道", "3").agent == "王五"


@pytest.mark.parametrize("token", [b"nobody's\n", b"\n", b"", b"\xff" * 2000], ids=["wrong", "empty", "none", "noise"])
def test_a_screen_without_a_session_draws_nothing(county, token):
    command = [sys.executable, "-m", "desk.cli.served", "--data", str(county.folder)]
    ended = subprocess.run(command, input=token, env=environ(), capture_output=True, timeout=60, check=False)

    assert ended.returncode == 2
    assert ended.stdout == b""
    assert b"Traceback" not in ended.stderr


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A screen of 张三's on a desk of one seat, where at the terminal nobody signs in; and what it has drawn."""
    county = build(tmp_path / "county", sign_in="os_user")
    with county.desk() as desk:
        token = DeskDoor(desk).sign_in("张三", PASSWORD, "3").token
    command = [sys.executable, "-m", "desk.cli.served", "--data", str(county.folder)]
    about = {**environ(), **screen_environment(100, 30)}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=about)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(token.encode() + b"\n")
    process.stdin.flush()
    drawn = b""
    while "东湖镇一带".encode() not in drawn and (more := os.read(process.stdout.fileno(), 65536)):
        drawn += more
    yield process, drawn.decode(errors="replace")
    process.kill()
    process.wait()


def test_a_screen_is_its_agents_and_ends_when_its_server_is_gone(screen):
    process, drawn = screen
    assert "张三" in drawn
    process.communicate(timeout=30)  # closes its input

    assert process.returncode == 0


def test_what_only_browsers_keys_do_is_in_the_palette_too():
    only_theirs = [command for command in COMMANDS if command.keys and set(command.keys) <= BROWSERS_OWN]

    assert {command.id for command in only_theirs} == {"call.next", "desk.theme"}
    assert all(command.palette for command in only_theirs)


def test_the_sample_service_keeps_to_the_data_folder_and_the_sample_files_name_no_secret():
    samples = Path(__file__).parents[2] / "docs" / "samples"
    service = (samples / "desk-serve.service").read_text(encoding="utf-8")

    assert "ExecStart=/opt/desk/bin/desk serve --data /var/lib/desk" in service
    assert "ProtectSystem=strict" in service
    assert "PASSWORD" not in service
