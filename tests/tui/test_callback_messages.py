"""Callbacks told by message, on screen: how many, over what, at what cost, before anything goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk.app import Desk
from desk.callbacks.telling import Foreseen
from desk.records import Message, Recipient

OpenDesk = Callable[..., Any]


@pytest.fixture
def foreseen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Two would be told and one is left; what was sent is kept."""
    sent: list[list[str]] = []
    messages = tuple(
        Message(
            id="",
            outage="O1",
            callback=f"B{n}",
            recipient=Recipient(kind="customer", id=f"1000{n}", name=f"客户{n}"),
            channel="texts",
            body="已恢复供电",
            made_at=desk.place.now(),
        )
        for n in (1, 2)
    )
    found = Foreseen(messages=messages, left={"B3": "no number is known"}, price=0.1)

    def message(ids: list[str]) -> Foreseen:
        sent.append(ids)
        return found

    monkeypatch.setattr(desk.callbacks, "foresee", lambda: found)
    monkeypatch.setattr(desk.callbacks, "message", message)
    return sent


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_how_many_and_at_what_cost_is_shown_before_it_goes(
    open_desk: OpenDesk, foreseen: list[list[str]], size: tuple[int, int]
) -> None:
    async with open_desk(size) as hands:
        await hands.press("b", "m")
        assert "2 by message over texts, 0.10 yuan; 1 left to call" in hands.text()
        assert "已恢复供电" in hands.text()
        assert foreseen == []
        await hands.press("enter")
    assert foreseen == [["B1", "B2"]]


async def test_escape_sends_nothing(open_desk: OpenDesk, foreseen: list[list[str]]) -> None:
    async with open_desk((100, 30)) as hands:
        await hands.press("b", "m", "escape")
    assert foreseen == []


async def test_with_nobody_to_tell_it_says_so(open_desk: OpenDesk) -> None:
    async with open_desk((100, 30)) as hands:
        await hands.press("b", "m")
        assert "Nobody is to be called back now" in hands.text()
