"""Paper at the desk: printed under one bar that can be stopped, what came back with its scan, what the media carry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from desk.app import Desk
from desk.outages import OutageRequest
from desk.records import Duty, DutyState

pytest.importorskip("typst", reason="the extra `print` is not installed")

OpenDesk = Callable[..., Any]
PLAN = "O3"
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A plan over the whole of a feeder, approved, with a hospital below it."""
    now = desk.place.now()
    plan = OutageRequest(
        type="planned_maintenance",
        feeders=("南河线",),
        planned_start=now + timedelta(days=10),
        planned_end=now + timedelta(days=10, hours=4),
        cause="检修",
        area="南河镇",
    )
    desk.outages.open(plan)
    approve(desk)
    return desk


@pytest.fixture
def slip(tmp_path: Path) -> Path:
    file = tmp_path / "扫描 1.pdf"
    file.write_bytes(b"%PDF-1.7\n a slip with a signature")
    return file


def approve(desk: Desk) -> None:
    for step in desk.notices.approvals(PLAN):
        desk.notices.approve(PLAN, step.step, by="李局", mode="phone")


async def at_the_papers(hands: Any) -> Any:
    """The paper screen of the plan."""
    from desk.tui.screens.paper import PaperScreen

    await hands.app.push_screen(PaperScreen(PLAN))
    await hands.settle()
    return hands.app.screen


async def on_row(hands: Any, name: str) -> Duty:
    """Put the cursor on the paper for `name`."""
    rows = hands.app.screen.list.rows
    at = next(at for at, row in enumerate(rows) if row.notice and row.notice.stop.name == name)
    hands.app.screen.list.move_to(at)
    await hands.settle()
    return rows[at].duty  # type: ignore[no-any-return]


async def into(hands: Any, folder: Path) -> None:
    """Answer where the files go."""
    hands.app.screen.ask.query_one("#ask-field").set_text(str(folder))
    await hands.press("enter")


async def said(hands: Any, words: str) -> None:
    """Wait until the screen says `words`."""
    for _look in range(60):
        if words in hands.text():
            return
        await hands.settle(0.1)
    raise AssertionError(hands.text())


@SIZES
async def test_one_key_shows_an_outages_papers_the_public_first(open_desk: OpenDesk, size: tuple[int, int]) -> None:
    async with open_desk(size) as hands:
        await hands.press("tab", "end")
        assert hands.app.context.outage == PLAN
        await hands.press("z")
        assert hands.app.context.where == "paper"
        rows = hands.app.screen.list.rows
        assert [bool(row.notice) for row in rows] == sorted(bool(row.notice) for row in rows)
        for words in ("to publish", "县人民医院", "to print", "城关供电所", "停电公告", "南河镇"):
            assert words in hands.text()
        assert max(map(len, hands.lines())) <= size[0]
        await hands.press("z")
        assert hands.app.context.where == "board"


@SIZES
async def test_notices_are_printed_and_the_screen_says_where(
    desk: Desk, open_desk: OpenDesk, tmp_path: Path, size: tuple[int, int]
) -> None:
    count = len(desk.paper.notices(PLAN))
    async with open_desk(size) as hands:
        await at_the_papers(hands)
        await hands.press("p")
        await into(hands, tmp_path / "out")
        await said(hands, f"{count} notices printed")
        assert "to deliver" in hands.text()
        assert "to print" not in hands.text()
    assert list((tmp_path / "out").glob("*.pdf"))


