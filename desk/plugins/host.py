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
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from threading import RLock
from time import monotonic, sleep
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from desk.errors import ConfigProblem, NotFound
from desk.i18n import _, ngettext
from desk.plugins import folders, loading, trust
from desk.plugins.channels import Channel
from desk.plugins.declared import first_of
from desk.plugins.faults import Fault
from desk.plugins.feeds import Feed
from desk.plugins.outage_types import OutageType, Problem
from desk.plugins.parts import Check, Listener, RulePack
from desk.plugins.printing import log_in
from desk.plugins.sources import Source
from desk.plugins.taking import Parts, PluginRow

if TYPE_CHECKING:
    from desk.config import Config
    from desk.plugins.deciding import Deciders
    from desk.plugins.feed_instances import FeedInstance
    from desk.plugins.hearing import Ear
    from desk.plugins.messages import Message, Review
    from desk.plugins.running import Runner
    from desk.plugins.switchboard import ChannelRow, Switchboard
    from desk.records import Customer, Outage

__all__ = ["PluginHost", "PluginRow"]

LAST_WORDS = 2.0  # seconds


HALF_LOADED = (0.02, 0.1, 0.3)  # seconds after which a pack is read again when code, not the pack, failed


class PluginHost:
    """Every part of one desk. Loaded once, in the order of `desk plugins list`; the first keeps a name."""

    def __init__(self, config: Config, read_pack: Callable[[Path], object] | None = None) -> None:
        log_in(config.data)
        self._config = config
        self._switches = trust.Switches(config.data)
        self._parts = Parts(config, self._switches)
        self._read_pack = read_pack
        self._lock = RLock()
        self._feeds: Mapping[str, FeedInstance] | None = None

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

        `read_pack` reads a rule pack, or raises PackProblem; it is called when a pack is first asked for.
        """
        host = cls(config, read_pack)
        host._parts.take_all(shipped or folders.shipped_folder(), environ.get("DESK_PLUGINS", ""))
        return host

    @property
    def outage_types(self) -> Mapping[str, OutageType]:
        """Every type of outage by id."""
        return self._of("outage_type")

    @property
    def channel_types(self) -> Mapping[str, type[Channel]]:
        """Every type of channel by name."""
        with self._lock:
            return MappingProxyType(self._parts.channel_types())

    @property
    def channels(self) -> Mapping[str, Channel]:
        """The county's channels that may be used, by name; one that is paused for a while is among them."""
        return self._switchboard.usable()

    @property
    def rule_packs(self) -> Mapping[str, RulePack]:
        """Every rule pack by id; one with a mistake is not among them."""
        self._check_packs()
        return self._of("rule_pack")

    @property
    def feed_types(self) -> Mapping[str, type[Feed]]:
        """Every type of feed by name."""
        return self._of("feed")

    @property
    def feeds(self) -> Mapping[str, Feed]:
        """The county's feeds that may be read, by name."""
        return {name: one.feed for name, one in self.feed_instances().items() if one.feed}

    def feed_instances(self) -> Mapping[str, FeedInstance]:
        """Every feed of the county by name, also those that cannot be read, with why not."""
        with self._lock:
            if self._feeds is None:
                from desk.plugins.feed_instances import feeds_of  # only for whom feeds matter

                self._feeds = feeds_of(self._config, self._parts, self._switches)
            return self._feeds

    @property
    def listeners(self) -> Mapping[str, Listener]:
        """Every listener by name."""
        return self._of("listener")

    @property
    def checks(self) -> Mapping[str, Check]:
        """Every check by name."""
        return self._of("check")

    @property
    def sources(self) -> Mapping[str, Source]:
        """Every source of the triage panel by name."""
        return self._of("source")

    def listed(self) -> list[PluginRow]:
        """Every part that was found, in the order of loading, also those that are off."""
        self._check_packs()
        with self._lock:
            self._parts.channel_types()  # what is wrong in a declared channel shows when it is read
        for ear in self.__dict__.get("_ears", ()):
            self._tell_missed(ear)
        return self._switchboard.told(self._parts.rows)

    def channel_states(self) -> list[ChannelRow]:
        """Every channel of the county and every type that waits for a section, with its state and why."""
        return list(self._switchboard.states())

    def set_up(self, name: str) -> Channel | None:
        """The channel as it is set up, also while it may not send; None when its settings do not make one."""
        instance = self._switchboard.instances().get(name)
        return instance.channel if instance else None

    def runner(self, name: str) -> Runner:
        """Who calls the channel called `name`; raises NotFound when there is none that could be called."""
        return self._switchboard.runner(name)

    def route(self, outage: Outage, customer: Customer | None, names: Sequence[str]) -> list[str] | None:
        """Over which of `names` a plugin wants this customer told, the first first; None when none has a say."""
        return self._deciders.route(outage, customer, names)

    def review(self, message: Message, outage: Outage | None, customer: Customer | None) -> Review:
        """Whether plugins let `message` go: the strictest answer, and hold where one fails.

        A message about no outage is not asked about.
        """
        return self._deciders.review(message, outage, customer)

    def hear(self, event: str, about: Mapping[str, Any]) -> None:
        """Tell every listener that `event` happened, and the stored document; returns at once."""
        for ear in self._ears:
            ear.hear(event, about)

    def run_check(self, name: str, timeout: float) -> Problem | None:
        """What the check called `name` finds; one that fails or hangs is a problem of its own, never an error."""
        owner, check = self._parts.owner("check", name), self.checks[name]
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
        """Switch a part or a channel off: a channel at once and on every seat, the rest of a part at the next start.

        Raises NotFound when nothing has that name.
        """
        if name not in {row.name for row in self._parts.rows} | set(self._switchboard.instances()):
            text = _('there is no plugin or channel called "{name}"; see desk plugins list')
            raise NotFound(text.format(name=name))
        trust.switch_off(self._config.data, name, who, when)

    def on(self, name: str) -> None:
        """Take `off` back, and try again what was paused; a part that was not loaded is there at the next start."""
        trust.switch_on(self._config.data, name)
        self._switchboard.try_again(name)

    def reconfigured(self, config: Config) -> None:
        """The sections of config.toml were changed: the channels are made anew, what was open is closed."""
        self._config = config
        self._feeds = None
        self._switchboard.reconfigured(config)

    def close(self) -> None:
        """Let the channels close what they have open; a listener has two seconds for what it was told last."""
        until = monotonic() + LAST_WORDS
        for ear in self.__dict__.get("_ears", ()):
            ear.finished(until)
        if "_switchboard" in self.__dict__:
            self._switchboard.reconfigured(self._config)

    def _of(self, kind: str) -> Mapping[str, Any]:
        return MappingProxyType(self._parts.things[kind])

    @cached_property
    def _switchboard(self) -> Switchboard:
        with self._lock:  # two threads may ask first
            if "_switchboard" not in self.__dict__:
                from desk.plugins.switchboard import Switchboard  # 10 ms that only channels need

                self.__dict__["_switchboard"] = Switchboard(self._config, self._parts, self._switches)
            found: Switchboard = self.__dict__["_switchboard"]
            return found

    @cached_property
    def _deciders(self) -> Deciders:
        from desk.plugins.deciding import Deciders

        return Deciders(self._parts.manager, lambda: self._switchboard.watch, self._parts.tell)

    @cached_property
    def _ears(self) -> list[Ear]:
        if not self.listeners:
            return []
        from desk.plugins.hearing import Ear

        owners = {name: self._parts.owner("listener", name) for name in self.listeners}
        return [
            Ear(listener, owners[name].root, partial(self._parts.tell, owners[name].shown))
            for name, listener in self.listeners.items()
        ]

    def _tell_missed(self, ear: Ear) -> None:
        if ear.missed:
            text = ngettext("too slow: missed {count} event", "too slow: missed {count} events", ear.missed)
            self._parts.tell(self._parts.owner("listener", ear.listener.name).shown, text.format(count=ear.missed))

    def _check_packs(self) -> None:
        """Read every rule pack, once; a part with a broken one is off, and says where and why."""
        with self._lock:  # whoever asks meanwhile waits for the answer
            self._check_each_pack()

    def _check_each_pack(self) -> None:
        read, self._read_pack = self._read_pack, None
        for id, pack in list(self._parts.things["rule_pack"].items()) if read else ():
            try:
                with loading.guarded(pack.path):
                    _try_pack(read, pack.path)  # type: ignore[arg-type]
            except Fault as fault:
                self._parts.switch_off("rule_pack", id, str(fault))


def _try_pack(read: Callable[[Path], object], path: Path) -> None:
    try:
        for pause in HALF_LOADED:
            try:
                read(path)
            except ConfigProblem:
                raise
            except Exception:
                # Two threads that load the same rooms at once can meet half a module; a moment later it is whole.
                sleep(pause)
            else:
                return
        read(path)
    except ConfigProblem as problem:
        raise first_of(problem, path) from None
