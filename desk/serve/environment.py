"""What the process of a screen is told by its environment: what a program needs, and nothing of who started the server.

The operator's DESK_* (who signs in, with which password file, which session) stay behind; so does all else that is not
in the table. What config.toml itself reads secrets from (`{ env = "SMS_PASSWORD" }`) goes along, since the channels of
that screen need it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

if TYPE_CHECKING:
    from desk.config import Config

KEPT = (
    *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA"),
    *("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "DBUS_SESSION_BUS_ADDRESS"),
)
KEPT_PREFIX = "LC_"
NEVER = ("DESK_AGENT", "DESK_PASSWORD_FILE", "DESK_SESSION")
DRIVER = "desk.tui.web_driver:ServedDriver"


def clean_environment(config: Config, environ: Mapping[str, str]) -> dict[str, str]:
    """The part of `environ` that a screen's process may know."""
    kept = {*KEPT, *variables_named(config)} - {*NEVER}
    return {name: value for name, value in environ.items() if name in kept or name.startswith(KEPT_PREFIX)}


def screen_environment(width: int, height: int) -> dict[str, str]:
    """What tells Textual that it draws for a page of `width` by `height` cells."""
    return {
        "TEXTUAL_DRIVER": DRIVER,
        "TEXTUAL_FPS": "60",  # what a browser paints
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TERM_PROGRAM": "textual",
        "TERM_PROGRAM_VERSION": version("textual-serve"),
        "COLUMNS": str(width),
        "ROWS": str(height),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
    }


def variables_named(config: Config) -> set[str]:
    """The variables that config.toml reads secrets from."""
    return set(_named(to_builtins([config.store.password, config.ring.token, config.channels, config.feeds])))


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"env"} and isinstance(value["env"], str):
            yield value["env"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _named(one)
