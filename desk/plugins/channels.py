"""A channel: one way to tell a customer something, and what it can do.

class Phone(Channel):
    name = "phone"
    labels = {"zh_CN": "电话", "en": "telephone"}
    can = Capabilities(family="phone", address="phone", needs_human=True)

    def send(self, message, timeout):
        return Receipt(state="with_agent")

    def steps(self, message):
        return [f"dial {message.address}", message.body]

A class is a type of channel; a county may have several of one type, each a section `[channels.NAME]` of config.toml
with `type = "…"` and that type's settings. A type whose settings all have defaults is there under its own name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from msgspec import Struct

from desk.i18n import in_language
from desk.plugins.messages import Message, Receipt, Reply, Report
from desk.plugins.send_errors import SendError

if TYPE_CHECKING:
    from desk.plugins.outage_types import Problem

# What duties ask for, by which a channel is found; any other word is a family too, and no duty asks for it.
FAMILIES = (
    *("phone", "sms", "fax", "written_notice", "face_to_face", "media_announcement", "internal", "filing", "report"),
    "push",
)
Address = Literal["none", "phone", "mobile", "fax", "mail", "place", "group"]


class Capabilities(Struct, frozen=True, kw_only=True):
    """What a channel can do; the defaults promise nothing.

    `family` is which of the duties' channels it carries (phone, sms, fax, written_notice, media_announcement,
    internal, face_to_face, …), `address` what kind of address it takes. `needs_human`: a person does the sending.
    `two_way`: the customer can answer. `receipts`: who confirms (nobody, the gateway, the handset). `encoding`,
    `max_chars`, `max_parts`, `overflow`: how long a text may be and what is done with a longer one; 0 is no limit.
    `intrusive`: it rings, so quiet hours apply. `idempotency`: the gateway sends one key once, so that a lost answer
    may be asked for again. `price` is yuan a part, `rate` parts a second (0: as fast as it takes them), `timeout`
    seconds for one call, `bulk` how many messages one call of `send_many` may carry.
    """

    family: str = "other"
    address: Address = "none"
    needs_human: bool = False
    two_way: bool = False
    receipts: Literal["none", "gateway", "handset"] = "none"
    encoding: Literal["any", "sms"] = "any"
    max_chars: int = 0
    max_parts: int = 1
    overflow: Literal["refuse", "split"] = "refuse"
    intrusive: bool = False
    idempotency: bool = False
    price: float = 0.0
    rate: float = 0.0
    timeout: float = 30.0
    bulk: int = 1
    cancel: bool = False
    attachments: bool = False
    sandbox: bool = False


class ChannelSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of a channel type's settings: a frozen record; each field is a line of `[channels.NAME]`."""


class Channel:
    """One way to tell a customer something. Methods are plain and synchronous; making the object opens nothing."""

    name: str  # of the type; the host gives each channel of a county its own
    labels: ClassVar[Mapping[str, str]]
    can: Capabilities
    serves: Sequence[str] = ()  # whom it is for, as config.toml says; empty: anyone it can reach
    Settings: ClassVar[type[ChannelSettings]] = ChannelSettings

    def __init__(self, settings: ChannelSettings | None = None) -> None:
        self.settings: Any = settings if settings is not None else self.Settings()

    @property
    def label(self) -> str:
        """The channel's name in the language spoken now."""
        return in_language(self.labels)

    def send(self, message: Message, timeout: float) -> Receipt:
        """Hand `message` over within `timeout` seconds: a Receipt, or raises a SendError."""
        raise NotImplementedError

    def send_many(self, messages: Sequence[Message], timeout: float) -> Sequence[Receipt | SendError]:
        """Hand up to `can.bulk` messages over: for each, in order, a Receipt or the SendError it met."""
        return [self._sent(message, timeout) for message in messages]

    def check(self, timeout: float) -> Problem | None:
        """What keeps the channel from sending, or None; nothing is sent."""
        return None

    def receipt(self, payload: Mapping[str, Any]) -> Sequence[Report]:
        """What a gateway's call to the desk (its fields and its JSON body as one mapping) reports; junk: nothing."""
        return ()

    def poll(self, ids: Sequence[str], timeout: float) -> Sequence[Report]:
        """The reports that came in, or what became of `ids` (those not at an end yet); back within `timeout`."""
        return ()

    def stored(self, reports: Sequence[Report]) -> None:
        """Called once the desk has stored these reports of `poll`: only now may the gateway forget them."""

    def reply(self, payload: Mapping[str, Any]) -> Reply | None:
        """What a customer answered, from a gateway's call to the desk; None when it is no answer."""
        return None

    def cancel(self, id: str, timeout: float) -> bool:
        """Take back what the gateway calls `id`, where `can.cancel`; whether it did."""
        return False

    def steps(self, message: Message) -> Sequence[str]:
        """What a person does, in order, to tell `message`; at least one step where `can.needs_human`."""
        return ()

    def price(self, message: Message) -> float:
        """What sending `message` costs, in yuan."""
        return self.can.price

    def close(self) -> None:
        """The desk is done with the channel: let go of sessions and files."""

    def _sent(self, message: Message, timeout: float) -> Receipt | SendError:
        try:
            return self.send(message, timeout)
        except SendError as error:
            return error
