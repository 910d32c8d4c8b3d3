"""What the text demands after the entry, held against the desk: approvals, deadlines that follow, Article 9.5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from oracle.compare import Row, differences, moment
from oracle.faces import CommandLine
from oracle.later import Times, approvals, approved_later, news_of_change
from oracle.laws import CORRECTION, is_news, stands, who
from oracle.made_up import DAY, HOUR, MINUTE, TYPES, County, MadeUp, a_county, a_scope, an_outage, touched
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

    def __init__(self, folder: Path, kind: str, seed: int, *, groups: bool = True) -> None:
        chance = Random(f"later {kind} {seed}")
        self.line = CommandLine(folder / "desk")
        county = _voltages_known(a_county(chance))
        self.county = county if groups else _without_groups(county)
        self.line.settle_in(self.county)
        self.made: MadeUp = an_outage(chance, self.county, kind)
        self.id, _rows = self.line.open(self.made)

    def shown(self) -> Mapping[str, Any]:
        document: Mapping[str, Any] = self.line.type("outage", "show", self.id, "--json", now=self.made.now).json
        return document

    def rows(self) -> list[Row]:
        return [row for row in self.line.duties(self.id, self.made) if stands(row)]

    def settle_every_second(self) -> list[Row]:
        """Every second duty is done; returns those."""
        done = self.rows()[::2]
        for row in done:
            words = ("--result", "done", "--person", "王工", "--note", "见登记簿")
            assert self.line.type("duty", "settle", row["id"], *words, now=self.made.now).code == 0
        return done

    def another_scope(self, chance: Random) -> dict[str, list[str]]:
        """A scope other than the outage has."""
        scopes = (a_scope(chance, self.county) for _again in range(100))
        return next(scope for scope in scopes if not scope.items() <= self.made.request.items())

    def change(self, *words: str) -> None:
        at = self.made.now + MINUTE
        answer = self.line.type("outage", "change", self.id, *words, "--reason", "施工调整", now=at)
        assert answer.code == 0, answer

    def report(self, now: datetime) -> set[tuple[str, str, str]]:
        """What the report of compliance holds against the county."""
        period = ("--from", "2025-01-01", "--to", "2028-01-01")
        rows = self.line.type("report", "compliance", *period, "--json", now=now).json
        return {(row["article"], row["what"], row["at"]) for row in rows}

    def approve_all(self, at: datetime) -> None:
        for step in self.shown()["approvals"]:
            words = ("--step", step["step"], "--by", "刘主任", "--mode", "written")
            assert self.line.type("outage", "approve", self.id, *words, now=at).code == 0


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", TYPES)
def test_the_posts_that_approve_are_those_of_the_text_in_its_order(tmp_path: Path, kind: str, seed: int) -> None:
    sandbox = Sandbox(tmp_path, kind, seed)
    steps = sorted(sandbox.shown()["approvals"], key=lambda step: int(step["order"]))
    wanted = approvals(sandbox.made.happening)
    asked = {article: tuple(step["post"] for step in steps if article in step["articles"]) for article in wanted}
    assert asked == wanted, sandbox.made
    assert wanted or not steps or kind == "arrears"


@pytest.mark.parametrize("seed", range(2))
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
    sandbox.change("--start", new.start.isoformat(), "--end", new.end.isoformat())
    rows = sandbox.rows()
    standing = [row for row in rows if not is_news(row)]
    assert differences(owed(replace(happening, start=new.start)), standing) == [], sandbox.made
    assert differences(news_of_change(happening, old, new), _of_the_text(rows)) == [], sandbox.made


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", [*WITH_A_WINDOW, "grid_fault"])
def test_a_new_scope_is_asked_of_the_text_again(tmp_path: Path, kind: str, seed: int) -> None:
    sandbox = Sandbox(tmp_path, kind, seed, groups=False)
    told = set(map(who, sandbox.settle_every_second()))
    scope = sandbox.another_scope(Random(f"scope {kind} {seed}"))
    persons, branches = touched(sandbox.county, scope)
    wider = replace(sandbox.made.happening, customers=persons, branches=branches)
    sandbox.change("--scope", sandbox.line.file(scope))
    rows, expected = sandbox.rows(), owed(wider)
    known = {(one.kind, one.id) for one in expected}
    notices = [row for row in rows if not is_news(row) and who(row) in known]
    assert differences(expected, notices) == [], sandbox.made
    affected = {("customer", person.account) for person in persons}
    fallen_out = {one for one in told if one[0] in ("customer", "branch", "authority")} - affected - known
    assert {who(row) for row in rows if CORRECTION in row["rules"]} == fallen_out, sandbox.made


@pytest.mark.parametrize("kind", WITH_A_WINDOW)
def test_what_was_missed_stays_in_the_report_when_the_outage_is_called_off(tmp_path: Path, kind: str) -> None:
    sandbox = Sandbox(tmp_path, kind, 2)
    later = sandbox.made.now + 5 * HOUR
    before = sandbox.report(later)
    assert sandbox.line.type("outage", "cancel", sandbox.id, now=later).code == 0
    assert before <= sandbox.report(later + HOUR)


def _of_the_text(rows: Sequence[Row]) -> list[Row]:
    """The news that Article 9.5 asks for; what the desk adds by its own practice is left aside."""
    return [row for row in rows if is_news(row) and any(rule.startswith("county:") for rule in row["rules"])]


def _moment(text: str) -> datetime:
    found = moment(text)
    assert found is not None
    return found


def _voltages_known(county: County) -> County:
    """Article 16 goes by the voltage: where nobody wrote it down, the text has no answer."""
    return replace(county, customers=tuple({**row, "voltage": row["voltage"] or "0.4kV"} for row in county.customers))


def _without_groups(county: County) -> County:
    return replace(county, customers=tuple({**row, "group": ""} for row in county.customers))
