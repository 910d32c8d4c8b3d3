"""A viewer sees boards and lookups, masked, and changes nothing: over the whole table of commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_table import CHANGING, READING
from marked_county import shown

from desk.app import Desk
from desk.store import open_store

# What a viewer may not read either, by the right it takes.
NOT_FOR_VIEWERS = {
    "messages preview",
    "audit lines",
    "audit show",
    "audit verify",
    "audit key",
    "privacy approvals",
    "privacy person",
    "agents list",
}
CALL = json.dumps({"topic": "trouble", "number": "13800000001", "account_no": "6400100001"}).encode()
OUTAGE = json.dumps({"type": "grid_fault", "feeders": ["东湖线"], "cause": "x"}, ensure_ascii=False).encode()
GIVEN = {"call log": CALL, "outage open": OUTAGE}


@pytest.fixture
def viewer(desk: Desk, folder: Path) -> Path:
    """The county, its desk configured for somebody who only looks."""
    desk.close()
    config = folder / "config.toml"
    config.write_text(config.read_text().replace('agent = "wang"', 'agent = "guest"\nrole = "viewer"'))
    (folder.parent / "customers.csv").write_text("户号,户名,台区编号\n1,x,T1\n", encoding="utf-8")
    return folder


def stored(folder: Path) -> dict[str, list[object]]:
    """Every document of the store."""
    with open_store(f"sqlite:///{folder / 'desk.db'}", ()) as store:
        return {name: list(store.table(name).all()) for name in sorted(store.tables())}


def test_a_viewer_reads_what_is_for_everybody_and_nothing_in_clear(viewer: Path, run) -> None:
    assert viewer
    for name, arguments in READING.items():
        code, out = run(*name.split(), *arguments)
        if name in NOT_FOR_VIEWERS:
            assert code == 2, (name, out)
            assert "may not" in out, (name, out)
        else:
            assert code in (0, 1), (name, out)
        assert not shown(out), name


def test_a_viewer_changes_nothing_whatever_the_command(viewer: Path, run) -> None:
    before, wrong = stored(viewer), {}
    for name, arguments in CHANGING.items():
        code, out = run(*name.split(), *arguments, given=GIVEN.get(name, b""))
        if code != 2 or "may not" not in out:
            wrong[name] = (code, out.strip()[:150])
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())
    assert stored(viewer) == before
