"""The screens beside the one screen: each opens, works, says what would fill it, and leaves with Esc."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.app import Desk
from desk.calls import CallRequest
from desk.records import Topic

OpenDesk = Callable[..., Any]


async def test_the_call_log_is_searched_while_typing(desk: Desk, open_desk: OpenDesk) -> None:
    desk.calls.log(CallRequest(topic=Topic.TROUBLE, account_no="6400100001", note="电表冒烟"))
    desk.calls.log(CallRequest(topic=Topic.PRAISE, account_no="6400100002", note="谢谢"))
    async with open_desk((80, 24)) as hands:
        await hands.press("f5")
        assert "王建国" in hands.text()
        assert "李秀英" in hands.text()
        await hands.type("冒烟")
        assert "王建国" in hands.text()
        assert "李秀英" not in hands.text()
        await hands.press("escape")
        assert hands.app.context.where == "board"


async def test_a_customers_history_opens_from_the_card(desk: Desk, open_desk: OpenDesk) -> None:
    desk.calls.log(CallRequest(topic=Topic.PRAISE, account_no="6400100002", note="谢谢"))
    async with open_desk() as hands:
        await hands.type("8001")
        await hands.press("enter", "f7")
        assert "Calls of 6400100001" in hands.text()
        assert "李秀英" not in hands.text()
        await hands.press("f7")
        assert "李秀英" in hands.text()


async def test_an_import_reports_every_refused_row(desk: Desk, open_desk: OpenDesk, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("户号,户名,台区编号\n6400199999,新户,T1\n,无号,T1\n", encoding="utf-8")
    async with open_desk((80, 24)) as hands:
        await hands.press("i")
        await hands.type(str(file))
        await hands.press("f9")
        await hands.settle(0.2)
        assert "refused 1" in hands.text()
        assert desk.place.customers.get("6400199999") is not None


async def test_a_file_that_is_not_there_is_one_sentence(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("i")
        await hands.type("/nowhere/at/all.csv")
        await hands.press("f9")
        assert "/nowhere/at/all.csv" in hands.text()
        assert hands.app.screen.field.value == "/nowhere/at/all.csv"


async def test_the_plugins_are_listed(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("p")
        assert "planned_maintenance" in [row.name for row in hands.app.screen.list.rows]
        assert "account_closure" in hands.text()


async def test_help_shows_the_keys_of_where_you_are_and_closes_with_its_own_key(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("f1")
        assert "Restore" in hands.text()
        await hands.press("f1")
        assert hands.app.context.where == "board"


async def test_the_palette_runs_what_was_found(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("ctrl+p")
        await hands.type("plug")
        await hands.press("enter")
        assert hands.app.context.where == "plugins"


async def test_themes_borders_and_language_switch_without_leaving(open_desk: OpenDesk) -> None:
    from desk.i18n import language
    from desk.tui.theme import THEMES

    async with open_desk() as hands:
        seen = []
        for _theme in THEMES:
            await hands.press("ctrl+t")
            seen.append(hands.app.theme)
        assert sorted(seen) == sorted(THEMES)
        hands.app.perform_id("desk.borders")
        await hands.settle()
        assert "│" not in hands.text()
        assert "─" not in hands.text()
        hands.app.perform_id("desk.borders")
        hands.app.perform_id("desk.language")
        await hands.settle()
        assert language() == "zh_CN"


async def test_copy_takes_the_row_or_the_field_under_the_cursor(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("y")
        assert hands.app.clipboard.startswith("O1")
        await hands.press("f4", "down", "y")
        assert hands.app.clipboard == "东湖镇"


@pytest.mark.parametrize("tab", ["predicted", "restored"])
async def test_an_empty_tab_says_what_would_fill_it(open_desk: OpenDesk, tab: str) -> None:
    async with open_desk((80, 24)) as hands:
        hands.app.screen.board.open_tab(tab)
        await hands.settle()
        assert "No outage is suspected" in hands.text() or "Nothing was restored" in hands.text()


async def test_at_80_columns_one_key_switches_between_board_and_card(open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        assert "Done so far" not in hands.text()
        await hands.press("f4")
        assert "Done so far" in hands.text()
        await hands.press("f4")
        assert "Countdown" in hands.text()


async def test_quitting_with_a_call_open_asks_and_keeps_it(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.type("8001")
        await hands.press("enter", "f10")
        assert "Leave?" in hands.text()
        await hands.press("escape")
        assert hands.app.is_running
        assert len(desk.calls.drafts()) == 1
