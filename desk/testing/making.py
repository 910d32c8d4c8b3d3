"""A channel from what `[channels.NAME]` would say; secrets may be written out, as nothing real is behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from desk.plugins import Channel, ChannelSettings
from desk.plugins.secrets import Secret


def settings_of(type: type[Channel], values: Mapping[str, Any]) -> ChannelSettings:
    """`values` as the type's Settings; raises msgspec.ValidationError as the host would meet it."""
    return msgspec.convert(dict(values), type.Settings, dec_hook=_secret)


def made(type: type[Channel], values: Mapping[str, Any]) -> Channel:
    """A channel of `type` with these settings."""
    return type(settings_of(type, values))


def secrets_of(settings: Any) -> list[str]:
    """The values of the settings that must not be seen: the `Secret`s."""
    values: list[Any] = [getattr(settings, name, None) for name in getattr(settings, "__struct_fields__", ())]
    return [value.reveal() for value in values if isinstance(value, Secret)]


def _secret(wanted: Any, value: Any) -> Any:
    if wanted is Secret and isinstance(value, str):
        return Secret.of(value)
    return value if isinstance(value, wanted) else wanted(value)
