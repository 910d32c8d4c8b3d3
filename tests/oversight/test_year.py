"""A small simulated year, by the one command that lives through a great one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]


def lived(folder: Path, *more: str) -> Sequence[str]:
    words = [
        sys.executable,
        "-m",
        "tools.year",
        "--outages",
        "100",
        "--customers",
        "1500",
        "--data",
        str(folder),
        *more,
    ]
    done = subprocess.run(words, cwd=REPO, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout.splitlines()


@pytest.mark.slow
def test_every_duty_of_a_year_is_settled_or_shown_as_missed(tmp_path: Path) -> None:
    lines = lived(tmp_path / "data")
    assert lines[-1] == "every duty is settled or shown as missed: none lost"
    assert lines[0].startswith("100 outages, ")
    named = {line.split()[0] for line in lines if line}
    assert {"planned_maintenance", "arrears", "calendar", "9.1", "9.4", "11.2", "done", "withdrawn"} <= named


def test_the_same_seed_lives_the_same_year(tmp_path: Path) -> None:
    small = ("--outages", "25", "--customers", "600", "--seed", "7")
    assert lived(tmp_path / "one", *small) == lived(tmp_path / "two", *small)
