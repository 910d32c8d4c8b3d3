"""A channel: one way to tell a customer something, and what it can do.

class Phone(Channel):
    name = "phone"
    labels = {"zh_CN": "电话", "en": "telephone"}
    can = Capabilities(family="phone", address="phone", needs_human=True)

    def send(self, message, timeout):
        return Receipt(state="with_agent")

    def steps(self, message):
        return [f"dial {message.address}", message.body]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from msgspec import Struct

from desk.errors import DeskError
from desk.i18n import in_language

State = Literal["with_agent", "accepted", "sent", "delivered"]


class Capabilities(Struct, frozen=True, kw_only=True):
    """What a channel can do; the defaults promise nothing.

    `family` and `address` say what it is and what kind of address it takes. `needs_human`: a person does the
    sending. `two_way`: the customer can answer at once. `intrusive`: it rings, so quiet hours apply.
    """

    family: str = "other"
    address: str = "none"
    needs_human: bool = False
    two_way: bool = False
    intrusive: bool = False


class Message(Struct, frozen=True, kw_only=True):
    """What one recipient should learn: who, at which number or address, and the words."""

    recipient: str
    address: str
    body: str


class Receipt(Struct, frozen=True, kw_only=True):
    """What became of a message when it was handed over; `with_agent`: a person has it now."""

    state: State
    external_id: str = ""


class SendError(DeskError):
    """Why a message could not be handed over. The set is closed: a channel raises one of the errors below."""

    code: ClassVar[str]
    retryable: ClassVar[bool] = False


class BadAddress(SendError):
    """This recipient cannot be reached at this address; another number or another channel may."""

    code = "bad_address"


class Channel:
    """One way to tell a customer something. Methods are plain and synchronous; making the object opens nothing."""

    name: ClassVar[str]
    labels: ClassVar[Mapping[str, str]]
    can: ClassVar[Capabilities]

    @property
    def label(self) -> str:
        """The channel's name in the language spoken now."""
        return in_language(self.labels)

    def send(self, message: Message, timeout: float) -> Receipt:
        """Hand `message` over within `timeout` seconds: a Receipt, or raises a SendError."""
        raise NotImplementedError

    def steps(self, message: Message) -> Sequence[str]:
        """What a person does, in order, to tell `message`; at least one step where `can.needs_human`."""
        return ()
