"""Looking after the desk's parts while it is open: approve, switch, add, set up; each takes effect at once.

    parts.trust("pager")
    parts.new({"name": "pager", "kind": "webhook", …})
    parts.set_up("sms-north", {"type": "smpp", "host": "10.0.0.5"})

What is changed is written down (plugins.lock, a file in the data folder, config.toml) before it is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from desk.access import Access
from desk.errors import Refused
from desk.i18n import _
from desk.place import Place

if TYPE_CHECKING:
    from desk.config import Config
    from desk.plugins.host import PluginHost


class Parts:
    """The parts and channels of one place. `host_of` makes a host from settings."""

    def __init__(self, place: Place, host_of: Callable[[Config], PluginHost]) -> None:
        self._place = place
        self._host_of = host_of
        self._access = Access(place)

    def trust(self, name: str) -> str:
        """Answer for a part as it is now, and load it; returns its path. Raises NotFound when none waits."""
        self._access.require("trust_plugins")
        place = self._place
        approval = place.plugins.approve(name, place.agent, place.now())
        self._access.note("plugins.trust", approval.path, {"sha256": approval.sha256, "by": approval.who})
        self.reload()
        return approval.path

    def turn_off(self, name: str) -> None:
        """Switch a part or a channel off, on every seat."""
        self._access.require("set_up_channels")
        self._place.plugins.off(name, self._place.agent, self._place.now())
        self._access.note("plugins.off", name)
        self.reload()

    def turn_on(self, name: str) -> None:
        """Switch it on again, and try what was paused."""
        self._access.require("set_up_channels")
        self._place.plugins.on(name)
        self._access.note("plugins.on", name)
        self.reload()

    def new(self, answers: Mapping[str, str]) -> Path:
        """A new channel's file in the data folder, from the five answers, loaded; raises BadInput with all mistakes."""
        from desk.plugins.authoring import write_new

        self._access.require("set_up_channels")
        file = write_new(answers, self._place.config.data / "plugins")
        self._access.note("plugins.new", file.name)
        self.reload()
        return file

    def set_up(self, name: str, values: Mapping[str, Any]) -> None:
        """Put `values` into `[channels.NAME]` of config.toml, comments kept; None takes a line away.

        Raises ConfigProblem with every mistake, and then nothing is written.
        """
        from desk.config.edit import Change, write

        self._access.require("set_up_channels")
        file = self._place.config.path
        if file is None:
            raise Refused(_("there is no config.toml yet; copy the one that ships into the data folder"))
        write(file, [Change(("channels", name, key), value) for key, value in values.items()])
        self._access.note("channels.set_up", name, {"keys": sorted(values)})
        self.reload()

    def reload(self) -> None:
        """Read config.toml and the parts anew; what the old ones had open is closed."""
        from desk.config import load_config

        place = self._place
        fresh = load_config(place.config.path, place.config.data)
        place.config = replace(place.config, plugins=fresh.plugins, channels=fresh.channels, messages=fresh.messages)
        old = place.plugins
        place.use_plugins(self._host_of(place.config))
        old.close()
