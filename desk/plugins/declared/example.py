"""[example]: a declared channel's file is its own test, without a network.

    [example]
    message = { address = "13800138000", body = "8:00 停电" }
    settings = { token = "TOKEN" }
    expect = { url = "https://sms.example.cn/send", json = { to = "13800138000", text = "8:00 停电" } }
    answers = [{ status = 200, text = '{"errcode":45009}', gives = "throttled" }]

`expect` is what must go out (of a table, the keys that are named); each of `answers` is one of the gateway, with what
it must be taken for: a state or an error, and the id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from desk.config.mistakes import guess
from desk.i18n import _
from desk.plugins.declared.channel import DeclaredChannel
from desk.plugins.messages import Message
from desk.plugins.secrets import Secret
from desk.plugins.send_errors import SendError

MESSAGE: Mapping[str, Any] = {"recipient": "", "address": "", "body": "", "key": "K1", "id": "M1.1.1"}
WRITTEN = frozenset({"recipient", "address", "body", "subject", "key", "id", "part", "parts", "reference", "language"})


def mistakes(kind: type[DeclaredChannel]) -> list[str]:
    """What the example shows to be wrong with the channel; empty when it does what the example says."""
    wrong = list(_wrong_keys(kind))
    if wrong:
        return wrong
    try:
        channel = made(kind)
        message = example_message(kind)
        return [*_unexpected(kind, channel, message), *_misunderstood(kind, channel, message)]
    except (msgspec.ValidationError, SendError) as problem:
        return [f"[example] {problem}"]


def example_message(kind: type[DeclaredChannel]) -> Message:
    """The message of the example."""
    return msgspec.convert({**MESSAGE, **kind.example.get("message", {})}, Message)


def made(kind: type[DeclaredChannel], **instead: Any) -> DeclaredChannel:
    """A channel with the settings of the example, some of them replaced; nothing real is behind its secrets."""
    values = {**kind.example.get("settings", {}), **instead}
    return kind(msgspec.convert(values, kind.Settings, dec_hook=_given))


def _given(type: Any, value: Any) -> Any:
    return Secret.of(str(value)) if type is Secret else value


def _wrong_keys(kind: type[DeclaredChannel]) -> Iterator[str]:
    known = [field.name for field in msgspec.structs.fields(kind.Settings)]
    text = _('[example] {table} has no key "{key}"')
    for table, names in (("message", sorted(WRITTEN)), ("settings", known)):
        for key in kind.example.get(table, {}).keys() - set(names):
            yield text.format(table=table, key=key) + (guess(key, names) if names else "")
    for field in msgspec.structs.fields(kind.Settings):
        if field.required and field.name not in kind.example.get("settings", {}):
            yield _('[example] settings needs "{key}"').format(key=field.name)


def _unexpected(kind: type[DeclaredChannel], channel: DeclaredChannel, message: Message) -> Iterator[str]:
    found = channel.outgoing(message)
    for key, wanted in kind.example.get("expect", {}).items():
        if key not in found:
            yield _('[example] expect has no key "{key}"').format(key=key) + guess(key, found)
        elif not _holds(found[key], wanted):
            text = _("[example] {key} would be {found}, not {wanted}")
            yield text.format(key=key, found=_shown(found[key]), wanted=_shown(wanted))


def _misunderstood(kind: type[DeclaredChannel], channel: DeclaredChannel, message: Message) -> Iterator[str]:
    for number, answer in enumerate(kind.example.get("answers", ()), start=1):
        given = {key: value for key, value in answer.items() if key not in ("gives", "id")}
        try:
            receipt = channel.understood(given, message)
            meant, id = receipt.state, receipt.external_id
        except SendError as error:
            meant, id = error.code, ""  # type: ignore[assignment]
        except msgspec.ValidationError as problem:
            yield _("[example] answer {number}: {words}").format(number=number, words=problem)
            continue
        if meant != answer["gives"]:
            text = _('[example] answer {number} is taken for "{meant}", not "{wanted}"')
            yield text.format(number=number, meant=meant, wanted=answer["gives"])
        elif id != answer.get("id", id):
            text = _('[example] answer {number} gives the id "{id}", not "{wanted}"')
            yield text.format(number=number, id=id, wanted=answer["id"])


def _holds(found: Any, wanted: Any) -> bool:
    """Whether `found` is what is wanted; of a table only the keys that are named count."""
    if isinstance(wanted, dict) and isinstance(found, Mapping):
        return all(key in found and _holds(found[key], value) for key, value in wanted.items())
    return bool(found == wanted)


def _shown(value: Any) -> str:
    return msgspec.json.encode(value).decode()
