"""From types of feed and the sections of config.toml to the feeds of this county.

`[feeds.dispatch-north] type = "dispatch"` makes a feed called dispatch-north of the type dispatch; without `type` the
section belongs to the type of its own name. A type whose settings all have defaults is there without any section.
Beside the type's settings every section takes `type` and `enabled`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from desk.i18n import _
from desk.plugins import loading
from desk.plugins.channels import ChannelSettings
from desk.plugins.faults import told
from desk.plugins.feeds import Feed
from desk.plugins.instances import placed
from desk.plugins.settings import SettingProblem, needed, read

if TYPE_CHECKING:
    from desk.config import Config
    from desk.plugins.taking import Parts
    from desk.plugins.trust import Switches

State = Literal["on", "off", "not_configured", "not_approved"]


class Common(ChannelSettings, frozen=True, kw_only=True):
    """What every `[feeds.NAME]` takes."""

    type: str = ""
    enabled: bool = True


class FeedInstance(Struct, frozen=True, kw_only=True):
    """One feed of the county: the object that is read, or why there is none. `root`: its part's file or folder."""

    name: str
    type: str
    feed: Feed | None = None
    root: Path | None = None
    state: State = "on"
    reason: str = ""


class FeedGround(Struct, frozen=True, kw_only=True):
    """What feeds are made of; `waiting`: parts that wait for approval; `off`: why one is switched
    off. `build` makes an object under guard."""

    types: Mapping[str, type[Feed]]
    sections: Mapping[str, Mapping[str, Any]]
    file: Path | None
    folder: Path
    waiting: Mapping[str, str]
    root: Callable[[str], Path | None]
    off: Callable[[str, str], str]
    build: Callable[[Callable[[], Feed], str], Feed]


def feeds_of(config: Config, parts: Parts, switches: Switches) -> dict[str, FeedInstance]:
    """The feeds of these settings."""
    types = parts.things["feed"]
    return feed_instances(
        FeedGround(
            types=types,
            sections=config.feeds,
            file=config.path,
            folder=config.path.parent if config.path else config.data,
            waiting={name: why for name, (_source, why) in parts.waiting.items()},
            root=lambda type: parts.owner("feed", type).root,
            off=lambda name, type: switches.words(name, parts.owner("feed", type).part),
            build=lambda make, type: loading.in_time(make, parts.owner("feed", type).root),
        )
    )


def feed_instances(ground: FeedGround) -> dict[str, FeedInstance]:
    """Every feed by name: those that need no section, then those of the sections."""
    free = [name for name, type in ground.types.items() if name not in ground.sections and not needed(type.Settings)]
    found = {name: _made(ground, name, ground.types[name], {}) for name in free}
    return found | {name: _from_section(ground, name, section) for name, section in ground.sections.items()}


def _from_section(ground: FeedGround, name: str, section: Mapping[str, Any]) -> FeedInstance:
    kind = str(section.get("type", name))
    if kind in ground.types:
        return _made(ground, name, ground.types[kind], section)
    if kind in ground.waiting:
        return FeedInstance(name=name, type=kind, state="not_approved", reason=ground.waiting[kind])
    from desk.config.mistakes import guess

    text = _('there is no type of feed called "{type}"').format(type=kind) + guess(kind, ground.types)
    return _unconfigured(ground, name, kind, [SettingProblem("type", text)])


def _made(ground: FeedGround, name: str, type: type[Feed], raw: Mapping[str, Any]) -> FeedInstance:
    shared = {key: value for key, value in raw.items() if key in Common.__struct_fields__}
    common, wrong = read(Common, shared)
    own = {key: value for key, value in raw.items() if key not in shared}
    settings, more = read(type.Settings, own, ground.folder)
    if wrong or more or settings is None or not isinstance(common, Common):
        return _unconfigured(ground, name, type.name, [*wrong, *more])
    start = FeedInstance(name=name, type=type.name, root=ground.root(type.name))
    if why := ground.off(name, type.name) if common.enabled else _("enabled = false in config.toml"):
        return msgspec.structs.replace(start, state="off", reason=why)
    try:
        feed = ground.build(lambda: type(settings), type.name)
        feed.name = name
    except Exception as error:  # a Fault: whatever the constructor did
        return msgspec.structs.replace(start, state="off", reason=told(error))
    return msgspec.structs.replace(start, feed=feed)


def _unconfigured(ground: FeedGround, name: str, kind: str, problems: list[SettingProblem]) -> FeedInstance:
    reason = "; ".join(placed(ground.file, "feeds", name, problems))
    return FeedInstance(name=name, type=kind, state="not_configured", reason=reason)
