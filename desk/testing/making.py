"""A channel from what `[channels.NAME]` would say; secrets may be written out, as nothing real is behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec

from desk.plugins import Channel, ChannelSettings
from desk.plugins.secrets import Secret
from desk.plugins.settings import table

PLAIN: Mapping[Any, Any] = {str: "kit", int: 1, float: 1.0, bool: True, Path: "kit", Secret: "hidden-kit-4711"}


def settings_of(type: type[Channel], values: Mapping[str, Any]) -> ChannelSettings:
    """`values` as the type's Settings; raises msgspec.ValidationError as the host would meet it."""
    return msgspec.convert(dict(values), type.Settings, dec_hook=_secret)


def made(type: type[Channel], values: Mapping[str, Any]) -> Channel:
    """A channel of `type` with these settings."""
    return type(settings_of(type, values))


def made_up(type: type[Channel], names: Iterable[str]) -> dict[str, Any]:
    """Some value for each of these settings, for what is never sent; one that has a pattern may not fit it."""
    shapes = {setting.name: setting.type for setting in table(type.Settings)}
    return {name: _value(shapes[name]) for name in names}


def _value(shape: Any) -> Any:
    if shape in PLAIN:
        return PLAIN[shape]
    return get_args(shape)[0] if get_origin(shape) is Literal else {}


def secrets_of(settings: Any) -> list[str]:
    """The values of the settings that must not be seen: the `Secret`s."""
    values: list[Any] = [getattr(settings, name, None) for name in getattr(settings, "__struct_fields__", ())]
    return [value.reveal() for value in values if isinstance(value, Secret)]


def _secret(wanted: Any, value: Any) -> Any:
    if wanted is Secret and isinstance(value, str):
        return Secret.of(value)
    return value if isinstance(value, wanted) else wanted(value)
