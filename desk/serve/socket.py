"""What a page may say over its socket: keys, its size, whether it is looked at. Anything else is not heard."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from desk.serve.child import Screen

LARGEST_MESSAGE = 256 * 1024  # a paste; a page of text is 5 kB
LONGEST_PING = 32
SMALLEST, LARGEST = 10, 1000  # cells in a line, and lines
USUAL = (120, 36)


async def talk(websocket: web.WebSocketResponse, screen: Screen) -> None:
    """Hand what the page says to its desk until the socket closes."""
    async for message in websocket:
        if message.type != WSMsgType.TEXT:
            continue
        kind, about = _read(message.data)
        if kind == "ping":
            await websocket.send_json(["pong", str(about)[:LONGEST_PING]])
        elif kind in HEARD:
            await HEARD[kind](screen, about)


def size(query: Mapping[str, Any]) -> tuple[int, int]:
    """Width and height in cells, as a page asks for them; something usual where it asks for nonsense."""
    return _cells(query.get("width"), USUAL[0]), _cells(query.get("height"), USUAL[1])


def _read(text: str) -> tuple[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return "", None
    if not isinstance(said, list) or not said or not isinstance(said[0], str):
        return "", None
    return said[0], said[1] if len(said) > 1 else None


def _cells(value: Any, otherwise: int) -> int:
    try:
        return min(max(int(value), SMALLEST), LARGEST)
    except (TypeError, ValueError, OverflowError):
        return otherwise


async def _typed(screen: Screen, keys: Any) -> None:
    if isinstance(keys, str):
        screen.last_key = monotonic()
        await screen.send_bytes(keys.encode("utf-8", "replace"))


async def _resized(screen: Screen, cells: Any) -> None:
    if isinstance(cells, dict):
        await screen.set_terminal_size(*size(cells))


async def _focused(screen: Screen, _nothing: Any) -> None:
    await screen.focus()


async def _blurred(screen: Screen, _nothing: Any) -> None:
    await screen.blur()


HEARD: Mapping[str, Callable[[Screen, Any], Awaitable[None]]] = {
    "stdin": _typed,
    "resize": _resized,
    "focus": _focused,
    "blur": _blurred,
}
