"""The outage form as it knows the regulation: facts of the type, duties and approvals before anything is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk.app import Desk
from desk.tui.duty_preview import Group, group_lines

OpenDesk = Callable[..., Any]


async def choose_type(hands: Any, name: str) -> None:
    await hands.press("f7", "shift+tab")
    while hands.app.screen.fields.type.value != name:
        await hands.press("right")
    await hands.press("tab")


async def fill(hands: Any, *texts: str) -> None:
    """Type into one field after the other."""
    for number, text in enumerate(texts):
        if number:
            await hands.press("tab")
        await hands.type(text)


async def test_a_plan_shows_its_duties_and_its_last_moment_to_approve_before_it_is_saved(
    desk: Desk, open_desk: OpenDesk
) -> None:
    async with open_desk((120, 40)) as hands:
        await choose_type(hands, "planned_maintenance")
        await hands.type("南河")
        await hands.press("enter", "tab")
        await fill(hands, "12-03 8:00", "+6h", "检修", "南河镇")
        await hands.settle(0.3)
        text = hands.text()
        assert "6 customers" in text
        assert "medal" in text
        assert "城关供电所" in text
        assert "last moment 11-26 08:00" in text
        assert "9.3" in text
        assert "9.4" in text
        assert len(desk.outages.listed()) == 2
        await hands.press("f9")
        assert hands.keys <= 12
        shown = text[text.index("duties") - 4 :].split()[0]
        assert int(shown) == len(desk.notices.of("O3"))


async def test_what_is_missed_already_is_red_and_carries_a_sign(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await choose_type(hands, "planned_maintenance")
        await hands.type("南河")
        await hands.press("enter", "tab")
        await fill(hands, "11-26 8:00", "+6h", "检修", "南河镇")
        await hands.settle(0.3)
        assert "missed already" in hands.text()
        assert "the last moment was" in hands.text()
        assert any("!9.1" in line for line in hands.lines())
        assert len(desk.outages.listed()) == 2


def test_a_missed_group_is_painted_in_the_role_of_the_overdue(desk: Desk) -> None:
    now = desk.place.now()
    late = Group(("9.3",), "written notice", now.replace(day=20), "marketing", 3)
    (painted,) = group_lines([late], now, 80)
    assert painted.pieces[0] == ("!9.3      ", "overdue")
    assert {piece.role for piece in painted.pieces} >= {"overdue"}


async def test_the_approvals_that_come_with_a_plan_are_saved_with_it(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await choose_type(hands, "planned_maintenance")
        await hands.type("南河")
        await hands.press("enter", "tab")
        await fill(hands, "12-03 8:00", "+6h", "检修", "南河镇")
        form = hands.app.screen
        form.set_focus(form.fields.texts["approved_by"])
        steps = len(desk.notices.approvals("O2"))
        await hands.type(",".join(["张海", "周立", "吴芳", "郑伟", "李建国"][:steps]))
        await hands.press("f9")
        given = desk.notices.approvals("O3")
        assert [step.by for step in given][:2] == ["张海", "周立"]
        assert {step.mode for step in given if step.by} == {"written"}


async def test_each_type_asks_for_its_own_facts_and_refuses_without_them(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await choose_type(hands, "arrears")
        await hands.type("6400100003")
        await hands.press("enter", "tab")
        await fill(hands, "12-03 8:00")
        form = hands.app.screen
        form.set_focus(form.fields.facts.field("overdue_days"))
        await hands.type("20")
        await hands.press("f9")
        assert "30" in hands.text()
        assert form.focused is form.fields.facts.field("overdue_days")
        await hands.pilot.press("ctrl+u")
        await hands.type("45")
        form.set_focus(form.fields.facts.field("demands"))
        await hands.type("2")
        await hands.press("f9")
        assert desk.outages.get("O3").facts["overdue_days"] == 45


async def test_a_change_shows_who_must_be_told_before_it_is_saved_in_five_keys(desk: Desk, open_desk: OpenDesk) -> None:
    for step in desk.notices.approvals("O2"):
        desk.notices.approve("O2", step.step, by="李局", mode="written")
    for duty in desk.notices.of("O2"):
        if duty.recipient.kind == "branch":
            desk.notices.settle(duty.id, "delivered")
    async with open_desk((80, 24)) as hands:
        await hands.press("right", "e")
        keys = hands.keys - 1
        await hands.press("ctrl+u")
        await hands.type("11-24 16:00")
        await hands.settle(0.3)
        assert "Must be told of the change: " in hands.text()
        await hands.press("tab")
        await hands.type("备品未到")
        await hands.press("f9")
        assert hands.keys - keys <= 5
        assert desk.outages.get("O2").history[-1].reason == "备品未到"
        assert [duty for duty in desk.notices.of("O2") if "desk:changed" in duty.rules]
