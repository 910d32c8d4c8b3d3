"""`desk plugins show`: what a channel can do, which settings it takes, and the lines for config.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from desk.errors import NotFound
from desk.i18n import _, in_language
from desk.plugins.channels import Capabilities, Channel
from desk.plugins.host import PluginHost
from desk.plugins.settings import example, json_schema, table


class ShownSetting(Struct, frozen=True, kw_only=True):
    """One line of `[channels.NAME]`."""

    name: str
    words: str
    needed: bool
    secret: bool
    default: Any = None


class Shown(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A part or a channel as a person reads it; what is no channel has neither settings nor an example."""

    name: str
    kind: str
    from_: str
    state: str
    reason: str = ""
    label: str = ""
    about: str = ""
    parts: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()  # of this type, in this county
    can: Mapping[str, Any] = {}  # what differs from the defaults
    settings: tuple[ShownSetting, ...] = ()
    example: str = ""
    schema: Mapping[str, Any] = {}


def show(host: PluginHost, name: str) -> Shown:
    """What there is to know of the channel, the type or the part called `name`; raises NotFound."""
    states = {row.name: row for row in host.channel_states()}
    kind = host.channel_types.get(states[name].type if name in states else name)
    if kind:
        return _channel(host, name, kind)
    for row in host.listed():
        if name in (row.name, *row.parts):
            return Shown(
                name=row.name, kind=row.kind, from_=row.from_, state=row.state, reason=row.reason, parts=row.parts
            )
    raise NotFound(_('there is no plugin or channel called "{name}"; see desk plugins list').format(name=name))


def _channel(host: PluginHost, name: str, kind: type[Channel]) -> Shown:
    rows = {row.name: row for row in host.channel_states()}
    row = rows.get(name)
    part = next((part for part in host.listed() if kind.name in part.parts), None)
    return Shown(
        name=name,
        kind="channel",
        from_=part.from_ if part else "",
        state=row.state if row else "on",
        reason=row.reason if row else "",
        label=in_language(kind.labels),
        about=in_language(getattr(kind, "about", {})) or _first_line(kind),
        channels=tuple(
            found.name for found in rows.values() if found.type == kind.name and found.state != "not_configured"
        ),
        can=_differing(kind.can),
        settings=tuple(
            ShownSetting(
                name=each.name,
                words=each.words,
                needed=each.needed,
                secret=each.secret,
                default=None if each.secret else each.default,
            )
            for each in table(kind.Settings)
        ),
        example=example(name, kind.name, kind.Settings),
        schema=json_schema(kind.Settings),
    )


def _differing(can: Capabilities) -> dict[str, Any]:
    usual = msgspec.structs.asdict(Capabilities())
    found = msgspec.structs.asdict(can)
    return {key: value for key, value in found.items() if value != usual[key] or key in ("family", "address")}


def _first_line(kind: type[Channel]) -> str:
    return (kind.__doc__ or "").strip().partition("\n")[0]
