"""What a centre answers to a login or a message: command_status → what it means for the desk.

Source: SMPP 3.4, 5.1.3. A status that is not in a table is a refusal of the one message, or a login to try again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from desk.plugins import (
    BadAddress,
    ConfigProblem,
    GatewayTrouble,
    Refused,
    SendError,
    Throttled,
    Unsupported,
    in_language,
)


class Status(NamedTuple):
    """One status: its name in the standard, the error it is, and the sentence."""

    name: str
    error: type[SendError]
    words: Mapping[str, str]


THROTTLED = {"zh_CN": "短信中心要求放慢，稍后自动再发", "en": "the centre wants it slower; it is tried again by itself"}
QUEUE_FULL = {
    "zh_CN": "短信中心队列已满，稍后自动再发",
    "en": "the centre's queue is full; tried again by itself",
}
TROUBLE = {"zh_CN": "短信中心自身故障，稍后自动再发", "en": "the centre is in trouble; it is tried again by itself"}
NO_SUCH_NUMBER = {
    "zh_CN": "短信中心不认这个号码，请换号码",
    "en": "the centre refuses this number; use another one",
}
TOO_LONG = {"zh_CN": "短信中心嫌内容过长", "en": "the centre finds the text too long"}
SOURCE = {
    "zh_CN": "短信中心不认主叫（接入号），请核对 source、source_ton、source_npi",
    "en": "the centre does not take the source; look at source, source_ton and source_npi",
}
KIND = {
    "zh_CN": "短信中心不认号码类型，请核对 dest_ton、dest_npi",
    "en": "the centre does not take the type of number; look at dest_ton and dest_npi",
}
SERVICE = {
    "zh_CN": "短信中心不认 service_type，请核对",
    "en": "the centre does not know the service_type; look at it",
}
REFUSED = {"zh_CN": "短信中心拒收（{name}）", "en": "the centre refused it ({name})"}

SUBMIT: Mapping[int, Status] = {
    0x01: Status("ESME_RINVMSGLEN", Unsupported, TOO_LONG),
    0x04: Status("ESME_RINVBNDSTS", GatewayTrouble, TROUBLE),
    0x08: Status("ESME_RSYSERR", GatewayTrouble, TROUBLE),
    0x0A: Status("ESME_RINVSRCADR", ConfigProblem, SOURCE),
    0x0B: Status("ESME_RINVDSTADR", BadAddress, NO_SUCH_NUMBER),
    0x14: Status("ESME_RMSGQFUL", Throttled, QUEUE_FULL),
    0x15: Status("ESME_RINVSERTYP", ConfigProblem, SERVICE),
    0x45: Status("ESME_RSUBMITFAIL", Refused, REFUSED),
    0x48: Status("ESME_RINVSRCTON", ConfigProblem, SOURCE),
    0x49: Status("ESME_RINVSRCNPI", ConfigProblem, SOURCE),
    0x50: Status("ESME_RINVDSTTON", ConfigProblem, KIND),
    0x51: Status("ESME_RINVDSTNPI", ConfigProblem, KIND),
    0x58: Status("ESME_RTHROTTLED", Throttled, THROTTLED),
    0x64: Status("ESME_RX_T_APPN", GatewayTrouble, TROUBLE),
    0x65: Status("ESME_RX_P_APPN", Refused, REFUSED),
    0x66: Status("ESME_RX_R_APPN", Refused, REFUSED),
    0xFF: Status("ESME_RUNKNOWNERR", Refused, REFUSED),
}
SECONDS = {0x58: 1.0, 0x14: 5.0}  # to wait, where a centre wants it slower

ACCOUNT = {
    "zh_CN": "短信中心不认账号，请核对 system_id 和 system_type",
    "en": "the centre does not know the account; look at system_id and system_type",
}
PASSWORD = {"zh_CN": "短信中心不认密码，请核对 password", "en": "the centre refuses the password; look at it"}
NO_LOGIN = {
    "zh_CN": "短信中心拒绝登录（{name}），稍后再试；一直如此请核对账号、密码和连接数",
    "en": "the centre refuses the login ({name}); it is tried again; if that lasts: account, password, sessions",
}
GIVEN_UP = {
    "zh_CN": "短信中心连续 {times} 次拒绝登录（{name}），已停止；请核对账号、密码、本机地址和连接数",
    "en": "the centre refused {times} logins in a row ({name}); look at account, password, address and sessions",
}

BIND: Mapping[int, Status] = {
    0x05: Status("ESME_RALYBND", GatewayTrouble, NO_LOGIN),
    0x08: Status("ESME_RSYSERR", GatewayTrouble, NO_LOGIN),
    0x0D: Status("ESME_RBINDFAIL", GatewayTrouble, NO_LOGIN),
    0x0E: Status("ESME_RINVPASWD", ConfigProblem, PASSWORD),
    0x0F: Status("ESME_RINVSYSID", ConfigProblem, ACCOUNT),
    0x53: Status("ESME_RINVSYSTYP", ConfigProblem, ACCOUNT),
    0x58: Status("ESME_RTHROTTLED", GatewayTrouble, NO_LOGIN),
}
TIMES = 5  # refused logins in a row, without a reason that says more, after which it stops


def refusal(status: int) -> SendError:
    """Why the centre did not take a message."""
    known = SUBMIT.get(status) or Status(f"0x{status:08X}", Refused, REFUSED)
    text, why = in_language(known.words).format(name=known.name), f"{known.name} 0x{status:08X}"
    if known.error is Throttled:
        return Throttled(text, retry_after=SECONDS[status], why=why)
    return known.error(text, why=why)


def no_login(status: int, times: int) -> SendError:
    """Why the centre did not take a login, the `times`th in a row."""
    known = BIND.get(status) or Status(f"0x{status:08X}", GatewayTrouble, NO_LOGIN)
    why = f"{known.name} 0x{status:08X}"
    if known.name == "ESME_RBINDFAIL" and times >= TIMES:
        return ConfigProblem(in_language(GIVEN_UP).format(name=known.name, times=times), why=why)
    return known.error(in_language(known.words).format(name=known.name), why=why)
