"""A source of the triage panel: one question about a caller, asked beside the others, that holds nothing up.

class Meter(Source):
    name = "meter"
    labels = {"zh_CN": "电表", "en": "meter"}

    def ask(self, asked, timeout):
        return Finding("found", words={"zh_CN": "电表在线，有电压", "en": "the meter answers, voltage is there"})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from msgspec import Struct

from desk.i18n import in_language
from desk.records import Call, Customer, Outage, TransformerArea, WorkOrder

# What a finding means for the conclusion, the weightiest first: which of several is told as the reason.
Bearing = Literal["suspended", "off", "due", "predicted", "restored", "crew", "neighbours", "ahead", "own_side", "none"]


class Known(Protocol):
    """What the desk itself knows, for sources that ask nobody else. Only reads; numbers are masked."""

    def outages(self) -> Sequence[Outage]:
        """The outages of the board that take this customer's supply, or took it lately."""

    def calls_of_customer(self, since: datetime) -> Sequence[Call]:
        """This customer's calls, newest first."""

    def calls_below(self, since: datetime) -> Sequence[Call]:
        """The calls of others below the same transformer, newest first."""

    def work_orders(self) -> Sequence[WorkOrder]:
        """The work orders alive that concern this customer, its transformer or its outages."""

    def outage_data_at(self) -> datetime | None:
        """When the desk's outages were last entered or confirmed."""


class Asked(Struct, frozen=True, kw_only=True):
    """Whom the question is about, when, and what the desk knows. Without a customer only the number is known."""

    customer: Customer | None
    area: TransformerArea | None
    at: datetime
    number: str
    known: Known


class Finding(Struct, frozen=True):
    """What a source found: the words by language, what it means, which outage, how old the data is (None: of now)."""

    state: Literal["found", "none"]
    words: Mapping[str, str] = {}
    bearing: Bearing = "none"
    outage: str = ""
    as_of: datetime | None = None

    @property
    def said(self) -> str:
        """The words in the language spoken now."""
        return in_language(self.words) if self.words else ""


class Source:
    """One question of the triage panel. `timeout`: seconds it may take; the panel does not wait longer."""

    name: ClassVar[str]
    labels: ClassVar[Mapping[str, str]]
    timeout: ClassVar[float] = 1.0

    @property
    def label(self) -> str:
        """What it is called, in the language spoken now."""
        return in_language(self.labels)

    def ask(self, asked: Asked, timeout: float) -> Finding:
        """What is known about the caller; back within `timeout` seconds."""
        raise NotImplementedError
