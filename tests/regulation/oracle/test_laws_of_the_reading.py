"""What holds for any outage, whatever happens later: no notice twice, nobody forgotten, nothing moved unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle import laws
from oracle.compare import Row, row_key
from oracle.faces import CommandLine
from oracle.made_up import TYPES, County, a_county, an_outage
from oracle.stories import Look, Story

ACTS = (
    "settle_some",
    "settle_some",
    "move_times",
    "move_scope",
    "approve",
    "customers_move",
    "start",
    "restore",
    "cancel",
)
numbers = st.integers(0, 10**6)
acts = st.lists(st.tuples(st.sampled_from(ACTS), numbers), min_size=1, max_size=6)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

Folder = Callable[[], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = count()
    return lambda: tmp_path / str(next(made))


def told_times(look: Look) -> tuple[str, str]:
    return look.outage["planned_start"], look.outage["planned_end"]


def broken(act: str, before: Look, after: Look, code: int) -> list[str]:
    """Every law that one act broke."""
    news = act == "cancel" or told_times(before) != told_times(after)
    return [
        *laws.notice_twice(after.rows),
        *laws.lost_or_rewritten(before.rows, after.rows),
        *laws.moved_without_record(before.rows, after.rows),
        *(laws.told_and_forgotten(before.rows, after.rows) if news and code == 0 else ()),
        *(laws.still_owed(after.rows) if after.outage["status"] == "cancelled" else ()),
        *(["a refused act changed something"] if code == 2 and before != after and act != "settle_some" else ()),
    ]


@FEW
@given(seed=numbers, kind=st.sampled_from(TYPES), told=acts)
def test_whatever_happens_to_an_outage_every_notice_stays_accounted_for(
    folder: Folder, seed: int, kind: str, told: list[tuple[str, int]]
) -> None:
    story = Story(folder(), seed, kind)
    before = story.look()
    assert laws.notice_twice(before.rows) == []
    for act, number in told:
        answer = story.act(act, number)
        assert "Traceback" not in answer.err
        after = story.look()
        assert broken(act, before, after, answer.code) == [], (act, answer)
        before = after


@settings(FEW, max_examples=25)
@given(seed=numbers, kind=st.sampled_from(TYPES))
def test_the_order_of_the_customers_changes_nothing(folder: Folder, seed: int, kind: str) -> None:
    county = a_county(Random(seed))
    made = an_outage(Random(f"{seed} {kind}"), county, kind)
    shuffled = County(_mixed(county.network, seed), _mixed(county.customers, seed))
    answers = []
    for one in (county, shuffled):
        desk = CommandLine(folder())
        desk.settle_in(one)
        duties = desk.type("outage", "open", desk.file(made.request), "--dry-run", "--json", now=made.now).json[
            "duties"
        ]
        answers.append(sorted(map(_without_ids, duties)))
    assert answers[0] == answers[1]


def _mixed(rows: Sequence[Mapping[str, Any]], seed: int) -> tuple[Mapping[str, Any], ...]:
    return tuple(Random(seed).sample(rows, len(rows)))


def _without_ids(row: Row) -> tuple[str, ...]:
    rest = {name: value for name, value in row.items() if name not in ("id", "after", "sites")}
    return (*map(str, row_key(row)), str(sorted(rest.items(), key=str)))
