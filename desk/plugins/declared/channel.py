"""What all declared channels share: settings and capabilities from the file, the values for the blanks, secrets hidden.

A kind of channel (webhook, command, …) is a subclass; a file makes a subclass of that, with the file as its data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import time
from typing import Any, ClassVar

import msgspec

from desk.i18n import N_, _, in_language
from desk.plugins.channels import Capabilities, Channel, ChannelSettings
from desk.plugins.declared.ground import Ground
from desk.plugins.declared.shapes import Field, Known, must, words
from desk.plugins.declared.templates import Template, parse
from desk.plugins.messages import Message, Receipt
from desk.plugins.send_errors import BadAddress, Unsupported

HIDDEN = "***"
CAPABILITIES = frozenset(field.name for field in msgspec.structs.fields(Capabilities))
OF_MESSAGE = (
    *("recipient", "address", "body", "subject", "key", "id", "part", "parts", "reference"),
    *("language", "outage", "account_no"),
)
NO_ADDRESS = N_("{recipient} has no address for {channel}; look one up or use another channel")


def _steps(value: Any, known: Known) -> list[dict[str, Template]]:
    if not isinstance(value, list) or not value:
        raise must('["…", { zh_CN = "…", en = "…" }]', value)
    return [{key: parse(text, known.settings) for key, text in words(step, known).items()} for step in value]


HUMAN: Mapping[str, Field] = {"steps": Field(_steps, needed=True)}  # [human]: what a person does


class DeclaredChannel(Channel):
    """A channel that a TOML file declares."""

    SECTIONS: ClassVar[Mapping[str, Mapping[str, Field]]] = {}  # what the kind may say, section by section
    NEEDED: ClassVar[tuple[str, ...]] = ()  # the sections it cannot do without
    OWN_SETTINGS: ClassVar[tuple[tuple[str, Any, Any], ...]] = ()  # settings that every channel of the kind takes
    CAN: ClassVar[Mapping[str, Any]] = {}  # what every channel of the kind can do

    kind: ClassVar[str]
    path: ClassVar[Path]
    ground: ClassVar[Ground] = Ground()
    spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    secrets: ClassVar[frozenset[str]] = frozenset()
    example: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, settings: ChannelSettings | None = None) -> None:
        super().__init__(settings)
        told = {name: getattr(self.settings, name) for name in self.settings.__struct_fields__ if name in CAPABILITIES}
        if told:  # a setting that is called like a capability takes its place
            self.can = msgspec.structs.replace(self.can, **told)

    def objection(self) -> str:
        """Why the channel may not be used as it is set up; empty when it may."""
        return ""

    def outgoing(self, message: Message, *, hidden: bool = False) -> Mapping[str, Any]:
        """Exactly what would go out for `message`, by name; with stars for secrets where `hidden`."""
        raise NotImplementedError

    def understood(self, answer: Mapping[str, Any], message: Message) -> Receipt:
        """What an answer written down in the example amounts to; raises the SendError it stands for."""
        raise Unsupported(_("a channel of this kind hears no answers"))

    def steps(self, message: Message) -> Sequence[str]:
        return self.steps_in("", message)

    def steps_in(self, language: str, message: Message) -> list[str]:
        """The steps in `language`; empty: the one spoken now."""
        blanks = self.blanks(message, hidden=True)
        told: Sequence[Mapping[str, Template]] = self.table("human").get("steps", ())
        return [in_language({key: text.filled(blanks) for key, text in step.items()}, language) for step in told]

    def taken(self, receipt: Receipt) -> Receipt:
        """A machine's receipt; where a person goes on from there (a dialled call), it is in their hands."""
        return Receipt(state="with_agent", external_id=receipt.external_id) if self.can.needs_human else receipt

    def blanks(self, message: Message, *, hidden: bool = False) -> dict[str, str]:
        """The value of every name that a template may use."""
        values = self.blanks_of(message)
        for name in self.settings.__struct_fields__:
            value = getattr(self.settings, name)
            values[f"settings.{name}"] = HIDDEN if hidden and value and name in self.secrets else revealed(value)
        return values

    @staticmethod
    def blanks_of(message: Message) -> dict[str, str]:
        """The values that come from the message and the clock."""
        now = time()
        values = {name: str(getattr(message, name)) for name in OF_MESSAGE}
        return values | {"timestamp": str(int(now)), "timestamp_ms": str(int(now * 1000)), "sign": ""}

    def is_of_the_file(self, template: Template, message: Message) -> bool:
        """Whether the template says the same without what the county set: then whoever wrote the file chose it."""
        blanks = self.blanks(message)
        own = {**blanks, **{f"settings.{name}": revealed(default) for name, default in _defaults(self.settings)}}
        return bool(template.filled(blanks)) and template.filled(own) == template.filled(blanks)

    def scrubbed(self, text: str) -> str:
        """`text` of a gateway or a library without any secret of the settings in it."""
        from urllib.parse import quote, quote_plus

        for name in self.secrets:
            value = revealed(getattr(self.settings, name))
            for written in {value, quote(value, safe=""), quote_plus(value)} - {""}:
                text = text.replace(written, HIDDEN)
        return text

    def need_address(self, message: Message) -> None:
        """Raises BadAddress when the channel takes an address and the message has none."""
        if self.can.address != "none" and not message.address:
            raise BadAddress(_(NO_ADDRESS).format(recipient=message.recipient, channel=self.label))

    def table(self, name: str) -> Mapping[str, Any]:
        """The section of the file, empty when it has none."""
        return self.spec.get(name, {})


def _defaults(settings: ChannelSettings) -> Iterator[tuple[str, Any]]:
    for field in msgspec.structs.fields(settings):
        yield field.name, None if field.default is msgspec.NODEFAULT else field.default


def revealed(value: Any) -> str:
    """A setting as the text that goes into a template."""
    if value is None:
        return ""
    if hasattr(value, "reveal"):
        return str(value.reveal())
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
