"""Typed text as words, the index terms that narrow each word, and how well a customer matches it.

    [word] = queries("张san")[0];  word.rank(Seen(customer)) == RANKS["name start"]

`queries` gives the readings of a text, the likeliest first: `138 0013 8000` is one number before it is three.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, pairwise
from typing import Any, Generic, TypeVar

from desk import pinyin
from desk.phone_numbers import AREA
from desk.records import Customer, Phone
from desk.store.terms import LONGEST_NAME, PERSON, Term, number, phone_digits, plain, units

KINDS = (
    "account exact",
    "meter exact",
    "phone exact",
    "account",
    "phone",
    "meter",
    "name exact",
    "name start",
    "name",
    "pinyin exact",
    "pinyin",
    "address",
)
RANKS = {kind: rank for rank, kind in enumerate(KINDS)}  # 0 is best
JOINED = 7  # digits typed in groups are one number when they are this many together
NARROWING = 16  # groups of terms that are asked of the index; the rest of a long text is only compared

T = TypeVar("T")
Group = list[Term]

_BETWEEN = re.compile(r"[\s,;、，。；|/]+")
_EXTENSION = re.compile(r"(?<=[0-9])\s*(?:转|分机|ext\.?)\s*(?=[0-9])")
_DIALLED = re.compile(r"[+(]*[0-9][0-9()+.*\-]*")
_SPELLED = re.compile(r"[a-zü][a-zü']*")
_MIXED = re.compile(r"[0-9]+|[a-zü']+|[^0-9a-zü']+")


class Word:
    """One word of a query: everything it may be, worked out once."""

    def __init__(self, text: str) -> None:
        self.units = units(text)
        self.joined = "".join(self.units)
        self.needle = _strung(self.units)
        self.code = self.joined if self.joined.isascii() else ""
        self.dialled = _dialled(text) if _DIALLED.fullmatch(text) else ()
        self.spellings = _spellings(text)
        self.solid = _solid(text) if self.spellings else []

    def rank(self, customer: Seen) -> int | None:
        """How well the customer matches this word; None when it does not."""
        for kind, fits in _FITS:
            if fits(self, customer):
                return RANKS[kind]
        return None

    def narrow(self) -> list[Group]:
        """The terms of every customer that matches: one of each group."""
        whole = [Term(kind + self.code, prefix=True) for kind in "am" if self.code]
        whole += self._phone_parts()
        whole += [Term(kind + each, prefix=True) for each in self.spellings for kind in "iy"]
        groups = [[*whole, *group] for group in zip(self.parts("n"), self.parts("d"), strict=True)]
        return groups + [[Term(kind + part[0], prefix=True) for kind in "nd"] for part in self.solid]

    def stages(self) -> Iterator[tuple[str, list[Group]]]:
        """Kinds of match with the terms that narrow each, best first."""
        exact = [Term(kind + self.code) for kind in "am" if self.code] + [Term("p" + each) for each in self.dialled]
        if exact:
            yield "phone exact", [exact]
        if self.code:
            yield "account", [[Term("a" + self.code, prefix=True)]]
        if self.dialled:
            yield "phone", [self._phone_parts()]
        if self.code:
            yield "meter", [[Term("m" + self.code, prefix=True)]]
        yield "name exact", [[Term("e" + self.joined)]]
        yield "name start", [[Term("e" + self.joined, prefix=True)]]
        yield "name", [[term] for term in self.parts("n")]
        if self.spellings:
            solid = [[Term("n" + part[0], prefix=True)] for part in self.solid]
            yield "pinyin exact", [[Term(kind + each) for each in self.spellings for kind in "iy"], *solid]
            yield "pinyin", [[Term(kind + each, prefix=True) for each in self.spellings for kind in "iy"], *solid]
        yield "address", [[term] for term in self.parts("d")]

    def parts(self, kind: str) -> list[Term]:
        """What a name ("n") or an address ("d") with these units has in the index, see `terms.pairs`."""
        if len(self.units) == 1:
            return [Term(kind + self.units[0], prefix=True)]
        pairs = [
            Term(kind + one + two) if _makes_pair(one, two) else Term(kind + one) for one, two in pairwise(self.units)
        ]
        one, two = self.units[-2:]
        if _makes_pair(one, two):
            pairs[-1] = Term(kind + one + two, prefix=two.isascii())
        else:
            pairs.append(Term(kind + two, prefix=True))
        return pairs[:: 1 + len(pairs) // NARROWING]

    def _phone_parts(self) -> Group:
        return [Term(term, prefix=True) for each in self.dialled for term in ("p" + each, "q" + each[::-1])]


class _Kept(Generic[T]):
    """A property worked out once. functools has one too, but in Python 3.11 it takes a lock each time (2 µs)."""

    def __init__(self, work_out: Callable[[Any], T]) -> None:
        self._work_out = work_out
        self._name = work_out.__name__

    def __get__(self, owner: object, _: type) -> T:
        value = owner.__dict__[self._name] = self._work_out(owner)
        return value


class Seen:
    """A customer as words are compared with it: each field made plain when first asked for."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer

    @_Kept
    def account(self) -> str:
        return number(self.customer.account_no)

    @_Kept
    def meter(self) -> str:
        return number(self.customer.meter_no)

    @_Kept
    def phones(self) -> list[str]:
        """Every stored number, also with its extension, and a landline also without its area code."""
        return [digits for phone in self.customer.phones for digits in _ways(phone)]

    @_Kept
    def name(self) -> str:
        return _strung(units(plain(self.customer.name)))

    @_Kept
    def address(self) -> str:
        return _strung(units(plain(self.customer.address)))

    @_Kept
    def spellings(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """What the name is spelled from its beginning, and that from each later character of a long name."""
        name = self.name.replace("|", "")
        initials, full = pinyin.readings(name)
        if len(name) <= PERSON:
            return frozenset((*initials, *full)), ()
        later_initials, later_full = pinyin.later_readings(name[:LONGEST_NAME])
        return frozenset((*initials, *full)), (*later_initials, *later_full)


def queries(text: str) -> list[list[Word]]:
    """The readings of a typed text, the likeliest first; each is the words a customer must match, all of them."""
    written = _written(text)
    ways = dict.fromkeys(tuple(way) for way in (_together(written), written) if way)
    return [[Word(word) for word in dict.fromkeys(way)] for way in ways]


def loosened(text: str) -> list[Word]:
    """The text with its letters, digits and characters as words of their own: 王138, when nobody has that together.

    Empty when that is how it was typed.
    """
    written = _written(text)
    parts = [part for word in written for part in _MIXED.findall(word) if units(part)]
    return [Word(part) for part in dict.fromkeys(parts)] if parts != written else []


def _written(text: str) -> list[str]:
    return [word for word in _BETWEEN.split(_EXTENSION.sub("", plain(text))) if units(word)]


def _together(words: list[str]) -> list[str]:
    """Groups of digits that are one number, and syllables that are one name, written together."""
    found: list[str] = []
    for kind, some in groupby(words, key=_kind):
        group = list(some)
        joined = "".join(group)
        one = kind == "letters" or (kind == "digits" and sum(map(str.isdigit, joined)) >= JOINED)
        found += [joined] if one else group
    return found


def _kind(word: str) -> str:
    if _DIALLED.fullmatch(word):
        return "digits"
    return "letters" if _SPELLED.fullmatch(word) else ""


def _dialled(text: str) -> tuple[str, ...]:
    """The digits as they may be stored: as typed, without the country's code, without the trunk 0 of a mobile."""
    digits = "".join(units(text.replace("*", "")))
    ways = [digits]
    for code in ("0086", "86"):
        if digits.startswith(code) and (text.startswith(("+", "00")) or len(digits) == len(code) + 11):
            ways.append(digits[len(code) :])
            ways.append("0" + digits[len(code) :])
            break
    if digits.startswith("01") and len(digits) == 12:
        ways.append(digits[1:])
    return tuple(each for each in ways if each)


def _spellings(text: str) -> tuple[str, ...]:
    """How the pinyin of a name begins if `text` stands for it: letters alone, or characters and letters mixed."""
    if _SPELLED.fullmatch(text):
        return (text.replace("'", "").replace("ü", "v"),)
    parts = _MIXED.findall(text)
    if text.isascii() or len(text) > LONGEST_NAME or not any(map(_SPELLED.fullmatch, parts)):
        return ()
    initials, full = pinyin.readings(text.replace("'", "").replace("ü", "v"))
    return (*initials, *full)


def _solid(text: str) -> list[list[str]]:
    """The units of the characters that stand between the letters of a mixed word."""
    return [found for part in _MIXED.findall(text) if not _SPELLED.fullmatch(part) and (found := units(part))]


def _ways(phone: Phone) -> Iterable[str]:
    digits = phone_digits({"number": phone.number, "written": phone.written})
    if not digits:
        return
    yield digits
    if phone.extension:
        yield digits + number(phone.extension)
    if phone.kind == "landline" and (area := AREA.match(digits)):
        yield digits[area.end() :]


def _makes_pair(one: str, two: str) -> bool:
    return not (one.isascii() and two.isascii())


def _strung(parts: list[str]) -> str:
    # A word fits where all its units follow each other; the last may still be growing.
    return "|" + "|".join(parts)


def _spelled(word: Word, seen: Seen) -> bool:
    return bool(word.spellings) and not seen.spellings[0].isdisjoint(word.spellings) and _has_solid(word, seen)


def _spelled_from(word: Word, seen: Seen) -> bool:
    if not word.spellings:
        return False
    whole, later = seen.spellings
    return any(name.startswith(each) for each in word.spellings for name in (*whole, *later)) and _has_solid(word, seen)


def _has_solid(word: Word, seen: Seen) -> bool:
    # In 张san the 张 is meant as written: 章三 sounds the same and is someone else.
    return all(_strung(part) in seen.name for part in word.solid)


_FITS = (
    ("account exact", lambda word, seen: bool(word.code) and word.code == seen.account),
    ("meter exact", lambda word, seen: bool(word.code) and word.code == seen.meter),
    ("phone exact", lambda word, seen: any(each in seen.phones for each in word.dialled)),
    ("account", lambda word, seen: bool(word.code) and seen.account.startswith(word.code)),
    ("phone", lambda word, seen: any(p.startswith(e) or p.endswith(e) for e in word.dialled for p in seen.phones)),
    ("meter", lambda word, seen: bool(word.code) and seen.meter.startswith(word.code)),
    ("name exact", lambda word, seen: word.needle == seen.name),
    ("name start", lambda word, seen: seen.name.startswith(word.needle)),
    ("name", lambda word, seen: word.needle in seen.name),
    ("pinyin exact", _spelled),
    ("pinyin", _spelled_from),
    ("address", lambda word, seen: word.needle in seen.address),
)
