"""What a county sets in config.toml, read once at the start; every mistake is told at once.

from desk.config import load_config
config = load_config()
config.county.name, config.data, config.store_url
"""

from __future__ import annotations

from desk.config.load import load_config
from desk.config.settings import (
    Board,
    Call,
    Config,
    County,
    DeskSettings,
    MessageSettings,
    NoticeSettings,
    Plugins,
    Settings,
    Store,
)

__all__ = [
    "Board",
    "Call",
    "Config",
    "County",
    "DeskSettings",
    "MessageSettings",
    "NoticeSettings",
    "Plugins",
    "Settings",
    "Store",
    "load_config",
]
