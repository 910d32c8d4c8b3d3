"""Messages and channels on screen: previewed, confirmed, decided; a channel made from five answers and set up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.app import Desk
from desk.records import AttemptState, Batch, Message, Recipient

OpenDesk = Callable[..., Any]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@pytest.fixture
def messages(desk: Desk) -> list[Message]:
    """One nobody knows about, one held, one that arrived."""
    states = (AttemptState.UNKNOWN, AttemptState.HELD, AttemptState.DELIVERED)
    made = [
        Message(
            id="",
            outage="O1",
            recipient=Recipient(kind="customer", id=f"1000{n}", name=f"客户{n}"),
            account_no=f"1000{n}",
            channel="sms",
            family="sms",
            address="13800138000",
            body="城东线明日8时停电",
            made_at=desk.place.now(),
            state=state,
        )
        for n, state in enumerate(states)
    ]
    return desk.outbox.add(made)


@SIZES
async def test_messages_are_listed_with_where_they_stand_and_numbers_masked(
    open_desk: OpenDesk, messages: list[Message], size: tuple[int, int]
) -> None:
    async with open_desk(size) as hands:
        await hands.press("m")
        assert hands.app.context.where == "messages"
        for word in ("nobody knows", "held", "delivered", "客户0"):
            assert word in hands.text()
        assert "13800138000" not in hands.text()
        await hands.press("m")
        assert hands.app.context.where == "board"
    assert len(messages) == 3


async def test_a_person_decides_what_nobody_knows(desk: Desk, open_desk: OpenDesk, messages: list[Message]) -> None:
    unknown = messages[0]
    async with open_desk((100, 30)) as hands:
        await hands.press("m", "s")
        assert hands.app.screen.list.current.message.id == unknown.id
        await hands.press("1")
        await hands.type("called back")
        await hands.press("enter")
    assert desk.outbox.get(unknown.id).message.state is AttemptState.DELIVERED


async def test_one_that_has_not_gone_out_is_called_off_with_a_reason(
    desk: Desk, open_desk: OpenDesk, messages: list[Message]
) -> None:
    async with open_desk((100, 30)) as hands:
        await hands.press("m", "s", "s", "x")
        await hands.type("wrong text")
        await hands.press("enter")
    assert desk.outbox.get(messages[1].id).message.state is AttemptState.CANCELLED


async def test_a_large_sending_waits_for_a_second_person(desk: Desk, open_desk: OpenDesk) -> None:
    batch = Batch(
        id="B1", outage="O1", at=desk.place.now(), by="li", people=3000, parts=6000, price=120, needs_confirmation=True
    )
    desk.outbox.add([], [batch])
    async with open_desk((120, 30)) as hands:
        await hands.press("m")
        assert "1 sending to confirm" in hands.text()
        await hands.press("c")
        assert "3,000 people" in hands.text()
        await hands.press("enter")
        assert "1 sending to confirm" not in hands.text()
    assert desk.outbox.batches() == []


@SIZES
async def test_a_sending_is_previewed_with_whom_people_must_tell(open_desk: OpenDesk, size: tuple[int, int]) -> None:
    async with open_desk(size) as hands:
        await hands.press("down", "up", "j")
        assert hands.app.context.where == "sending"
        assert "Left to people" in hands.text()
        await hands.press("escape")
        assert hands.app.context.where == "board"


async def test_a_channel_is_made_from_five_answers_and_is_there_at_once(
    desk: Desk, open_desk: OpenDesk, tmp_path: Path
) -> None:
    async with open_desk((110, 40)) as hands:
        await hands.press("p", "n")
        await hands.type("pager")
        await hands.press("tab")
        await hands.type("Pager")
        assert "kind" in hands.text()
        await hands.press("f9")
        assert hands.app.context.where == "plugins"
        assert "pager.toml" in hands.text()
    assert (tmp_path / "county" / "plugins" / "pager.toml").is_file()
    assert "pager" in desk.place.plugins.channel_types


async def test_a_wrong_answer_is_said_beside_its_question_and_writes_nothing(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    async with open_desk((110, 40)) as hands:
        await hands.press("p", "n")
        await hands.type("Two Words")
        assert "name must be small letters" in hands.text()
        await hands.press("f9")
        assert hands.app.context.where == "new_channel"
    assert not (tmp_path / "county" / "plugins").exists()


async def test_settings_are_saved_into_the_file_with_its_comments(open_desk: OpenDesk, tmp_path: Path) -> None:
    file = tmp_path / "county" / "config.toml"
    file.write_text(file.read_text(encoding="utf-8") + "# ours\n", encoding="utf-8")
    async with open_desk((110, 40)) as hands:
        await hands.press("p", "s")
        screen = hands.app.screen
        screen.list.move_to([row.name for row in screen.list.rows].index("smpp"))
        await hands.press("e")
        assert hands.app.context.where == "channel_settings"
        fields = hands.app.screen.fields.texts
        values = {"host": "127.0.0.1", "port": "2775", "system_id": "county", "password": '{env = "SMS_PASSWORD"}'}
        for name, value in values.items():
            fields[name].set_text(value)
        await hands.press("f9")
        assert hands.app.context.where == "plugins", hands.text()
    text = file.read_text(encoding="utf-8")
    assert "# ours" in text
    assert 'password = {env = "SMS_PASSWORD"}' in text


async def test_a_channel_is_checked_and_tried_without_sending(open_desk: OpenDesk) -> None:
    async with open_desk((110, 40)) as hands:
        await hands.press("p", "s")
        screen = hands.app.screen
        screen.list.move_to([row.name for row in screen.list.rows].index("phone"))
        await hands.press("v")
        await hands.type("13800138000")
        await hands.press("enter")
        assert "nothing did" in hands.text()
        await hands.press("c")
        await hands.settle(0.5)
        assert "+ phone" in hands.text()


async def test_what_stops_the_sending_stands_in_the_strip_and_in_full_on_the_screen(
    desk: Desk, open_desk: OpenDesk
) -> None:
    desk.outbox.trouble = "the message table cannot be written: the disk is full"
    async with open_desk((120, 30)) as hands:
        for _look in range(60):
            if "Sending stopped" in hands.lines()[0]:
                break
            await hands.settle(0.1)
        assert "! Sending stopped: the message table" in hands.lines()[0]
        await hands.press("m")
        assert desk.outbox.trouble in hands.text()
