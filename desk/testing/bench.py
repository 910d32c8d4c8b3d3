"""A bench: how the kit reaches one channel, and the gateway that it plays for it.

The base plays no gateway: rules that need one are skipped. A people's channel needs no more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, get_args

from msgspec import Struct, ValidationError

from desk.i18n import _
from desk.plugins import AttemptState, Capabilities, Channel, Message, SendError
from desk.plugins.settings import needed
from desk.testing.findings import Skip
from desk.testing.making import made, made_up

Mode = Literal["accept", "closed", "stall", "lose", "throttle", "reject", "trouble", "junk"]

# How a gateway may act, and what the channel must make of it.
MODES: Mapping[str, str] = {
    "accept": "takes every message and gives it a name",  # → Receipt
    "closed": "cannot be reached: nothing listens, the folder is not there",  # → NoConnection
    "stall": "takes the message and never answers",  # → UnknownOutcome, within the deadline
    "lose": "takes the message and hangs up without an answer",  # → UnknownOutcome
    "throttle": "wants it slower, and takes nothing",  # → Throttled
    "reject": "says no to the message, in the words of `refusal`",  # → Refused with these words
    "trouble": "says that it is in trouble, and takes nothing",  # → GatewayTrouble
    "junk": "answers what nobody can read",  # → a Receipt or a SendError, nothing else
}
assert set(MODES) == set(get_args(Mode))

ADDRESSES: Mapping[str, str] = {
    "phone": "0951555{:04}",
    "mobile": "1380013{:04}",
    "fax": "0951666{:04}",
    "mail": "duty{:04}@example.cn",
    "place": "东街{:04}号",
    "group": "group{:04}",
    "none": "",
}


class Heard(Struct, frozen=True, kw_only=True):
    """One message that the gateway took: its words (at least the address and the text), its key, its name for it."""

    words: tuple[str, ...]
    key: str = ""
    id: str = ""

    def says(self, text: str) -> bool:
        """Whether `text` is in one of the words, whole; how it is broken into lines does not count."""
        wanted = "".join(text.split())
        return any(wanted in "".join(word.split()) for word in self.words)


class Bench:
    """One type of channel with the settings it needs, and (in subclasses) a gateway for it.

    `type` is the channel class. `settings` is what `[channels.NAME]` would say. `plays` lists the modes the gateway
    knows. `refusal` is its text in mode "reject". `deadline` is the timeout in seconds given to a send that meets a
    silent gateway, `patience` the one given where the gateway answers. `description` is the line that says what the
    channel is for; by itself the first line of the class or its module. `expects` names the error for a mode where it
    is not the usual one (a program that is not there is a ConfigProblem). `reads`: what is heard can be compared with
    what was sent (a page cannot). `redelivers`: a report of `poll` that was not `stored` comes again to a new channel.
    """

    plays: frozenset[str] = frozenset()
    refusal: str = "no credit left 余额不足"
    deadline: float = 0.5
    patience: float = 10.0
    description: str = ""
    expects: Mapping[str, type[SendError]] = {}
    reads: bool = True
    redelivers: bool = True

    def __init__(
        self,
        type: type[Channel],
        settings: Mapping[str, Any] | None = None,
        *,
        make: Callable[[], Channel] | None = None,
    ) -> None:
        self.type = type
        self.settings: Mapping[str, Any] = settings or {}
        self._make = make

    def make(self) -> Channel:
        """A new channel, pointed at the gateway; opens nothing."""
        if self._make:
            return self._make()
        missing = [name for name in needed(self.type.Settings) if name not in self.settings]
        try:
            return made(self.type, {**made_up(self.type, missing), **self.settings})
        except ValidationError:
            if not missing:
                raise
        raise Skip(_("it needs settings that nobody gave: {names}").format(names=", ".join(missing)))

    @cached_property
    def can(self) -> Capabilities:
        """What the channel says it can do; a declared channel only knows once it is made."""
        own = getattr(self.type, "can", None)
        return own if isinstance(own, Capabilities) else self.make().can

    @property
    def sends(self) -> bool:
        """Whether a message may be handed over: to the bench's own gateway, or to a person; never to who knows whom."""
        return "accept" in self.plays or self.can.needs_human

    def play(self, mode: Mode) -> None:
        """From now on the gateway acts like `mode`."""
        raise NotImplementedError

    def heard(self) -> Sequence[Heard]:
        """What the gateway took, in order, in whatever mode; a message with a key it knows is not taken again."""
        return ()

    def payloads(self, id: str) -> Sequence[tuple[Mapping[str, Any], AttemptState]]:  # noqa: ARG002 - a contract
        """What the gateway calls the desk with about the message it calls `id`, and the state each means."""
        return ()

    def settle(self, id: str, state: AttemptState) -> bool:  # noqa: ARG002 - a contract
        """Make the gateway say at the next `poll` that `id` is in `state`; whether it can say that."""
        return False

    def reset(self) -> None:
        """Forget what was heard; play "accept"."""
        if "accept" in self.plays:
            self.play("accept")

    def close(self) -> None:
        """Stop the gateway."""

    def address(self, number: int = 1) -> str:
        """An address of the kind the channel takes; another number, another address."""
        return ADDRESSES[self.can.address].format(number)

    def message(self, body: str = "东街今晚停电", number: int = 1, **more: Any) -> Message:
        """A message to recipient `number`, as the desk would hand it over."""
        fields: dict[str, Any] = {
            "recipient": f"客户{number}",
            "address": self.address(number),
            "body": body,
            "id": f"M{number}",
            "key": f"key-{number}",
            "subject": "停电通知",
            "reference": number % 256,
        }
        return Message(**(fields | more))
