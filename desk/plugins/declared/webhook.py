"""kind = "webhook": a message is one HTTP request, and the answer says whether it was taken.

    [request]
    url = "{settings.url}"
    json = { to = "{address}", text = "{body}" }
    [answer]
    code = "errcode"              # ok = [0] by itself
    errors = { 45009 = "throttled" }
    [receipt]                     # what the gateway calls the desk with later
    id = "msgid"
    state = "status"
    states = { DELIVRD = "delivered", UNDELIV = "undelivered" }

Values are put in by value: JSON is built, never pasted together; in the address and in forms they are escaped. A
header or field that needs a setting nobody gave is left out. Only hosts on the list of `[plugins] hosts` are called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import msgspec

from desk.i18n import _
from desk.plugins.declared import answers, shapes
from desk.plugins.declared.channel import HIDDEN, HUMAN, DeclaredChannel
from desk.plugins.declared.http import Answered, Request, called, reached
from desk.plugins.declared.shapes import Field
from desk.plugins.declared.signing import read_sign, signature
from desk.plugins.declared.templates import Blank, Template, fill_value
from desk.plugins.messages import Message, Receipt, Reply, Report
from desk.plugins.outage_types import Problem
from desk.plugins.send_errors import ConfigProblem, SendError, UnknownOutcome, Unsupported
from desk.records import AttemptState

# What a bare HTTP status means, where the file does not say otherwise in [answer] status. A 500 or a broken proxy may
# have passed the message on before it failed: nobody knows.
STATUSES: Mapping[int, str] = {
    401: "config_problem",
    403: "config_problem",
    404: "config_problem",
    405: "config_problem",
    407: "config_problem",
    429: "throttled",
    503: "gateway_trouble",
}


class WebhookChannel(DeclaredChannel):
    """A channel whose gateway takes one HTTP request a message."""

    kind = "webhook"
    NEEDED = ("request",)
    SECTIONS: ClassVar[Mapping[str, Mapping[str, Field]]] = {
        "request": {
            "method": Field(shapes.choice(("GET", "POST", "PUT"))),
            "url": Field(shapes.template, needed=True),
            "query": Field(shapes.lines),
            "headers": Field(shapes.lines),
            "json": Field(shapes.values),
            "form": Field(shapes.lines),
            "text": Field(shapes.template),
            "charset": Field(shapes.choice(("utf-8", "gb18030", "gbk", "gb2312"))),
            "proxy": Field(shapes.template),
            "sign": Field(read_sign),
        },
        "human": HUMAN,
        "answer": {**answers.FIELDS, "status": Field(shapes.outcomes)},
        "receipt": {
            "list": Field(shapes.path),
            "id": Field(shapes.path, needed=True),
            "state": Field(shapes.path, needed=True),
            "words": Field(shapes.path),
            "states": Field(shapes.states, needed=True),
        },
        "reply": {
            "address": Field(shapes.path, needed=True),
            "body": Field(shapes.path, needed=True),
            "id": Field(shapes.path),
        },
    }

    def send(self, message: Message, timeout: float) -> Receipt:
        self.need_address(message)
        request = self.request(message)
        if objection := self._objection(request, message):
            raise ConfigProblem(objection)
        try:
            return self.taken(self.heard(called(request, timeout), message))
        except SendError as error:
            raise self._safe(error) from None

    def heard(self, answer: Answered, message: Message) -> Receipt:
        """What the gateway's answer amounts to; raises the SendError it stands for."""
        told = self.table("answer")
        own = told.get("status", {}).get(str(answer.status))
        if own in shapes.STATES or (own is None and 200 <= answer.status < 300):
            receipt = answers.taken(told, answer.text, self.blanks(message))
            return Receipt(state=own, external_id=receipt.external_id) if own else receipt
        if own is None and 300 <= answer.status < 400:
            text = _("the gateway points to another address, which is not followed: {place}; look at the url")
            raise ConfigProblem(text.format(place=answers.short(answer.location)))
        raise answers.made(own or _meaning(answer.status), f"{answer.status} {answer.text}", answer.retry_after)

    def understood(self, answer: Mapping[str, Any], message: Message) -> Receipt:
        return self.heard(msgspec.convert(answer, Answered), message)

    def request(self, message: Message, *, hidden: bool = False) -> Request:
        """The request for `message`; raises Unsupported where its words cannot be written that way."""
        told, blanks = self.table("request"), self.blanks(message, hidden=hidden)
        if "sign" in told:
            blanks["sign"] = signature(told["sign"], blanks, hidden=hidden)
        charset = told.get("charset", "utf-8")
        try:
            content, type = _content(told, blanks, charset)
            url = _address(told["url"], blanks, charset) + _query(told.get("query", {}), blanks, charset)
            return Request(
                method=told.get("method", "POST" if content else "GET"),
                url=url.replace(quote(HIDDEN), HIDDEN) if hidden else url,
                headers={**type, **_headers(told.get("headers", {}), blanks)},
                content=content,
                proxy=told["proxy"].filled(blanks) if "proxy" in told else "",
            )
        except UnicodeEncodeError as problem:
            text = _("the gateway's character set {charset} has no {sign}")
            raise Unsupported(text.format(charset=charset, sign=problem.object[problem.start])) from None

    def outgoing(self, message: Message, *, hidden: bool = False) -> Mapping[str, Any]:
        request, told = self.request(message, hidden=hidden), self.table("request")
        blanks = self.blanks(message, hidden=hidden)
        if "sign" in told:
            blanks["sign"] = signature(told["sign"], blanks, hidden=hidden)
        content = {name: fill_value(told[name], blanks) for name in ("json", "form", "text") if name in told}
        return {"method": request.method, "url": request.url, "headers": dict(request.headers), **content}

    def objection(self) -> str:
        message = Message(recipient="", address="", body="")
        return self._objection(self.request(message, hidden=True), message)

    def check(self, timeout: float) -> Problem | None:
        request = self.request(Message(recipient="", address="", body=""), hidden=True)
        words = self.objection() or reached(request.url, request.proxy, timeout)
        return Problem(words) if words else None

    def receipt(self, payload: Mapping[str, Any]) -> Sequence[Report]:
        told = self.table("receipt")
        if not told:
            return ()
        listed = answers.value_at(payload, told["list"]) if "list" in told else [payload]
        reports = (_report(told, item) for item in (listed if isinstance(listed, list) else ()))
        return [report for report in reports if report is not None]

    def reply(self, payload: Mapping[str, Any]) -> Reply | None:
        told = self.table("reply")
        found = {name: answers.value_at(payload, place) for name, place in told.items()}
        if not found or not all(isinstance(found[name], str) and found[name] for name in ("address", "body")):
            return None
        return Reply(address=found["address"], body=found["body"], external_id=str(found.get("id") or ""))

    def _objection(self, request: Request, message: Message) -> str:
        """A host that the county did not list is not called, nor through a proxy that the file itself names."""
        told = self.table("request")
        proxied = "proxy" in told and self.is_of_the_file(told["proxy"], message)
        return self.ground.objection(request.url) or (self.ground.objection(request.proxy) if proxied else "")

    def _safe(self, error: SendError) -> SendError:
        """The error without any secret: a gateway may repeat the request in its answer."""
        error.args = tuple(self.scrubbed(str(word)) for word in error.args)
        error.why = self.scrubbed(error.why)
        return error


