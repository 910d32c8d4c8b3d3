"""Telephone numbers as offices write them: lists, roles, extensions, short numbers, with and without area code.

    read_phones("0951-5550000转8012（办）、张主任13800138000", "0951")
    == (Phone("0951-5550000转8012（办）", "09515550000", "8012", "landline", "办"),
        Phone("张主任13800138000", "13800138000", "", "mobile", "张主任"))

Nothing here raises, whatever the text, and nothing written is dropped: what cannot be understood is
kept as written, with an empty number and kind "unknown". `phonenumbers` is loaded when first needed; the
well-formed mobiles and landlines that make up nearly all of a county are decided before it is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from desk.records import Phone

MOBILE = re.compile(r"1(?:610[0-9]|740[0-5])[0-9]{6}|1(?:[38][0-9]|4[57]|[59][0-35-9]|6[25-7]|7[0-35-8])[0-9]{8}")
FREE = re.compile(r"[48]00[0-9]{7}")
SHORT = re.compile(r"1[12][0-9]|100[0-9]{2}|12[0-9]{3}|118[0-9]{2}|11[0-9]{4}|9[56][0-9]{3,4}")
AREA = re.compile(r"010|02[0-9]|0[3-9][0-9]{2}")
LOCAL = re.compile(r"[2-9][0-9]{6,7}")

_LIST = re.compile(r"[/、，,;；|／｜\n\r\t]")
_TOKENS = re.compile(
    r"[(（\[［【〔<＜][^()（）\[\]［］【】〔〕<>＜＞]*[)）\]］】〕>＞]|[/、，,;；|／｜\n\r\t]|[^/、，,;；|／｜\n\r\t(（\[［【〔<＜]+|."
)
_CLOSING = frozenset(")）]］】〕>＞")
_DIALLED = frozenset("+＋0123456789０１２３４５６７８９")
_AREA_DIGITS = 4  # a bracket with no more digits before its end is an area code, and the number follows
_BRACKETS = re.compile(r"[(\[【〔<]([^()\[\]【】〔〕<>]*)[)\]】〕>]")
_EXTENSION = re.compile(r"(?:转|轉|分机|分機|内线|extension|ext|x|#|\*)[\s:.]*([0-9]{1,6})$", re.IGNORECASE)
_BODY = re.compile(r"([^0-9+]*)(\+?[0-9][0-9\s.\-]*)(.*)", re.DOTALL)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－ー─~", "-"))
_LABELS = frozenset(["电话", "手机", "联系电话", "电话号码", "手机号", "手机号码", "号码", "tel", "mobile", "phone"])
_STRAY = " \t:：.-—_'\"“”‘’`·。*"
# A number among words: mobiles, and landlines with their area code. In a hash or an id it is no number.
_IN_WORDS = re.compile(
    r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?([1１][3-9３-９]\d)[- ]?\d{4}[- ]?(\d{4})(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z.])(010|02\d|0[3-9]\d\d)[-—－ ]?[2-8]\d{3,4}(\d{3})(?![0-9A-Za-z])"
)
_LONGEST_SHORT = 5  # digits of 95598
_SHORTEST = 7  # of a number that is somebody's
_LEAST_DIGITS = 10  # of such a number
LONGEST = 20  # digits; anything longer is no telephone number


def read_phones(text: str, area_code: str) -> tuple[Phone, ...]:
    """Every number in `text`, in its order; empty for text without a letter or digit."""
    if MOBILE.fullmatch(text):
        return (Phone(written=text, number=text, kind="mobile"),)
    found: list[Phone] = []
    for piece in _pieces(text):
        phone = read_phone(piece, area_code)
        several = () if phone.number else _side_by_side(piece, area_code)
        found += several or (phone,)
    return tuple(found)


def read_phone(text: str, area_code: str) -> Phone:
    """`text` as one number."""
    if MOBILE.fullmatch(text):
        return Phone(written=text, number=text, kind="mobile")
    written = text.encode("utf-8", "replace").decode().strip()
    body, role = _apart(unicodedata.normalize("NFKC", written).translate(_DASHES))
    parts = _BODY.fullmatch(body)
    if parts is None:
        return Phone(written=written, role=role)
    before, dialled, after = parts.groups()
    extension = _EXTENSION.search(dialled + after)
    if extension:
        dialled, after = _cut(dialled + after, extension.start())
    understood = _understood(dialled, area_code)
    if not understood.number:
        return Phone(written=written, role=role)
    return Phone(
        written=written,
        number=understood.number,
        kind=understood.kind,
        extension=extension[1] if extension else understood.extension,
        role=role or _label(before) or _label(after),
    )


def key(text: str, area_code: str) -> str:
    """The digits by which a ringing number is compared with stored ones; "" when there are none."""
    return read_phone(text, area_code).number.lstrip("+") or "".join(
        re.findall("[0-9]", unicodedata.normalize("NFKC", text))
    )


def shown(phone: Phone) -> str:
    """The number as a Chinese reader expects it: 138 0013 8000, 0951-5550000转8012, 400-123-4567."""
    number = "".join(_grouped(phone)) or phone.written
    return f"{number}转{phone.extension}" if phone.extension else number


def masked(phone: Phone) -> str:
    """The number with its middle hidden: 138****8000, 0951-****000. Short and service numbers stay in clear."""
    number = phone.number
    match phone.kind:
        case "short" | "service":
            return shown(phone)
        case "mobile" if not number.startswith("+"):
            return f"{number[:3]}****{number[-4:]}"
        case "landline" if area := AREA.match(number):
            return f"{area[0]}-****{number[-3:]}"
    if number:
        return f"{number[:4]}****{number[-3:]}"
    return _hidden(phone.written)


def hidden(written: str, area_code: str = "") -> str:
    """A number as it was written, masked as `masked` does; places and mail addresses stay."""
    return masked(read_phone(written, area_code)) if sum(map(str.isdigit, written)) >= _SHORTEST else written


def without_numbers(text: str) -> str:
    """Words with every telephone number in them masked: what somebody typed, or the words of an error."""
    if sum(map(str.isdigit, text)) < _LEAST_DIGITS:
        return text
    return _IN_WORDS.sub(_starred, text)


class Masks:
    """Masks every telephone number in anything made of dicts, lists and texts, and `known` ones however written."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        long = (text for text in known if sum(map(str.isdigit, text)) > _LONGEST_SHORT)
        self._known = {text: masked(read_phone(text, "")) for text in sorted(long, key=len, reverse=True)}

    def of(self, value: Any) -> Any:
        """The same value with its numbers masked; ids, moments and counts stay."""
        if isinstance(value, str):
            for text, hidden in self._known.items():
                value = value.replace(text, hidden)
            return without_numbers(value)
        if isinstance(value, dict):
            return {name: self.of(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.of(one) for one in value]
        return value


def _starred(found: re.Match[str]) -> str:
    return f"{found[1]}****{found[2]}" if found[1] else f"{found[3]}-****{found[4]}"


class _Understood(NamedTuple):
    number: str = ""
    kind: str = "unknown"
    extension: str = ""


def _hidden(written: str) -> str:
    """All digits but the last two as stars."""
    digits = sum(map(str.isdigit, written))
    return re.sub(r"\d", "*", written, count=max(0, digits - 2)) if digits > 2 else written


def _grouped(phone: Phone) -> tuple[str, ...]:
    number = phone.number
    if phone.kind == "mobile" and len(number) == 11 and not number.startswith("+"):
        return number[:3], " ", number[3:7], " ", number[7:]
    if phone.kind == "landline" and (area := AREA.match(number)):
        return area[0], "-", number[area.end() :]
    if FREE.fullmatch(number):
        return number[:3], "-", number[3:6], "-", number[6:]
    return (number,)


def _pieces(text: str) -> list[str]:
    """The list cut at its separators, but not inside brackets, and after a bracket that a new number follows."""
    pieces = [""]
    for token in _TOKENS.findall(text):
        last = pieces[-1]
        if _LIST.match(token):
            pieces.append("")
        elif last[-1:] in _CLOSING and token[0] in _DIALLED and sum(map(str.isdigit, last)) > _AREA_DIGITS:
            pieces.append(token)
        else:
            pieces[-1] += token
    return [piece.strip() for piece in pieces if any(map(str.isalnum, piece))]


def _side_by_side(piece: str, area_code: str) -> tuple[Phone, ...]:
    """Numbers that only a space or a dash keeps apart, if each of them is one; else nothing."""
    parts = re.split(r"[\s~\-—－]+", piece)
    if len(parts) < 2:
        return ()
    phones = tuple(read_phone(part, area_code) for part in parts)
    return phones if all(phone.number for phone in phones) else ()


def _apart(text: str) -> tuple[str, str]:
    """The number without its brackets, and the role that stood in them; digits in brackets belong to the number."""
    roles: list[str] = []

    def take(found: re.Match[str]) -> str:
        inside = found[1].strip()
        if any(map(str.isdigit, inside)):
            return f" {inside} "
        roles.append(inside)
        return " "

    body = _BRACKETS.sub(take, text)
    return body.strip(_STRAY), " ".join(role for role in roles if role)


def _cut(text: str, at: int) -> tuple[str, str]:
    found = _BODY.fullmatch(text[:at])
    return (found[2], found[3]) if found else (text[:at], "")


def _label(text: str) -> str:
    label = text.strip(_STRAY)
    return "" if label.lower() in _LABELS else label


def _understood(dialled: str, area_code: str) -> _Understood:
    groups = [group for group in re.split(r"[^0-9]+", dialled) if group]
    foreign = dialled.lstrip().startswith("+")
    digits = "".join(groups)
    if len(digits) > LONGEST:
        return _Understood()
    whole = _number("+" + digits if foreign else digits, area_code)
    if whole.kind in ("mobile", "service") or len(groups) == 1 or not 1 <= len(groups[-1]) <= 6:
        return whole
    core = _number(("+" if foreign else "") + "".join(groups[:-1]), area_code)
    return core._replace(extension=groups[-1]) if core.number else whole


def _number(digits: str, area_code: str) -> _Understood:
    """Digits, perhaps after a `+`, as a national number."""
    if MOBILE.fullmatch(digits):
        return _Understood(digits, "mobile")
    if FREE.fullmatch(digits):
        return _Understood(digits, "service")
    if SHORT.fullmatch(digits):
        return _Understood(digits, "short")
    if LOCAL.fullmatch(digits) and area_code:
        digits = area_code + digits
    if (area := AREA.match(digits)) and "2" <= digits[area.end() : area.end() + 1] <= "8":
        good = len(digits) - area.end() in (7, 8) and _landline(area[0], len(digits) - area.end())
        return _Understood(digits, "landline") if good else _Understood()
    return _parsed(digits) if len(digits) >= 7 else _Understood()


@lru_cache(maxsize=2048)
def _landline(area: str, length: int) -> bool:
    # The plan decides by area and length alone while the first digit is 2 to 8.
    return _parsed(area + "5" * length).kind == "landline"


def _parsed(digits: str) -> _Understood:
    import phonenumbers
    from phonenumbers import NumberParseException, PhoneNumberType, national_significant_number

    try:
        number = phonenumbers.parse(digits, "CN")
    except NumberParseException:
        return _Understood()
    if not phonenumbers.is_valid_number(number):
        return _Understood()
    kind = phonenumbers.number_type(number)
    national = national_significant_number(number)
    landline = kind == PhoneNumberType.FIXED_LINE
    if number.country_code != 86:
        return _Understood(f"+{number.country_code}{national}", "landline" if landline else "mobile")
    if landline:
        return _Understood("0" + national, "landline")
    return _Understood(national, "mobile" if kind == PhoneNumberType.MOBILE else "service")
