"""How a text is cut into the pieces that a channel takes: between characters as people see them, and never short.

    cut("您处将于12月11日停电…", channel.can).pieces

A text is sent whole or refused. For text messages the limits are the network's: 160 signs of GSM-7 in one message and
153 in each of several (a sign of the extension table counts two), 70 and 67 of UCS-2, counted in UTF-16 units.
Source: 3GPP TS 23.038 and 23.040.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from unicodedata import category, combining

from msgspec import Struct

from desk.i18n import N_, _
from desk.plugins.channels import Capabilities
from desk.plugins.send_errors import Unsupported

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"
_GSM7 = {**dict.fromkeys(_BASIC, 1), **dict.fromkeys(_EXTENSION, 2)}
GSM7_ONE, GSM7_EACH, UCS2_ONE, UCS2_EACH = 160, 153, 70, 67

JOINER, KEEPS_TOGETHER = "\u200d", frozenset({"Mn", "Mc", "Me"})

TOO_LONG = N_("the text has {length} characters and this channel takes {limit}; use another channel or shorter words")
TOO_MANY = N_("the text makes {parts} parts and this channel takes {limit}; use another channel or shorter words")


class Cut(Struct, frozen=True):
    """A text as it is handed over, piece by piece, and how many parts are paid for."""

    pieces: tuple[str, ...]
    parts: int


@lru_cache(maxsize=512)  # most people of an outage read the same words
def cut(text: str, can: Capabilities) -> Cut:
    """The pieces of `text` for a channel that can so much; raises Unsupported where it would not go whole."""
    found = _messages(text, can) if can.encoding == "sms" else _pieces(text, can)
    if can.max_parts and found.parts > can.max_parts and (can.encoding == "sms" or can.overflow == "split"):
        raise Unsupported(_(TOO_MANY).format(parts=found.parts, limit=can.max_parts))
    return found


def signed(text: str, sign: str) -> str:
    """The text behind the sender's name in lenticular brackets, as gateways ask for it; no sign, no brackets."""
    name = sign.strip().removeprefix("【").removesuffix("】")
    return f"【{name}】{text}" if name and not text.startswith(f"【{name}】") else text


def is_gsm7(text: str) -> bool:
    """Whether text messages carry `text` in the small alphabet."""
    return all(char in _GSM7 for char in text)


def text_message_units(text: str) -> int:
    """How much of a text message `text` takes: GSM-7 septets where that alphabet has it all, else UTF-16 units."""
    return _septets(text) if is_gsm7(text) else _utf16(text)


def clusters(text: str) -> Iterator[str]:
    """The characters of `text` as people see them: with their marks, joined emoji, flags and skin tones whole."""
    start = 0
    for at in range(1, len(text)):
        if not _belongs(text, start, at):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _messages(text: str, can: Capabilities) -> Cut:
    """Text messages: cut by the desk, or handed over whole to a gateway that cuts them itself."""
    small = is_gsm7(text)
    size = _septets if small else _utf16
    one, each = (GSM7_ONE, GSM7_EACH) if small else (UCS2_ONE, UCS2_EACH)
    pieces = _fitted(text, size, one, each)
    if can.overflow == "split":
        return Cut(pieces, len(pieces))
    _refuse_longer(text, can)
    return Cut((text,), len(pieces))


def _pieces(text: str, can: Capabilities) -> Cut:
    if can.overflow == "split" and can.max_chars:
        pieces = _fitted(text, len, can.max_chars, can.max_chars)
        return Cut(pieces, len(pieces))
    _refuse_longer(text, can)
    return Cut((text,), 1)


def _refuse_longer(text: str, can: Capabilities) -> None:
    if can.max_chars and len(text) > can.max_chars:
        raise Unsupported(_(TOO_LONG).format(length=len(text), limit=can.max_chars))


def _fitted(text: str, size: Callable[[str], int], one: int, each: int) -> tuple[str, ...]:
    if size(text) <= one:
        return (text,)
    pieces: list[str] = []
    piece, room = "", each
    for cluster in _small_enough(text, size, each):
        needed = size(cluster)
        if needed > room:
            pieces.append(piece)
            piece, room = "", each
        piece += cluster
        room -= needed
    return (*pieces, piece)


def _small_enough(text: str, size: Callable[[str], int], most: int) -> Iterator[str]:
    # A heap of marks longer than a whole part is no character anyone can read: only such a one is taken apart.
    for cluster in clusters(text):
        if size(cluster) <= most:
            yield cluster
        else:
            yield from cluster


def _septets(text: str) -> int:
    return sum(_GSM7[char] for char in text)


def _utf16(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _belongs(text: str, start: int, at: int) -> bool:
    """Whether the sign at `at` is of the same character as those from `start` on."""
    char, before = text[at], text[at - 1]
    if char < "\u0300":
        return char == "\n" and before == "\r"
    if _extends(char) or before == JOINER:
        return True
    if _is_flag_half(char):
        return _is_flag_half(before) and (at - start) % 2 == 1
    return _syllable(before, char)


@lru_cache(maxsize=2048)
def _extends(char: str) -> bool:
    """Marks, joiners, emoji variations, skin tones, tags: what changes the sign before it."""
    return (
        combining(char) > 0
        or category(char) in KEEPS_TOGETHER
        or char in (JOINER, "\u200c")
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or "\uff9e" <= char <= "\uff9f"
    )


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _syllable(before: str, char: str) -> bool:
    """Korean letters that stand in one block: a leading one before a leading or vowel, a vowel or tail after them."""
    if "\u1100" <= before <= "\u115f":
        return "\u1100" <= char <= "\u11a7" or "\uac00" <= char <= "\ud7a3"
    if "\u1160" <= before <= "\u11a7" or ("\uac00" <= before <= "\ud7a3" and "\u1160" <= char <= "\u11ff"):
        return "\u1160" <= char <= "\u11ff"
    return "\u11a8" <= before <= "\u11ff" and "\u11a8" <= char <= "\u11ff"
