"""`desk plugins try`: exactly what would go out, secrets starred; really sent only to the numbers listed for that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from time import time_ns
from typing import Any

import msgspec
from msgspec import Struct

from desk.errors import BadInput, NotAllowed, NotFound
from desk.i18n import _, language
from desk.plugins.channels import Channel
from desk.plugins.declared import DeclaredChannel
from desk.plugins.host import PluginHost
from desk.plugins.messages import Message, Receipt
from desk.plugins.send_errors import SendError

_IGNORED = re.compile(r"[\s()-]")


class DryRun(Struct, frozen=True, kw_only=True):
    """What would go out. `request` is exact for declared channels; of others it is what they would be handed."""

    channel: str
    request: Mapping[str, Any]
    steps: tuple[str, ...] = ()
    price: float = 0.0
    exact: bool = False
    objection: str = ""  # why it would not be sent as things are


class Tried(Struct, frozen=True, kw_only=True):
    """What became of a message that was really sent: a state, or the code of an error and its sentence."""

    channel: str
    to: str
    state: str = ""
    external_id: str = ""
    error: str = ""
    words: str = ""


def dry_run(host: PluginHost, name: str, to: str, body: str = "") -> DryRun:
    """What the channel would do to tell `to`; nothing leaves. Raises NotFound, BadInput."""
    channel = _channel(host, name)
    message = _message(channel, to, body)
    declared = isinstance(channel, DeclaredChannel)
    try:
        request = channel.outgoing(message, hidden=True) if isinstance(channel, DeclaredChannel) else _handed(message)
    except SendError as error:
        raise BadInput(_("{channel} would not send this: {reason}").format(channel=name, reason=error)) from None
    return DryRun(
        channel=name,
        request=request,
        steps=tuple(channel.steps(message)),
        price=channel.price(message),
        exact=declared,
        objection=next((row.reason for row in host.channel_states() if row.name == name and row.state != "on"), ""),
    )


def try_really(host: PluginHost, name: str, to: str, allowed: Sequence[str], body: str = "") -> Tried:
    """Send one message to `to`, which must be among `allowed` ([messages] test_numbers); never raises a SendError.

    Raises NotAllowed for any other number, NotFound when the channel may not be used.
    """
    channel = _channel(host, name)
    to = to or channel.name
    if _plain(to) not in map(_plain, allowed):
        text = _("{to} is not among test_numbers in [messages] of config.toml; only these are really sent to")
        raise NotAllowed(text.format(to=to))
    message = msgspec.structs.replace(_message(channel, to, body), key=f"TRY{time_ns()}")  # each try is one of its own
    (answer,) = host.runner(name).send([message]).result()
    if isinstance(answer, Receipt):
        return Tried(channel=name, to=to, state=answer.state, external_id=answer.external_id)
    return Tried(channel=name, to=to, error=answer.code, words=str(answer))


def _channel(host: PluginHost, name: str) -> Channel:
    channel = host.set_up(name)
    if channel is not None:
        return channel
    row = next((row for row in host.channel_states() if row.name == name), None)
    part = next((part for part in host.listed() if part.name == name and part.state != "on"), None)
    why = row.reason if row else part.reason if part else ""
    if why:
        raise NotFound(_("{channel} cannot be used: {reason}").format(channel=name, reason=why))
    raise NotFound(_('there is no channel called "{name}"; see desk plugins list').format(name=name))


def _message(channel: Channel, to: str, body: str) -> Message:
    if not to and channel.can.address != "none":
        raise BadInput(_("{channel} needs a number or address: --to").format(channel=channel.name))
    return Message(
        recipient=_("test"),
        address="" if channel.can.address == "none" else to,
        subject=_("test of the channel"),
        body=body or _("This is a test of the 95598 desk; nothing needs to be done."),
        id="TRY",
        key="TRY",
        language=language(),
    )


def _handed(message: Message) -> dict[str, str]:
    return {"address": message.address, "subject": message.subject, "body": message.body}


def _plain(number: str) -> str:
    return _IGNORED.sub("", number)
