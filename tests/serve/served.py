"""The server of these tests: on a free port of this machine, with a door of three names and screens without a desk."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from msgspec.structs import replace

from desk.config import Config, load_config
from desk.errors import SignInNeeded
from desk.serve.door import Signed
from desk.serve.server import DeskServer

FAKE_SCREEN = [sys.executable, "-S", str(Path(__file__).with_name("fake_screen.py"))]
PASSWORD = "四十二只 白鹅 过河"


@dataclass
class FakeDoor:
    """Lets 张三, 李四 and 王五 in; `ended` are the tokens that no longer hold."""

    ended: set[str] = field(default_factory=set)
    signed: list[Signed] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=lambda: dict.fromkeys(("张三", "李四", "王五"), PASSWORD))
    must_change: set[str] = field(default_factory=set)

    def sign_in(self, name: str, password: str, seat: str) -> Signed:
        if self.passwords.get(name) != password:
            raise SignInNeeded("name or password is wrong")
        if name in self.must_change:
            from desk.access.signing_in import MustChange

            raise MustChange("choose a password of your own first")
        self.signed.append(Signed(name, seat, f"session-{len(self.signed)}"))
        return self.signed[-1]

    def change_password(self, name: str, password: str, new: str) -> None:  # noqa: ARG002
        self.passwords[name] = new
        self.must_change.discard(name)

    def holds(self, signed: Signed) -> bool:
        return signed.token not in self.ended

    def sign_out(self, signed: Signed) -> None:
        self.ended.add(signed.token)


@dataclass
class Served:
    """A running server, and what a browser does with it."""

    port: int
    door: FakeDoor
    server: DeskServer
    session: aiohttp.ClientSession

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def get(self, path: str = "/", **headers: str) -> tuple[int, str, Mapping[str, str]]:
        async with self.session.get(self.origin + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers

    async def post(
        self, path: str, form: Mapping[str, str], origin: str | None = None, **headers: str
    ) -> tuple[int, str, Mapping[str, str]]:
        sent = {"Origin": self.origin if origin is None else origin, **headers}
        sent = {name: value for name, value in sent.items() if value}
        async with self.session.post(self.origin + path, data=form, headers=sent, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers

    async def proof(self) -> str:
        """What the form shown now brings along."""
        _status, page, _headers = await self.get()
        return re.search(r'name="proof" value="([^"]+)"', page)[1]

    async def sign_in(
        self, name: str = "张三", password: str = PASSWORD, seat: str = "3", **more: str
    ) -> tuple[int, str, Mapping[str, str]]:
        form = {"name": name, "password": password, "seat": seat, "proof": await self.proof(), **more}
        return await self.post("/sign-in", form)

    @asynccontextmanager
    async def screen(self, query: str = "?width=100&height=30", **headers: str) -> AsyncIterator[Page]:
        sent = {"Origin": self.origin, **headers}
        sent = {name: value for name, value in sent.items() if value}
        async with self.session.ws_connect(f"{self.origin}/ws{query}", headers=sent) as socket_:
            yield Page(socket_)

    async def handshake(self, **headers: str) -> int:
        """The status a page gets that asks for a screen."""
        try:
            async with self.screen(**headers):
                return 101
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status


@dataclass
class Page:
    """The page's end of a socket."""

    socket: aiohttp.ClientWebSocketResponse

    async def told(self) -> str:
        message = await self.socket.receive(timeout=30)
        return message.data.decode() if message.type == aiohttp.WSMsgType.BINARY else str(message.data)

    async def say(self, *words: Any) -> None:
        await self.socket.send_str(json.dumps(list(words)))

    async def ended(self) -> int:
        """The code the socket closes with."""
        async with asyncio.timeout(30):
            async for _message in self.socket:
                pass
        return self.socket.close_code or 0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def config_with(folder: Path, **serve: Any) -> Config:
    config = load_config(None, folder, {})
    return replace(config, serve=replace(config.serve, **serve))


@asynccontextmanager
async def served(
    folder: Path,
    *,
    command: Sequence[str] = FAKE_SCREEN,
    environ: Mapping[str, str] | None = None,
    config: Config | None = None,
    look_seconds: float = 0.05,
    **settings: Any,
) -> AsyncIterator[Served]:
    """A server with these [serve] settings."""
    port, door = free_port(), FakeDoor()
    config = config or config_with(folder)
    config = replace(config, serve=replace(config.serve, **{"port": port, **settings}))
    known = {} if environ is None else {"environ": environ}
    server = DeskServer(config, door, command, look_seconds=look_seconds, **known)
    runner = web.AppRunner(await server._make_app(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        try:
            yield Served(port, door, server, session)
        finally:
            await runner.cleanup()
