"""From types of channel and the sections of config.toml to the channels of this county.

`[channels.sms-north] type = "smpp"` makes a channel called sms-north of the type smpp; without `type` the section
belongs to the type of its own name. A type whose settings all have defaults is there under its own name without
any section. Beside the type's settings every section takes the keys of `Common`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from desk.i18n import _
from desk.plugins.channels import Channel, ChannelSettings
from desk.plugins.collect import wrong_capability
from desk.plugins.faults import Fault, place_of, told
from desk.plugins.settings import SettingProblem, needed, read

State = Literal["on", "off", "paused", "not_configured", "not_approved"]
Sections = Mapping[str, Mapping[str, Any]]


class Common(ChannelSettings, frozen=True, kw_only=True):
    """What every `[channels.NAME]` takes. `serves`: kinds of recipient, branches, departments, groups or sectors.

    `price` is yuan a part and `rate` parts a second, in place of what the channel says of itself.
    """

    type: str = ""
    enabled: bool = True
    serves: tuple[str, ...] = ()
    price: float | None = None
    rate: float | None = None


COMMON = tuple(field.name for field in fields(Common))


class Instance(Struct, frozen=True, kw_only=True):
    """One channel of the county: usable (`channel`, state `on`), or why not. `section`: config.toml names it."""

    name: str
    type: str
    family: str
    section: bool
    channel: Channel | None = None
    state: State = "on"
    reason: str = ""


class Ground(Struct, frozen=True, kw_only=True):
    """What instances are made of: the types by name, the sections, who loads a type, and the file they stand in.

    `waiting`: parts that wait for approval, by name. `build` makes the object of a type under guard.
    """

    types: Mapping[str, type[Channel]]
    sections: Sections
    file: Path | None
    folder: Path
    waiting: Mapping[str, str]
    build: Callable[[Callable[[], Channel], type[Channel]], Channel]


def instances(ground: Ground) -> dict[str, Instance]:
    """Every channel by name: those that are there by themselves, then the sections, then types without settings."""
    found: dict[str, Instance] = {}
    for name, type in ground.types.items():
        if name not in ground.sections and not needed(type.Settings):
            found[name] = _made(ground, name, type, {}, section=False)
    for name, section in ground.sections.items():
        found[name] = _from_section(ground, name, section)
    used = {instance.type for instance in found.values()}
    for name, type in ground.types.items():
        if name not in used and name not in found:
            found[name] = _without_section(name, type)
    return found


def _from_section(ground: Ground, name: str, section: Mapping[str, Any]) -> Instance:
    kind = section.get("type", name)
    type = ground.types.get(kind) if isinstance(kind, str) else None
    if type is None:
        return _without_type(ground, name, str(kind))
    return _made(ground, name, type, section, section=True)


def _made(ground: Ground, name: str, type: type[Channel], raw: Mapping[str, Any], *, section: bool) -> Instance:
    start = Instance(name=name, type=type.name, family=type.can.family, section=section)
    own = {field.encode_name for field in fields(type.Settings)}
    common, wrong = read(Common, {key: value for key, value in raw.items() if key in COMMON})
    settings, more = read(
        type.Settings, {key: raw[key] for key in raw if key in own or key not in COMMON}, ground.folder
    )
    if wrong or more or settings is None or not isinstance(common, Common):
        reason = "; ".join(placed(ground.file, "channels", name, [*wrong, *more]))
        return msgspec.structs.replace(start, state="not_configured", reason=reason)
    if not common.enabled:
        return msgspec.structs.replace(start, state="off", reason=_("enabled = false in config.toml"))
    try:
        channel = ground.build(lambda: _named(type(settings), name, common), type)
    except Exception as error:  # a Fault: whatever the constructor did
        return msgspec.structs.replace(start, state="off", reason=told(error))
    objection = _objection(channel)
    return msgspec.structs.replace(
        start,
        channel=channel,
        family=channel.can.family,
        state="not_approved" if objection else "on",
        reason=objection,
    )


def _named(channel: Channel, name: str, common: Common) -> Channel:
    channel.name = name
    channel.serves = common.serves
    said = {key: getattr(common, key) for key in ("price", "rate") if getattr(common, key) is not None}
    if said:
        channel.can = msgspec.structs.replace(channel.can, **said)
    wrong = wrong_capability(channel.can)
    if wrong:
        raise Fault(f"can: {wrong}", *place_of(type(channel).__init__))
    return channel


def _objection(channel: Channel) -> str:
    """Why a declared channel may not be used now: it would call a host that is on no list."""
    ask = getattr(channel, "objection", None)
    return str(ask() or "") if callable(ask) else ""


def _without_type(ground: Ground, name: str, kind: str) -> Instance:
    start = Instance(name=name, type=kind, family="", section=True, state="not_configured")
    if kind in ground.waiting:
        return msgspec.structs.replace(start, state="not_approved", reason=ground.waiting[kind])
    from desk.config.mistakes import guess

    text = _('there is no type of channel called "{type}"').format(type=kind) + guess(kind, ground.types)
    (reason,) = placed(ground.file, "channels", name, [SettingProblem("type", text)])
    return msgspec.structs.replace(start, reason=reason)


def _without_section(name: str, type: type[Channel]) -> Instance:
    text = _("config.toml has no [channels.{name}]; desk plugins show {name} prints an example").format(name=name)
    return Instance(name=name, type=name, family=type.can.family, section=False, state="not_configured", reason=text)


def placed(file: Path | None, above: str, name: str, problems: list[SettingProblem]) -> Iterator[str]:
    """`config.toml line 12: [channels.sms] port: must be …`, in the order of the file."""
    lines = _lines(file)
    found = sorted((_line(lines, (above, name), problem.key), problem.text) for problem in problems)
    for line, text in found:
        place = _("{file} line {line}").format(file=file.name, line=line) + ": " if file and line else ""
        yield f"{place}[{above}.{name}] {text}"


def _lines(file: Path | None) -> dict[tuple[str, ...], int]:
    from desk.config.lines import key_lines  # only when there is a mistake

    try:
        return key_lines(file.read_text(encoding="utf-8-sig")) if file else {}
    except (OSError, UnicodeDecodeError):
        return {}


def _line(lines: Mapping[tuple[str, ...], int], section: tuple[str, str], key: str) -> int:
    return lines.get((*section, key)) or lines.get(section, 0)
