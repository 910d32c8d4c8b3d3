"""What a browser is told about every answer: whom it may load from, and that nobody else may show or keep it.

`Referrer-Policy` is `same-origin`, not `no-referrer`: under the latter a browser writes `Origin: null` also into our
own forms, and a form from elsewhere could not be told from ours. To other sites it says as little.
"""

from __future__ import annotations

from collections.abc import Mapping

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Server": "desk",
}

_CLOSED = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
PAGE_POLICY = f"{_CLOSED}; script-src 'none'; connect-src 'none'"
# The terminal makes its own style elements; everything else is files of this address.
DESK_POLICY = f"{_CLOSED}; style-src 'self' 'unsafe-inline'"


def desk_policy(socket: str) -> str:
    """The policy of the page with the terminal; older browsers do not count the socket as 'self'."""
    return f"{DESK_POLICY}; connect-src 'self' {socket}"
