"""What several seats must know of each other: who has taken what on, and who has which card open."""

from __future__ import annotations

from datetime import datetime

from desk.records.base import Record


class Claim(Record, frozen=True, kw_only=True):
    """One piece of work that one seat has taken on, until its lease ends. `id` is `duty:D12`, `message:M7`, …"""

    id: str
    seat: str
    agent: str
    at: datetime
    until: datetime


class Presence(Record, frozen=True, kw_only=True):
    """What a seat has open: `card` is `outage:O12`, `customer:64010001`, … It is believed until `until`."""

    seat: str
    agent: str
    card: str = ""
    at: datetime
    until: datetime
