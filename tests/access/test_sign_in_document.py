"""docs/sign-in.md says of each role and right what the table says."""

from __future__ import annotations

import re
from pathlib import Path

from desk.access import RIGHTS, ROLES

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/sign-in.md"
ROW = re.compile(r"^\| `(\w+)` \|[^|]*\|(.*)\|$", re.MULTILINE)


def test_the_documents_table_of_roles_is_the_desks() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    written = {right: [cell.strip() == "✓" for cell in cells.split("|")] for right, cells in ROW.findall(text)}
    assert written == {right: [right in rights for rights in ROLES.values()] for right in RIGHTS}


def test_the_document_names_every_role_in_order() -> None:
    head = next(line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| 权限 |"))
    assert [cell.strip() for cell in head.split("|")[3:-1]] == ["坐席", "班长", "调度", "审计", "管理员", "只看"]
    assert list(ROLES) == ["agent", "supervisor", "dispatcher", "auditor", "administrator", "viewer"]
