"""What every request passes first: it is for one of our addresses, and its answer says how it may be used."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from traceback import extract_tb

from aiohttp import web
from aiohttp.typedefs import Middleware

from desk.serve.addresses import Site, asked_for
from desk.serve.headers import HEADERS, PAGE_POLICY

log = logging.getLogger(__name__)

SITE: web.RequestKey[Site] = web.RequestKey("site", Site)  # of a request: by which of our addresses it came
FILES = ("/static/", "/terminal/")


def guard(sites: Sequence[Site]) -> Middleware:
    """A middleware that answers requests to `sites` only."""

    @web.middleware
    async def guarded(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        site = asked_for(request.headers.get("Host", ""), sites)
        if site is None:
            return web.Response(status=421, text="421: not an address of this desk\n")
        request[SITE] = site
        try:
            return await handler(request)
        except web.HTTPException as refused:
            return web.Response(status=refused.status, text=f"{refused.status}: {refused.reason}\n")
        except Exception as fault:
            log.error("a page could not be made: %s", place_of(fault))
            return web.Response(status=500, text="500: something went wrong that the desk did not expect\n")

    return guarded


def place_of(fault: BaseException) -> str:
    """What went wrong and where, without its words: they may hold what somebody typed."""
    frames = extract_tb(fault.__traceback__)
    last = next((frame for frame in reversed(frames) if "desk" in Path(frame.filename).parts), frames[-1])
    return f"{type(fault).__name__} in {Path(last.filename).name}:{last.lineno}"


async def mark(request: web.Request, answer: web.StreamResponse) -> None:
    """Say with every answer how it may be used; a socket's handshake is one too."""
    for name, value in HEADERS.items():
        answer.headers[name] = value
    answer.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    is_file = request.path.startswith(FILES)
    answer.headers["Cache-Control"] = "no-cache" if is_file else "no-store"
