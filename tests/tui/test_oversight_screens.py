"""What a supervisor looks at: coverage with the names still open, order tables, the regulation, the counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk.app import Desk
from desk.orders import Kind, OrderRow

OpenDesk = Callable[..., Any]


async def test_oversight_names_who_is_still_open_and_goes_to_their_duties(open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("v")
        first = hands.app.screen.list.current.outage.id
        assert first == "O2"
        assert "城关供电所" in hands.text()
        await hands.press("pagedown")
        assert "approval outstanding" in hands.text()
        await hands.press("enter")
        assert hands.app.screen.outage == first
        await hands.press("escape", "v")
        assert hands.app.context.where == "board"


async def test_the_board_and_the_strip_count_told_of_owed_and_what_is_overdue(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((120, 40)) as hands:
        await hands.press("right")
        row = next(row for row in desk.outages.board().rows["scheduled"] if row.id == "O2")
        assert row.duties.overdue
        assert f"!{row.duties.done}/{row.duties.owed}" in hands.text()
        assert "duties overdue" in hands.lines()[0]
        assert "approval outstanding" in hands.text()


async def test_a_table_is_agreed_to_in_order_and_asked_what_to_cut(desk: Desk, open_desk: OpenDesk) -> None:
    rows = [OrderRow(position=1, feeder="南河线", load=3.0), OrderRow(position=2, feeder="东湖线", load=2.0)]
    table = desk.orders.take(Kind.CAPACITY, rows).table
    async with open_desk((80, 24)) as hands:
        await hands.press("o", "a")
        await hands.type("gov,8")
        await hands.press("enter", "enter", "a")
        await hands.type("leader")
        await hands.press("enter", "enter")
        given = desk.orders.get(table.id).consents
        assert [(one.step, one.by, one.ref) for one in given] == [("government", "gov", "8"), ("leader", "leader", "")]
        await hands.press("c")
        await hands.type("2")
        await hands.press("enter")
        assert "县人民医院" in hands.text()
        assert "6 customers" in hands.text()
        await hands.press("escape", "escape")
        assert hands.app.context.where == "board"


async def test_the_order_tables_say_what_would_fill_them(open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("o")
        assert "desk orders import" in hands.text()
        await hands.press("a", "o")
        assert hands.app.context.where == "board"


async def test_the_regulation_is_read_back_by_article(open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await hands.press("g")
        names = [entry.full for entry in hands.app.screen.list.rows]
        hands.app.screen.list.move_to(names.index("county:A9.4"))
        await hands.settle()
        assert "9.4" in hands.text()
        assert "24 hours before" in hands.text()
        await hands.press("g")
        assert hands.app.context.where == "board"
