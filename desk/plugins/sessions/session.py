"""The session: logged in when it can be, with growing waits in between, or stopped where the gateway refuses it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from random import random
from time import monotonic
from typing import NamedTuple, TypeAlias

from desk.i18n import _
from desk.plugins.faults import ChannelFault
from desk.plugins.messages import Message, Receipt, Reply, Report
from desk.plugins.send_errors import ConfigProblem, GatewayTrouble, NoConnection, SendError, Throttled, UnknownOutcome
from desk.plugins.sessions.dialect import Dialect, Frame
from desk.plugins.sessions.inbox import Inbox
from desk.plugins.sessions.link import Link, Lost

Answer = Receipt | SendError
Asked: TypeAlias = "asyncio.Future[Frame]"
STOPS = (NoConnection, ConfigProblem, GatewayTrouble)  # the other messages of the call would meet the same

CONNECT = 10.0  # seconds for a connection and a login
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
FIRST_ARRIVALS = 0.2  # seconds after a login in which a gateway begins to deliver what it kept
HANDING_OVER = 0.6  # of a call's time; the rest is for the answers, so that what went out last has its chance too
PATIENCE = 3.0  # seconds that a send waits for the next try of a session that is down
REPLIES = 1000  # kept until somebody asks; the oldest go first


class Handed(NamedTuple):
    """A message that went out: over which connection, and the answer to come."""

    link: Link
    number: int
    answer: Asked


class Session:
    """One login at one gateway. Everything here runs on the thread of its loop."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, dialect: Dialect, host: str, port: int, window: int, ping: float
    ) -> None:
        self._loop = loop
        self._dialect = dialect
        self._place = (host, port)
        self._window = window
        self._ping = ping
        self._link: Link | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._refused: ConfigProblem | None = None
        self._trouble: SendError = NoConnection()
        self._tries = 0  # logins that failed since the last good one
        self._made = 0  # tries in all: who waits sees by it that one has failed
        self._next_try = 0.0
        self._changed = asyncio.Event()
        self._slow_until = 0.0
        self._inbox = Inbox()
        self._replies: deque[Reply] = deque(maxlen=REPLIES)

    async def send(self, messages: Sequence[Message], timeout: float) -> list[Answer]:
        """Hand all over, at most a window of them at once; for each what became of it, within `timeout` seconds."""
        start = monotonic()
        until, last = start + timeout, start + timeout * HANDING_OVER
        answers: list[Answer] = [UnknownOutcome(why="no answer in time") for _message in messages]
        handed: list[Handed] = []
        stopped: SendError | None = None
        for place, message in enumerate(messages):
            try:
                if stopped:
                    raise stopped
                handed.append(await self._hand_over(message, last, partial(self._answered, answers, place)))
            except SendError as error:
                answers[place] = error
                stopped = error if isinstance(error, STOPS) else None
            except Exception as error:  # a fault of the dialect: what went out before it keeps its answers
                answers[place] = ChannelFault.of(error, None)
        if handed:
            await asyncio.wait([each.answer for each in handed], timeout=max(0.0, until - monotonic()))
        for each in handed:
            each.link.give_up(each.number)
        return answers

    async def check(self, timeout: float) -> None:
        """Log in anew where it is not, and ask whether it is there; raises the SendError that a message would meet."""
        until = monotonic() + timeout
        if self._link is None or self._link.lost:
            self._refused = None
            await self._end_keeper()
        link = await self._ready(until)
        number = link.next_number()
        try:
            await asyncio.wait_for(link.ask(number, self._dialect.ping(number)), until - monotonic())
        except (TimeoutError, Lost):
            link.give_up(number)
            raise NoConnection(_("the gateway does not answer")) from None

    async def listen(self, seconds: float) -> None:
        """Log in, and give what waits at the gateway a moment to come; where that fails, nothing comes."""
        with suppress(SendError):
            await self._ready(monotonic() + seconds - FIRST_ARRIVALS)
            await asyncio.sleep(FIRST_ARRIVALS)

    def reports(self) -> Sequence[Report]:
        """What came in and was not stored; makes sure that somebody listens."""
        self._start()
        return self._inbox.reports()

    def stored(self, tokens: Sequence[str]) -> None:
        """Say "got it" of these, over the connection on which each came; one that is gone brings them again."""
        frames: dict[Link, list[bytes]] = {}
        for waiting in self._inbox.stored(tokens):
            frames.setdefault(waiting.link, []).append(self._dialect.answer(waiting.frame))
        for link, answers in frames.items():
            link.write(b"".join(answers))

    def replies(self) -> Sequence[Reply]:
        """What customers wrote since this was last asked."""
        found = list(self._replies)
        self._replies.clear()
        return found

    async def close(self, seconds: float) -> None:
        """Say goodbye and hang up."""
        await self._end_keeper()
        link = self._link
        if link is None or link.lost:
            return
        number = link.next_number()
        with suppress(TimeoutError, Lost):
            await asyncio.wait_for(link.ask(number, self._dialect.bye(number)), seconds)
        link.hang_up()

    async def _hand_over(self, message: Message, until: float, answered: Callable[[Asked], None]) -> Handed:
        """Send it, once there is room in the window; raises the SendError where nothing went out."""
        link = await self._ready(until)
        while not await link.room(until):
            if not link.lost:
                raise GatewayTrouble(_("the gateway answers too slowly"))
            link = await self._ready(until)
        wait = self._slow_until - monotonic()
        if wait > 0:
            raise Throttled(retry_after=wait)
        number = link.next_number()
        answer = link.ask(number, self._dialect.submit(message, number))
        answer.add_done_callback(answered)
        return Handed(link, number, answer)

    def _answered(self, answers: list[Answer], place: int, asked: Asked) -> None:
        if asked.cancelled():
            return
        answer = self._read(asked)
        answers[place] = answer
        if isinstance(answer, Throttled):
            self._slow_until = max(self._slow_until, monotonic() + answer.retry_after)

    def _read(self, asked: Asked) -> Answer:
        error = asked.exception()
        if error:
            return UnknownOutcome(why=str(error))
        try:
            return self._dialect.submitted(asked.result())
        except ValueError as unreadable:
            return UnknownOutcome(why=str(unreadable))

    async def _ready(self, until: float) -> Link:
        """The connection, logged in; raises why there is none, after one try at most."""
        if self._link and not self._link.lost:
            return self._link
        self._start()
        made = self._made
        while self._link is None or self._link.lost:
            now = monotonic()
            if self._refused:
                raise ConfigProblem(str(self._refused), why=self._refused.why)
            if self._made > made or self._next_try > min(until, now + PATIENCE):
                raise type(self._trouble)(str(self._trouble), why=self._trouble.why)
            try:
                await asyncio.wait_for(self._changed.wait(), until - now)
            except TimeoutError:
                raise NoConnection(_("the gateway does not answer")) from None
        return self._link

    async def _end_keeper(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])

    def _start(self) -> None:
        if self._refused is None and (self._keeper is None or self._keeper.done()):
            self._keeper = self._loop.create_task(self._keep())

    async def _keep(self) -> None:
        """Log in, stay while it lasts, wait, log in again; until the gateway refuses the login for good."""
        while True:
            try:
                link = await self._opened()
            except ConfigProblem as error:
                self._refused = error
                return self._tell()
            except SendError as error:
                self._tries += 1
                self._made += 1
                self._trouble = error
            else:
                self._tries = 0
                self._link = link
                self._tell()
                await self._stay(link)
                self._trouble = NoConnection(why=link.why)
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._tries, 10)) * (0.75 + random() / 2)
            self._next_try = monotonic() + wait
            self._tell()
            await asyncio.sleep(wait)

    async def _opened(self) -> Link:
        """A connection that is logged in, or the SendError why not."""
        host, port = self._place
        try:
            async with asyncio.timeout(CONNECT):
                _transport, link = await self._loop.create_connection(
                    lambda: Link(self._dialect, self._window, self._heard), host, port
                )
        except (OSError, TimeoutError) as error:
            text = _("nothing answers at {host}:{port}").format(host=host, port=port)
            raise NoConnection(text, why=str(error)) from None
        try:
            number = link.next_number()
            frame = await asyncio.wait_for(link.ask(number, self._dialect.login(number)), CONNECT)
            problem = self._dialect.logged_in(frame)
        except (TimeoutError, Lost, ValueError) as error:
            problem = NoConnection(_("the gateway hung up at the login"), why=str(error))
        except SendError as error:
            problem = error
        if problem is None:
            return link
        link.hang_up()
        raise problem

    async def _stay(self, link: Link) -> None:
        """While the connection lasts: when nothing was heard for a while, ask; no answer is the end of it."""
        while not link.lost:
            quiet = monotonic() - link.heard_at
            if quiet < self._ping:
                try:
                    await asyncio.wait_for(link.gone.wait(), self._ping - quiet)
                except TimeoutError:
                    continue
                return
            number = link.next_number()
            try:
                await asyncio.wait_for(link.ask(number, self._dialect.ping(number)), min(self._ping, CONNECT))
            except TimeoutError:
                link.drop("the gateway does not answer a ping")
                await link.gone.wait()
            except Lost:
                return

    def _heard(self, link: Link, frame: Frame) -> None:
        if frame.kind == "arrival":
            return self._arrived(link, frame)
        if frame.kind in ("ping", "bye"):
            link.write(self._dialect.answer(frame))
        if frame.kind == "bye":
            link.hang_up()
        return None

    def _arrived(self, link: Link, frame: Frame) -> None:
        if self._inbox.full:
            return link.write(self._dialect.busy(frame))
        try:
            found = self._dialect.arrived(frame)
        except Exception as error:  # a fault of the dialect; unanswered it would come again for ever
            logging.getLogger("desk.plugins").error("%s: an arrival that cannot be read: %r", self._place[0], error)
            found = None
        if isinstance(found, Report):
            return self._inbox.add(found, link, frame)
        if isinstance(found, Reply):
            self._replies.append(found)
        return link.write(self._dialect.answer(frame))

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
