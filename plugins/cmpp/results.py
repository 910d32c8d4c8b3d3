"""What the gateway answers and reports: numbers and words → what they mean for the desk.

Source: CMPP 3.0, 8.4.1.2 (connect), 8.4.3.2 (submit), 8.4.5 (states of a report).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from desk.plugins import (
    AttemptState,
    BadAddress,
    ConfigProblem,
    GatewayTrouble,
    Refused,
    SendError,
    Throttled,
    Unsupported,
    in_language,
)
from desk.plugins.sessions import mobile


class Result(NamedTuple):
    """One result: the error it is, and the sentence."""

    error: type[SendError]
    words: Mapping[str, str]


class Word(NamedTuple):
    """A word of a report: the state it means, and the sentence."""

    state: AttemptState
    words: Mapping[str, str]


ACCOUNT = {
    "zh_CN": "网关不认企业代码或本机地址，请核对 company 和报备的 IP",
    "en": "the gateway does not know the account or this machine's address; look at company and the address it knows",
}
PASSWORD = {"zh_CN": "网关不认密码，请核对 password", "en": "the gateway refuses the password; look at it"}
VERSION = {"zh_CN": "网关不支持这个协议版本，请改 version", "en": "the gateway wants another version; change it"}
NO_LOGIN = {
    "zh_CN": "网关拒绝登录（{code}），稍后再试",
    "en": "the gateway refuses the login ({code}); it is tried again",
}

CONNECT: Mapping[int, Result] = {
    1: Result(GatewayTrouble, NO_LOGIN),
    2: Result(ConfigProblem, ACCOUNT),
    3: Result(ConfigProblem, PASSWORD),
    4: Result(ConfigProblem, VERSION),
}

SLOWER = {"zh_CN": "网关要求放慢，稍后自动再发", "en": "the gateway wants it slower; it is tried again by itself"}
TOO_LONG = {"zh_CN": "网关嫌内容过长", "en": "the gateway finds the text too long"}
FEE = {
    "zh_CN": "网关不认资费代码，请核对 fee、fee_type、payer",
    "en": "the gateway refuses the fee; look at fee, fee_type, payer",
}
SERVICE = {"zh_CN": "网关不认业务代码，请核对 service", "en": "the gateway does not know the service; look at it"}
SOURCE = {
    "zh_CN": "网关不认服务代码，请核对 source 和 company",
    "en": "the gateway refuses the source; look at source, company",
}
NUMBER = {"zh_CN": "网关不认这个号码，请换号码", "en": "the gateway refuses this number; use another one"}
REFUSED = {"zh_CN": "网关拒收（结果 {code}）", "en": "the gateway refused it (result {code})"}

SUBMIT: Mapping[int, Result] = {
    5: Result(ConfigProblem, FEE),
    6: Result(Unsupported, TOO_LONG),
    7: Result(ConfigProblem, SERVICE),
    8: Result(Throttled, SLOWER),
    9: Result(Refused, REFUSED),
    10: Result(ConfigProblem, SOURCE),
    11: Result(ConfigProblem, SOURCE),
    12: Result(ConfigProblem, FEE),
    13: Result(BadAddress, NUMBER),
}
WAIT = 1.0  # seconds, where the gateway wants it slower

STATES: Mapping[str, Word] = {
    "DELIVRD": Word(AttemptState.DELIVERED, {"zh_CN": "已送达手机", "en": "it is on the phone"}),
    "ACCEPTD": Word(AttemptState.SENT, {"zh_CN": "短信中心已受理", "en": "the centre has it"}),
    # `expired` is what the desk itself found too late to send; this one was sent.
    "EXPIRED": Word(AttemptState.UNDELIVERED, {"zh_CN": "过了有效期仍未送达", "en": "not delivered before it expired"}),
    "DELETED": Word(AttemptState.FAILED, {"zh_CN": "已被短信中心删除", "en": "the centre deleted it"}),
    "UNDELIV": Word(AttemptState.UNDELIVERED, {"zh_CN": "无法送达", "en": "it could not be delivered"}),
    "REJECTD": Word(AttemptState.REJECTED, {"zh_CN": "被拒收", "en": "it was rejected"}),
    # Nobody knows: not an end, so that a person looks at it when no better report comes.
    "UNKNOWN": Word(AttemptState.SENT, {"zh_CN": "短信中心不知是否送达", "en": "the centre does not know"}),
}
GOOD = ("DELIVRD", "ACCEPTD")
# MK:0001 is the error of the mobile network, MA, MB, ID, CA … those of the gateways on the way.
CODED = re.compile(r"([A-Z]{2}):(\d{1,4})", re.ASCII)


def no_login(result: int) -> SendError:
    """Why the gateway did not take a login."""
    known = CONNECT.get(result, Result(GatewayTrouble, NO_LOGIN))
    return known.error(in_language(known.words).format(code=result), why=f"CMPP_CONNECT_RESP {result}")


def refusal(result: int) -> SendError:
    """Why the gateway did not take a message."""
    known = SUBMIT.get(result, Result(Refused, REFUSED))
    text, why = in_language(known.words).format(code=result), f"CMPP_SUBMIT_RESP {result}"
    return Throttled(text, retry_after=WAIT, why=why) if known.error is Throttled else known.error(text, why=why)


def meaning(stat: str) -> tuple[AttemptState, str, str] | None:
    """A report's word as state, code and sentence; None for a word that nobody knows."""
    if stat in STATES:
        state, words = STATES[stat]
        return state, "" if stat in GOOD else stat, in_language(words)
    coded = CODED.fullmatch(stat)
    if coded is None:
        return None
    said = in_language(STATES["UNDELIV"].words)
    place, code = coded[1], int(coded[2])
    network = mobile.network_words(code) if place == "MK" else ""
    wrong = place == "MK" and mobile.is_wrong_number(code)
    told = f"{said}：{network}（{stat}）" if network else f"{said}（{stat}）"
    return AttemptState.UNDELIVERED, "wrong_number" if wrong else stat, told
