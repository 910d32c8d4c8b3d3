"""What a centre reports later: the receipt's text and parameters as a Report.

    id:43981 sub:001 dlvrd:001 submit date:2612110900 done date:2612110901 stat:DELIVRD err:000 text:…

Source: SMPP 3.4, appendix B and 5.3.2; centres differ in it, so every piece may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from desk.plugins import AttemptState, Report, in_language
from desk.plugins.sessions import mobile

RECEIVED_ID, MESSAGE_STATE, NETWORK_ERROR = 0x001E, 0x0427, 0x0423
GSM = 3  # the kind of network whose errors are in the table of `mobile`

FIELD = re.compile(r"\b(id|stat|err|done date):\s*([^\s:]+)", re.IGNORECASE)
IS_RECEIPT = re.compile(r"^\s*id:\S+.*\bstat:\w+", re.IGNORECASE | re.DOTALL)

NAMES: Mapping[int, str] = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}


class Word(NamedTuple):
    """A word of a receipt: the state it means, and the sentence."""

    state: AttemptState
    words: Mapping[str, str]


STATES: Mapping[str, Word] = {
    "ENROUTE": Word(AttemptState.SENT, {"zh_CN": "正在送往手机", "en": "on its way to the phone"}),
    "ACCEPTD": Word(AttemptState.SENT, {"zh_CN": "短信中心已受理", "en": "the centre has it"}),
    "DELIVRD": Word(AttemptState.DELIVERED, {"zh_CN": "已送达手机", "en": "it is on the phone"}),
    # `expired` is what the desk itself found too late to send; this one was sent.
    "EXPIRED": Word(AttemptState.UNDELIVERED, {"zh_CN": "过了有效期仍未送达", "en": "not delivered before it expired"}),
    "DELETED": Word(AttemptState.FAILED, {"zh_CN": "已被短信中心删除", "en": "the centre deleted it"}),
    "UNDELIV": Word(AttemptState.UNDELIVERED, {"zh_CN": "无法送达", "en": "it could not be delivered"}),
    "REJECTD": Word(AttemptState.REJECTED, {"zh_CN": "被拒收", "en": "it was rejected"}),
    # Nobody knows: not an end, so that a person looks at it when no better receipt comes.
    "UNKNOWN": Word(AttemptState.SENT, {"zh_CN": "短信中心不知是否送达", "en": "the centre does not know"}),
}
GOOD = ("ENROUTE", "ACCEPTD", "DELIVRD")


def report(text: str, parameters: Mapping[int, bytes], number: str, ids: str, zone: str) -> Report | None:
    """The receipt as a Report; None where it names no message, or a state nobody knows.

    `number` is the phone it is about: what a person goes by when the answer with the id was lost. `ids` as in the
    settings.
    """
    # The text of the message may stand at the end: of two fields of one name the first one counts.
    fields = {name.lower(): value for name, value in reversed(FIELD.findall(text))}
    named = parameters.get(RECEIVED_ID, b"").rstrip(b"\0").decode("latin-1")
    # Where the two differ the parameter mostly is written like the answer: a setting of its own is of the text.
    id = plain(named or fields.get("id", "") if ids == "as_is" else fields.get("id") or named, ids)
    stat = NAMES.get(int.from_bytes(parameters.get(MESSAGE_STATE, b""), "big")) or fields.get("stat", "").upper()[:7]
    if not id or stat not in STATES:
        return None
    state, words = STATES[stat]
    error, network = ("", "") if stat in GOOD else _error(stat, fields.get("err", ""), parameters)
    said = in_language(words)
    return Report(
        external_id=id,
        state=state,
        at=mobile.moment(fields.get("done date", ""), zone),
        error=error,
        words=f"{said}：{network}" if network else said,
        proof=number,
    )


def plain(id: str, written: str) -> str:
    """The id as the desk keeps it, whether it was written as hex or decimal; one that is neither is kept."""
    try:
        return str(int(id, 16 if written == "hex" else 10)) if written != "as_is" else id.strip()
    except ValueError:
        return id.strip()


def _error(stat: str, err: str, parameters: Mapping[int, bytes]) -> tuple[str, str]:
    """The error's code and its words: the network's own where it is there, else the centre's."""
    own = parameters.get(NETWORK_ERROR, b"")
    if len(own) == 3 and own[0] == GSM:
        code = int.from_bytes(own[1:], "big")
        return "wrong_number" if mobile.is_wrong_number(code) else f"{stat} {code}", mobile.network_words(code)
    return f"{stat} {err}".strip(), ""
