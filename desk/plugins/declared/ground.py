"""What a declared channel stands on: the county's data folder, and the hosts that it may call."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from desk.i18n import _

LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")
PORTS = {"http": 80, "https": 443}


class Ground(Struct, frozen=True, kw_only=True):
    """`hosts` as in `[plugins] hosts`: `sms.example.cn`, or with a port. `loopback`: this machine too (a sandbox)."""

    data: Path = Path()
    hosts: tuple[str, ...] = ()
    loopback: bool = False

    def objection(self, url: str) -> str:
        """Why `url` may not be called; empty when it may."""
        host, port = _host(url)
        if not host:
            return _('"{url}" is no address of a web service; write it like https://sms.example.cn/send').format(
                url=url
            )
        if (self.loopback and LOOPBACK.fullmatch(host)) or {host, f"{host}:{port}"} & {*map(str.lower, self.hosts)}:
            return ""
        return _("{host} is not on the list of hosts; add it to hosts in [plugins] of config.toml").format(host=host)


def _host(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or parts.username is not None:
            return "", 0
        return (parts.hostname or "").lower(), parts.port or PORTS[parts.scheme]
    except ValueError:
        return "", 0
