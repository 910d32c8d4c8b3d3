"""The outage form and the help are kept: opened again they are as fresh as new, and nothing is styled twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

import pytest

from desk.tui import theme
from desk.tui.screens.form import OutageForm
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.fact_rows import FactRows

if TYPE_CHECKING:
    from conftest import Hands

OpenDesk = Callable[..., "AbstractAsyncContextManager[Hands]"]


async def test_what_was_typed_for_a_fact_is_gone_when_the_form_is_opened_again(open_desk: OpenDesk) -> None:
    async with open_desk((120, 40)) as hands:
        await hands.press("f7")
        facts = hands.app.screen.query_one(FactRows)
        for field in facts.order():
            field.choose(1) if isinstance(field, Choice) else field.set_text("typed before")
        rows = list(facts.children)
        assert any(facts.read().values())
        await hands.press("escape", "f7")
        assert not any(facts.read().values())
        assert list(facts.children) == rows


async def test_opening_a_kept_form_again_styles_nothing_but_a_new_theme_does(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk((120, 40)) as hands:
        await hands.press("f7", "escape")
        styled: list[str] = []
        whole = OutageForm.update_node_styles
        monkeypatch.setattr(
            OutageForm,
            "update_node_styles",
            lambda form, animate=True: (styled.append(form.app.theme), whole(form, animate=animate)),
        )
        await hands.press("f7", "escape")
        assert styled == []
        await hands.press("ctrl+t", "f7")
        assert styled[:1] == ["desk-light"]
        assert hands.app.screen.styles.background.hex.lower() == theme.ROLES["ground"][1]
