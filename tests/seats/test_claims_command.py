"""Several seats on the command line: what is in hand, one clear sentence, and exit code 2 for what was refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from seat_county import calls, fault

from desk.app import Desk
from desk.cli import main
from desk.config import Config
from desk.outages import OutageChange

Sit = Callable[..., Desk]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(desk: Desk, config: Config, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DESK_NOW", desk.now().isoformat())

    def called(*words: str, seat: str = "9", agent: str = "脚本") -> tuple[int, str, str]:
        file = Path(config.data) / "seat.toml"
        file.write_text(f'[desk]\nlanguage = "en"\nseat = "{seat}"\nagent = "{agent}"\n', encoding="utf-8")
        code = main([*words, "--data", str(config.data), "--config", str(file)])
        return code, *capsys.readouterr()

    return called


def test_a_duty_in_other_hands_is_refused_with_one_sentence(desk: Desk, sit: Sit, run: Run) -> None:
    duty = calls(desk, fault(desk))[0]
    sit("3", "李四").notices.take_call(duty.id)
    code, out, err = run("duty", "settle", duty.id, "--result", "reached")
    assert (code, out) == (2, "")
    assert err == f"{duty.id} is in the hands of seat 3 (李四) since 08:00, until 08:10 at the latest\n"


def test_what_is_in_hand_is_listed_taken_over_with_a_reason_and_let_go(desk: Desk, sit: Sit, run: Run) -> None:
    duty = calls(desk, fault(desk))[0]
    sit("3", "李四").notices.take_call(duty.id)
    (row,) = json.loads(run("claims", "--json")[1])
    assert (row["id"], row["seat"], row["agent"], row["about"]) == (f"duty:{duty.id}", "3", "李四", "100000")
    assert run("claims", "drop", duty.id)[0] == 2
    assert run("claims", "take-over", duty.id)[0] == 2
    code, out, _err = run("claims", "take-over", duty.id, "--reason", "客户在等")
    assert (code, out) == (0, f"{duty.id} is yours until 08:10\n")
    assert run("claims", "drop", duty.id)[0] == 0
    assert run("claims")[1] == "No seat has anything in hand.\n"


def test_a_callback_taken_on_the_command_line_stays_in_hand_after_it(desk: Desk, run: Run) -> None:
    from desk.calls import CallRequest
    from desk.records import Topic

    outage = fault(desk)
    desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no="100001", callback=True))
    desk.outages.restore(outage.id)
    assert json.loads(run("callbacks", "take", "--json")[1])["seat"] == "9"
    code, _out, err = run("callbacks", "settle", "B1", "restored", seat="8", agent="另一个")
    assert (code, "in the hands of seat 9 (脚本)" in err) == (2, True)
    assert run("callbacks", "settle", "B1", "restored")[0] == 0


def test_a_script_that_says_what_it_saw_keeps_what_others_changed(desk: Desk, sit: Sit, run: Run) -> None:
    outage = fault(desk)
    seen = len(json.loads(run("outage", "show", outage.id, "--json")[1])["history"])
    sit("3", "李四").outages.change(outage.id, OutageChange(reason="查明", cause="外力"))
    change = ("outage", "change", outage.id, "--reason", "延长", "--seen", str(seen))
    assert run(*change, "--end", "2026-12-01T12:00")[0] == 0
    assert desk.outages.get(outage.id).cause == "外力"
    code, out, err = run(*change, "--end", "2026-12-01T13:00")
    assert (code, out) == (2, "")
    assert "now 2026-12-01 12:00, yours 2026-12-01 13:00" in err
    assert err.count("\n") == 1
