"""The audit is written by its own room alone, and nothing takes lines away."""

from __future__ import annotations

import re
from pathlib import Path

from desk.schema import AUDIT, CHECKPOINTS

DESK = Path(__file__).parents[2] / "desk"
MINE = DESK / "audit"
# What copies or restores whole stores moves tables without knowing them.
WRITES = re.compile(r"audit_table\.(add|put|put_many|remove)\b|records\(schema\.(AUDIT|CHECKPOINTS)\b")


def _sources() -> list[tuple[str, str]]:
    return [
        (str(file.relative_to(DESK)), file.read_text("utf-8"))
        for file in DESK.rglob("*.py")
        if MINE not in file.parents
    ]


def test_no_other_room_writes_to_the_tables_of_the_audit() -> None:
    assert [name for name, text in _sources() if WRITES.search(text) and name != "place.py"] == []


def test_retention_deletes_from_tables_of_which_the_audit_is_none() -> None:
    from desk.privacy.persons import REMOVED
    from desk.privacy.retention import KINDS

    assert not {AUDIT, CHECKPOINTS} & {*REMOVED, *(kind.table for kind in KINDS)}
