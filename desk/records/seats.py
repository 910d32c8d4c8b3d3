"""What several seats must know of each other: who has taken what on, and who has which card open."""

from __future__ import annotations

from datetime import datetime

from desk.records.base import Record


class Claim(Record, frozen=True, kw_only=True):
    """One piece of work that one seat has taken on, until its lease ends. `id` is `duty:D12`, `message:M7`, …

    `at` is since when, `renewed` when the lease last began, `about` the account of the customer it concerns.
    """

    id: str
    seat: str
    agent: str
    at: datetime
    until: datetime
    renewed: datetime | None = None
    about: str = ""


class Presence(Record, frozen=True, kw_only=True):
    """What an agent at a seat has open: `card` is `outage:O12`, `customer:64010001`, …; `editing`: it may be changed.

    `id` is seat and agent; without a card it says only that they are here. It is believed until `until`.
    """

    id: str
    seat: str
    agent: str
    card: str = ""
    editing: bool = False
    at: datetime
    until: datetime
