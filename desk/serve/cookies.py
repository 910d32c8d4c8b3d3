"""The cookies of a browser: its ticket, the one that ties a form to it, and at which seat it stands."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, unquote

from aiohttp import web

from desk.serve.addresses import Site
from desk.serve.guard import SITE

NAMES: Mapping[str, str] = {"ticket": "desk-ticket", "form": "desk-form", "seat": "desk-seat"}
REMEMBERED_SECONDS = 30 * 24 * 3600


def read(request: web.Request, which: str) -> str:
    """What the browser's cookie says; empty when it has none."""
    return request.cookies.get(_name(request[SITE], which), "")


def write(answer: web.Response, site: Site, which: str, value: str, *, seconds: int | None = None) -> None:
    """A cookie that no script reads and no other site has sent along; gone with the browser, or after `seconds`."""
    answer.set_cookie(
        _name(site, which),
        value,
        path=site.path,
        max_age=seconds,
        httponly=True,
        secure=site.is_secure,
        samesite="Strict",
    )


def forget(answer: web.Response, site: Site, which: str) -> None:
    answer.del_cookie(_name(site, which), path=site.path, secure=site.is_secure, httponly=True, samesite="Strict")


def remember_seat(answer: web.Response, site: Site, seat: str) -> None:
    """Fill the seat in the next time: it is the machine's. Who sat there is not remembered."""
    write(answer, site, "seat", quote(seat), seconds=REMEMBERED_SECONDS)


def remembered_seat(request: web.Request) -> str:
    return unquote(read(request, "seat"))


def _name(site: Site, which: str) -> str:
    """A browser keeps `__Host-` for what this very host has set, over TLS, for all of itself."""
    prefix = "__Host-" if site.path == "/" else "__Secure-"
    return f"{prefix if site.is_secure else ''}{NAMES[which]}"
