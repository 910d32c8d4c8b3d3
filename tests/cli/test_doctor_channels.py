"""`desk doctor` and `desk --safe`: each channel the county set up is named, well or with what keeps it from sending."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import Run

PAGER = (
    "from desk.plugins import *\n"
    "class Pager(Channel):\n"
    "    name = 'pager'\n"
    "    labels = {{'en': 'pager'}}\n"
    "    can = Capabilities(family='sms')\n"
    "    def send(self, message, timeout):\n"
    "        return Receipt(state='sent')\n"
    "    def check(self, timeout):\n"
    "        {check}\n"
)


def channels(ran) -> dict[str, tuple[bool, str]]:
    return {row["check"]: (row["ok"], row["text"]) for row in ran.json if row["check"].startswith("channel ")}


@pytest.fixture
def pager(county: Run, data: Path):
    """Takes in a channel whose check does that, with such a section of config.toml."""

    def made(check: str, section: str) -> None:
        (data / "config.toml").write_text(f'[desk]\nlanguage = "en"\n{section}', encoding="utf-8")
        file = data.parent / "pager.py"
        file.write_text(PAGER.format(check=check), encoding="utf-8")
        assert county("plugins", "trust", str(file), "--by", "王芳").code == 0

    return made


def test_a_fresh_desk_is_well_and_names_what_could_be_set_up(county: Run) -> None:
    ran = county("doctor", "--json")
    assert (ran.code, channels(ran)) == (0, {})
    texts = [row["text"] for row in ran.json if row["check"] == "channels"]
    assert "phone" in texts[0]
    assert "smpp" in texts[1]


CHECKS = {
    "well": ("return None", True, "well"),
    "not there": ("return Problem('no line to the pager')", False, "no line to the pager"),
    "not reachable": ("raise NoConnection", False, "the gateway was not reached"),
    "fails": ("1 / 0", False, "fault in plugins/pager.py line 9: ZeroDivisionError"),
}


@pytest.mark.parametrize(("check", "ok", "words"), CHECKS.values(), ids=CHECKS)
def test_a_channel_that_was_set_up_is_asked_whether_it_is_there(county: Run, pager, check, ok, words) -> None:
    pager(check, "[channels.pager]\n")
    ran = county("doctor", "--json")
    assert ran.code == (0 if ok else 1)
    assert channels(ran)["channel pager"][0] is ok
    assert words in channels(ran)["channel pager"][1]


WRONG = {
    "unknown key": ("[channels.pager]\nlnie = 1\n", 'config.toml line 4: [channels.pager] there is no setting "lnie"'),
    "unknown type": ('[channels.north]\ntype = "pagre"\n', "did you mean pager?"),
    "off": ("[channels.pager]\nenabled = false\n", "enabled = false in config.toml"),
}


@pytest.mark.parametrize(("section", "words"), WRONG.values(), ids=WRONG)
def test_a_channel_that_is_set_up_wrongly_is_named_with_its_line(county: Run, pager, section, words) -> None:
    pager("return None", section)
    ran = county("doctor")
    assert ran.code == 1
    assert words in ran.out


def test_a_channel_that_nobody_asked_for_is_no_problem_when_it_is_not_there(county: Run, pager) -> None:
    pager("return Problem('no line to the pager')", "")
    ran = county("doctor", "--json")
    assert ran.code == 0
    assert channels(ran) == {"channel pager": (True, "no line to the pager")}


def test_a_safe_desk_loads_only_what_ships(county: Run, pager) -> None:
    pager("return None", "")
    rows = {row["name"]: row for row in county("plugins", "list", "--json", "--safe").json}
    assert (rows["pager"]["state"], rows["phone"]["state"]) == ("off", "on")
    assert rows["pager"]["reason"] == "not loaded: the desk was opened with --safe"
    assert {row["name"]: row["state"] for row in county("plugins", "list", "--json").json}["pager"] == "on"
