"""The channels of one county while the desk is open: which there are, whether each may be used now, who calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from desk.clock import zone_named
from desk.errors import NotFound
from desk.i18n import _
from desk.plugins import loading
from desk.plugins.instances import Ground, Instance, State, instances
from desk.plugins.lanes import Watch
from desk.plugins.printing import quiet_threads
from desk.plugins.running import Runner

if TYPE_CHECKING:
    from desk.config import Config
    from desk.plugins.channels import Channel
    from desk.plugins.taking import Owner, Parts, PluginRow
    from desk.plugins.trust import Switches


class ChannelRow(Struct, frozen=True, kw_only=True):
    """One channel of the county, usable or not. `section`: config.toml has a section for it."""

    name: str
    type: str
    family: str
    state: State
    reason: str = ""
    paused_until: datetime | None = None
    section: bool = False


class Switchboard:
    """Makes the channels when they are first asked for, and a runner for each when it is first called."""

    def __init__(self, config: Config, parts: Parts, switches: Switches) -> None:
        self._config = config
        self._parts = parts
        self._switches = switches
        self._lock = RLock()
        self._made: dict[str, Instance] | None = None
        self._runners: dict[str, Runner] = {}
        quiet_threads()

    def instances(self) -> Mapping[str, Instance]:
        """Every channel by name, usable or not, and every type that waits for a section."""
        with self._lock:
            if self._made is None:
                self._made = instances(self._ground())
            return self._made

    def usable(self) -> dict[str, Channel]:
        """Those that are on, or paused for a while."""
        return {
            name: instance.channel
            for name, instance in self.instances().items()
            if instance.channel and instance.state == "on" and self._state(instance) != "off"
        }

    def states(self) -> Iterator[ChannelRow]:
        """A row for each."""
        for instance in self.instances().values():
            row = ChannelRow(**{name: getattr(instance, name) for name in SAME})
            yield msgspec.structs.replace(row, **self._now(instance)) if instance.state == "on" else row

    def told(self, rows: Iterable[PluginRow]) -> list[PluginRow]:
        """The parts as the county uses them: one that is on, and whose channel may not be used, says so and why."""
        amiss: dict[str, ChannelRow] = {}
        for state in self.states():
            if state.state in TOLD or (state.section and state.state == "not_configured"):
                amiss.setdefault(state.type, state)
        return [_with(row, amiss) for row in rows]

    def runner(self, name: str) -> Runner:
        """Who calls the channel; raises NotFound when there is none that could be called."""
        with self._lock:
            if name not in self._runners:
                self._runners[name] = self._new_runner(name)
            return self._runners[name]

    def try_again(self, name: str) -> None:
        """Forget why the channel was paused."""
        if name in self._runners:
            self._runners[name].breaker.reset()

    def reconfigured(self, config: Config) -> None:
        """Make the channels anew from other sections; what is open is closed, and not waited for."""
        with self._lock:
            self._config, self._made = config, None
            runners, self._runners = self._runners, {}
        for runner in runners.values():
            runner.close()

    @cached_property
    def watch(self) -> Watch:
        """Looks at the deadlines of every call."""
        return Watch()

    def _ground(self) -> Ground:
        config = self._config
        return Ground(
            types=self._parts.channel_types(),
            sections=config.channels,
            file=config.path,
            folder=config.path.parent if config.path else config.data,
            waiting={name: why for name, (_source, why) in self._parts.waiting.items()},
            build=self._build,
        )

    def _build(self, make: Callable[[], Channel], type: type[Channel]) -> Channel:
        owner = self._owner(type.name)
        if owner.shipped:
            with loading.guarded(owner.root):
                return make()
        return loading.in_time(make, owner.root)

    def _owner(self, type: str) -> Owner:
        return self._parts.owner("channel", type)

    def _now(self, instance: Instance) -> dict[str, object]:
        runner = self._runners.get(instance.name)
        if runner:
            return {"state": runner.state, "reason": runner.reason, "paused_until": runner.paused_until}
        return {"state": self._state(instance), "reason": self._off(instance)}

    def _state(self, instance: Instance) -> str:
        runner = self._runners.get(instance.name)
        return runner.state if runner else "off" if self._off(instance) else "on"

    def _off(self, instance: Instance) -> str:
        return self._switches.words(instance.name, self._owner(instance.type).part)

    def _new_runner(self, name: str) -> Runner:
        instance = self.instances().get(name)
        if instance is None or instance.channel is None or instance.state != "on":
            why = instance.reason if instance else _("there is no such channel")
            raise NotFound(_("{channel} cannot be used: {reason}").format(channel=name, reason=why))
        zone = zone_named(self._config.county.time_zone)
        return Runner(
            self._rehearsed(instance.channel),
            watch=self.watch,
            now=lambda: datetime.now(zone),
            root=self._owner(instance.type).root,
            is_off=lambda: self._off(instance),
        )

    def _rehearsed(self, channel: Channel) -> Channel:
        if not self._config.messages.training:
            return channel
        from desk.plugins.rehearsal import Rehearsal

        return Rehearsal(channel)


def _with(row: PluginRow, amiss: Mapping[str, ChannelRow]) -> PluginRow:
    channel = next((amiss[part] for part in row.parts if part in amiss), None)
    if row.state != "on" or channel is None:
        return row
    if len(row.parts) == 1 and channel.name == channel.type:
        state = channel.state if channel.state in TOLD else "off"
        return msgspec.structs.replace(row, state=state, reason=channel.reason)
    return msgspec.structs.replace(row, reason=row.reason or f"{channel.name}: {channel.reason}")


TOLD = ("off", "paused", "not_approved")
SAME = ("name", "type", "family", "state", "reason", "section")
