"""Jump mode: letters on every place, one of them goes there, anything else leaves; the titles name their keys."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

import pytest

from desk.tui.jump import Letter

if TYPE_CHECKING:
    from conftest import Hands

OpenDesk = Callable[..., "AbstractAsyncContextManager[Hands]"]


def letters(hands: Hands) -> dict[str, tuple[int, int]]:
    """Every letter shown, and where it stands."""
    return {letter.letter: letter.region.offset for letter in hands.app.screen.query(Letter)}


def letter_at(hands: Hands, x: int, y: int) -> str:
    return next(letter for letter, at in letters(hands).items() if at == (x, y))


async def test_letters_stand_on_tabs_board_card_and_search(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        screen = hands.app.screen
        await hands.press("ctrl+o")
        places = set(letters(hands).values())
        assert {(x, 1) for x in screen.board.tab_places().values()} <= places
        assert (0, 3) in places
        assert screen.card.region.offset in places
        assert any(y == screen.keys.region.y for _x, y in places)
        assert all(f" {letter} " in hands.text() for letter in letters(hands))


async def test_a_letter_on_a_tab_opens_it(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("ctrl+o")
        await hands.press(letter_at(hands, hands.app.screen.board.tab_places()["scheduled"], 1))
        assert hands.app.screen.board.tab == "scheduled"
        assert letters(hands) == {}


async def test_from_the_card_a_letter_goes_to_a_tab_of_the_board(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("f4", "ctrl+o")
        await hands.press(letter_at(hands, hands.app.screen.board.tab_places()["scheduled"], 1))
        assert hands.app.context.where == "board"
        assert hands.app.screen.board.tab == "scheduled"


async def test_a_letter_goes_to_the_card_and_to_the_search(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        screen = hands.app.screen
        await hands.press("ctrl+o")
        await hands.press(letter_at(hands, *screen.card.region.offset))
        assert hands.app.context.where == "card"
        await hands.press("ctrl+o")
        await hands.press(next(letter for letter, at in letters(hands).items() if at[1] == screen.keys.region.y))
        assert hands.app.context.where == "results"


async def test_every_field_of_an_open_call_has_a_letter(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("f2")
        await hands.type("6400100003")
        await hands.press("enter")
        call = hands.app.screen.call
        for field in call.order():
            await hands.press("ctrl+o")
            await hands.press(letter_at(hands, *field.region.offset))
            assert hands.app.focused is field
        assert call.note.value == ""


async def test_every_field_of_the_outage_form_that_is_seen_has_a_letter(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        await hands.press("f7")
        await hands.press("ctrl+o")
        found = letters(hands)
        assert len(found) >= 6
        texts = hands.app.screen.fields.texts
        await hands.press(letter_at(hands, *texts["end"].region.offset))
        assert hands.app.focused is texts["end"]


@pytest.mark.parametrize("key", ["escape", "ctrl+o", "f8", "0"])
async def test_any_other_key_leaves_and_does_nothing_else(open_desk: OpenDesk, key: str) -> None:
    async with open_desk() as hands:
        before = hands.app.context
        await hands.press("ctrl+o")
        assert hands.app.context.where == "jump"
        await hands.press(key)
        assert letters(hands) == {}
        assert hands.app.context == before


async def test_the_title_of_a_pane_names_the_key_that_goes_there(open_desk: OpenDesk) -> None:
    async with open_desk() as hands:
        board, card = hands.app.screen.board, hands.app.screen.card
        assert hands.lines()[1][card.region.x :].rstrip().endswith("F4")
        await hands.press("f4")
        assert hands.lines()[1][: board.region.right].rstrip().endswith("F4")
        assert not hands.lines()[1][card.region.x :].rstrip().endswith("F4")
        await hands.press("f2")
        assert "Find F2" in hands.text()
        await hands.type("6400100003")
        await hands.press("enter")
        assert "To be logged Tab" in hands.text()
