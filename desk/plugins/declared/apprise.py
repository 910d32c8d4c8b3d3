"""kind = "apprise": a message goes to one of the services that the library Apprise knows, named by a URL.

    [apprise]
    url = "mailtos://{settings.user}:{settings.password}@{settings.server}?to={address}"

Apprise only says yes or no, so "accepted" is all that is claimed: submitted, never delivered. A "no" that its log does
not explain leaves the outcome unknown. Values are escaped wherever they stand in the URL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from desk.config.mistakes import guess
from desk.i18n import _
from desk.plugins.declared import shapes
from desk.plugins.declared.answers import made, short
from desk.plugins.declared.channel import DeclaredChannel
from desk.plugins.declared.shapes import Field, Known
from desk.plugins.declared.templates import Blank, Template, Wrong, parse
from desk.plugins.messages import Message, Receipt
from desk.plugins.outage_types import Problem
from desk.plugins.send_errors import ConfigProblem, SendError

# Services over the net only. Those that would call any address at all are webhooks, whose hosts are on a list; those
# that act on this machine (dbus, syslog, windows, …) have no place at a desk.
SCHEMAS = (
    *("mailto", "mailtos", "tgram", "matrix", "matrixs", "mqtt", "mqtts", "ntfy", "ntfys", "gotify", "gotifys"),
    *("rocket", "rockets", "mmost", "mmosts", "slack", "workflows", "pushdeer", "pushdeers", "schan"),
    *("bark", "barks", "pover", "pushplus", "wxpusher", "signal", "signals", "xmpp", "xmpps", "nctalk", "nctalks"),
    *("zulip", "discord", "twilio", "sns", "ses", "sendgrid", "mailgun", "smtp2go", "sinch", "vonage", "plivo"),
)

# What Apprise's log says when it said no, and what that means; the first that is found.
MEANINGS: tuple[tuple[str, str], ...] = (
    ("Connection refused|Name or service not known|getaddrinfo|Failed to (resolve|establish)", "no_connection"),
    ("unreachable|No route to host|NameResolutionError|nodename nor servname", "no_connection"),
    ("authentication|Unauthorized|error=40[13]|invalid (token|api)", "config_problem"),
    ("recipient.*(refused|rejected)|SMTPRecipientsRefused|no such user", "bad_address"),
    ("error=429|Too Many Requests|rate limit", "throttled"),
    ("error=4[0-9][0-9]|Bad Request", "refused"),
)


def read_url(value: Any, known: Known) -> Template:
    template = parse(shapes.text(value, known), known.settings)
    schema, colon, _rest = str(value).partition("://")
    if not colon or "{" in schema:
        raise Wrong(_("must start with the kind of service, like mailtos://"))
    if schema.lower() not in SCHEMAS:
        raise Wrong(_('names no service that may be used: "{schema}"').format(schema=schema) + _near(schema))
    return template


def _near(schema: str) -> str:
    from difflib import get_close_matches

    return guess(schema, get_close_matches(schema, SCHEMAS, n=1) or SCHEMAS[:2])


class AppriseChannel(DeclaredChannel):
    """A channel to a service that Apprise knows."""

    kind = "apprise"
    NEEDED = ("apprise",)
    SECTIONS: ClassVar[Mapping[str, Mapping[str, Field]]] = {
        "apprise": {
            "url": Field(read_url, needed=True),
            "title": Field(shapes.template),
            "body": Field(shapes.template),
        },
    }

    def objection(self) -> str:
        """A server that the file itself names must be on the county's list; one that the county sets need not."""
        message = Message(recipient="", address="", body="")
        place = _place_of(self.table("apprise")["url"])
        if not self.is_of_the_file(place, message):
            return ""
        return self.ground.objection(f"https://{place.filled(self.blanks(message)).rpartition('@')[2]}")

    def send(self, message: Message, timeout: float) -> Receipt:
        self.need_address(message)
        if objection := self.objection():
            raise ConfigProblem(objection)
        apprise = _library()
        told, log = self.outgoing(message), _log()
        with log:
            service = apprise.Apprise.instantiate(_within(told["url"], timeout), suppress_exceptions=True)
            if not service:
                raise ConfigProblem(_("Apprise cannot make sense of the url"), why=self.scrubbed(log.text))
            paths = [file.path for file in message.attachments]
            files = apprise.AppriseAttachment(paths) if paths else None
            done = service.notify(body=told["body"], title=told["title"], attach=files)
        if done:
            return Receipt(state="accepted")
        raise self._meant(self.scrubbed(log.text))

    def outgoing(self, message: Message, *, hidden: bool = False) -> Mapping[str, Any]:
        told, blanks = self.table("apprise"), self.blanks(message, hidden=hidden)
        body, title = (told[name].filled(blanks) if name in told else blanks[at] for name, at in FILLED)
        return {"url": told["url"].filled(blanks, _escaped), "title": title, "body": body}

    def check(self, timeout: float) -> Problem | None:
        told, log = self.outgoing(Message(recipient="", address="desk@example.com", body="")), _log()
        with log:
            service = _library().Apprise.instantiate(told["url"], suppress_exceptions=True)
        if service:
            return None
        return Problem(_("Apprise cannot make sense of the url: {words}").format(words=short(self.scrubbed(log.text))))

    def _meant(self, log: str) -> SendError:
        for pattern, code in MEANINGS:
            if re.search(pattern, log, re.IGNORECASE):
                return made(code, log)
        return made("unknown_outcome", log)


FILLED = (("body", "body"), ("title", "subject"))


def _place_of(url: Template) -> Template:
    """What stands between :// and the path: whom the message goes to."""
    kept: list[str | Blank] = []
    for piece in url.pieces:
        text = piece if isinstance(piece, str) else ""
        start = text.partition("://")[2] if not kept and "://" in text else text
        end = re.search(r"[/?#]", start)
        kept.append(piece if isinstance(piece, Blank) else start[: end.start()] if end else start)
        if end:
            break
    return Template(tuple(kept))


def _escaped(value: str) -> str:
    return value if value == "***" else quote(value, safe="")


def _within(url: str, timeout: float) -> str:
    """The URL with the deadline shared between connecting and reading, as Apprise wants it."""
    return f"{url}{'&' if '?' in url else '?'}cto={timeout / 3:.2f}&rto={timeout / 2:.2f}"


def _library() -> Any:
    try:
        import apprise  # 140 ms
    except ImportError:
        raise ConfigProblem(_("this channel needs: pip install desk95598[apprise]")) from None
    return apprise


def _log() -> Any:
    from desk.plugins.declared.listening import Log  # logging is 1 ms

    return Log("apprise")
