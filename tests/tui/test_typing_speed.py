"""What stands between a letter and its results: no layout of the screen, and no preview before the typing pauses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

import pytest

from desk.tui.lookup_flow import LookupFlow
from desk.tui.screens.desk import DeskScreen

if TYPE_CHECKING:
    from conftest import Hands

OpenDesk = Callable[..., "AbstractAsyncContextManager[Hands]"]


async def test_a_letter_lays_nothing_out_again(open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_desk() as hands:
        await hands.press("f2", "6")
        laid_out = []
        whole = DeskScreen._refresh_layout
        monkeypatch.setattr(DeskScreen, "_refresh_layout", lambda *given: laid_out.append(whole(*given)))
        await hands.type("4001")
        assert "王建国" in hands.text()
        assert laid_out == []


async def test_a_text_longer_than_its_field_is_scrolled_to_the_caret(open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("f2")
        await hands.type("一二三四五六七八九十" * 5 + "end")
        field = hands.app.screen.search.field
        assert "end" in hands.lines()[field.region.y]
        assert field.cursor_screen_offset.x < 80
        await hands.press("home")
        assert "一二三" in hands.lines()[field.region.y]


async def test_only_the_last_of_quickly_typed_results_is_previewed(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk() as hands:
        asked: list[str] = []
        whole = LookupFlow._preview

        async def preview(flow: LookupFlow, account_no: str) -> None:
            asked.append(account_no)
            await whole(flow, account_no)

        monkeypatch.setattr(LookupFlow, "_preview", preview)
        await hands.press("f2")
        for letter in "6400100003":
            await hands.pilot.press(letter)
        await hands.settle(0.1)
        assert asked[-1] == "6400100003"
        assert hands.lines()[1][hands.app.screen.card.region.x :].startswith("张伟")
