"""The server: textual-serve's, with a sign-in before it and nothing fetched from anywhere else.

    /            the sign-in, or the desk of whoever is signed in
    /sign-in     POST: name, password, seat           /sign-out   POST
    /ws          the socket of one screen: one process
    /static, /terminal     our files, and textual-serve's

Every address in a page is relative, so that the desk may stand below any path of another server.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_urlsafe
from time import monotonic
from typing import TYPE_CHECKING, Any

import textual_serve
from aiohttp import web
from textual_serve.server import Server

from desk.errors import DeskError, Refused
from desk.i18n import _
from desk.serve import cookies
from desk.serve.addresses import client, is_own_page, sites
from desk.serve.child import Screen
from desk.serve.environment import clean_environment
from desk.serve.guard import SITE, guard, mark, place_of
from desk.serve.headers import desk_policy
from desk.serve.pages import Pages
from desk.serve.sign_in import LIMITS, SignIn, Turned
from desk.serve.socket import LARGEST_MESSAGE, size, talk
from desk.serve.tickets import Slowing, Ticket, Tickets, is_same
from desk.serve.words import ENOUGH, FULL, GOING_AWAY, IDLE, LEFT, NOT_OPENED, OVER, SIGNED_OUT, refused

if TYPE_CHECKING:
    from desk.config import Config
    from desk.serve.door import Door

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
THEIRS = Path(textual_serve.__file__).parent / "static"
LARGEST_FORM = 16 * 1024
LOOK_SECONDS = 10.0  # how often idle screens and ended sign-ins are looked for
CLOSING_SECONDS = 8.0
HEARTBEAT_SECONDS = 15.0


class DeskServer(Server):
    """Serves desks to browsers. `command` is what opens a desk for a page; tests give one of their own."""

    def __init__(
        self,
        config: Config,
        door: Door,
        command: Sequence[str],
        environ: Mapping[str, str] = os.environ,
        *,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        super().__init__(command[0], host=config.serve.host, port=config.serve.port, title=config.county.name)
        self.sites = sites(config.serve)
        self.tickets = Tickets(config.serve.sessions, config.serve.per_agent)
        self._config, self._door, self._argv = config, door, list(command)
        self._environment = clean_environment(config, environ)
        self._sign_in = SignIn(door, self.tickets, Slowing())
        self._pages = Pages(config.county.name)
        self._look_seconds = look_seconds
        self._looking: asyncio.Task[None] | None = None

    def serve(self, debug: bool = False) -> None:  # noqa: ARG002
        """Serve until a signal ends it; raises Refused when the address cannot be listened on."""
        self.initialize_logging()
        try:
            web.run_app(
                self._make_app(),
                host=self.host,
                port=self.port,
                access_log=None,  # who came when is in the audit
                print=None,
                shutdown_timeout=CLOSING_SECONDS,
            )
        except OSError as problem:
            words = {"host": self.host, "port": self.port, "problem": problem.strerror or problem}
            raise Refused(_("{host}:{port} cannot be listened on: {problem}").format(**words)) from None

    def initialize_logging(self) -> None:
        """One line an event, on stderr: textual-serve's own would print local variables, tickets among them."""
        logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
        logging.getLogger("aiohttp").setLevel(logging.CRITICAL)

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[guard(self.sites)], client_max_size=LARGEST_FORM)
        app.add_routes(
            [
                web.get("/", self.show),
                web.post("/sign-in", self.sign_in),
                web.post("/sign-out", self.sign_out),
                web.get("/ws", self.handle_websocket),
                web.static("/static", HERE / "static"),
                web.static("/terminal", THEIRS),
            ]
        )
        app.on_response_prepare.append(mark)
        app.on_startup.append(self.on_startup)
        app.on_shutdown.append(self.on_shutdown)
        return app

    async def on_startup(self, app: web.Application) -> None:  # noqa: ARG002
        self._looking = asyncio.create_task(self._look())

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002
        """Every screen ends in order, every sign-in with it."""
        if self._looking is not None:
            self._looking.cancel()
        await asyncio.gather(*(self._end(ticket, GOING_AWAY) for ticket in self.tickets))

    # pages

    async def show(self, request: web.Request) -> web.Response:
        """The desk of whoever is signed in, or the sign-in."""
        ticket = self._ticket(request)
        if ticket is None:
            return self._form(request)
        ticket.seen = monotonic()
        site, signed = request[SITE], ticket.signed
        page = self._pages.desk(agent=signed.agent, seat=signed.seat, proof=ticket.proof, socket=site.socket)
        page.headers["Content-Security-Policy"] = desk_policy(site.socket)
        return page

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """Take the form: a ticket, or the form again with what was wrong."""
        site = request[SITE]
        if not is_own_page(request.headers, site):
            return self._pages.refused(refused("form"), status=403)
        form = await _fields(request)
        outcome = await self._sign_in.take(form, cookies.read(request, "form"), self._address(request))
        if isinstance(outcome, Turned):
            return self._form(request, outcome, form)
        before = self._ticket(request)
        if before is not None:
            await self._end(before, SIGNED_OUT)
        answer = web.Response(status=303, headers={"Location": "./"})
        cookies.write(answer, site, "ticket", self.tickets.issue(outcome))
        cookies.remember_seat(answer, site, outcome.seat)
        return answer

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        """End the sign-in of this browser, its screens with it."""
        site, ticket = request[SITE], self._ticket(request)
        form = await _fields(request)
        if not is_own_page(request.headers, site):
            return self._pages.refused(refused("form"), status=403)
        answer = web.Response(status=303, headers={"Location": "./"})
        if ticket is not None:
            if not is_same(form.get("proof", ""), ticket.proof):
                return self._pages.refused(refused("form"), ticket.proof, status=403)
            await self._end(ticket, SIGNED_OUT)
        cookies.forget(answer, site, "ticket")
        return answer

    def _form(
        self, request: web.Request, turned: Turned | None = None, given: Mapping[str, str] | None = None
    ) -> web.Response:
        cookie = cookies.read(request, "form") or token_urlsafe()
        known = given or {"seat": cookies.remembered_seat(request)}
        name, seat = (known.get(field, "")[: LIMITS[field]] for field in ("name", "seat"))
        page = self._pages.sign_in(turned, proof=self._sign_in.proof(cookie), name=name, seat=seat)
        cookies.write(page, request[SITE], "form", cookie)
        return page

    # screens

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One screen: a desk as a process, from here until either side ends."""
        ticket = self._ticket(request)
        if ticket is None or "Origin" not in request.headers or not is_own_page(request.headers, request[SITE]):
            raise web.HTTPForbidden
        websocket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=LARGEST_MESSAGE)
        await websocket.prepare(request)
        code = self._no_room(ticket)
        if code:
            await websocket.close(code=code)
            return websocket

        async def ended() -> None:
            ticket.screens.discard(screen)  # its page may ask for the next one at once
            await websocket.close(code=screen.why or await self._why_ended(ticket, screen))

        screen = Screen(
            self._argv, self._environment, ticket.signed.token, write_bytes=websocket.send_bytes, ended=ended
        )
        ticket.screens.add(screen)
        try:
            await screen.start(*size(request.query))
            await talk(websocket, screen)
        except OSError as problem:
            log.error("a screen could not be opened: %s", problem)
            await ended()
        finally:
            ticket.screens.discard(screen)  # a page that is loaded anew opens the next before this one has ended
            ticket.seen = monotonic()
            with self.tickets.closing():
                await screen.stop()
        return websocket

    async def _why_ended(self, ticket: Ticket, screen: Screen) -> int:
        """The close code of a screen that nobody here has ended; who signed out in it has signed out."""
        if not screen.is_open:
            return NOT_OPENED
        if await asyncio.to_thread(_holds, self._door, ticket):
            return LEFT
        self.tickets.drop(ticket)
        return OVER

    def _no_room(self, ticket: Ticket) -> int:
        """The close code of a screen that there is no room for; 0 when there is."""
        if self.tickets.has_enough(ticket.signed.agent):
            return ENOUGH
        return FULL if self.tickets.is_full() else 0

    async def _end(self, ticket: Ticket, why: int) -> None:
        self.tickets.drop(ticket)
        await asyncio.gather(*(_close(screen, why) for screen in list(ticket.screens)))
        with suppress(DeskError):
            await asyncio.to_thread(self._door.sign_out, ticket.signed)

    async def _look(self) -> None:
        """Every few seconds: close what nobody uses, and what belongs to a sign-in that no longer holds."""
        while True:
            await asyncio.sleep(self._look_seconds)
            try:
                await self._close_idle()
                await self._close_ended()
            except Exception as fault:
                log.error("looking for idle screens failed: %s", place_of(fault))

    async def _close_idle(self) -> None:
        since = monotonic() - self._config.serve.idle_minutes * 60
        for ticket in self.tickets:
            idle = [screen for screen in ticket.screens if screen.last_key < since]
            await asyncio.gather(*(_close(screen, IDLE) for screen in idle))
            if not ticket.screens and ticket.seen < since:
                await self._end(ticket, IDLE)

    async def _close_ended(self) -> None:
        tickets = list(self.tickets)
        held = await asyncio.to_thread(lambda: [_holds(self._door, ticket) for ticket in tickets])
        await asyncio.gather(
            *(self._end(ticket, OVER) for ticket, holds in zip(tickets, held, strict=True) if not holds)
        )

    def _ticket(self, request: web.Request) -> Ticket | None:
        return self.tickets.held(cookies.read(request, "ticket"))

    def _address(self, request: web.Request) -> str:
        return client(request.headers, request.remote or "", behind_proxy=bool(self._config.serve.origins))


async def _close(screen: Screen, why: int) -> None:
    screen.why = screen.why or why
    await screen.stop()


def _holds(door: Door, ticket: Ticket) -> bool:
    try:
        return door.holds(ticket.signed)
    except DeskError:
        return True  # a store out of reach ends nobody's shift


async def _fields(request: web.Request) -> dict[str, str]:
    """The text fields of a form; files and other kinds of bodies are none."""
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    try:
        posted: Any = await request.post()
    except ValueError:
        return {}
    return {name: value for name, value in posted.items() if isinstance(value, str)}
