"""The audit on the screen: its lines, one in full, one kind, one thing, and whether all of it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk.app import Desk

OpenDesk = Callable[..., Any]


@pytest.fixture
def noted(desk: Desk) -> Desk:
    desk.access.note("outage.open", "O77", {"duties": 12})
    desk.access.note("outage.restore", "O77")
    desk.access.note("number.reveal", "6400100001")
    return desk


async def open_audit(hands: Any) -> None:
    await hands.press("ctrl+p")
    await hands.type("audit")
    await hands.press("enter")
    await hands.settle(0.2)


async def test_lines_are_shown_newest_first_and_the_one_under_the_cursor_in_full(
    noted: Desk, open_desk: OpenDesk
) -> None:
    async with open_desk() as hands:
        await open_audit(hands)
        text = hands.text()
        assert text.index("number.reveal") < text.index("outage.restore") < text.index("outage.open")
        newest = noted.place.audit_table.newest()
        assert newest
        assert newest.hash[:20] in text


async def test_it_keeps_to_one_kind_or_to_one_thing(noted: Desk, open_desk: OpenDesk) -> None:  # noqa: ARG001
    async with open_desk() as hands:
        await open_audit(hands)
        await hands.press("s")
        await hands.settle(0.2)
        assert "number.reveal" not in hands.text()
        await hands.press("enter")
        await hands.settle(0.2)
        assert hands.text().count("O77") >= 3


async def test_one_key_verifies(noted: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await open_audit(hands)
        await hands.press("v")
        await hands.settle(0.3)
        assert "nothing wrong" in hands.text()
        rows = noted.place.store.table("audit")
        rows.update({"by": "somebody else"}, doc_ids=[rows.all()[0].doc_id])
        await hands.press("v")
        await hands.settle(0.3)
        assert "is not what it was" in hands.text()
