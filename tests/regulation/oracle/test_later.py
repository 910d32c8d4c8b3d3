"""What the text demands after the entry, held against the desk: approvals, deadlines that follow, Article 9.5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from oracle.compare import differences, moment, row_key
from oracle.faces import CommandLine
from oracle.later import Times, approvals, approved_later, news_of_change
from oracle.laws import Row, is_news, stands
from oracle.made_up import DAY, HOUR, MINUTE, TYPES, County, MadeUp, a_county, an_outage
from oracle.reading import Figures, owed

WITH_A_WINDOW = ("planned_maintenance", "temporary_maintenance", "supply_shortage", "arrears")
MOVES = {
    "an hour earlier": (-HOUR, -HOUR),
    "two hours longer": (0 * HOUR, 2 * HOUR),
    "earlier and longer": (-HOUR, 2 * HOUR),
    "a day later": (DAY, DAY),
    "later and shorter": (30 * MINUTE, 0 * HOUR),
}


class Sandbox:
    """A county and its desk, with one outage opened in it."""

    def __init__(self, folder: Path, kind: str, seed: int) -> None:
        chance = Random(f"later {kind} {seed}")
        self.line = CommandLine(folder / "desk")
        county = _voltages_known(a_county(chance))
        self.line.settle_in(county)
        self.made: MadeUp = an_outage(chance, county, kind)
        self.id, _rows = self.line.open(self.made)

    def shown(self) -> Mapping[str, Any]:
        document: Mapping[str, Any] = self.line.type("outage", "show", self.id, "--json", now=self.made.now).json
        return document

    def rows(self) -> list[Row]:
        return [row for row in self.line.duties(self.id, self.made) if stands(row)]

    def approve_all(self, at: datetime) -> None:
        for step in self.shown()["approvals"]:
            words = ("--step", step["step"], "--by", "刘主任", "--mode", "written")
            assert self.line.type("outage", "approve", self.id, *words, now=at).code == 0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", TYPES)
def test_the_posts_that_approve_are_those_of_the_text_in_its_order(tmp_path: Path, kind: str, seed: int) -> None:
    sandbox = Sandbox(tmp_path, kind, seed)
    steps = sorted(sandbox.shown()["approvals"], key=lambda step: int(step["order"]))
    wanted = approvals(sandbox.made.happening)
    asked = {article: tuple(step["post"] for step in steps if article in step["articles"]) for article in wanted}
    assert asked == wanted, sandbox.made
    assert wanted or not steps or kind == "arrears"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", WITH_A_WINDOW)
def test_what_counts_from_the_entry_counts_from_an_approval_that_comes_later(
    tmp_path: Path, kind: str, seed: int
) -> None:
    sandbox = Sandbox(tmp_path, kind, seed)
    late = sandbox.made.now + 3 * HOUR
    before = owed(sandbox.made.happening)
    sandbox.approve_all(late)
    expected = approved_later(before, sandbox.made.happening, late, Figures())
    expected = expected if sandbox.shown()["approvals"] else before
    assert differences(expected, sandbox.rows()) == [], sandbox.made


@pytest.mark.parametrize("move", MOVES.values(), ids=list(MOVES))
@pytest.mark.parametrize("kind", WITH_A_WINDOW)
def test_new_times_are_asked_of_the_text_again(tmp_path: Path, kind: str, move: tuple[Any, Any]) -> None:
    sandbox = Sandbox(tmp_path, kind, 1)
    happening, shown = sandbox.made.happening, sandbox.shown()
    old = Times(*(_moment(shown[name]) for name in ("planned_start", "planned_end")))
    new = Times(old.start + move[0], old.end + move[1])
    words = ("--start", new.start.isoformat(), "--end", new.end.isoformat(), "--reason", "施工调整")
    changed = sandbox.line.type("outage", "change", sandbox.id, *words, now=sandbox.made.now + MINUTE)
    assert changed.code == 0, changed
    rows = sandbox.rows()
    standing = [row for row in rows if not is_news(row)]
    assert differences(owed(replace(happening, start=new.start)), standing) == [], sandbox.made
    assert differences(news_of_change(happening, old, new), _of_the_text(rows)) == [], sandbox.made


def _of_the_text(rows: Sequence[Row]) -> list[Row]:
    """The news that Article 9.5 asks for; what the desk adds by its own practice is left aside."""
    assert all(row_key(row) for row in rows)
    return [row for row in rows if is_news(row) and any(rule.startswith("county:") for rule in row["rules"])]


def _moment(text: str) -> datetime:
    found = moment(text)
    assert found is not None
    return found


def _voltages_known(county: County) -> County:
    """Article 16 goes by the voltage: where nobody wrote it down, the text has no answer."""
    return replace(county, customers=tuple({**row, "voltage": row["voltage"] or "0.4kV"} for row in county.customers))
