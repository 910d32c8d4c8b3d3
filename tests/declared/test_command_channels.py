"""Commands: no shell, a clean environment, an end at the deadline for all it started, exit codes."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import msgspec
import pytest

from desk.plugins import BadAddress, ConfigProblem, GatewayTrouble, Refused, SendError, UnknownOutcome, Unsupported

HEAD = """
kind = "command"
label = "呼机"
[can]
family = "sms"
address = "mobile"
[settings]
program = { type = "text" }
code = { secret = true, needed = false }
"""
PAGER = (
    HEAD
    + """
[command]
argv = ["{settings.program}", "--", "{address}", "{body}"]
environment = { CODE = "{settings.code}" }
stdin = "{subject}|{body}"
[answer]
state = "sent"
exits = { 2 = "bad_address", 3 = "accepted" }
pattern = 'id=(?P<id>\\w+)'
"""
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="programs here are scripts with a first line")


@pytest.fixture
def script(tmp_path: Path):
    """A program of these lines of Python; gives its path."""

    def written(lines: str) -> str:
        path = tmp_path / "program"
        path.write_text(f"#!{sys.executable}\nimport json, os, sys, time, pathlib\n{lines}\n", encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    return written


def raised(channel, message, timeout=10.0) -> SendError:
    with pytest.raises(SendError) as caught:
        channel.send(message, timeout)
    return caught.value


def test_every_value_is_one_argument_whatever_is_in_it(make, script, message, tmp_path):
    program = script(f"pathlib.Path({str(tmp_path / 'seen')!r}).write_text(json.dumps(sys.argv[1:])); print('id=x7')")
    evil = msgspec.structs.replace(message, body="$(touch /tmp/x); \"; rm -rf * | '")
    receipt = make(PAGER, {"program": program}).send(evil, 10)
    assert (receipt.state, receipt.external_id) == ("sent", "x7")
    assert msgspec.json.decode((tmp_path / "seen").read_bytes()) == ["--", "13800138000", evil.body]


def test_the_environment_is_clean_and_standard_input_is_given(make, script, message, tmp_path, monkeypatch):
    monkeypatch.setenv("DESK_SECRET_OF_THE_DESK", "x")
    seen = tmp_path / "seen"
    program = script(
        "seen = [sorted(os.environ), os.environ['CODE'], sys.stdin.read()]\n"
        f"pathlib.Path({str(seen)!r}).write_text(json.dumps(seen)); print('id=1')"
    )
    make(PAGER, {"program": program, "code": "c0de"}).send(message, 10)
    names, code, given = msgspec.json.decode(seen.read_bytes())
    assert "DESK_SECRET_OF_THE_DESK" not in names
    assert (code, given) == ("c0de", f"|{message.body}")


EXITS = {
    0: "unknown_outcome",
    1: "refused",
    2: "bad_address",
    64: "config_problem",
    75: "gateway_trouble",
    127: "config_problem",
}


@pytest.mark.parametrize("exit", EXITS)
def test_an_exit_code_has_its_meaning(make, script, message, exit):
    error = raised(make(PAGER, {"program": script(f"print('nothing'); sys.exit({exit})")}), message)
    assert error.code == EXITS[exit]


def test_an_exit_code_may_mean_taken(make, script, message):
    program = script("print('id=9'); sys.exit(3)")
    assert make(PAGER, {"program": program}).send(message, 10).state == "accepted"


def test_a_refusal_carries_what_the_program_wrote_without_secrets(make, script, message):
    program = script("sys.stderr.write('no credit for c0de'); sys.exit(1)")
    error = raised(make(PAGER, {"program": program, "code": "c0de"}), message)
    assert isinstance(error, Refused)
    assert error.why == "no credit for ***"


def test_at_the_deadline_everything_it_started_is_killed(make, script, message, tmp_path):
    late = tmp_path / "late"
    child = f"import time, pathlib; time.sleep(1.5); pathlib.Path({str(late)!r}).touch()"
    program = script(f"import subprocess; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)")
    started = time.monotonic()
    assert isinstance(raised(make(PAGER, {"program": program}), message, 0.8), UnknownOutcome)
    assert time.monotonic() - started < 3
    time.sleep(1.5)
    assert not late.exists()


def test_a_killed_program_leaves_the_outcome_unknown(make, script, message):
    program = script("os.kill(os.getpid(), 9)")
    assert isinstance(raised(make(PAGER, {"program": program}), message), UnknownOutcome)


def test_a_program_that_prints_without_end_does_not_fill_the_memory_nor_hang(make, script, message):
    program = script("print('id=5')\nfor n in range(20000): print('x' * 1000)")
    assert make(PAGER, {"program": program}).send(message, 20).external_id == "5"


def test_a_child_that_lives_on_does_not_hold_the_desk_up(make, script, message):
    program = script("import subprocess; subprocess.Popen(['sleep', '3']); print('id=5', flush=True)")
    started = time.monotonic()
    assert make(PAGER, {"program": program}).send(message, 10).external_id == "5"
    assert time.monotonic() - started < 2.5


def test_a_program_that_is_not_there_is_a_matter_of_setting_up(make, message):
    channel = make(PAGER, {"program": "/nowhere/page"})
    assert isinstance(raised(channel, message), ConfigProblem)
    assert "/nowhere/page" in channel.check(1).text


def test_a_value_that_would_be_an_option_is_refused(make, script, message):
    channel = make(PAGER.replace('"--", ', ""), {"program": script("print('id=1')")})
    assert isinstance(raised(channel, msgspec.structs.replace(message, address="-rf")), Unsupported)
    assert channel.send(message, 10).external_id == "1"


def test_a_zero_character_and_a_huge_text_are_refused(make, script, message):
    channel = make(PAGER, {"program": script("print('id=1')")})
    for body in ("a\0b", "x" * 3_000_000):
        assert isinstance(raised(channel, msgspec.structs.replace(message, body=body)), Unsupported)


def test_without_a_number_nothing_is_run(make, message):
    channel = make(PAGER, {"program": "/nowhere"})
    assert isinstance(raised(channel, msgspec.structs.replace(message, address="")), BadAddress)


def test_a_dialled_call_is_in_a_person_s_hands(make, script, message):
    text = HEAD.replace('address = "mobile"', 'address = "mobile"\nneeds_human = true')
    text += '[command]\nargv = ["{settings.program}"]\n[human]\nsteps = ["talk to {recipient}"]\n'
    channel = make(text, {"program": script("")})
    assert channel.send(message, 10).state == "with_agent"
    assert channel.steps(message) == ["talk to 张三"]


def test_no_process_is_left_behind(make, script, message):
    channel = make(PAGER, {"program": script("print('id=1')")})
    for _number in range(5):
        channel.send(message, 10)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_trouble_of_the_machine_is_no_fault_of_the_settings(make, message, monkeypatch):
    import errno
    import subprocess

    def full(*_arguments, **_settings):
        raise OSError(errno.EAGAIN, "try again")

    monkeypatch.setattr(subprocess, "Popen", full)
    assert isinstance(raised(make(PAGER, {"program": "x"}), message), GatewayTrouble)
