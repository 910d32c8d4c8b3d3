"""Who is at the screen: locked by key and by idleness, opened again by a password, handed over to another agent.

While it is locked the screen shows nothing of the desk. Open calls are kept before anything else, whoever comes next.
"""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING

from textual import events

from desk import schema
from desk.errors import DeskError, SignInNeeded
from desk.i18n import _
from desk.records import Agent
from desk.tui.context import DOORS

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.tui.app import DeskApp

WATCHED = frozenset({schema.AGENTS, schema.SESSIONS})
LOOK_BEATS = 120  # a sign-in that runs out moves no table: every half minute
TOUCHES = (events.Key, events.Paste, events.MouseDown, events.MouseScrollUp, events.MouseScrollDown)


class Locking:
    """Carries out `desk.lock`, `desk.sign_out` and what time and other seats do to a sign-in."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._touched = monotonic()

    # hearing

    def heard(self, event: events.Event) -> None:
        """Somebody is at the keyboard."""
        if isinstance(event, TOUCHES):
            self._touched = monotonic()

    def beat(self, moved: frozenset[str], beats: int) -> None:
        """Four times a second: does the sign-in still hold, was a key pressed lately."""
        if not self._is_in:
            return
        if moved & WATCHED or (self._desk.place.session and beats % LOOK_BEATS == 0):
            self._app.go_last("session", self._look)
        minutes = self._desk.place.config.access.lock_minutes
        if minutes and monotonic() - self._touched >= minutes * 60 and not self.is_locked and self.asks_password:
            self.lock(_("No key was pressed for {minutes} minutes.").format(minutes=minutes))

    async def _look(self) -> None:
        try:
            await self._app.work.look(self._desk.signing_in.still_here)
        except SignInNeeded as problem:
            self.lock(str(problem))
        else:
            self._app.repaint_strip()

    # locking

    @property
    def is_locked(self) -> bool:
        """Whether nothing of the desk is to be seen now. Asked at every opening of a screen: loads nothing."""
        return any(getattr(screen, "PLACE", "") in DOORS for screen in self._app.screen_stack)

    @property
    def asks_password(self) -> bool:
        """Whether the agent who is here has a password to come back with."""
        if self._desk.place.signs_in:
            return True
        agent = self._desk.place.store.records(schema.AGENTS, Agent).get(self._desk.place.agent)
        return bool(agent and agent.password)

    def desk_lock(self) -> None:
        """Lock the screen: what is open stays as it is behind it."""
        self.lock("")

    def lock(self, why: str) -> None:
        """Show the locked screen, saying why; what was typed in open calls is stored first."""
        from desk.tui.screens.sign_in import LockScreen, PressKeyScreen

        if self.is_locked or not self._is_in:
            return
        if self._app.jump.on:
            self._app.jump.desk_jump_close()
        self._keep_calls()
        screen = LockScreen(self._desk.place.agent, why) if self.asks_password else PressKeyScreen(why)
        self._app.push_screen(screen)

    def desk_sign_out(self) -> None:
        """End the sign-in; the next agent signs in on an empty screen."""
        if not self._desk.place.signs_in:
            self._app.say(_("Nobody signs in at this desk"), "warn")
            return
        self._keep_calls()
        self._app.go(self._sign_out)

    async def _sign_out(self) -> None:
        from desk.tui.screens.sign_in import SignInScreen

        await self._app.work.do(self._desk.sign_out)
        if self._app.is_web:
            self._app.exit()  # who comes next signs in on the page
            return
        await self._app.begin_again(SignInScreen())

    def desk_password(self) -> None:
        """Another password of one's own."""
        from desk.tui.screens.password import PasswordScreen

        if self.asks_password:
            self._app.push_screen(PasswordScreen(self._desk.place.agent))
        else:
            self._app.say(_("You have no password here; agents are given one with: desk agents passwd"), "warn")

    def screens_agents(self) -> None:
        """Who may sign in."""
        from desk.tui.screens.agents import AgentsScreen

        self._app.push_screen(AgentsScreen())

    # coming in

    async def come_in(self, name: str, password: str) -> None:
        """Take whoever gives this password: back to what was open, or as another agent to a desk of their own.

        Raises SignInNeeded with what is wrong.
        """
        desk, before = self._desk, self._desk.place.agent
        if name == before and desk.place.role and self.is_locked and self._is_in:
            await self._app.work.alone(desk.signing_in.unlock, password)
            self.opened()
            return
        if self._app.is_web and name != before:
            raise SignInNeeded(_("in a browser another agent signs in on the page; sign out there first"))
        door = "browser" if self._app.is_web or os.environ.get("DESK_SESSION") else "screen"
        await self._app.work.do(desk.sign_in, name, password, door=door)
        if name == before and self._is_in:
            self.opened()
        else:
            await self._app.begin_desk()

    def opened(self) -> None:
        """The locked screen goes away; what it hid is read again."""
        from desk.tui.screens.sign_in import Door

        self._touched = monotonic()
        while isinstance(self._app.screen, Door):
            self._app.pop_screen()
        self._app.repaint_strip()

    def _keep_calls(self) -> None:
        keep = getattr(self._app.screen_stack[0], "keep_calls", None)
        if keep is not None:
            try:
                keep(at_once=True)
            except DeskError as problem:  # the store is away: the calls stay open behind the lock
                self._app.say(str(problem), "bad")

    @property
    def _is_in(self) -> bool:
        """Whether a desk is open behind whatever is on screen."""
        return bool(self._app.screen_stack) and hasattr(self._app.screen_stack[0], "board")

    @property
    def _desk(self) -> Desk:
        return self._app.desk
