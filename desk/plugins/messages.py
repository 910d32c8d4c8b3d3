"""What a channel is handed, and what it answers: the message, the receipt, the later reports."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from desk.records import AttemptState

# What `send` may answer, and what may be reported later.
Taken = Literal["with_agent", "accepted", "sent", "delivered"]
REPORTED = frozenset(
    {
        AttemptState.ACCEPTED,
        AttemptState.SENT,
        AttemptState.DELIVERED,
        AttemptState.READ,
        AttemptState.UNDELIVERED,
        AttemptState.REJECTED,
        AttemptState.FAILED,
        AttemptState.EXPIRED,
    }
)


class Attachment(Struct, frozen=True, kw_only=True):
    """A file that goes with a message: its name, what it is (`application/pdf`), and where it lies."""

    name: str
    type: str
    path: str


class Message(Struct, frozen=True, kw_only=True):
    """What one recipient should learn: who, at which number or address, and the words.

    `key` is the same whenever the same part of the same try is handed over again: a gateway that takes an idempotency
    key is given it. Long text comes part by part, `part` of `parts`; `reference` (0–255) is the same for all parts.
    """

    recipient: str
    address: str
    body: str
    id: str = ""
    key: str = ""
    subject: str = ""
    part: int = 1
    parts: int = 1
    reference: int = 0
    language: str = "zh_CN"
    outage: str = ""
    account_no: str = ""
    valid_until: datetime | None = None
    attachments: tuple[Attachment, ...] = ()


class Receipt(Struct, frozen=True, kw_only=True):
    """What became of a message when it was handed over; `with_agent`: a person has it now.

    `external_id` is the gateway's name for it, by which later reports are matched.
    """

    state: Taken
    external_id: str = ""
    price: float = 0.0


class Report(Struct, frozen=True, kw_only=True):
    """What a gateway says later of the message it calls `external_id`; may come early, late, twice, in any order."""

    external_id: str
    state: AttemptState
    at: datetime | None = None
    error: str = ""
    words: str = ""
    proof: str = ""  # pages sent, page with which it was signed: what the evidence should say
    token: str = ""  # the channel's own handle, given back in `stored`


class Reply(Struct, frozen=True, kw_only=True):
    """What somebody answered over a channel."""

    address: str
    body: str
    at: datetime | None = None
    external_id: str = ""


class Review(Struct, frozen=True, kw_only=True):
    """What a reviewer says of a message: it may go, a person must look at it, or it must not go; and why."""

    verdict: Literal["send", "hold", "stop"]
    why: str = ""
