"""What is not seen of the one screen at first: the search, the call, the question, and what carries commands out.

Imported and put in place once the board has been painted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.tui.call_ending import CallEnding
from desk.tui.call_flow import CallFlow
from desk.tui.lookup_flow import LookupFlow
from desk.tui.outage_acts import OutageActs
from desk.tui.ring_flow import RingFlow
from desk.tui.widgets.ask import Ask
from desk.tui.widgets.call_pane import CallPane
from desk.tui.widgets.search import Search
from desk.tui.words import hazards, trouble_codes

if TYPE_CHECKING:
    from desk.tui.screens.desk import DeskScreen


async def put_in_place(screen: DeskScreen) -> None:
    """Mount the rest, hear what was typed meanwhile, then take up what was left unsaved and what rings."""
    screen.search, screen.call, screen.ask = Search(), CallPane(), Ask()
    await screen.query_one("#left").mount(screen.search)
    await screen.query_one("#right").mount(screen.call)
    await screen.mount(screen.ask, before=screen.status)
    screen.calls = CallFlow(screen)
    screen.lookup = LookupFlow(screen, screen.calls)
    screen.ringing, screen.ending = RingFlow(screen, screen.calls, screen.lookup), CallEnding(screen, screen.calls)
    screen.rooms = (screen.calls, screen.ending, screen.lookup, screen.ringing, OutageActs(screen))
    screen.app.screens.keep()
    screen.ready = True
    screen.app.show_keys()
    screen.app.go(_take_up, screen)
    screen.app.go(_warm, screen)
    for event in screen.held:
        screen.app.post_message(event)


async def _take_up(screen: DeskScreen) -> None:
    await screen.calls.read_drafts()
    screen.rings_moved(screen.app.rings.waiting, ())


async def _warm(screen: DeskScreen) -> None:
    """The first search, script and triage load their libraries: here, not while a caller waits."""
    desk, work = screen.app.desk, screen.app.work
    if not desk.access.may("look_up"):
        return
    await work.look(desk.calls.find, "1", 1)
    await work.do(desk.taking.script, None, None)
    await work.look(lambda: (desk.triage, trouble_codes(), hazards()))
