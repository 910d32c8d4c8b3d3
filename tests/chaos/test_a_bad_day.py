"""A minute of the bad day: everything fails, and nothing that was acknowledged is lost or doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgres_server import Missing
from tools.chaos.day import ACTORS, live
from tools.chaos.faults import plan

SECONDS = 30.0
SEED = 3


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_or_doubled_on_a_bad_day(engine: str, tmp_path: Path) -> None:
    try:
        proof = live(engine, SEED, SECONDS, tmp_path / "day", say=print)
    except Missing as reason:
        pytest.skip(str(reason))
    assert proof.wrong == ()
    assert min(proof.counts[kind] for kind in ("call", "outage", "act", "message", "duty", "import")) > 0
    assert proof.counts["sent by the gateway"] > 0


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_seed_gives_the_same_day_again(engine: str) -> None:
    day = plan(SEED, 600, list(ACTORS), engine)
    assert day == plan(SEED, 600, list(ACTORS), engine)
    assert day != plan(SEED + 1, 600, list(ACTORS), engine)
