"""How a customer is found while someone types: account, meter, telephone, name, pinyin, address, in any mix.

    find(customers, "zs 中山路")   == [Match(customer, matched="pinyin", rank=9), …], best first
    caller(customers, "13800138000", "0951")   the customers whose telephone is ringing

The index (terms.py) gives rows that may match; each customer is then held against every word, which alone
decides. As the index stops at the first rows, the best kinds of match are asked for one by one when there are
more than `limit` rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from desk import phone_numbers
from desk.records import Customer, Record
from desk.store.query import KINDS, NARROWING, RANKS, Group, Seen, Word, loosened, queries
from desk.store.terms import PREFERRED, SHORT, Term

MOST = 3000  # rows looked at before giving up: some 30 ms
STEP = 8  # how many times further each look goes
LEADING = 3  # words of a query by which the best matches are asked for
DECISIVE = frozenset(["phone exact", "name exact", "name", "pinyin exact"])  # kinds worth it among several words


Ranked = tuple[int, int, Customer]


class Customers(Protocol):
    """What lookup needs of `RecordTable[Customer]`."""

    def matching(self, groups: Sequence[Sequence[Term]], limit: int) -> list[Customer]: ...


class Match(Record, frozen=True):
    """A customer, what of it matched, and how well: 0 is the best rank."""

    customer: Customer
    matched: str  # account | meter | phone | name | pinyin | address
    rank: int


def find(customers: Customers, query: str, limit: int = 20) -> list[Match]:
    """The best `limit` customers that match every word of `query`, whatever was typed; best first."""
    if limit <= 0:
        return []
    found: dict[str, Match] = {}
    for words in queries(query):
        if len(found) < limit:
            for match in _Search(customers, words, limit).best():
                found.setdefault(match.customer.account_no, match)
    return list(found.values())[:limit] or _Search(customers, loosened(query), limit).best()


def caller(customers: Customers, number: str, area_code: str, limit: int = 20) -> list[Match]:
    """Who may be calling: whose `number` it is; else, unless a mobile rings, whose last 8 or 7 digits are the same."""
    digits = phone_numbers.key(number, area_code)
    if not digits:
        return []
    mobile = phone_numbers.MOBILE.fullmatch(digits)
    tails = [] if mobile else [digits[-length:] for length in (8, 7) if len(digits) >= length]
    for term in (Term("p" + digits), *(Term("q" + tail[::-1], prefix=True) for tail in tails)):
        if found := customers.matching([[term]], limit):
            rank = RANKS["phone" if term.prefix else "phone exact"]
            return [Match(customer=one, matched="phone", rank=rank) for one in sorted(found, key=_weight)]
    return []


class _Search:
    """One reading of a query on its way through the index."""

    def __init__(self, customers: Customers, words: list[Word], limit: int) -> None:
        self._customers = customers
        self._words = words
        self._limit = limit
        self._looks = MOST
        self._seen: dict[str, Ranked | None] = {}

    def best(self) -> list[Match]:
        """All matches if they are few; else as many of the best kinds as fill the limit."""
        if self._words and self._look(_narrowing(self._words)):
            self._look_for_better()
        ranked = sorted(self._matching(), key=lambda found: (*found[:2], _weight(found[2])))
        return [_match(rank, customer) for rank, _, customer in ranked[: self._limit]]

    def _matching(self) -> list[Ranked]:
        return [ranked for ranked in self._seen.values() if ranked]

    def _look_for_better(self) -> None:
        for rank, groups in self._stages():
            if self._look(groups) and _is_cheap(groups):
                self._take_in([*groups, [Term(PREFERRED)]], self._limit)
            if sum(1 for best, _, _ in self._matching() if best <= rank) >= self._limit:
                return

    def _stages(self) -> Iterator[tuple[int, list[Group]]]:
        """For each kind of match, best first: the terms when one of the leading words is matched so."""
        leading = [
            (RANKS[kind], at, groups)
            for at, word in enumerate(self._words[:LEADING])
            for kind, groups in word.stages()
            if len(self._words) == 1 or kind in DECISIVE
        ]
        for rank, at, groups in sorted(leading, key=lambda stage: stage[:2]):
            others = (
                group for word in (self._words[:at] + self._words[at + 1 :])[:NARROWING] for group in word.narrow()
            )
            yield rank, [*groups, *others]

    def _look(self, groups: list[Group]) -> bool:
        """Take in the customers under `groups`; are there more than these?"""
        wanted = self._limit
        while self._looks > 0:
            asked = min(wanted, self._looks)
            rows, good = self._take_in(groups, asked)
            if rows < asked or good >= self._limit:
                return rows == asked
            wanted = min(STEP * asked, 3 * asked * self._limit // (2 * good or 1))
        return True

    def _take_in(self, groups: list[Group], limit: int) -> tuple[int, int]:
        """How many customers the index gives under `groups`, and how many of them match every word."""
        rows = self._customers.matching(groups, limit)
        self._looks -= len(rows)
        return len(rows), sum(map(self._take, rows))

    def _take(self, customer: Customer) -> bool:
        account = customer.account_no
        if account not in self._seen:
            self._seen[account] = self._ranked(customer)
        return self._seen[account] is not None

    def _ranked(self, customer: Customer) -> Ranked | None:
        """The customer with the rank of its best word and the sum of all; None when a word does not match."""
        seen = Seen(customer)
        ranks = []
        for word in self._words:
            rank = word.rank(seen)
            if rank is None:
                return None
            ranks.append(rank)
        return min(ranks), sum(ranks), customer


def _narrowing(words: list[Word]) -> list[Group]:
    return [group for word in words[:NARROWING] for group in word.narrow()]


def _is_cheap(groups: list[Group]) -> bool:
    # A long prefix is quick alone, but not together with something else.
    return not any(term.prefix and len(term.text) > SHORT for group in groups for term in group)


def _match(rank: int, customer: Customer) -> Match:
    return Match(customer=customer, matched=KINDS[rank].split()[0], rank=rank)


def _weight(customer: Customer) -> tuple[bool, str]:
    # Among equals: special and important customers, then the order of accounts.
    return not (customer.special or customer.important), customer.account_no
