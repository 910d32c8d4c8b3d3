"""A rule pack: what one regulation puts on someone, entry by entry, in the order of its articles.

An entry is a rule (a duty), a limit, an approval, a date of the calendar, or a principle that is shown and
watched and makes nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from desk.durations import Duration
from desk.i18n import in_language
from desk.regulation.moments import Comparison, Moment

ANY = ("any",)  # outage_types of an entry that holds for every type


class Entry(Struct, frozen=True, kw_only=True):
    """What all entries have: articles, a name for a line, one or two sentences; `pack` is its pack's id."""

    id: str
    pack: str
    articles: tuple[str, ...]
    name: dict[str, str]
    says: dict[str, str]
    outage_types: tuple[str, ...] = ANY
    owner: str = ""
    source: str = ""
    verified: bool = False

    kind: ClassVar[str]  # the word above it in the file

    @property
    def full(self) -> str:
        """The entry's name among all packs, like `county:A9.3`."""
        return f"{self.pack}:{self.id}"

    @property
    def article(self) -> str:
        """Its articles as one word, for a list that runs beside the rules."""
        return ", ".join(self.articles)

    @property
    def title(self) -> str:
        return in_language(self.name)

    @property
    def sentence(self) -> str:
        return in_language(self.says)

    def holds_for(self, outage_type: str) -> bool:
        return self.outage_types == ANY or outage_type in self.outage_types


class Rule(Entry, frozen=True, kw_only=True):
    """A duty: who is owed what, by which channels, by when, after what, and what proves it.

    `due` has one moment or several, of which the earliest known counts. `due_by_contract` replaces it for a
    customer whose contract names a period. `only_if`: one of these must hold. `waits_for` are ids of approvals,
    or `("approvals",)` for all that the outage needs.
    """

    kind = "rule"

    trigger: str
    recipients: tuple[str, ...]
    channels: tuple[str, ...]
    due: tuple[Moment, ...]
    channel_mode: str = "any_of"
    not_before: tuple[Moment, ...] = ()
    due_by_contract: tuple[Moment, ...] = ()
    evidence_kind: str = "log"
    notice: str = ""
    waits_for: tuple[str, ...] = ()
    must_follow: tuple[str, ...] = ()
    only_if: tuple[str, ...] = ()
    exempt_causes: tuple[str, ...] = ()


class Limit(Entry, frozen=True, kw_only=True):
    """A bound on the outage itself: of its times (`holds`), or of one of its facts.

    `broken` says in words what it means that it was not kept. `refuses`: it is no violation to record, the outage
    cannot be opened like this.
    """

    kind = "limit"

    broken: dict[str, str]
    holds: Comparison | None = None
    fact: str = ""
    more_than: int | None = None
    one_of: tuple[str, ...] = ()
    refuses: bool = False


class Step(Struct, frozen=True, kw_only=True):
    """One signature of an approval: whose post, and its place in the order of the whole pack."""

    order: int
    step: str
    post: str


class ApprovalRule(Entry, frozen=True, kw_only=True):
    """Who must agree, in order, before anything of `subject` may be announced or used.

    It is asked for when one of the affected customers is among `customers` and not among `except_customers`.
    """

    kind = "approval"

    steps: tuple[Step, ...]
    subject: str = "outage"  # outage | order_table
    customers: tuple[str, ...] = ("customers",)
    except_customers: tuple[str, ...] = ()
    needed_by: tuple[Moment, ...] = ()


class CalendarRule(Entry, frozen=True, kw_only=True):
    """Something owed every year by one day (`04-30`), whatever happens."""

    kind = "calendar"

    every: str
    recipients: tuple[str, ...] = ()
    evidence_kind: str = "log"


class Principle(Entry, frozen=True, kw_only=True):
    """What holds without making a duty; `check`: the desk looks for it by itself, `facts`: what it keeps for it."""

    kind = "principle"

    check: bool = False
    facts: tuple[str, ...] = ()


class Pack(Struct, frozen=True, kw_only=True):
    """The rules of one regulation, as read from one file. `hash` is of its bytes."""

    id: str
    title: dict[str, str]
    source: str
    version: str
    effective_from: str = ""
    verified: bool = False
    parameters: dict[str, Duration] = {}
    entries: tuple[Entry, ...] = ()
    path: Path | None = None
    hash: str = ""

    @property
    def by_id(self) -> Mapping[str, Entry]:
        return {entry.id: entry for entry in self.entries}

    def about(self, article: str) -> Iterator[Entry]:
        """The entries of an article: `9` also finds 9.1 to 9.5; an entry's own id finds it too."""
        for entry in self.entries:
            if article in (entry.id, entry.full) or any(_within(written, article) for written in entry.articles):
                yield entry


def _within(written: str, article: str) -> bool:
    return written == article or written.startswith(article + ".")
