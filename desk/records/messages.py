"""What one recipient should learn, once; and each try at telling it over one channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from desk.records.base import Record
from desk.records.duties import Recipient


class AttemptState(StrEnum):
    """Where a try stands. With people's channels `with_agent` stands for `sending`: a person has it in hand."""

    CREATED = "created"
    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    WITH_AGENT = "with_agent"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    UNDELIVERED = "undelivered"
    REJECTED = "rejected"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


S = AttemptState

# Two reports of one try are merged into the one of higher rank. An end without proof gives way to one with proof:
# a receipt that comes after a time-out tells the truth about it.
RANK: Mapping[AttemptState, int] = {
    S.CREATED: 0,
    S.HELD: 1,
    S.QUEUED: 2,
    S.SENDING: 3,
    S.WITH_AGENT: 3,
    S.UNKNOWN: 4,
    S.ACCEPTED: 5,
    S.SENT: 6,
    S.SKIPPED: 7,
    S.CANCELLED: 8,
    S.EXPIRED: 9,
    S.FAILED: 10,
    S.REJECTED: 11,
    S.UNDELIVERED: 12,
    S.DELIVERED: 13,
    S.READ: 14,
}
# The sending of these is over; `unknown` waits for a person.
ENDS = frozenset({S.UNDELIVERED, S.REJECTED, S.FAILED, S.EXPIRED, S.CANCELLED, S.SKIPPED, S.DELIVERED, S.READ})
WAITING = frozenset({S.CREATED, S.HELD, S.QUEUED})
IN_HAND = frozenset({S.SENDING, S.WITH_AGENT})


def merged(one: AttemptState, other: AttemptState) -> AttemptState:
    """What two reports of one try come to: commutative, associative, idempotent, so receipts may come in any order."""
    return max(one, other, key=lambda state: (RANK[state], state))


class Message(Record, frozen=True, kw_only=True):
    """What one recipient should learn, once, of one duty (or of none): the words and where they go.

    `channel` is the one it goes over now, `family` its kind (sms, fax, …). `state` is that of its latest try, and
    while nothing was tried whether it waits (`queued`), is held, or was ended; `why` says in words why it is held or
    ended. `due` says what the worker does with it next and when (see desk/outbox/states.py), and is empty while it has
    nothing to do with it. `error` is the code of the last failure. `told` is the last result that was written to the
    duty as evidence. `tried` lists where it went before: channel and address. `cleared_by`: who let it go after a
    reviewer had held it.
    """

    id: str
    outage: str
    recipient: Recipient
    channel: str
    body: str
    made_at: datetime
    duty: str = ""
    callback: str = ""  # the promise that it keeps
    account_no: str = ""  # whose number it is, for a customer
    family: str = ""
    address: str = ""  # digits as dialled, mail address, place: what the channel takes
    subject: str = ""
    language: str = "zh_CN"
    template: str = ""
    hash: str = ""
    state: AttemptState = AttemptState.CREATED
    why: str = ""
    error: str = ""
    cleared_by: str = ""
    batch: str = ""  # the sending it was released with
    not_before: datetime | None = None
    valid_until: datetime | None = None
    due: str = ""
    tries: int = 0
    parts: int = 1
    told: str = ""
    worker: str = ""  # whose hands it is in
    tried: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()  # files below the data folder
    training: bool = False


class Attempt(Record, frozen=True, kw_only=True):
    """One try at one part of a message over one channel. Stored as `sending` before the channel is called.

    `key` is the idempotency key: the same message, channel, address and part always have the same one, whichever try
    it is, so that a gateway that keeps keys sends it once. `external` is the channel's own id behind its name
    (`sms 4711`), by which receipts are matched. `awaits` is `channel|moment` while a report may still come.
    """

    id: str  # M12.1.1: message, try, part
    message: str
    channel: str
    at: datetime
    state: AttemptState
    key: str
    number: int = 1
    part: int = 1
    parts: int = 1
    address: str = ""
    external_id: str = ""
    external: str = ""
    awaits: str = ""
    proof: str = ""  # what the gateway gave as proof: pages sent, page signed
    error: str = ""  # code of the send error, or of the gateway
    words: str = ""  # the same as a sentence
    worker: str = ""
    leased_until: datetime | None = None
    ended_at: datetime | None = None
    price: float = 0.0


class Batch(Record, frozen=True, kw_only=True):
    """One release of messages to many: how many, over what, at what cost, and who confirmed it where it was large."""

    id: str
    outage: str
    at: datetime
    by: str
    people: int = 0
    parts: int = 0
    price: float = 0.0
    channels: dict[str, int] = {}
    needs_confirmation: bool = False
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    cancelled_at: datetime | None = None
    why: str = ""
