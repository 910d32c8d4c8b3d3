"""By which addresses the desk is reached, and whether a request comes from one of its own pages: pure.

A page on another site can make a browser ask this server for anything, and a name of its own can be made to lead to
this machine (DNS rebinding). So the Host must be one of ours, exactly, and what changes something or opens a screen
must come from a page of that very address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from desk.config.settings import ServeSettings
from desk.errors import ConfigProblem
from desk.i18n import _

DEFAULT_PORTS = {"http": 80, "https": 443}
ANY_ADDRESS = ("0.0.0.0", "::", "")


@dataclass(frozen=True)
class Site:
    """One address of the desk. `host` is as browsers write it in Host, `path` begins and ends with a slash."""

    scheme: str
    host: str
    path: str = "/"

    @property
    def origin(self) -> str:
        """As browsers write it in Origin."""
        return f"{self.scheme}://{self.host}"

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def socket(self) -> str:
        """Where the page opens its socket."""
        return f"{'wss' if self.is_secure else 'ws'}://{self.host}{self.path}ws"


def sites(settings: ServeSettings) -> tuple[Site, ...]:
    """The addresses in [serve] origins; without any, this machine's own names for what is listened on.

    Raises ConfigProblem where every address of the machine is listened on and none is named.
    """
    if settings.origins:
        return tuple(_site(text) for text in settings.origins)
    if settings.host in ANY_ADDRESS:
        words = _("[serve] host {host} is every address of this machine; write in [serve] origins which one people use")
        raise ConfigProblem(words.format(host=settings.host))
    names = (settings.host, "localhost") if is_loopback(settings.host) else (settings.host,)
    return tuple(_site(f"http://{_bracketed(name)}:{settings.port}") for name in names)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def asked_for(host: str, known: Iterable[Site]) -> Site | None:
    """The site that the Host header `host` names; None when it is not ours."""
    return next((site for site in known if host.lower() in (site.host, _with_port(site))), None)


def is_own_page(headers: Mapping[str, str], site: Site) -> bool:
    """Whether a page of `site` itself sends this request. A browser that does not say is not believed."""
    if headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = headers.get("Origin")
    if origin is None:
        return "Sec-Fetch-Site" in headers
    return origin.lower() == site.origin


def client(headers: Mapping[str, str], peer: str, *, behind_proxy: bool) -> str:
    """The address a request comes from: the peer's, or what the proxy on this machine wrote last."""
    told = headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if not behind_proxy or not is_loopback(peer):
        return peer
    try:
        return str(ip_address(told))
    except ValueError:
        return peer


def _site(text: str) -> Site:
    parts = urlsplit(text)
    path = f"/{parts.path.strip('/')}/" if parts.path.strip("/") else "/"
    name = _bracketed((parts.hostname or "").lower())
    port = parts.port if parts.port != DEFAULT_PORTS[parts.scheme] else None
    return Site(parts.scheme, f"{name}:{port}" if port else name, path)


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name and not name.startswith("[") else name


def _with_port(site: Site) -> str:
    return site.host if site.host.rpartition(":")[2].isdigit() else f"{site.host}:{DEFAULT_PORTS[site.scheme]}"
