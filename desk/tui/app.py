"""The desk's screen: the app that holds the desk, hears the keys, and beats four times a second."""

from __future__ import annotations

import gc
import os
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec

from msgspec.structs import replace
from textual import events
from textual.app import App
from textual.screen import Screen
from textual.widget import AwaitMount
from textual.worker import Worker

from desk.errors import DeskError
from desk.i18n import _
from desk.opening import is_sandbox
from desk.tui import theme
from desk.tui.command import Command
from desk.tui.commands import BY_ID, Keymap
from desk.tui.company import Company
from desk.tui.context import InputContext
from desk.tui.fault_log import FaultLog
from desk.tui.faults import Faults
from desk.tui.guarded import Guarded
from desk.tui.jump import Jump
from desk.tui.locking import Locking
from desk.tui.looks import Look, Looks
from desk.tui.open_screens import Screens
from desk.tui.ring_watch import RingWatch
from desk.tui.standing import Standing
from desk.tui.store_line import StoreLine
from desk.tui.store_watch import StoreWatch
from desk.tui.watchdog import Watchdog, is_debugging
from desk.tui.widgets.painted import Painted
from desk.tui.work import Work

if TYPE_CHECKING:
    from textual.driver import Driver

    from desk.app import Desk
    from desk.outages.board import Board
    from desk.plugins.host import PluginRow

P = ParamSpec("P")

OVER_DOORS = frozenset({"password"})  # where nobody is in yet, one may have to choose a password first
BEAT = 0.25
BEATS_A_SECOND = 4
SAID_SECONDS = 8


