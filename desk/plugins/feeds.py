"""A feed: where outages and telephone calls come from without anyone typing them in.

    class Dispatch(Feed):
        name = "dispatch"
        every = 60.0

        def read(self, timeout):
            with urlopen(self.settings.url, timeout=timeout) as answer:
                return json.load(answer)          # objects as `desk outage open` takes them

The desk reads each feed on a thread of its own, and makes it from `[feeds.NAME]` of config.toml as it makes a channel
from `[channels.NAME]`; a feed without required settings needs no section.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from msgspec import Struct

from desk.plugins.channels import ChannelSettings


class Incoming(Struct, frozen=True, kw_only=True):
    """One word of a telephone system about a call: it rings, was picked up, or is over.

    Several words of one call carry the same `call_id` and become one ring. `number` is as it came; empty: withheld.
    `extensions` are the telephones at which it rings now; `[ring] seats` says whose they are. `seat` names a seat
    itself. Without either it rings at every seat.
    """

    number: str = ""
    call_id: str = ""
    extensions: tuple[str, ...] = ()
    seat: str = ""
    state: Literal["ringing", "answered", "ended"] = "ringing"


class Feed:
    """A source outside the desk. `settings` is a record of the class's `Settings`."""

    name: str
    every: ClassVar[float] = 30.0  # seconds from the end of one reading to the next; 0: `read` waits for news itself
    timeout: ClassVar[float] = 20.0  # seconds that one reading may take
    brings: ClassVar[Literal["outages", "calls"]] = "outages"  # a good reading of outages says they are up to date
    Settings: ClassVar[type[ChannelSettings]] = ChannelSettings

    def __init__(self, settings: ChannelSettings | None = None) -> None:
        self.settings: Any = settings if settings is not None else self.Settings()

    def read(self, timeout: float) -> Sequence[Mapping[str, Any] | Incoming]:
        """What is new since the last time, within `timeout` seconds.

        Objects as `desk outage open` takes them (one whose `reference` is known changes that outage), and calls as
        Incoming. Raises NoConnection or GatewayTrouble when the source is not there: it is asked again after a while
        that grows with every failure. Raises ConfigProblem when asking again is useless: it is not asked any more.
        """
        raise NotImplementedError

    def stored(self) -> None:
        """What the last reading returned is stored: the source may forget it. Called before the next reading."""

    def close(self) -> None:
        """Close what is open."""
