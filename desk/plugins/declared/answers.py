"""What a gateway's (or a program's) answer means: taken and under which id, or which of the send errors.

`[answer]` of a file: where the code, the id and the words stand in the answer, which codes mean "taken", which mean
what error. A gateway that says "errcode 45009" with HTTP 200 has not taken the message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desk.i18n import _
from desk.plugins.declared import shapes
from desk.plugins.declared.shapes import ERRORS, STATES, Field
from desk.plugins.messages import Receipt
from desk.plugins.send_errors import SendError, Throttled, UnknownOutcome
from desk.text import clean, cut

LONGEST = 200  # cells of a gateway's text in a sentence
SEARCHED = 1024  # characters of an answer that a pattern is tried on

FIELDS: Mapping[str, Field] = {
    "code": Field(shapes.path),
    "ok": Field(shapes.codes),
    "id": Field(shapes.path),
    "own_id": Field(shapes.template),
    "words": Field(shapes.path),
    "pattern": Field(shapes.pattern),
    "state": Field(shapes.choice(STATES)),
    "errors": Field(shapes.errors),
}
OK = ("0", "true", "ok", "success")
_MISSING = object()


def taken(answer: Mapping[str, Any], text: str, blanks: Mapping[str, str]) -> Receipt:
    """The receipt that `text`, a good answer, amounts to; raises the SendError that its code stands for.

    An answer that cannot be understood leaves the outcome unknown: the request did go out.
    """
    if not answer.keys() & {"code", "id", "pattern"}:
        return _receipt(answer, "", blanks)
    found = _matched(answer, text) if "pattern" in answer else _looked_up(answer, text)
    if found is None:
        raise UnknownOutcome(_("the answer cannot be understood; nobody knows whether it arrived"), why=short(text))
    code = found.get("code")
    if code is not None and code not in answer.get("ok", OK):
        raise error_for(answer.get("errors", {}), code, found.get("words") or short(text))
    return _receipt(answer, found.get("id") or "", blanks)


def error_for(table: Mapping[str, str], code: str, words: str, retry_after: float = 1.0) -> SendError:
    """The error a gateway's code stands for: as the file says, else refused; with the gateway's own words."""
    return made(table.get(code) or table.get("*", "refused"), f"{code} {words}".strip(), retry_after)


def made(name: str, words: str, retry_after: float = 1.0) -> SendError:
    """The send error of this name; its `why` is what the gateway said."""
    error = ERRORS[name]
    if error is Throttled:
        return Throttled(retry_after=retry_after, why=short(words))
    sentence = _(error.sentence)
    return error(f"{sentence}: {short(words)}" if words and name in TELLING else sentence, why=short(words))


TELLING = ("refused", "config_problem", "bad_address", "unsupported")  # the gateway's words help whoever reads them


def short(text: str) -> str:
    """A gateway's words on one line, safe to print."""
    return cut(clean(" ".join(text.split())), LONGEST)


def value_at(document: Any, path: Sequence[str]) -> Any:
    """What stands at `path` in a JSON document, or None."""
    for name in path:
        if isinstance(document, Mapping):
            document = document.get(name, _MISSING)
        elif isinstance(document, list) and name.isdecimal() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
        if document is _MISSING:
            return None
    return document


def _receipt(answer: Mapping[str, Any], id: str, blanks: Mapping[str, str]) -> Receipt:
    own = answer["own_id"].filled(blanks) if "own_id" in answer else ""
    return Receipt(state=answer.get("state", "accepted"), external_id=id or own)


def _matched(answer: Mapping[str, Any], text: str) -> dict[str, str] | None:
    match = answer["pattern"].search(text[:SEARCHED])
    return {name: value.strip() for name, value in match.groupdict("").items()} if match else None


def _looked_up(answer: Mapping[str, Any], text: str) -> dict[str, str] | None:
    """Code, id and words of a JSON answer; None when there is no code, or (without one) no id, where it should be."""
    import json

    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    values = {name: value_at(document, answer[name]) for name in ("code", "id", "words") if name in answer}
    found = {name: shapes.code(value) for name, value in values.items() if isinstance(value, str | int | float)}
    return found if ("code" if "code" in answer else "id") in found else None
