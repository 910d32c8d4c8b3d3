"""A few seconds of the storm of `make storm`: nothing lost, and the board says what the calls say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from stormy_county import ring

from desk.app import Desk
from tools.storm.plan import Person, plan, token
from tools.storm.proof import prove

REPO = Path(__file__).parents[2]
PEOPLE = [Person(f"{feeder}{n}", feeder) for feeder in "ABCDE" for n in range(20)]


@pytest.mark.slow
def test_no_call_of_a_storm_is_lost_and_the_board_says_what_the_calls_say(tmp_path: Path) -> None:
    words = ["--seconds", "4", "--customers", "3000", "--seats", "2", "--data", str(tmp_path / "storm")]
    done = subprocess.run(
        [sys.executable, "-m", "tools.storm", *words], cwd=REPO, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    lines = done.stdout.splitlines()
    assert lines[0] == "80 calls rang, 80 were acknowledged, 80 are stored"
    assert "lost: 0; stored twice: 0" in lines
    assert "the board says what the calls say" in lines


def test_the_same_seed_brings_the_same_storm() -> None:
    one, other = (list(plan(PEOPLE, "A", 30, 20, seed=7)) for _ in range(2))
    assert one == other
    assert len(one) == 600
    assert list(plan(PEOPLE, "A", 30, 20, seed=8)) != one


def test_a_lost_call_and_one_stored_twice_are_seen(desk: Desk) -> None:
    kept = ring(desk, "东0-00", note=token(1))
    ring(desk, "东0-01", note=token(2))
    ring(desk, "东0-01", note=token(2))
    proof = prove(desk, {1: kept.id, 3: "C99"})
    assert (proof.lost, proof.twice, proof.holds) == (("C99",), (token(2),), False)


def test_a_board_that_says_something_else_is_seen(desk: Desk) -> None:
    for n in range(3):
        ring(desk, f"东0-{n:02d}")
    assert prove(desk, {}).differ == ()
    (outage,) = desk.outages.listed("predicted")
    desk.calls.predicting.move(outage.id, "feeder", "试一试")
    assert prove(desk, {}).differ == ("transformer_area 东0", "feeder 东线")
