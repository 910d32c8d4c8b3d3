"""Taking the parts in, one by one and in order: each is on with what it brings, or off with the reason.

Order: blocked → shipped → packages on the allow list → plugins/*.toml and approved plugins/*.py of the data folder →
other folders → names taken twice → required.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from time import perf_counter
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec
from msgspec import Struct
from pluggy import PluginManager

from desk.errors import StoreProblem
from desk.i18n import _
from desk.plugins import collect, folders, loading, trust
from desk.plugins.channels import Channel
from desk.plugins.collect import Thing
from desk.plugins.declared import Ground, needs_approval
from desk.plugins.faults import Fault
from desk.plugins.folders import Source
from desk.plugins.later import Later, declares
from desk.plugins.specs import PROJECT, Hooks

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from pluggy import HookimplOpts

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


class Owner(NamedTuple):
    """The part that brought a thing: its name, where it is from in words, and its file or folder."""

    part: str
    shown: str
    root: Path | None
    shipped: bool = False


class Manager(PluginManager):
    """Looks at the functions of a module only: pluggy looks at every name in it, which was a third of the loading."""

    def parse_hookimpl_opts(self, plugin: object, name: str) -> HookimplOpts | None:
        if isinstance(plugin, ModuleType):
            item = vars(plugin).get(name)
            if not isinstance(item, FunctionType | MethodType) or not hasattr(item, f"{PROJECT}_impl"):
                return None
        return super().parse_hookimpl_opts(plugin, name)


class Loaded(NamedTuple):
    """What a part brings, and its module where it is one."""

    things: list[Thing]
    part: Any = None


class Parts:
    """Every part of one desk, loaded once; the first keeps a name."""

    def __init__(self, config: Config, switches: trust.Switches) -> None:
        self._data = config.data
        self._lists = config.plugins
        self._safe = config.safe
        self._switches = switches
        self._ground = Ground(data=config.data, hosts=config.plugins.hosts, loopback=(config.data / "sandbox").exists())
        self.manager = Manager(PROJECT)
        self.manager.add_hookspecs(Hooks)
        self.rows: list[PluginRow] = []
        self.waiting: dict[str, tuple[Source, str]] = {}
        self.things: dict[str, dict[str, Any]] = {answer.kind: {} for answer in collect.ANSWERS.values()}
        self.owners: dict[tuple[str, str], Owner] = {}

    def take_all(self, shipped: Path, listed: str) -> None:
        """Everything that may be loaded; `listed` are the folders of $DESK_PLUGINS."""
        self._take_folder(shipped, shipped=True)
        if self._lists.allow:
            self._take_packages()
        for folder in folders.extra_folders(self._lists.folders, self._data, listed):
            if folder != shipped:
                self._take_folder(folder)
        self._name_missing()

    def tell(self, shown: str, reason: str) -> None:
        """Write beside a part that is on what it did wrong since."""
        for place, row in enumerate(self.rows):
            if row.from_ == shown:
                self.rows[place] = msgspec.structs.replace(row, reason=reason)

    def channel_types(self) -> Mapping[str, type[Channel]]:
        """The types of channel by name; what was put off is read now, and off with its part if it cannot be."""
        types = self.things["channel"]
        for name, type in list(types.items()):
            if isinstance(type, Later):
                try:
                    types[name] = type.read()
                except Fault as fault:
                    self.switch_off("channel", name, str(fault))
        return types

    def owner(self, kind: str, name: str) -> Owner:
        """Who brought it."""
        return self.owners[kind, name]

    def switch_off(self, kind: str, name: str, reason: str) -> None:
        """Take back one thing that turned out to be broken; its part is off when nothing else is left of it."""
        del self.things[kind][name]
        owner = self.owners.pop((kind, name))
        place = next(place for place, row in enumerate(self.rows) if row.from_ == owner.shown and name in row.parts)
        row = self.rows[place]
        parts = tuple(part for part in row.parts if part != name)
        state: State = row.state if parts else "off"
        self.rows[place] = msgspec.structs.replace(row, state=state, parts=parts, reason=reason)

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

    def _take(self, source: Source) -> None:
        off = self._switched_off(source.name, shipped=source.shipped)
        if off:
            self._note(source.name, source.shown, reason=off)
        elif source.shipped:
            owner = Owner(source.name, source.shown, source.path, shipped=True)
            if source.path.suffix == ".toml":
                self._load_declared(owner)
            else:
                self._load_module(owner, lambda: loading.load_shipped(source))
        elif (content := _harmless(source.path)) is not None:
            self._load_declared(Owner(source.name, source.shown, source.path), content)
        else:
            self._take_approved(source)

    def _take_approved(self, source: Source) -> None:
        try:
            files = trust.contents(source.path)
            objection = self._objection(source, files)
        except OSError as problem:
            reason = _("cannot be read: {words}").format(words=problem.strerror)
            return self._note(source.name, source.shown, reason=reason)
        if objection:
            self.waiting[source.name] = (source, objection)
            return self._note(source.name, source.shown, state="not_approved", reason=objection)
        owner = Owner(source.name, source.shown, source.path)
        if source.path.suffix == ".toml":
            return self._load_declared(owner, files[""])
        return self._load_module(owner, lambda: loading.load_approved(source, files))

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
        owner = Owner(entry.name, f"{package} ({entry.value})", None)
        off = self._switched_off(entry.name)
        if off:
            self._note(owner.part, owner.shown, reason=off)
        else:
            self._load_module(owner, entry.load)

    def _load_module(self, owner: Owner, load: Callable[[], Any]) -> None:
        def loaded() -> Loaded:
            part = load()
            return Loaded(collect.things(self.manager, part), part)

        self._load(owner, loaded)

    def _load_declared(self, owner: Owner, content: bytes | None = None) -> None:
        path = owner.root or Path()
        self._load(
            owner, lambda: Loaded(declares(path, path.read_bytes() if content is None else content, self._ground))
        )

    def _load(self, owner: Owner, load: Callable[[], Loaded]) -> None:
        started = perf_counter()
        try:
            loaded = _shipped(load, owner.root) if owner.shipped else loading.in_time(load, owner.root)
            with loading.guarded(owner.root):  # what was left behind never gets here
                self._refuse_taken(owner.shown, loaded.things)
                if loaded.part is not None:
                    self.manager.register(loaded.part, name=owner.shown)
        except Fault as fault:
            return self._note(owner.part, owner.shown, reason=str(fault), started=started)
        for thing in loaded.things:
            self.things[thing.kind][thing.name] = thing.object
            self.owners[thing.kind, thing.name] = owner
        return self._note(owner.part, owner.shown, state="on", found=loaded.things, started=started)

    def _refuse_taken(self, shown: str, found: Iterable[Thing]) -> None:
        for thing in found:
            owner = self.owners.get((thing.kind, thing.name))
            if owner:
                text = _('"{name}" of {this} is already the name of a part of {other}, which keeps it')
                raise Fault(text.format(name=thing.name, this=shown, other=owner.shown))

    def _name_missing(self) -> None:
        known = {row.name for row in self.rows}
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
        self.rows.append(row)

    def _switched_off(self, name: str, *, shipped: bool = False) -> str:
        if name in self._lists.block:
            return _("blocked in [plugins] of config.toml")
        if self._safe and not shipped:
            return _("not loaded: the desk was opened with --safe")
        return self._switches.words(name)

    def _objection(self, source: Source, files: Mapping[str, bytes]) -> str:
        try:
            return trust.objection(self._approvals.get(str(source.path)), files)
        except StoreProblem as problem:
            return str(problem)

    @cached_property
    def _approvals(self) -> Mapping[str, trust.Approval]:
        return {approval.path: approval for approval in trust.read_lock(self._data).approved}


def _harmless(path: Path) -> bytes | None:
    """The bytes of a file that nobody must answer for; None of any other, and of what cannot be read."""
    if path.suffix != ".toml":
        return None
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return None if needs_approval(content) else content


def _shipped(load: Callable[[], Loaded], root: Path | None) -> Loaded:
    """What ships was tried by its makers: no thread of its own, which would cost more than the loading."""
    with loading.guarded(root):
        return load()


def _same_package(one: str, other: str) -> bool:
    """PyPI's rule: case and the kind of hyphen do not count."""
    return re.sub("[-_.]+", "-", one).lower() == re.sub("[-_.]+", "-", other).lower()
