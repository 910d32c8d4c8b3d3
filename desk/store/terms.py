"""What a customer can be found by: the terms of a customer document, and how typed text is cut the same way.

    customer_terms("0951")({"account_no": "64010001", "name": "张三", …})
    == ["a64010001", "e张三", "n张三", "n三", "izs", "yzhangsan", …]

A term is letters, digits and non-ASCII characters; its first character is its kind:

    a account            p telephone digits            e the whole name              i initials of its pinyin
    m meter              q the same, last digit first  n its characters, in pairs    y its full pinyin
                                                       d the address, in pairs        x1 special or important

A *unit* is one character of a script without spaces, or a whole run of Latin letters, or of digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from desk import pinyin

TERMS_VERSION = "1"  # raise it when the terms of a document change: stores then index themselves anew

SHORT = 4  # characters; engines index prefixes up to here, and must walk through the terms for longer ones
PREFERRED = "x1"  # the term of special and important customers, who come first among equals
PERSON = 4  # characters; a longer name is an organisation's, and is looked for from the middle too
LONGEST_NAME = 40  # characters that are spelled in pinyin from the middle

_UNITS = re.compile(r"[0-9]+|[a-z]+|[^\W_a-z0-9]")
_LATIN = "{"  # sorts after every run of Latin letters or digits, before every other unit
_COMMON_CHARACTERS = re.compile("[\u4e00-\u9fff]+").fullmatch  # each is a unit and plain already
_TERM = re.compile("[0-9A-Za-z\u0080-\ud7ff\ue000-\U0010ffff]+").fullmatch
_DIGITS = re.compile(r"[0-9]+")


class Term(NamedTuple):
    """A term that a row must carry; with `prefix`, any term that begins with `text` will do."""

    text: str
    prefix: bool = False


def is_term(text: str) -> bool:
    """Whether an index can keep it: anything else is carried by nobody."""
    return _TERM(text) is not None


def plain(text: str) -> str:
    """`text` as it is compared: one width, lower case, no half characters."""
    if text.isascii():
        return text.lower()
    whole = text.encode("utf-8", "ignore").decode()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", whole).lower())


def units(text: str) -> list[str]:
    """The units of `text`, which is `plain`."""
    return _UNITS.findall(text)


def number(text: str) -> str:
    """An account or meter number as it is compared: letters and digits only."""
    text = text.lower() if text.isascii() else plain(text)
    return text if text.isalnum() else "".join(units(text))


def customer_terms(area_code: str) -> Callable[[Mapping[str, Any]], list[str]]:
    """The function from a customer document to its terms; `area_code` is the county's, left out by its callers.

    A term may be given twice. Any document has terms, whatever is in its fields.
    """

    def terms(document: Mapping[str, Any]) -> list[str]:
        found = []
        if account := number(_text(document, "account_no")):
            found.append("a" + account)
        if meter := number(_text(document, "meter_no")):
            found.append("m" + meter)
        phones = document.get("phones") or ()
        for phone in phones if isinstance(phones, list | tuple) else ():
            found += _phone_terms(phone, area_code)
        found += _name_terms(_text(document, "name"))
        found += pairs("d", units(plain(_text(document, "address"))))
        if document.get("special") or document.get("important"):
            found.append(PREFERRED)
        return found

    return terms


def phone_digits(phone: Mapping[str, Any]) -> str:
    """The digits a stored telephone is known by: the understood number, else whatever digits were written."""
    understood = _text(phone, "number")
    if understood.isdecimal() and understood.isascii():
        return understood
    return "".join(_DIGITS.findall(plain(understood or _text(phone, "written"))))


def pairs(kind: str, parts: Sequence[str]) -> list[str]:
    """Each two neighbours as one term, and each run and the last unit alone.

    A character alone is found as the beginning of a pair. Two neighbouring runs make no pair: nothing
    would tell 1-12 from 11-2.
    """
    if not parts:
        return []
    found = [kind + one + two for one, two in pairwise(parts) if one > _LATIN or two > _LATIN]
    found += [kind + part for part in parts if part < _LATIN]
    found.append(kind + parts[-1])
    return found


def _text(document: Mapping[str, Any], field: str) -> str:
    # Whatever was stored under the field: TinyDB lets anything be written into a table.
    value = document.get(field)
    return value if isinstance(value, str) else "" if value is None else str(value)


def _phone_terms(phone: object, area_code: str) -> list[str]:
    if not isinstance(phone, Mapping):
        return []
    digits = phone_digits(phone)
    if not digits:
        return []
    found = ["p" + digits, "q" + digits[::-1]]
    if area_code and digits.startswith(area_code):
        found.append("p" + digits[len(area_code) :])
    if extension := number(_text(phone, "extension")):
        found += ["p" + digits + extension, "q" + (digits + extension)[::-1]]
    return found


def _name_terms(name: str) -> list[str]:
    parts: Sequence[str] = name if _COMMON_CHARACTERS(name) else units(plain(name))
    whole = "".join(parts)
    if not whole:
        return []
    found = ["e" + whole, *pairs("n", parts)]
    initials, spellings = pinyin.readings(whole)
    if len(whole) > PERSON:
        later_initials, later_spellings = pinyin.later_readings(whole[:LONGEST_NAME])
        initials = initials + later_initials
        spellings = spellings + later_spellings
    found += ["i" + each for each in initials]
    found += ["y" + each for each in spellings]
    return found
