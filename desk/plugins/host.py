"""The host: finds the parts, loads each under guard, and knows of every one whether it is on and why not.

    host = PluginHost.open(config)
    host.outage_types["grid_fault"].label
    host.channels["phone"].can.needs_human
    host.runner("sms-north").send(messages).result()
    host.listed()        # what `desk plugins list` shows

A broken part is off, with file, line and reason; the others and the desk are not touched by it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from desk.clock import zone_named
from desk.errors import ConfigProblem, NotFound
from desk.i18n import _
from desk.plugins import folders, loading, trust
from desk.plugins.channels import Channel
from desk.plugins.declared import first_of
from desk.plugins.faults import Fault
from desk.plugins.outage_types import OutageType, Problem
from desk.plugins.parts import Check, Feed, Listener, RulePack
from desk.plugins.taking import Parts, PluginRow

if TYPE_CHECKING:
    from desk.config import Config
    from desk.plugins.instances import Instance, State
    from desk.plugins.lanes import Watch
    from desk.plugins.running import Runner

__all__ = ["ChannelRow", "PluginHost", "PluginRow"]


class ChannelRow(Struct, frozen=True, kw_only=True):
    """One channel of the county, usable or not. `section`: config.toml has a section for it."""

    name: str
    type: str
    family: str
    state: State
    reason: str = ""
    paused_until: datetime | None = None
    section: bool = False


class PluginHost:
    """Every part of one desk. Loaded once, in the order of `desk plugins list`; the first keeps a name."""

    def __init__(self, config: Config, read_pack: Callable[[Path], object] | None = None) -> None:
        self._config = config
        self._switches = trust.SwitchBoard(config.data)
        self._parts = Parts(config, self._switches)
        self._read_pack = read_pack
        self._checking = RLock()
        self._instances: dict[str, Instance] | None = None
        self._runners: dict[str, Runner] = {}

    @classmethod
    def open(
        cls,
        config: Config,
        *,
        environ: Mapping[str, str] = os.environ,
        shipped: Path | None = None,
        read_pack: Callable[[Path], object] | None = None,
    ) -> PluginHost:
        """The host with everything loaded that may be; never raises for a part's sake.

        `read_pack` reads a rule pack, or raises PackProblem; it is called when a pack is first asked for. With
        $DESK_SAFE (`desk --safe`) only what ships is loaded.
        """
        host = cls(config, read_pack)
        shipped = shipped or folders.shipped_folder()
        if environ.get("DESK_SAFE"):
            host._parts.take_shipped(shipped)
        else:
            host._parts.take_all(shipped, environ.get("DESK_PLUGINS", ""))
        return host

    @property
    def outage_types(self) -> Mapping[str, OutageType]:
        """Every type of outage by id."""
        return self._of("outage_type")

    @property
    def channel_types(self) -> Mapping[str, type[Channel]]:
        """Every type of channel by name."""
        return self._of("channel")

    @property
    def channels(self) -> Mapping[str, Channel]:
        """The county's channels that may be used, by name; one that is paused for a while is among them."""
        made = self._made()
        return {
            name: instance.channel
            for name, instance in made.items()
            if instance.channel and instance.state == "on" and self._running_state(name) != "off"
        }

    @property
    def rule_packs(self) -> Mapping[str, RulePack]:
        """Every rule pack by id; one with a mistake is not among them."""
        self._check_packs()
        return self._of("rule_pack")

    @property
    def feeds(self) -> Mapping[str, Feed]:
        """Every feed by name."""
        return self._of("feed")

    @property
    def listeners(self) -> Mapping[str, Listener]:
        """Every listener by name."""
        return self._of("listener")

    @property
    def checks(self) -> Mapping[str, Check]:
        """Every check by name."""
        return self._of("check")

    def listed(self) -> list[PluginRow]:
        """Every part that was found, in the order of loading, also those that are off."""
        self._check_packs()
        return list(self._parts.rows)

    def channel_states(self) -> list[ChannelRow]:
        """Every channel of the county and every type that waits for a section, with its state and why."""
        return [self._channel_row(instance) for instance in self._made().values()]

    def runner(self, name: str) -> Runner:
        """Who calls the channel called `name`; raises NotFound when there is none that could be called."""
        with self._checking:
            if name not in self._runners:
                self._runners[name] = self._new_runner(name)
            return self._runners[name]

    def run_check(self, name: str, timeout: float) -> Problem | None:
        """What the check called `name` finds; one that fails or hangs is a problem of its own, never an error."""
        owner = self._parts.owner("check", name)
        check = self.checks[name]
        try:
            found = loading.in_time(lambda: check.check(timeout), owner.root, timeout + 1)
        except Fault as fault:
            return Problem(str(fault))
        return found if found is None or isinstance(found, Problem) else Problem(_("gave no answer the desk knows"))

    def approve(self, name: str, who: str, when: datetime) -> trust.Approval:
        """Note that `who` answers for the part called `name` (or at this path) as it is now.

        It is loaded at the next start. Raises NotFound when no such part waits for approval.
        """
        for source, _why in self._parts.waiting.values():
            if name in (source.name, str(source.path)):
                return trust.approve(self._config.data, source.path, who, when)
        raise NotFound(_('no plugin called "{name}" waits for approval; see desk plugins list').format(name=name))

    def off(self, name: str, who: str, when: datetime) -> None:
        """Switch a part or a channel off: a channel at once, on every seat; what else a part brings from the next start.

        Raises NotFound when nothing has that name.
        """
        if name not in {row.name for row in self._parts.rows} | set(self._made()):
            text = _('there is no plugin or channel called "{name}"; see desk plugins list')
            raise NotFound(text.format(name=name))
        trust.switch_off(self._config.data, name, who, when)

    def on(self, name: str) -> None:
        """Take `off` back, and try again what was paused; a part that was not loaded is there at the next start."""
        trust.switch_on(self._config.data, name)
        if name in self._runners:
            self._runners[name].breaker.reset()

    def reconfigured(self, config: Config) -> None:
        """The sections of config.toml were changed: the channels are made anew, what was open is closed."""
        with self._checking:
            self._config, self._instances = config, None
            runners, self._runners = self._runners, {}
        for runner in runners.values():
            runner.close()

    def close(self) -> None:
        """Let the channels close what they have open; waits for none of them."""
        self.reconfigured(self._config)

    def _of(self, kind: str) -> Mapping[str, Any]:
        return MappingProxyType(self._parts.things[kind])

    def _made(self) -> dict[str, Instance]:
        with self._checking:
            if self._instances is None:
                from desk.plugins.instances import Ground, instances

                config = self._config
                ground = Ground(
                    types=self._parts.things["channel"],
                    sections=config.channels,
                    file=config.path,
                    folder=config.path.parent if config.path else config.data,
                    waiting={name: why for name, (_source, why) in self._parts.waiting.items()},
                    build=self._built,
                )
                self._instances = instances(ground)
            return self._instances

    def _built(self, make: Callable[[], Channel], type: type[Channel]) -> Channel:
        owner = self._owner_of(type.name)
        if owner.shipped:
            with loading.guarded(owner.root):
                return make()
        return loading.in_time(make, owner.root)

    def _owner_of(self, type: str) -> Any:
        return self._parts.owner("channel", type)

    def _channel_row(self, instance: Instance) -> ChannelRow:
        row = ChannelRow(**{name: getattr(instance, name) for name in ROW_FIELDS})
        if instance.state != "on":
            return row
        runner = self._runners.get(instance.name)
        off = self._off_words(instance)
        if off or runner is None:
            return msgspec.structs.replace(row, state="off" if off else "on", reason=off)
        return msgspec.structs.replace(row, state=runner.state, reason=runner.reason, paused_until=runner.paused_until)

    def _running_state(self, name: str) -> str:
        runner = self._runners.get(name)
        if runner:
            return runner.state
        return "off" if self._off_words(self._made()[name]) else "on"

    def _off_words(self, instance: Instance) -> str:
        return self._switches.words(instance.name, self._owner_of(instance.type).part)

    def _new_runner(self, name: str) -> Runner:
        from desk.plugins.running import Runner

        instance = self._made().get(name)
        if instance is None or instance.channel is None or instance.state != "on":
            why = instance.reason if instance else _("there is no such channel")
            raise NotFound(_("{channel} cannot be used: {reason}").format(channel=name, reason=why))
        zone = zone_named(self._config.county.time_zone)
        return Runner(
            instance.channel,
            watch=self._watch,
            now=lambda: datetime.now(zone),
            root=self._owner_of(instance.type).root,
            is_off=lambda: self._off_words(instance),
        )

    @cached_property
    def _watch(self) -> Watch:
        from desk.plugins.lanes import Watch

        return Watch()

    def _check_packs(self) -> None:
        """Read every rule pack, once; a part with a broken one is off, and says where and why."""
        with self._checking:  # whoever asks meanwhile waits for the answer
            self._check_each_pack()

    def _check_each_pack(self) -> None:
        read, self._read_pack = self._read_pack, None
        for id, pack in list(self._parts.things["rule_pack"].items()) if read else ():
            try:
                with loading.guarded(pack.path):
                    _try_pack(read, pack.path)  # type: ignore[arg-type]
            except Fault as fault:
                self._parts.switch_off("rule_pack", id, str(fault))


ROW_FIELDS = ("name", "type", "family", "state", "reason", "section")


def _try_pack(read: Callable[[Path], object], path: Path) -> None:
    try:
        try:
            read(path)
        except ImportError:
            read(path)  # two threads loading the same rooms at once can meet half a module; the second time it is whole
    except ConfigProblem as problem:
        raise first_of(problem, path) from None
