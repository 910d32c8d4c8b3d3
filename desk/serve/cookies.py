"""The cookies of a browser: its ticket, the one that ties a form to it, and who sat where last."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, unquote

from aiohttp import web

from desk.serve.addresses import Site
from desk.serve.guard import SITE

NAMES: Mapping[str, str] = {"ticket": "desk-ticket", "form": "desk-form", "name": "desk-name", "seat": "desk-seat"}
REMEMBERED = ("name", "seat")
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


def remember(answer: web.Response, site: Site, **known: str) -> None:
    """Fill the form in with this the next time."""
    for which, value in known.items():
        write(answer, site, which, quote(value), seconds=REMEMBERED_SECONDS)


def remembered(request: web.Request) -> dict[str, str]:
    return {which: unquote(read(request, which))[:64] for which in REMEMBERED}


def _name(site: Site, which: str) -> str:
    """A browser keeps `__Host-` for what this very host has set, over TLS, for all of itself."""
    prefix = "__Host-" if site.path == "/" else "__Secure-"
    return f"{prefix if site.is_secure else ''}{NAMES[which]}"
