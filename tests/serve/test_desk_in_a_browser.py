"""The desk in a real browser: signed in to, a call taken, the board changed by another seat, and left."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from browser_county import Served, build, serving
from chrome import CHROMIUM, Browser, Tab
from served import PASSWORD, free_port

from desk.access.services import as_service
from desk.text import cell_width

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here")

PICTURES = os.environ.get("DESK_TEST_PICTURES")  # a folder for screenshots, for whoever wants to look


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(build(tmp_path_factory.mktemp("county"))) as served:
        yield served


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(county: Served, browser: Browser) -> str:
    """An open desk: 张三 at seat 3. Each test leaves it as it was found."""

    async def open_desk() -> str:
        async with signed_in(county, browser, "3") as tab:
            assert tab.complaints == []
            assert {address.split("/")[2] for address in tab.requests} == {f"127.0.0.1:{county.port}"}
            return tab.id

    return asyncio.run(open_desk())


@pytest.fixture
async def tab(browser: Browser, page: str) -> AsyncIterator[Tab]:
    async with browser.page(page) as opened:
        yield opened


@asynccontextmanager
async def signed_in(county: Served, browser: Browser, seat: str) -> AsyncIterator[Tab]:
    """A page in which 张三 has signed in."""
    async with browser.tab() as tab:
        await tab.open(f"{county.origin}/")
        await tab.wait("!!document.querySelector('[name=seat]')")
        await picture(tab, "sign-in")
        for name, words in {"name": "张三", "password": PASSWORD, "seat": seat}.items():
            await tab.ask(f"document.querySelector('[name={name}]').select()")
            await tab.put(words)
        await tab.key("Enter")
        await tab.sees("F1", "东湖镇一带")
        await picture(tab, f"board-{seat}")
        yield tab


async def picture(tab: Tab, name: str) -> None:
    if PICTURES:
        await asyncio.sleep(0.3)
        await tab.picture(Path(PICTURES) / f"{name}.png")


async def test_an_agent_signs_in_takes_a_call_and_it_is_stored(county, tab):
    with county.desk() as other:
        as_service(other.place, "telephone")
        other.rings.ring("13800138001", seat="3")
        await tab.sees("王建国", "话术")
        await compose(tab, "楼道也没电")
        lines = await tab.sees("楼道也没电")
        row = next(line for line in lines.splitlines() if "楼道也没电" in line)
        # The window of the input method opens where the browser thinks the cursor is.
        caret = await tab.ask("deskTerminal.buffer.active.cursorX")
        assert caret == cell_width(row[: row.index("楼道也没电")] + "楼道也没电")
        await picture(tab, "call")
        await tab.key("Enter")
        await tab.sees("已保存")
        (call,) = other.place.calls_table.all()

    assert (call.account_no, call.note, call.agent, call.seat) == ("6400100001", "楼道也没电", "张三", "3")
    assert tab.complaints == tab.requests == []


async def compose(tab: Tab, words: str) -> None:
    """Type as an input method does: letters that are not there yet, then the Chinese they stand for."""
    for letters in ("l", "lou", "lou'dao"):
        await tab.do("Input.imeSetComposition", text=letters, selectionStart=len(letters), selectionEnd=len(letters))
    await tab.put(words)


async def test_the_board_shows_what_another_seat_opens(county, tab):
    outage = {"type": "grid_fault", "transformer_areas": ["T2"], "cause": "车辆撞杆", "area": "西山村全村"}
    file = county.folder / "outage.json"
    file.write_text(json.dumps(outage), encoding="utf-8")
    await asyncio.to_thread(county.run, "outage", "open", str(file))

    await tab.sees("西山村全村", seconds=10)
    await picture(tab, "two-outages")


async def test_chinese_stands_in_cells_that_are_two_wide(tab):
    widths = await tab.ask(
        """(() => {
          const cell = deskTerminal._core._renderService.dimensions.css.cell.width;
          const canvas = document.createElement("canvas").getContext("2d");
          canvas.font = `16px ${deskTerminal.options.fontFamily}`;
          return [cell, canvas.measureText("电").width, canvas.measureText("W").width];
        })()"""
    )

    cell, chinese, latin = widths
    assert latin == pytest.approx(cell, abs=1)
    assert chinese <= 2 * cell + 0.5


async def test_several_lines_pasted_into_a_field_are_one_and_nothing_is_pressed(tab):
    await tab.key("F2")
    await asyncio.sleep(0.2)
    await tab.ask("deskTerminal.paste('东湖镇\\n幸福路2号\\n')")

    await tab.sees("东湖镇 幸福路2号", "李秀英")
    await tab.key("Escape")
    await tab.sees("F7")


async def test_what_is_copied_is_the_browsers_to_paste(tab):
    await tab.ask("navigator.clipboard.writeText = async (words) => { window.copied = words; }; 0")
    await tab.key("y")

    assert "东湖镇一带" in await tab.wait("window.copied")


async def test_a_window_of_another_size_is_drawn_anew(tab):
    before = await tab.ask("deskTerminal.cols")
    await tab.do("Emulation.setDeviceMetricsOverride", width=860, height=560, deviceScaleFactor=1, mobile=False)
    await tab.wait(f"deskTerminal.cols < {before}")
    columns, rows = await tab.ask("[deskTerminal.cols, deskTerminal.rows]")
    await tab.wait(f"deskTerminal.buffer.active.getLine({rows - 1}).translateToString(true).includes('F1')")
    await picture(tab, "narrow")

    assert columns >= 80


async def test_who_leaves_the_desk_may_open_it_again_or_sign_out(county, browser):
    async with signed_in(county, browser, "8") as tab:
        await tab.key("F10")
        await tab.wait("!document.querySelector('#ended').hidden")
        shown = "[...document.querySelectorAll('#ended p:not([hidden])')].map((line) => line.dataset.code).join()"
        assert await tab.ask(shown) == "4000"
        await picture(tab, "left")
        await tab.ask("window.deskTerminal = null; document.querySelector('#again').click()")
        await tab.sees("东湖镇一带")
        await tab.ask("document.querySelector('#leave button').click()")
        await tab.wait("!!document.querySelector('[name=password]')")

        assert tab.dialogs == []
        assert await tab.ask("document.querySelector('[name=seat]').value") == "8"


async def test_another_sites_page_is_asked_about_before_and_gets_no_screen(county, tab):
    async with foreign_page() as address:
        await tab.key("Tab")
        await tab.open(address)
        await tab.wait(f"document.readyState == 'complete' && location.href == '{address}'")
        heard = await tab.ask(
            f"""new Promise((told) => {{
              const socket = new WebSocket("ws://127.0.0.1:{county.port}/ws?width=80&height=24");
              socket.onmessage = () => told("a frame");
              socket.onclose = () => told("closed");
            }})"""
        )

    assert (tab.dialogs, heard) == (["beforeunload"], "closed")


@asynccontextmanager
async def foreign_page() -> AsyncIterator[str]:
    """The address of a page on another site."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="<p>", content_type="text/html")

    app, port = web.Application(), free_port()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://localhost:{port}/"
    await runner.cleanup()
