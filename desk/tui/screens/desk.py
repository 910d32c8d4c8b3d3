"""The one screen: the strip, the board or the search on the left, the card or the call on the right, the keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import randint
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from desk.store import is_server
from desk.tui import strip
from desk.tui.cells import Piece
from desk.tui.context import InputContext
from desk.tui.desk_spots import desk_spots
from desk.tui.guarded import Guarded
from desk.tui.outage_card import OutageCard
from desk.tui.widgets.bars import KeyBar, TopStrip
from desk.tui.widgets.board import Board
from desk.tui.widgets.page import Page
from desk.tui.widgets.painted import Painted
from desk.tui.widgets.row import Pane
from desk.tui.widgets.words_line import Words

if TYPE_CHECKING:
    from textual.widgets import Input

    from desk.outages.board import Board as BoardFacts
    from desk.records import Ring
    from desk.tui.app import DeskApp
    from desk.tui.call_ending import CallEnding
    from desk.tui.call_flow import CallFlow
    from desk.tui.jump import Spot
    from desk.tui.lookup_flow import LookupFlow
    from desk.tui.outage_acts import OutageActs
    from desk.tui.ring_flow import RingFlow
    from desk.tui.widgets.ask import Ask
    from desk.tui.widgets.call_pane import CallPane
    from desk.tui.widgets.choice import Choice
    from desk.tui.widgets.lines import Lines
    from desk.tui.widgets.search import Search

WIDE = 100
FULL_REFRESH_BEATS = 240
BOARD_BEATS = 3  # between two readings: with many seats each change is read by all of them
ON_BOARD = frozenset({"outages", "marks"})


class DeskScreen(Guarded, Screen[None], inherit_bindings=False):
    """Board and card. The search, the call and the question are put in place once the board is painted (`ready`)."""

    app: DeskApp
    search: Search
    call: CallPane
    ask: Ask
    calls: CallFlow
    ending: CallEnding
    lookup: LookupFlow
    ringing: RingFlow

    def __init__(self, facts: BoardFacts, restored_hours: int) -> None:
        super().__init__()
        self.ready = False
        self.rooms: tuple[CallFlow | CallEnding | LookupFlow | RingFlow | OutageActs, ...] = ()
        self.held: list[events.Key | events.Paste] = []  # typed before the search and the call were in place
        self.card = Page(id="card", key="board.switch")
        self.status, self.keys, self.strip = Words(id="status"), KeyBar(), TopStrip()
        self.board = Board(facts, restored_hours)
        self._before_ask: Widget | None = None
        self._due, self._reloaded = 0, -BOARD_BEATS  # beats at which the board is to be read; at which it was
        self._spread = 0  # beats over which the seats of one server do so: not all two hundred at once
        self._on_right = False  # in a narrow terminal: the card or the call is the pane that is shown
        self.outage_card = OutageCard(self)

    def compose(self) -> ComposeResult:
        yield self.strip
        with Pane(id="panes"):
            with Pane(id="left"):
                yield self.board
            with Pane(id="right"):
                yield self.card
        yield self.status
        yield self.keys

    def on_mount(self) -> None:
        self._spread = BOARD_BEATS if is_server(self.app.desk.place.config.store_url) else 0
        self.set_class(Painted.ascii_lines, "-ascii")
        self.set_focus(self.board)
        self.show_strip()
        self.outage_card.show()
        self.show_status()
        self.app.show_keys()
        self.call_after_refresh(self.app.begin_idle, self._mount_rest)

    async def _mount_rest(self) -> None:
        from desk.tui.screens.desk_rest import put_in_place

        await put_in_place(self)

    def rings_moved(self, new: Sequence[Ring], gone: Sequence[Ring]) -> None:
        """Telephones ring, or ring no longer; told by `app.rings`."""
        if self.ready:
            self.ringing.moved(new, gone)

    @property
    def rings_waiting(self) -> int:
        """How many telephones ring that nobody has taken or on screen."""
        return self.ringing.count if self.ready else 0

    # what the app asks for

    def input_context(self) -> InputContext:
        """Where the keyboard is."""
        row = self.board.current
        call = self.calls.current if self.ready else None
        return InputContext(
            where=self._where(),
            typing=bool(self.focused and self.focused.check_consume_key("a", "a")),
            outage=row.id if row else "",
            stage=row.stage if row else "",
            open_call=call is not None,
            has_customer=bool(call and call.card),
            has_number=bool(call and call.number),
            waiting=len(self.calls.waiting) if self.ready else 0,
            narrow=self.is_narrow,
            may_write=self.app.desk.access.may("act_on_outage"),
        )

    def _where(self) -> str:
        if not self.ready:
            return "board"
        if self.ask.display:
            return "ask"
        if self.search.display:
            return "results"
        if self.call.display and (self.focused is None or self.call in self.focused.ancestors):
            return "call"
        return "card" if self.focused is self.card else "board"

    def open_card(self) -> tuple[str, bool]:
        """What the other seats see open here: the caller's card, or the outage beside the board."""
        where = self._where()
        call = self.calls.current if self.ready and self.call.display else None
        if call is not None:
            return (f"customer:{call.account_no}" if call.account_no else "", False)
        row = self.board.current
        shown = row is not None and where in ("board", "card", "ask") and (not self.is_narrow or self._on_right)
        return (f"outage:{row.id}" if row is not None and shown else "", False)

    def card_page(self) -> Page:
        """Where that card is shown."""
        return self.call.page if self.ready and self.call.display else self.card

    def begin_typing(self, character: str) -> bool:
        """A digit or a Chinese character typed on the board begins a search with it."""
        if self._where() not in ("board", "card") or not character.isprintable():
            return False
        if not (character.isdigit() or ord(character) > 0x2E80):
            return False
        self.lookup.lookup_open(character)
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Text pasted on the board is looked up."""
        words = " ".join(event.text.split())
        if words and self._where() in ("board", "card"):
            self.lookup.lookup_open(words)

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        self.keys.show(keys)

    def show_status(self) -> None:
        """The last message, or else the row under the cursor in full."""
        words, role = self.app.said
        row = self.board.current if self._where() in ("board", "card") else None
        found = self.search.results.current if self._where() == "results" else None
        now = self.app.desk.place.now()
        self.status.say(*((Piece(f" {words}", role),) if words else strip.status_pieces(found, row, now)))

    def show_strip(self) -> None:
        """The top strip, from the board, the calls and the store."""
        left, right = strip.notices(self.app, self.board.facts, self.calls.waiting_words() if self.ready else ())
        self.strip.show([*(self.ringing.notices() if self.ready else ()), *left], right)

    def copied(self) -> str:
        """What `y` takes: the field under the cursor, or the row."""
        where = self._where()
        if where == "results":
            found = self.search.results.current
            return found.customer.account_no if found else ""
        if where in ("card", "call"):
            current = (self.card if where == "card" else self.call.page).current
            return current.copy if current else ""
        row = self.board.current
        return strip.row_words(row, self.app.desk.place.now()) if row else ""

    def leave(self) -> bool:
        """May the app be left at once? With calls not saved it asks; their drafts are kept either way."""
        return not self.ready or self.calls.may_leave()

    def keep_calls(self, *, at_once: bool) -> None:
        """Keep what was typed in the open calls; `at_once` waits until it is stored."""
        if self.ready:
            self.calls.keep_all(at_once=at_once)

    def speak_again(self) -> None:
        """The language changed: the board's words of type come from the plugins."""
        self.call.say_labels()
        self.reload()
        self.show_strip()
        self.outage_card.show(again=True)
        self.calls.refresh_page()
        self.show_status()

    # the beat

    def beat(self, moved: frozenset[str], beats: int) -> None:
        """Four times a second: what others changed, and once a second the countdowns."""
        passed = beats % 4 == 0 and self.board.tick(self.app.desk.place.now())
        if passed or moved & ON_BOARD or beats % FULL_REFRESH_BEATS == 0:
            self._due = self._due or max(beats + randint(0, self._spread), self._reloaded + BOARD_BEATS)
        if self._due and beats >= self._due:
            self._due, self._reloaded = 0, beats
            self.reload()
        if beats % 4 == 0:
            self.show_strip()

    def reload(self) -> None:
        """Ask for the board again; only rows that moved are read."""
        self.app.go_last("board", self._reload)

    async def _reload(self) -> None:
        facts = await self.app.work.do(self.app.desk.outages.board)
        self.app.store_problem = ""
        self.board.take(facts)
        self.show_strip()
        self.outage_card.show()
        self.show_status()

    # the card of the outage under the cursor

    def on_lines_moved(self, event: Lines.Moved) -> None:
        self.show_status()
        searching = self._where() == "results"
        if searching and event.lines is self.search.results:
            self.lookup.preview(self.search.results.current)
        elif event.lines is self.board and not searching:
            self.outage_card.show()
            self.app.show_keys()

    # panes

    @property
    def is_narrow(self) -> bool:
        return self.size.width < WIDE

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < WIDE, "-narrow")
        self._arrange()
        self.show_keys(self.app.keymap.footer(self.app.context))

    def show_pane(self, pane: str) -> None:
        """Put one thing under the keyboard: board, search, card or call; beside it what belongs there.

        Only `display` is set, once for each widget: a class would have the styles of the whole tree
        made again (measured: 16 ms), and each step over another focus 5 ms.
        """
        was_searching = self.ready and self.search.display
        if self.ready:
            self.search.display, self.board.display = pane == "search", pane != "search"
            self.call.display, self.card.display = pane == "call", pane != "call"
        self._on_right = pane in ("card", "call")
        self._arrange()
        self.set_focus({"board": self.board, "card": self.card}.get(pane) or self._typed_into(pane))
        if was_searching and pane != "search":
            self.outage_card.show(again=True)

    def _typed_into(self, pane: str) -> Widget:
        return self.search.field if pane == "search" else self.call.note

    def _arrange(self) -> None:
        """One pane in a narrow terminal, both in a wide one."""
        left, right = self.query_one("#left"), self.query_one("#right")
        left.display = not (self.is_narrow and self._on_right)
        right.display = not self.is_narrow or self._on_right

    def board_switch(self) -> None:
        """From the board to the card or the open call, and back."""
        if self._where() != "board":
            self.desk_back()
        elif self.calls.current is not None:
            self.calls.show_current()
        elif self.board.current is not None:
            self.show_pane("card")

    board_card = board_switch

    def board_next_tab(self) -> None:
        self.board.turn(1)

    def board_previous_tab(self) -> None:
        self.board.turn(-1)

    def desk_back(self) -> None:
        """One step back: the question, the search, the call (its draft is kept) or the card."""
        if self.ask.display:
            self.close_ask()
            return
        self.calls.parked()
        self.show_pane("board")
        self.show_status()

    # asking

    def open_ask(self, *args: Any, **kwargs: Any) -> None:
        """Ask above the key bar (see `Ask.ask`), and remember where the keyboard was."""
        if not self.ask.display:
            self._before_ask = self.focused
        self.ask.ask(*args, **kwargs)

    def ask_yes(self) -> None:
        self.ask.on_yes(self.ask.answer())

    def close_ask(self) -> None:
        """Put the question away; the keyboard goes back where it was."""
        self.ask.close()
        self.set_focus(self._before_ask)
        self.app.show_keys()

    # jumping

    def jump_spots(self) -> Iterator[Spot]:
        """Where one can jump to."""
        return desk_spots(self)

    # moving and typing

    def move(self, command: str) -> None:
        """Move in the list or page that has the keyboard: up, down, page_up, page_down, first, last."""
        if self._where() == "call":
            if self.calls.current is not None:
                self.calls.touched(self.calls.current)
            page, step = self.call.page, {"up": -1, "down": 1, "page_up": -8, "page_down": 8}
            page.scroll_by(step.get(command, 0))
        else:
            targets: dict[str, Lines[Any] | Page] = {"results": self.search.results, "card": self.card}
            targets.get(self._where(), self.board).move(command)

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id == "query":
            self.lookup.search(event.value)
        elif event.input.id == "note":
            self.calls.edited()

    def on_choice_changed(self, event: Choice.Changed) -> None:
        if self.call in event.choice.ancestors:
            self.calls.edited()
            if event.by_digit and self.call.is_question(event.choice):
                self.ending.answered()
