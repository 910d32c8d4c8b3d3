"""An answered call, and one that is not saved yet."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from desk.records.base import Record


class Topic(StrEnum):
    """What a call was about."""

    OUTAGE_INQUIRY = "outage_inquiry"
    TROUBLE = "trouble"
    COMPLAINT = "complaint"
    REPORT_OF_MISCONDUCT = "report_of_misconduct"
    SUGGESTION = "suggestion"
    OPINION = "opinion"
    PRAISE = "praise"
    INQUIRY = "inquiry"
    EXPEDITE = "expedite"
    OTHER = "other"


class Spoken(Record, frozen=True, kw_only=True):
    """The script a caller was read: which template, and the hash of the words that were shown."""

    template: str
    hash: str


class Call(Record, frozen=True, kw_only=True):
    """One answered call. `written_number` is the number as it came, `number` what was understood."""

    id: str
    at: datetime
    topic: Topic
    number: str = ""
    written_number: str = ""
    account_no: str = ""
    customer_name: str = ""
    transformer_area: str = ""
    trouble_code: str = ""
    multiple_premises: bool = False
    hazard: str = ""
    note: str = ""
    outcome: str = ""
    outage: str = ""
    predicted: str = ""
    uncounted: str = ""  # why it points to no predicted outage; empty when it counts
    counted: str = ""  # feeder and moment of a call that counts, by which it is found
    counted_at: datetime | None = None  # when a call that counts came; None for the others
    still_out: str = ""  # the outage that was restored, and this caller is still without supply
    own_transformer: bool = False  # a call of this customer is enough for its transformer
    meter_box: str = ""
    callback: bool = False
    agent: str = ""
    seat: str = ""
    spoken: Spoken | None = None
    key: str = ""  # of the saving, by which a call is stored once


class Draft(Record, frozen=True, kw_only=True):
    """A call that was not yet saved: what was typed so far on a seat, by whom; survives a crash."""

    id: str
    seat: str
    at: datetime
    agent: str = ""
    fields: dict[str, Any] = {}
