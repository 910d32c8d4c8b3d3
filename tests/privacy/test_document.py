"""docs/privacy.md says of every field of every table what it is and how long it stays; nothing goes unmentioned."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_table import commands
from tables import TYPES

from desk.config.settings import KEPT
from desk.privacy.bundles import TABLES
from desk.privacy.periods import KINDS, NEVER, NOT_AGED, WITH_OUTAGE
from desk.schema import OUTAGES, table_specs

TEXT = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
LINES = [[*map(str.strip, line.strip("| ").split(" | "))] for line in TEXT.splitlines()]
ROWS = {cells[0].strip("`"): cells for cells in LINES if len(cells) == 6}
NAMES = [spec.name for spec in table_specs("0951")]


def fields(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell))


@pytest.mark.parametrize("table", NAMES)
def test_every_field_of_a_table_is_in_its_row(table: str) -> None:
    assert table in TYPES, "say in tests/privacy/tables.py which record it holds"
    _name, _what, personal, other, _why, _keep = ROWS[table]
    assert fields(personal) | fields(other) == set(TYPES[table].__struct_fields__)
    assert not fields(personal) & fields(other)


@pytest.mark.parametrize("table", NAMES)
def test_how_long_a_table_is_kept_is_decided_and_said(table: str) -> None:
    aged = {kind.table: kind.keep for kind in KINDS}
    told = ROWS[table][-1]
    if table in aged:
        assert f"`{aged[table]}`" in told or ("不再收" in told and table == "addresses")
    elif table in NEVER:
        assert "一直" in told
    else:
        assert table in NOT_AGED | WITH_OUTAGE | {OUTAGES, "calls"} | {name for name, _key, _type in TABLES}


def test_the_periods_are_those_of_the_settings() -> None:
    for name, length in KEPT.items():
        assert f'{name} = "{length}"' in TEXT
        assert f"| `{name}` |" in TEXT


def test_every_command_of_the_document_is_one() -> None:
    known = set(commands())
    for words in re.findall(r"desk (privacy \w+|export)", TEXT):
        assert words in known
