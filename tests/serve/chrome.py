"""A real Chromium, driven over its debugging socket: as much of it as these tests need."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
    *("--ignore-certificate-errors", "--host-resolver-rules=MAP *.example.cn 127.0.0.1"),
    *("--disable-dev-shm-usage", "--mute-audio", "--remote-debugging-port=0", "--window-size=1280,800"),
)
# The terminal in the page is nobody's but its script's; this hands it to the test as it is made.
KEEP_TERMINAL = """
Object.defineProperty(Object.prototype, "terminal", {
  configurable: true,
  set(made) {
    Object.defineProperty(this, "terminal", { value: made, writable: true, configurable: true, enumerable: true });
    if (made && made.buffer) window.deskTerminal = made;
  },
});
"""
LINES = """
(() => {
  const terminal = window.deskTerminal;
  if (!terminal) return "";
  const buffer = terminal.buffer.active, lines = [];
  for (let y = 0; y < terminal.rows; y++) lines.push(buffer.getLine(y).translateToString(true, 0, terminal.cols));
  return lines.join("\\n");
})()
"""
KEYS = {
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    "Tab": ("Tab", 9, ""),
    **{f"F{number}": (f"F{number}", 111 + number, "") for number in range(1, 13)},
}


@dataclass
class Tab:
    """One page of the browser."""

    socket: aiohttp.ClientWebSocketResponse
    id: str = ""
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    _waiting: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _number: int = 0
    _closing: asyncio.Task[Any] | None = None

    async def do(self, method: str, **about: Any) -> dict[str, Any]:
        """One command of the debugging protocol."""
        self._number += 1
        answer = self._waiting[self._number] = asyncio.get_running_loop().create_future()
        await self.socket.send_str(json.dumps({"id": self._number, "method": method, "params": about}))
        async with asyncio.timeout(40):
            return await answer

    async def listen(self) -> None:
        async for message in self.socket:
            told = json.loads(message.data)
            if "id" in told:
                waiting = self._waiting.pop(told["id"])
                if "error" in told:
                    waiting.set_exception(RuntimeError(told["error"]["message"]))
                else:
                    waiting.set_result(told["result"])
            else:
                self._note(told["method"], told["params"])

    def _note(self, method: str, about: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.requests.append(about["url"])
        elif method == "Log.entryAdded" and about["entry"]["level"] == "error":
            self.complaints.append(about["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(about["exceptionDetails"].get("exception", {}).get("description")))
        elif method == "Page.javascriptDialogOpening":
            self.dialogs.append(about["type"])
            self._closing = asyncio.create_task(self.do("Page.handleJavaScriptDialog", accept=True))

    async def open(self, address: str) -> None:
        await self.do("Page.navigate", url=address)

    async def ask(self, script: str) -> Any:
        """What `script` comes to in the page."""
        found = await self.do("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        return found["result"].get("value")

    async def wait(self, script: str, seconds: float = 40) -> Any:
        """The same, once it is true."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            with suppress(RuntimeError):  # the page is just being changed
                if found := await self.ask(script):
                    return found
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"never true: {script}\n{await self.lines()}")
            await asyncio.sleep(0.03)

    async def lines(self) -> str:
        """What stands on the terminal."""
        return await self.ask(LINES) or ""

    async def sees(self, *words: str, seconds: float = 40) -> str:
        """The terminal's lines once all of `words` stand there."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            lines = await self.lines()
            if all(word in lines for word in words):
                return lines
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"never seen: {words}\n{lines}")
            await asyncio.sleep(0.03)

    async def key(self, name: str, *, control: bool = False) -> None:
        """Press a key by name, or a letter."""
        code, number, text = KEYS.get(name, (f"Key{name.upper()}", ord(name.upper()[0]), name))
        about = {"key": name, "code": code, "windowsVirtualKeyCode": number, "modifiers": 2 if control else 0}
        sent = {"text": text} if text and not control else {}
        await self.do("Input.dispatchKeyEvent", type="keyDown", **about, **sent)
        await self.do("Input.dispatchKeyEvent", type="keyUp", **about)

    async def type(self, text: str) -> None:
        """Letters and digits, one key after the other."""
        for letter in text:
            await self.key(letter)

    async def put(self, text: str) -> None:
        """Text at once, as an input method leaves it."""
        await self.do("Input.insertText", text=text)

    async def picture(self, file: Path) -> None:
        found = await self.do("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(found["data"]))


@dataclass
class Browser:
    """A Chromium with an empty profile in `folder`, for as long as its `with` lasts."""

    folder: Path
    port: int = 0

    def __enter__(self) -> Browser:
        assert CHROMIUM is not None
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={self.folder}", "about:blank"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        file = self.folder / "DevToolsActivePort"
        until = time.monotonic() + 60
        while not (file.exists() and file.read_text()):
            assert time.monotonic() < until, "Chromium did not open its debugging port"
            time.sleep(0.02)
        self.port = int(file.read_text().split()[0])
        return self

    def __exit__(self, *_problem: object) -> None:
        self._process.terminate()
        self._process.wait()

    @asynccontextmanager
    async def tab(self) -> AsyncIterator[Tab]:
        """A new page that shares no cookie with any other."""
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{self.port}/json/version") as answer:
                whole = (await answer.json(content_type=None))["webSocketDebuggerUrl"]
            async with self._speaking(session, whole) as browser:
                context = (await browser.do("Target.createBrowserContext", disposeOnDetach=False))["browserContextId"]
                page = await browser.do("Target.createTarget", url="about:blank", browserContextId=context)
            async with self.page(page["targetId"]) as tab:
                await tab.do("Page.addScriptToEvaluateOnNewDocument", source=KEEP_TERMINAL)
                yield tab

    @asynccontextmanager
    async def page(self, id: str) -> AsyncIterator[Tab]:
        """A page that is open already."""
        address = f"ws://127.0.0.1:{self.port}/devtools/page/{id}"
        async with aiohttp.ClientSession() as session, self._speaking(session, address) as tab:
            tab.id = id
            for domain in ("Page", "Network", "Log", "Runtime"):
                await tab.do(f"{domain}.enable")
            yield tab

    @asynccontextmanager
    async def _speaking(self, session: aiohttp.ClientSession, address: str) -> AsyncIterator[Tab]:
        async with session.ws_connect(address, max_msg_size=0) as socket:
            tab = Tab(socket)
            listening = asyncio.create_task(tab.listen())
            yield tab
            listening.cancel()
