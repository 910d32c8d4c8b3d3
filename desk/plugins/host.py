"""The host: finds the parts, loads each under guard, and knows of every one whether it is on and why not.

    host = PluginHost.open(config)
    host.outage_types["grid_fault"].label
    host.listed()        # what `desk plugins list` shows

A broken part is off, with file, line and reason; the others and the desk are not touched by it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct
from pluggy import PluginManager

from desk.errors import ConfigProblem, NotFound, StoreProblem
from desk.i18n import _
from desk.plugins import collect, folders, loading, trust
from desk.plugins.channels import Channel
from desk.plugins.collect import Thing
from desk.plugins.declared import declared, first_of
from desk.plugins.faults import Fault
from desk.plugins.folders import Source
from desk.plugins.outage_types import OutageType, Problem
from desk.plugins.parts import Check, Feed, Listener, RulePack
from desk.plugins.specs import PROJECT, Hooks

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from desk.config import Config

State = Literal["on", "off", "paused", "not_approved"]


class PluginRow(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One part in the list of plugins; `parts` are the names of what it brings."""

    name: str
    kind: str
    from_: str
    state: State
    reason: str = ""
    parts: tuple[str, ...] = ()
    load_ms: float = 0.0


class PluginHost:
    """Every part of one desk. Loaded once, in the order of `desk plugins list`; the first keeps a name."""

    def __init__(self, config: Config, read_pack: Callable[[Path], object] | None = None) -> None:
        self._data = config.data
        self._lists = config.plugins
        self._manager = PluginManager(PROJECT)
        self._manager.add_hookspecs(Hooks)
        self._rows: list[PluginRow] = []
        self._waiting: list[Source] = []
        self._things: dict[str, dict[str, Any]] = {answer.kind: {} for answer in collect.ANSWERS.values()}
        self._owners: dict[tuple[str, str], str] = {}
        self._read_pack = read_pack
        self._checking = RLock()

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
        shipped = shipped or folders.shipped_folder()
        host._take_folder(shipped, shipped=True)
        if config.plugins.allow:
            host._take_packages()
        extra = folders.extra_folders(config.plugins.folders, config.data, environ.get("DESK_PLUGINS", ""))
        for folder in extra:
            if folder != shipped:
                host._take_folder(folder)
        host._name_missing()
        return host

    @property
    def outage_types(self) -> Mapping[str, OutageType]:
        """Every type of outage by id."""
        return self._of("outage_type")

    @property
    def channels(self) -> Mapping[str, Channel]:
        """Every channel by name."""
        return self._of("channel")

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
        return list(self._rows)

    def run_check(self, name: str, timeout: float) -> Problem | None:
        """What the check called `name` finds; one that fails is a problem of its own, never an error."""
        try:
            with loading.guarded(None):
                found = self._things["check"][name].check(timeout)
        except Fault as fault:
            return Problem(str(fault))
        return found if found is None or isinstance(found, Problem) else Problem(_("gave no answer the desk knows"))

    def approve(self, name: str, who: str, when: datetime) -> trust.Approval:
        """Note that `who` answers for the part called `name` (or at this path) as it is now.

        It is loaded at the next start. Raises NotFound when no such part waits for approval.
        """
        for source in self._waiting:
            if name in (source.name, str(source.path)):
                return trust.approve(self._data, source.path, who, when)
        raise NotFound(_('no plugin called "{name}" waits for approval; see desk plugins list').format(name=name))

    def _of(self, kind: str) -> Mapping[str, Any]:
        return MappingProxyType(self._things[kind])

    def _take(self, source: Source) -> None:
        if source.name in self._lists.block:
            self._note(source.name, source.shown, reason=_("blocked in [plugins] of config.toml"))
        elif source.path.suffix == ".toml":
            self._load(source.name, source.shown, source.path, None)
        elif source.shipped:
            self._load(source.name, source.shown, source.path, lambda: loading.load_shipped(source))
        else:
            self._take_dropped_in(source)

    def _take_dropped_in(self, source: Source) -> None:
        try:
            files = trust.contents(source.path)
            objection = self._objection(source, files)
        except OSError as problem:
            reason = _("cannot be read: {words}").format(words=problem.strerror)
            return self._note(source.name, source.shown, reason=reason)
        if not objection:
            return self._load(source.name, source.shown, source.path, lambda: loading.load_approved(source, files))
        self._waiting.append(source)
        return self._note(source.name, source.shown, state="not_approved", reason=objection)

    def _take_folder(self, folder: Path, *, shipped: bool = False) -> None:
        if not folder.is_dir():
            if folder != self._data / "plugins":
                self._note(folder.name, str(folder), reason=_("there is no such folder"))
            return
        try:
            found = list(folders.sources(folder, shipped=shipped))
        except OSError as problem:
            found = []
            self._note(folder.name, str(folder), reason=_("cannot be read: {words}").format(words=problem.strerror))
        for source in found:
            self._take(source)

    def _take_packages(self) -> None:
        from importlib.metadata import entry_points  # reads every installed package: only when one is allowed

        entries = list(entry_points(group=PROJECT))
        for package in self._lists.allow:
            own = [entry for entry in entries if entry.dist and _same_package(entry.dist.name, package)]
            for entry in own:
                self._take_entry(package, entry)
            if not own:
                reason = _('no installed package of this name brings parts (entry points in group "desk")')
                self._note(package, package, reason=reason)

    def _take_entry(self, package: str, entry: EntryPoint) -> None:
        shown = f"{package} ({entry.value})"
        if entry.name in self._lists.block:
            self._note(entry.name, shown, reason=_("blocked in [plugins] of config.toml"))
        else:
            self._load(entry.name, shown, None, entry.load)

    def _load(self, name: str, shown: str, root: Path | None, load: Callable[[], Any] | None) -> None:
        """Take in what a module brings, or (without `load`) what the file at `root` declares."""
        started = perf_counter()
        try:
            with loading.guarded(root):
                part = load() if load else None
                found = collect.things(self._manager, part) if load else declared(root or Path())
                self._refuse_taken(shown, found)
                if load:
                    self._manager.register(part, name=shown)
        except Fault as fault:
            return self._note(name, shown, reason=str(fault), started=started)
        for thing in found:
            self._things[thing.kind][thing.name] = thing.object
            self._owners[thing.kind, thing.name] = shown
        return self._note(name, shown, state="on", found=found, started=started)

    def _refuse_taken(self, shown: str, found: Iterable[Thing]) -> None:
        for thing in found:
            owner = self._owners.get((thing.kind, thing.name))
            if owner:
                text = _('"{name}" of {this} is already the name of a part of {other}, which keeps it')
                raise Fault(text.format(name=thing.name, this=shown, other=owner))

    def _check_packs(self) -> None:
        """Read every rule pack, once; a part with a broken one is off, and says where and why."""
        with self._checking:  # whoever asks meanwhile waits for the answer
            self._check_each_pack()

    def _check_each_pack(self) -> None:
        read, self._read_pack = self._read_pack, None
        for id, pack in list(self._things["rule_pack"].items()) if read else ():
            try:
                with loading.guarded(pack.path):
                    _try_pack(read, pack.path)  # type: ignore[arg-type]
            except Fault as fault:
                del self._things["rule_pack"][id]
                self._switch_off(self._owners.pop(("rule_pack", id)), id, str(fault))

    def _switch_off(self, owner: str, part: str, reason: str) -> None:
        place = next(place for place, row in enumerate(self._rows) if row.from_ == owner and part in row.parts)
        row = self._rows[place]
        parts = tuple(name for name in row.parts if name != part)
        state: State = row.state if parts else "off"
        self._rows[place] = msgspec.structs.replace(row, state=state, parts=parts, reason=reason)

    def _name_missing(self) -> None:
        known = {row.name for row in self._rows}
        for name in self._lists.required:
            if name not in known:
                self._note(name, "config.toml", reason=_("required in [plugins] of config.toml, and not found"))

    def _note(
        self,
        name: str,
        shown: str,
        *,
        state: State = "off",
        reason: str = "",
        found: Iterable[Thing] = (),
        started: float | None = None,
    ) -> None:
        found = list(found)
        kinds = {thing.kind for thing in found} or {"unknown"}
        spent = (perf_counter() - started) * 1000 if started else 0.0
        row = PluginRow(
            name=name,
            kind=kinds.pop() if len(kinds) == 1 else "mixed",
            from_=shown,
            state=state,
            reason=reason,
            parts=tuple(thing.name for thing in found),
            load_ms=round(spent, 1),
        )
        self._rows.append(row)

    def _objection(self, source: Source, files: Mapping[str, bytes]) -> str:
        try:
            return trust.objection(self._approvals.get(str(source.path)), files)
        except StoreProblem as problem:
            return str(problem)

    @cached_property
    def _approvals(self) -> Mapping[str, trust.Approval]:
        return trust.read_lock(self._data)


def _same_package(one: str, other: str) -> bool:
    """PyPI's rule: case and the kind of hyphen do not count."""
    return re.sub("[-_.]+", "-", one).lower() == re.sub("[-_.]+", "-", other).lower()


def _try_pack(read: Callable[[Path], object], path: Path) -> None:
    try:
        try:
            read(path)
        except ImportError:
            read(path)  # two threads loading the same rooms at once can meet half a module; the second time it is whole
    except ConfigProblem as problem:
        raise first_of(problem, path) from None
