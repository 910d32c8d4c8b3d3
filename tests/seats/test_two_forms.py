"""One outage in the forms of two seats: edits of different fields meet, those of one field are decided by key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from seat_county import NOW, fault
from seat_screens import NARROW, Hands, at_seat

from desk.app import Desk
from desk.outages import OutageChange
from desk.records import Outage, Scope
from desk.tui.form_edits import as_fields, rebase
from desk.tui.typed_outage import typed_from

Sit = Callable[..., Desk]


async def test_a_cause_saved_elsewhere_comes_into_the_form_and_both_edits_are_saved(desk: Desk, sit: Sit) -> None:
    outage = fault(desk)
    mine, other = sit("2", "张三"), sit("3", "李四")
    async with at_seat(mine) as hands:
        await hands.press("e", "ctrl+u")
        await hands.type("+3h")
        other.outages.change(outage.id, OutageChange(reason="原因查明", cause="外力破坏"))
        await hands.sees("外力破坏")
        await hands.press("tab")
        await hands.type("delayed")
        await hands.press("f9", "f9")
    after = desk.outages.get(outage.id)
    assert (after.cause, after.planned_end) == ("外力破坏", NOW + timedelta(hours=3))


async def test_their_version_is_taken_by_a_key_also_in_a_narrow_terminal(desk: Desk, sit: Sit) -> None:
    outage = fault(desk)
    mine, other = sit("2", "张三"), sit("3", "李四")
    async with at_seat(mine, NARROW) as hands:
        await hands.press("e", "ctrl+u")
        await hands.type("+3h")
        other.outages.change(outage.id, OutageChange(reason="又查", end=NOW + timedelta(hours=5)))
        await hands.sees("12-01 13:00")
        assert "12-01 11:00" in hands.text()
        await hands.press("f6")
        await hands.misses("12-01 11:00")
        assert hands.app.context.conflicts == 0


async def test_what_hangs_on_times_moved_elsewhere_is_shown_again_before_it_is_saved(desk: Desk, sit: Sit) -> None:
    outage = fault(desk)
    mine, other = sit("2", "张三"), sit("3", "李四")
    end = NOW + timedelta(hours=6)
    async with at_seat(mine) as hands:
        await hands.press("e", "tab")
        await hands.type("words")
        hands.app.screen.fields.texts["cause"].set_text("外力破坏")
        async with unnoticed(hands):
            other.outages.change(outage.id, OutageChange(reason="延长", end=end))
        await hands.press("f9")
        assert desk.outages.get(outage.id).cause == "树障"
        await hands.sees("see what it means now")
        await hands.press("f9")
        for _turn in range(100):
            if desk.outages.get(outage.id).cause != "树障":
                break
            await hands.pilot.pause(0.1)
            if _turn % 10 == 9:
                await hands.press("f9")  # on a busy machine the first came before the preview
    after = desk.outages.get(outage.id)
    assert (after.cause, after.planned_end) == ("外力破坏", end)


@asynccontextmanager
async def unnoticed(hands: Hands) -> AsyncIterator[None]:
    """What is stored meanwhile the form does not see before F9."""
    others = hands.app.screen.others
    follow, others.follow, began = others.follow, partial(asyncio.sleep, 0), others._version
    yield
    while others._version == began:
        await hands.pilot.pause(0.05)
    others.follow = follow


def opened(**values: object) -> Outage:
    from msgspec.structs import replace

    from desk.records import Change, Status

    base = Outage(
        id="O1",
        type="grid_fault",
        status=Status.CONFIRMED,
        scope=Scope(feeders=("城东线",)),
        received_at=NOW,
        opened_at=NOW,
        actual_start=NOW,
        etr=NOW + timedelta(hours=2),
        cause="一",
        area="城东",
        history=(Change(at=NOW, act="open", by="张三"),),
    )
    return replace(base, **values)


def test_a_relative_time_that_comes_to_what_is_stored_is_no_conflict() -> None:
    before, after = opened(), opened(etr=NOW + timedelta(hours=3))
    filled, typed = typed_from(before, NOW), typed_from(before, NOW)
    typed.end = "+3h"
    found = rebase(filled, before, after, typed, NOW)
    assert found.conflicts == ()


def test_a_scope_chosen_by_both_is_asked_about_and_a_danger_seen_elsewhere_is_taken() -> None:
    before = opened()
    after = opened(scope=Scope(accounts=("100001",)), danger_to_life=True)
    filled, typed = typed_from(before, NOW), typed_from(before, NOW)
    typed.scope = []
    found = rebase(filled, before, after, typed, NOW)
    assert [one.field for one in found.conflicts] == ["scope"]
    assert found.taken == {"danger": True}
    assert as_fields(typed)["scope"] == []
