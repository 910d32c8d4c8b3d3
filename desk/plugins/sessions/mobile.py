"""What text messages to mobiles have in common, whatever the protocol: numbers, alphabets, parts, networks' errors.

Sources: 3GPP TS 23.038 (alphabets), 23.040 (parts), 29.002 (errors of the network).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Literal

from desk.i18n import in_language
from desk.plugins.messages import Message
from desk.plugins.send_errors import BadAddress, Unsupported

ESCAPE = 0x1B
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
TO_GSM7: Mapping[str, bytes] = {
    **{sign: bytes([code]) for code, sign in enumerate(BASIC) if code != ESCAPE},
    **{sign: bytes([ESCAPE, code]) for sign, code in EXTENSION.items()},
}
FROM_EXTENSION = {code: sign for sign, code in EXTENSION.items()}

Alphabet = Literal["small", "ucs2"]
# Room in one message and in each of several; the header of a part takes six of 140 bytes.
ROOM: Mapping[Alphabet, tuple[int, int]] = {"small": (160, 153), "ucs2": (140, 134)}

NOT_A_MOBILE = {
    "zh_CN": "{address}不是手机号码，短信只能发到手机",
    "en": "{address} is no mobile number; SMS goes to mobiles only",
}
TOO_LONG = {
    "zh_CN": "内容超过一条短信的长度，应由话务台拆分后发送",
    "en": "the text is longer than one SMS; the desk hands it over in parts",
}

# What a mobile network says of a phone: number → (is the number wrong?, words).
NETWORK_ERRORS: Mapping[int, tuple[bool, Mapping[str, str]]] = {
    1: (True, {"zh_CN": "空号", "en": "there is no such number"}),
    5: (True, {"zh_CN": "号码无法识别", "en": "the number is not known"}),
    6: (False, {"zh_CN": "关机或不在服务区", "en": "switched off or out of reach"}),
    9: (True, {"zh_CN": "号码已停用", "en": "the number is not in service"}),
    11: (False, {"zh_CN": "该号码未开通短信", "en": "the number takes no text messages"}),
    13: (False, {"zh_CN": "该号码已停机或限制接收", "en": "the number is barred"}),
    21: (False, {"zh_CN": "网络不支持短信", "en": "its network takes no text messages"}),
    27: (False, {"zh_CN": "关机或不在服务区", "en": "switched off or out of reach"}),
    31: (False, {"zh_CN": "手机忙，正在接收别的短信", "en": "busy with another text message"}),
    32: (False, {"zh_CN": "手机短信已满或接收失败", "en": "its memory is full, or it failed"}),
    34: (False, {"zh_CN": "移动网络故障", "en": "trouble in the mobile network"}),
}


def dialled(address: str, country: str = "") -> str:
    """The number as a gateway takes it, `country` code before it; raises BadAddress for what is no mobile."""
    digits = re.sub(r"[\s().-]", "", address)
    digits = re.sub(r"^(\+|00)86(?=1\d{10}$)", "", digits)
    digits = digits.removeprefix("+")
    if not re.fullmatch("[1-9][0-9]{4,19}", digits):
        raise BadAddress(in_language(NOT_A_MOBILE).format(address=address or "-"))
    return country + digits if len(digits) == 11 and digits.startswith("1") else digits


def in_small(text: str) -> bytes | None:
    """`text` in GSM-7, one octet a septet; None where that alphabet has not all of it."""
    try:
        return b"".join([TO_GSM7[sign] for sign in text])
    except KeyError:
        return None


def from_small(data: bytes) -> str:
    """GSM-7, one octet a septet, as text."""
    if ESCAPE not in data:  # receipts, which come by the thousand
        return "".join([BASIC[code & 0x7F] for code in data])
    codes = iter(data)
    return "".join(FROM_EXTENSION.get(next(codes, 0), " ") if code == ESCAPE else BASIC[code & 0x7F] for code in codes)


def written(message: Message) -> tuple[Alphabet, bytes]:
    """One part of a message as octets, and their alphabet; raises Unsupported where it does not fit into one SMS.

    A short part of several goes as UCS-2 although GSM-7 has its signs: the others most likely are Chinese, and one
    message in two alphabets is shown badly by some phones.
    """
    several = message.parts > 1
    wide = message.body.encode("utf-16-be", "surrogatepass")
    small = in_small(message.body)
    if small is not None and len(small) <= ROOM["small"][several] and not (several and len(wide) <= ROOM["ucs2"][1]):
        return "small", small
    if len(wide) <= ROOM["ucs2"][several]:
        return "ucs2", wide
    raise Unsupported(in_language(TOO_LONG))


def part_header(message: Message) -> bytes:
    """The header before a part's octets: 8-bit reference, how many, which."""
    return bytes([5, 0, 3, message.reference % 256, message.parts, message.part])


def without_header(data: bytes) -> bytes:
    """The octets behind a user data header."""
    return data[data[0] + 1 :] if data else data


def network_words(code: int) -> str:
    """What the network's error means, in the language spoken now; empty where it is not known."""
    return in_language(NETWORK_ERRORS[code][1]) if code in NETWORK_ERRORS else ""


def is_wrong_number(code: int) -> bool:
    """Whether the network says with it that the number itself is wrong."""
    return code in NETWORK_ERRORS and NETWORK_ERRORS[code][0]


@lru_cache(maxsize=64)  # receipts come many in a minute
def moment(text: str, zone: str) -> datetime | None:
    """`YYMMDDhhmm[ss]` of the gateway's own clock; None where it is none."""
    from zoneinfo import ZoneInfo

    digits = text.strip().strip("\0")
    shape = {10: "%y%m%d%H%M", 12: "%y%m%d%H%M%S"}.get(len(digits))
    if shape is None or not digits.isdigit():
        return None
    try:
        return datetime.strptime(digits, shape).replace(tzinfo=ZoneInfo(zone))
    except (ValueError, OSError, KeyError):  # no such day, no such zone
        return None


def validity(message: Message) -> str:
    """Until when the gateway may try, as SMPP and CMPP write it, in UTC; empty: its own limit."""
    from datetime import UTC

    until = message.valid_until
    return f"{until.astimezone(UTC):%y%m%d%H%M%S}000+" if until is not None and until.tzinfo else ""
