"""docs/security.md says what is so: the table of roles is the desk's, and every test it names is there."""

from __future__ import annotations

import re
from pathlib import Path

from desk.access.rights import RIGHTS, ROLES

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_the_table_of_roles_is_the_desks() -> None:
    head = next(line for line in TEXT.splitlines() if line.startswith("| 权限"))
    roles = re.findall(r"`(\w+)`", head)
    rows = {row[1]: row[2] for row in re.finditer(r"^\| `(\w+)` \|[^|]*\|(.*)\|$", TEXT, re.MULTILINE)}
    assert roles == list(ROLES)
    assert rows.keys() == RIGHTS.keys()
    for right, cells in rows.items():
        may = {role for role, cell in zip(roles, cells.split("|"), strict=True) if "●" in cell}
        assert may == {role for role in ROLES if right in ROLES[role]}, right


def test_every_test_that_is_named_is_there() -> None:
    named = NAMED.findall(TEXT)
    assert len(named) > 50
    missing = [f"{file}::{test}" for file, test in named if not _has(ROOT / file, test)]
    assert missing == []


def _has(file: Path, test: str) -> bool:
    return file.is_file() and re.search(rf"^(async )?def {test}\(", file.read_text(encoding="utf-8"), re.M) is not None
