"""The seconds in docs/keystrokes.md are the sums of their operators, and every flow is told for all three programs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[2] / "docs/keystrokes.md").read_text(encoding="utf-8")
SECONDS = {name: float(value) for name, value in re.findall(r"^\| `([KPBHM])` \|.*\| (\d\.\d+) \|$", TEXT, re.M)}
ROWS = re.findall(r"^\| (this desk|Zammad|osTicket) \|.*\| `([KPBHM0-9 ]+)` \| (\d+\.\d) \|$", TEXT, re.M)


def reckoned(operators: str) -> float:
    return sum(int(count or 1) * SECONDS[name] for count, name in re.findall(r"(\d*)([KPBHM])", operators))


def test_every_operator_has_its_seconds() -> None:
    assert set(SECONDS) == set("KPBHM")


def test_every_flow_is_told_for_all_three() -> None:
    assert [who for who, _operators, _seconds in ROWS] == ["this desk", "Zammad", "osTicket"] * 7


@pytest.mark.parametrize(("who", "operators", "seconds"), ROWS)
def test_the_seconds_are_the_sum_of_the_operators(who: str, operators: str, seconds: str) -> None:
    assert float(seconds) == pytest.approx(reckoned(operators), abs=0.051), who


def test_the_table_at_the_end_repeats_the_flows() -> None:
    last = re.findall(r"\| (\d+\.\d) \| (\d+\.\d) \| (\d+\.\d) \|$", TEXT, re.M)
    assert [cell for row in last for cell in row] == [seconds for _who, _operators, seconds in ROWS]
