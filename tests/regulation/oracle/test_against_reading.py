"""The desk held against the independent reading over made-up outages: none missing, none too many, each deadline equal.

The usual run takes some thousand outages; ORACLE_COUNTIES=1000 makes a night's run of it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

import pytest

from oracle.compare import Row, differences
from oracle.faces import CommandLine, InWords
from oracle.made_up import DAY, TYPES, County, MadeUp, a_county, an_outage
from oracle.reading import Figures, limits_broken, owed

COUNTIES = int(os.environ.get("ORACLE_COUNTIES", "30"))
SHARE = 5  # counties in one test: two workers share the work
EACH = int(os.environ.get("ORACLE_EACH", "2"))  # outages of every type in one county


class Face(Protocol):
    def preview(self, made: MadeUp) -> list[Row]: ...
    def open(self, made: MadeUp) -> tuple[str, list[Row]]: ...
    def duties(self, outage_id: str, made: MadeUp) -> list[Row]: ...


@dataclass(frozen=True)
class Setting:
    """What a county may set, in its file and in the reading's figures."""

    name: str
    toml: str
    figures: Figures


SETTINGS = (
    Setting("as shipped", "", Figures()),
    Setting(
        "own figures",
        '[regulation.overrides.county]\nimmediately = "PT10M"\npromptly = "PT45M"\n',
        Figures(immediately=timedelta(minutes=10), promptly=timedelta(minutes=45)),
    ),
    Setting("county alone", '[regulation]\noff = ["national"]\n', Figures(packs=("county",))),
    Setting("statutes alone", '[regulation]\noff = ["county", "desk"]\n', Figures(packs=("national",))),
    Setting("whole days", '[regulation]\nday_count = "calendar"\n', Figures(whole_days=True)),
)


def held_against(face: Face, made: MadeUp, figures: Figures) -> str:
    """Hold what the desk says it owes, dry, opened and kept, against the reading; returns the outage's id."""
    expected = owed(made.happening, figures)
    assert differences(expected, face.preview(made)) == [], made
    outage_id, opened = face.open(made)
    assert differences(expected, opened) == [], made
    kept = face.duties(outage_id, made)
    assert differences(expected, kept) == [], made
    for row in kept:
        assert (row["outage"], row["state"], row["late"], row["evidence"]) == (outage_id, "pending", False, [])
        assert row["overdue"] == (row["due"] < made.now.isoformat())
    return outage_id


def outages_of(county: County, seed: int) -> list[MadeUp]:
    return [an_outage(Random(f"{seed} {kind} {number}"), county, kind) for kind in TYPES for number in range(EACH)]


@pytest.mark.parametrize("first", range(0, COUNTIES, SHARE))
def test_the_desk_owes_what_the_text_demands(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + SHARE):
        county = a_county(Random(seed))
        line = CommandLine(tmp_path / str(seed))
        line.settle_in(county)
        with InWords(line) as desk:
            for made in outages_of(county, seed):
                held_against(desk, made, Figures())


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_command_line_says_the_same_under_any_settings(tmp_path: Path, setting: Setting) -> None:
    county = a_county(Random(setting.name))
    desk = CommandLine(tmp_path / "desk", setting.toml)
    desk.settle_in(county)
    for made in outages_of(county, 0):
        held_against(desk, made, setting.figures)


def test_processes_of_their_own_say_the_same(tmp_path: Path) -> None:
    county = a_county(Random("processes"))
    desk = CommandLine(tmp_path / "desk", processes=True)
    desk.settle_in(county)
    for kind in TYPES:
        held_against(desk, an_outage(Random(kind), county, kind), Figures())


@pytest.mark.parametrize("seed", range(3))
def test_a_limit_broken_at_the_desk_itself_is_in_the_report_from_the_first_second(tmp_path: Path, seed: int) -> None:
    county = a_county(Random(f"limits {seed}"))
    desk = CommandLine(tmp_path / "desk")
    desk.settle_in(county)
    for kind in TYPES:
        for number in range(6):
            made = an_outage(Random(f"{seed} {kind} {number}"), county, kind)
            outage_id, _rows = desk.open(made)
            wanted = sorted((outage_id, article, made.now.isoformat()) for article in limits_broken(made.happening))
            shown = desk.type("outage", "show", outage_id, "--json", now=made.now).json
            assert wanted == sorted(map(_at_a_glance, shown["violations"])), made
            period = ("--from", made.now.date().isoformat(), "--to", (made.now + DAY).date().isoformat())
            report = desk.type("report", "compliance", *period, "--json", now=made.now).json
            assert set(wanted) <= set(map(_at_a_glance, report)), made


def _at_a_glance(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["outage"], row["article"], row["at"]