def _meaning(status: int) -> str:
    return STATUSES.get(status) or ("refused" if 400 <= status < 500 else UnknownOutcome.code)


def _address(template: Template, blanks: Mapping[str, str], charset: str) -> str:
    """The address; a setting at its very start is one itself, all other values are escaped."""
    pieces, start = template.pieces, ""
    if isinstance(pieces[0], Blank) and pieces[0].optional:
        start, pieces = blanks[pieces[0].name], pieces[1:]
    return start + Template(pieces).filled(blanks, lambda value: quote(value.encode(charset), safe=""))


def _query(told: Mapping[str, Any], blanks: Mapping[str, str], charset: str) -> str:
    pairs = fill_value(dict(told), blanks)
    return "?" + urlencode(pairs, encoding=charset, errors="strict") if pairs else ""


def _content(told: Mapping[str, Any], blanks: Mapping[str, str], charset: str) -> tuple[bytes, dict[str, str]]:
    if "json" in told:
        import json

        text = json.dumps(fill_value(told["json"], blanks), ensure_ascii=False)
        return text.encode(charset), {"Content-Type": f"application/json; charset={charset}"}
    if "form" in told:
        text = urlencode(fill_value(dict(told["form"]), blanks), encoding=charset, errors="strict")
        return text.encode("ascii"), {"Content-Type": f"application/x-www-form-urlencoded; charset={charset}"}
    if "text" in told:
        return told["text"].filled(blanks).encode(charset), {"Content-Type": f"text/plain; charset={charset}"}
    return b"", {}


def _headers(told: Mapping[str, Any], blanks: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = fill_value(dict(told), blanks)
    for name, value in found.items():
        if not value.isprintable():
            raise Unsupported(_("the header {name} cannot hold a line break or control character").format(name=name))
    return found


def _report(told: Mapping[str, Any], item: Any) -> Report | None:
    id, word = (answers.value_at(item, told[name]) for name in ("id", "state"))
    if not isinstance(id, str | int) or not isinstance(word, str | int) or isinstance(id, bool):
        return None
    state = told["states"].get(shapes.code(word))
    words = answers.value_at(item, told["words"]) if "words" in told else ""
    if state is None or not str(id).strip():
        return None
    error = "" if state in shapes.STATES or state == "read" else shapes.code(word)
    told_words = answers.short(str(words)) if words else ""
    return Report(external_id=str(id).strip(), state=AttemptState(state), error=error, words=told_words)