async def test_a_print_that_is_stopped_leaves_nothing(
    desk: Desk, open_desk: OpenDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, pdf = Event(), Event(), desk.paper.press.pdf

    def slowly(*asked: Any) -> Any:
        begun.set()
        assert go_on.wait(10)
        return pdf(*asked)

    monkeypatch.setattr(desk.paper.press, "pdf", slowly)
    async with open_desk((80, 24)) as hands:
        await at_the_papers(hands)
        await hands.press("p")
        hands.app.screen.ask.query_one("#ask-field").set_text(str(tmp_path / "out"))
        await hands.pilot.press("enter")
        while not begun.is_set():
            await hands.pilot.pause(0.02)
        await hands.pilot.pause(0.1)
        assert "0%" in hands.text()
        assert "F8 Cancel print" in hands.text()
        await hands.pilot.press("f8")
        go_on.set()
        await said(hands, "Cancelled: nothing was written.")
        assert "to deliver" not in hands.text()
    assert not (tmp_path / "out").exists()


async def test_a_second_print_takes_only_what_is_new(desk: Desk, open_desk: OpenDesk, tmp_path: Path) -> None:
    first = desk.paper.notices(PLAN)[0].duty.id
    desk.paper.print_notices(PLAN, tmp_path / "first", only=[first])
    left = len(desk.paper.notices(PLAN)) - 1
    async with open_desk((100, 30)) as hands:
        await at_the_papers(hands)
        await hands.press("p")
        assert f"only the {left} not printed yet" in hands.text()
        await hands.press("enter")
        await into(hands, tmp_path / "out")
        await said(hands, f"{left} notices printed")
    assert {one.printed.times for one in desk.paper.notices(PLAN) if one.printed} == {1}


async def test_what_is_not_approved_is_said_before_and_after_it_is_printed(
    desk: Desk, open_desk: OpenDesk, tmp_path: Path
) -> None:
    start = desk.place.now() + timedelta(days=12)
    desk.outages.open(
        OutageRequest(
            type="planned_maintenance",
            feeders=("南河线",),
            planned_start=start,
            planned_end=start + timedelta(hours=2),
            cause="检修",
            area="南河镇",
        )
    )
    from desk.tui.screens.paper import PaperScreen

    async with open_desk((120, 30)) as hands:
        await hands.app.push_screen(PaperScreen("O4"))
        await hands.settle()
        assert "! not approved" in hands.text()
        await hands.press("p")
        await into(hands, tmp_path / "out")
        await said(hands, "are drafts, not to be delivered")


async def test_a_folder_that_cannot_be_written_is_one_sentence(open_desk: OpenDesk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    async with open_desk((120, 30)) as hands:
        await at_the_papers(hands)
        await hands.press("p")
        await into(hands, tmp_path / "file" / "below")
        await said(hands, "cannot be written")


@SIZES
async def test_a_signed_slip_is_written_down_with_its_scan(
    desk: Desk, open_desk: OpenDesk, slip: Path, size: tuple[int, int]
) -> None:
    async with open_desk(size) as hands:
        screen = await at_the_papers(hands)
        duty = await on_row(hands, "县人民医院")
        await hands.press("enter", "tab")
        await hands.type("王主任")
        await hands.press("tab")
        await hands.type(f"'{slip}'")
        await hands.press("f9")
        assert hands.app.screen is screen
        assert duty.id not in [row.id for row in screen.list.rows]
        await hands.press("s")
        assert "signed for" in hands.text()
        await on_row(hands, "县人民医院")
        assert "attachments" in hands.text()
    done = desk.notices.get(duty.id)
    assert (done.state, done.evidence[-1].person) == (DutyState.DONE, "王主任")
    assert desk.paper.scans(done)[0].read_bytes() == slip.read_bytes()


async def test_a_refusal_asks_for_its_witness_and_keeps_what_was_typed(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((80, 24)) as hands:
        await at_the_papers(hands)
        duty = await on_row(hands, "县人民医院")
        await hands.press("enter", "2", "f9")
        assert hands.app.context.where == "settle"
        assert desk.notices.get(duty.id).state is DutyState.PENDING
        await hands.type("社区李书记")
        await hands.press("f9")
    done = desk.notices.get(duty.id)
    assert (done.state, done.evidence[-1].result) == (DutyState.REFUSED, "signed_refused_with_witness")
    assert done.evidence[-1].person == "社区李书记"


async def test_nobody_there_is_written_down_and_the_notice_stays_open(desk: Desk, open_desk: OpenDesk) -> None:
    async with open_desk((100, 30)) as hands:
        await at_the_papers(hands)
        duty = await on_row(hands, "县人民医院")
        await hands.press("e")
        fields = hands.app.screen.fields
        fields.choices["result"].choose([value for value, _w in fields.choices["result"].options].index("absent"))
        await hands.press("f9")
        assert "nobody was there" in hands.text()
    assert desk.notices.get(duty.id).state is DutyState.ATTEMPTED


async def test_what_is_no_scan_is_refused_in_a_sentence_and_nothing_is_lost(
    desk: Desk, open_desk: OpenDesk, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    async with open_desk((80, 24)) as hands:
        await at_the_papers(hands)
        duty = await on_row(hands, "县人民医院")
        await hands.press("enter", "tab")
        await hands.type("王主任")
        await hands.press("tab")
        await hands.type(str(tmp_path / "notes.txt"))
        await hands.press("f9")
        assert "neither a PDF nor a picture" in hands.text()
        assert "王主任" in hands.text()
    assert desk.notices.get(duty.id).state is DutyState.PENDING


async def test_the_rounds_of_one_branch_are_printed(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk((100, 30)) as hands:
        await at_the_papers(hands)
        await hands.press("r", "3")
        assert "< 城关供电所 >" in hands.text()
        await hands.press("enter")
        await into(hands, tmp_path / "out")
        await said(hands, "delivery rounds.pdf")
    assert [file.name for file in (tmp_path / "out").iterdir()] == [f"{PLAN} 城关供电所 delivery rounds.pdf"]


async def test_the_approval_form_is_printed(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk((100, 30)) as hands:
        await at_the_papers(hands)
        await hands.press("f", "enter")
        await into(hands, tmp_path / "out")
        await said(hands, "approval form.pdf")
    assert (tmp_path / "out" / f"{PLAN} approval form.pdf").read_bytes().startswith(b"%PDF")


@SIZES
async def test_the_announcement_is_printed_as_a_page_and_where_it_appeared_is_written_down(
    desk: Desk, open_desk: OpenDesk, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(size) as hands:
        await at_the_papers(hands)
        duty = hands.app.screen.list.current.duty
        await hands.press("o")
        await into(hands, tmp_path / "out")
        await said(hands, "printed: ")
        assert [file.suffix for file in (tmp_path / "out").iterdir()] == [".pdf"]
        await hands.press("enter", "f9")
        assert "Name the medium" in hands.text()
        await hands.type("县电视台")
        await hands.press("tab")
        await hands.type("11月24日 19:30")
        await hands.press("f9")
        assert hands.app.context.where == "paper", hands.text()
    done = desk.notices.get(duty.id)
    assert (done.state, done.evidence[-1].person) == (DutyState.DONE, "县电视台")
    assert done.evidence[-1].hash


async def test_a_role_that_may_write_nothing_down_sees_the_papers_without_the_acts(
    desk: Desk, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(desk.access), "may", lambda _self, right: right != "settle_duty")
    async with open_desk((100, 30)) as hands:
        await at_the_papers(hands)
        assert "县人民医院" in hands.text()
        await hands.press("p", "enter")
        assert hands.app.context.where == "paper"
        assert not hands.app.context.asking