class DeskApp(Guarded, App[None], inherit_bindings=False):
    """One desk on one terminal. `commands` decides what a key means; Textual's own bindings are not used.

    Every key goes through `Keymap.command(key, context)` first, so that what may be done where is one
    pure table; what no command claims goes to the focused widget.
    """

    strict: ClassVar[bool] = False  # a fault ends the app and is raised: for tests
    CSS_PATH = "desk.tcss"
    TITLE = "95598"
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False

    def __init__(
        self, desk: Desk, board: Board | None, *, look: Look = Look(), driver_class: type[Driver] | None = None
    ) -> None:
        plain = bool(os.environ.get("NO_COLOR"))
        super().__init__(driver_class=driver_class, ansi_color=True if plain else None)
        self.animation_level = "none"
        self.desk = desk
        self.file_watch = StoreWatch(desk.place.config.store_url)
        self.work = Work(self.file_watch.check)
        self.screens, self.jump = Screens(self), Jump(self)
        self.keymap = Keymap(desk.place.config.keys)
        self.first_board = board
        self.plugin_rows: list[PluginRow] = []  # known once the first board is painted: running plugins takes time
        self.sandbox = is_sandbox(desk.place.config)
        self.store_problem = self.file_problem = ""
        self.said: tuple[str, str] = ("", "")  # words and role of the last message
        self.standing = Standing(self)
        self.store_line = StoreLine(self)
        self.rings = RingWatch(self)
        self.locking = Locking(self)
        self.company = Company(self)
        self.faults = Faults(self, FaultLog(desk.place.config.data))
        self.watchdog: Watchdog | None = None
        self._said_beats = 0
        self._beats = 0
        self._is_working = False  # sends and listens; once, whoever comes and goes
        for colours in theme.themes():
            self.register_theme(colours)
        self.theme = theme.PLAIN if plain else theme.first_theme(look.theme)
        self.looks = Looks(self, look)

    def get_default_screen(self) -> Screen[Any]:
        if self.first_board is None:
            from desk.tui.screens.sign_in import SignInScreen

            return SignInScreen()
        from desk.tui.screens.desk import DeskScreen

        return DeskScreen(self.first_board, self.desk.place.config.board.restored_hours)

    # keys

    @property
    def context(self) -> InputContext:
        """What is open and where the keyboard is, as the screen on top tells it."""
        if self.jump.on:
            return InputContext(where="jump")
        tell = getattr(self.screen, "input_context", None)
        context: InputContext = tell() if tell else InputContext(where="")
        may = self.desk.access.may
        return replace(
            context,
            ringing=getattr(self.screen_stack[0], "rings_waiting", 0),
            signed_in=self.desk.place.signs_in,
            leads=may("manage_agents") or may("lead_agents"),
        )

    async def on_event(self, event: events.Event) -> None:
        """Hear an event; a desk whose keys fail one after the other is left, as F10 would fail too."""
        self.locking.heard(event)
        if not isinstance(event, events.Key):
            await self._hear(event)
            return
        self.faults.failed_keys += 1
        await self._hear(event)
        self.faults.failed_keys = 0

    async def _hear(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not getattr(self.screen, "ready", True):
            self.screen.held.append(event)  # type: ignore[attr-defined]
            return
        if isinstance(event, events.Key) and not event.is_forwarded:
            context = self.context
            command = self.keymap.command(event.key, context)
            if command is not None:
                self.perform(command)
                return
            if self.jump.on:
                self.jump.take(event.key)
                self.show_keys()
                return
            begin = getattr(self.screen, "begin_typing", None)
            if begin is not None and not context.typing and event.character and begin(event.character):
                return
        await super().on_event(event)
        if isinstance(event, events.Key):
            self.show_keys()

    def perform(self, command: Command) -> None:
        """Run a command where its name is known: on the screen, its helpers, or the app."""
        name = command.id.replace(".", "_")
        if command.id.startswith("move."):
            self.screen.move(command.id.removeprefix("move."))  # type: ignore[attr-defined]
            return
        # Helpers first: Textual has methods of its own on screens, such as `call_next`.
        rooms = (
            *getattr(self.screen, "rooms", ()),
            self.screens,
            self.locking,
            self.jump,
            self.looks,
            self.screen,
            self,
        )
        verb = next((getattr(room, name) for room in rooms if hasattr(room, name)), None)
        if verb is None:
            raise LookupError(f"no room carries out {command.id}")
        verb()
        self.show_keys()

    def perform_id(self, id: str) -> None:
        """Run the command called `id`, as the palette does."""
        self.perform(BY_ID[id])

    def show_keys(self) -> None:
        """The key bar of where the keyboard is now; while jumping it stays, a letter may stand on it."""
        show = getattr(self.screen, "show_keys", None)
        if show is not None and not self.jump.on:
            show(self.keymap.footer(self.context))

    # work and words

    def go(self, verb: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do `verb(*args)` beside the screen; what goes wrong is said in one sentence, never as a traceback."""
        work = self._guarded(partial(verb, *args, **kwargs))
        self.run_worker(work, group="go", exit_on_error=False)

    def go_last(self, group: str, verb: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None:
        """The same, but only the last one asked for in `group` is finished: those before are given up."""
        work = partial(self._guarded, partial(verb, *args, **kwargs))
        _worker: Worker[None] = self.run_worker(work, group=group, exclusive=True, exit_on_error=False)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except DeskError as problem:
            self.fail(problem)
        except Exception as fault:
            self.unexpected(fault)

    def fail(self, problem: DeskError) -> None:
        """Say what went wrong; a broken store stays in the strip until it works again."""
        from desk.errors import StoreProblem

        if isinstance(problem, StoreProblem):
            self.store_problem = str(problem)
        self.say(str(problem), "bad")

    def say(self, words: str, role: str = "good") -> None:
        """Show a message in the status line for a while."""
        self.said = (words, role)
        self._said_beats = int(SAID_SECONDS / BEAT)
        self._refresh_status()

    # what nobody expected: Textual's own ways out of an error, all of which would show a traceback

    def unexpected(self, fault: Exception) -> None:
        """Go on after `fault`, or leave with one sentence; see `Faults`."""
        if self.strict:
            super()._handle_exception(fault)
        else:
            self.faults.unexpected(fault)

    def _handle_exception(self, error: Exception) -> None:
        self.unexpected(error)

    def panic(self, *renderables: object) -> None:  # noqa: ARG002
        self.faults.give_up()

    def leave_broken(self) -> None:
        """End the screen with code 1, whatever its loop can still do."""
        self._return_code = 1
        self._close_messages_no_wait()

    def _loop_fault(self, _loop: AbstractEventLoop, about: dict[str, Any]) -> None:
        fault = about.get("exception")
        if isinstance(fault, Exception):
            self.unexpected(fault)

    # the beat

    def on_mount(self) -> None:
        loop = get_running_loop()
        loop.set_exception_handler(self._loop_fault)
        if is_debugging():
            self.watchdog = Watchdog(self.faults.log)
            self.watchdog.start(loop)
        self.set_interval(BEAT, self._beat, name="beat")

    async def begin_idle(self, rest: Callable[[], Awaitable[None]]) -> None:
        """The first board is painted: put the rest in place, and let the collector work again."""
        self.faults.is_painted = True
        await rest()
        self.rings.start(get_running_loop())
        gc.collect()
        gc.freeze()
        gc.enable()
        self.go(self._meet_plugins)

    # who is here

    def is_at_door(self) -> None:
        """Somebody is to sign in: that may take hours, and a fault then ends nothing."""
        self.faults.is_painted = True
        gc.enable()

    async def begin_desk(self) -> None:
        """An agent has come in: a desk of their own, with nothing of whoever was here before."""
        from desk.tui.screens.desk import DeskScreen

        board = await self.work.do(self.desk.outages.board)
        await self.begin_again(DeskScreen(board, self.desk.place.config.board.restored_hours))

    async def begin_again(self, screen: Screen[Any]) -> None:
        """Put every screen away, and `screen` in their place."""
        self.rings.stop()
        self.said = ("", "")
        while len(self.screen_stack) > 1:
            self.pop_screen()
        before = self.screen
        mounted = super().push_screen(screen)  # Textual cannot switch the one screen on its stack
        self._screen_stack.remove(before)
        await mounted
        await before.remove()

    def push_screen(self, screen: Any, *args: Any, **kwargs: Any) -> Any:
        """Open a screen; over a locked desk nothing opens that was asked for before."""
        if self.locking.is_locked and screen.PLACE not in OVER_DOORS:
            return AwaitMount(self.screen, [])
        return super().push_screen(screen, *args, **kwargs)

    def repaint_strip(self) -> None:
        """Who is here, or in which role, may have changed."""
        show = getattr(self.screen_stack[0], "show_strip", None)
        if show is not None:
            show()
        self.show_keys()

    async def _meet_plugins(self) -> None:
        """Run the plugins: one that is broken is named in the strip, and the board has the types' names of today."""
        place, desk_screen = self.desk.place, self.screen_stack[0]
        painted = place.type_names()
        self.plugin_rows = await self.work.do(lambda: place.plugins.listed())
        desk_screen.show_strip()  # type: ignore[attr-defined]
        if place.type_names() != painted:
            desk_screen.reload()  # type: ignore[attr-defined]
        if place.noted_types:
            await self.work.look(place.noted_types.write, place.plugins.outage_types)
        if not self._is_working:
            self._is_working = True
            await self.work.look(self._begin_sending)
            if self.desk.access.may("log_call"):
                await self.work.look(self.desk.start_listening)

    def _begin_sending(self) -> None:
        """The outbox is worked off by the open desk too, where the county has channels that need nobody."""
        if not self.desk.access.may("send_messages"):
            return  # left to the seats of agents, and to `desk work`
        if any(not channel.can.needs_human for channel in self.desk.place.plugins.channels.values()):
            self.desk.outbox.start_worker()

    def _beat(self) -> None:
        self._beats += 1
        if self._said_beats:
            self._said_beats -= 1
            if not self._said_beats:
                self.said = ("", "")
                self._refresh_status()
        if self._beats % BEATS_A_SECOND == 0:
            self.file_problem = self.file_watch.problem()
        try:
            moved = self.desk.changed()
        except DeskError as problem:
            self.fail(problem)
            moved = frozenset()
        beat = getattr(self.screen_stack[0], "beat", None) if self.screen_stack else None
        if beat is not None and not self.desk.needs_sign_in:
            beat(moved, self._beats)
        self.locking.beat(moved, self._beats)
        if self.faults.is_painted and not self.desk.needs_sign_in:
            self.standing.beat(moved, self._beats)
            self.company.beat(moved, self._beats)
            self.store_line.beat(self._beats)

    def _refresh_status(self) -> None:
        status = getattr(self.screen, "show_status", None)
        if status is not None:
            status()

    # commands that work everywhere

    def desk_back(self) -> None:
        """Leave the screen on top."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    desk_close_help = desk_close_palette = desk_back

    def desk_copy(self) -> None:
        """Put the field under the cursor on the clipboard (OSC 52)."""
        text = getattr(self.screen, "copied", lambda: "")()
        if text:
            self.copy_to_clipboard(text)
            self.say(_("Copied: {text}").format(text=text))

    def desk_quit(self) -> None:
        leave = getattr(self.screen_stack[0], "leave", None)
        if leave is None or leave():
            self.exit()

    def repaint(self) -> None:
        """Paint everything anew: the colours, the lines or the language are others."""
        for screen in self.screen_stack:
            for widget in screen.walk_children(Painted):
                widget.repaint_all()
            again = getattr(screen, "speak_again", None)
            if again is not None:
                again()
        self.show_keys()

    def on_unmount(self) -> None:
        if self.watchdog is not None:
            self.watchdog.stop()
        self.rings.stop()
        self.company.leave()
        self.desk.stop_listening()
        self.desk.close_outbox()
        self.work.close()
