"""A channel's TOML file read and checked: every mistake at once, each with file, line and what to write instead.

channel = read_channel(Path("plugins/wecom.toml"), content, ground)     # a subclass of Channel
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from desk.config.mistakes import Mistake, guess
from desk.errors import ConfigProblem
from desk.i18n import _
from desk.plugins.channels import Capabilities, ChannelSettings
from desk.plugins.collect import NAME
from desk.plugins.declared import shapes
from desk.plugins.declared.channel import DeclaredChannel
from desk.plugins.declared.ground import Ground
from desk.plugins.declared.head import CHANNELS, kind_of
from desk.plugins.declared.promises import read_promises
from desk.plugins.declared.shapes import Field, Known, must, read_table, shown
from desk.plugins.declared.templates import Wrong
from desk.plugins.instances import COMMON
from desk.plugins.secrets import Secret
from desk.plugins.settings import described

TYPES: Mapping[str, Any] = {"text": str, "number": int, "amount": float, "flag": bool, "list": tuple[str, ...]}
EMPTY: Mapping[str, Any] = {"text": "", "number": 0, "amount": 0.0, "flag": False, "list": ()}


def read_channel(path: Path, content: bytes, ground: Ground) -> type[DeclaredChannel]:
    """The class that the file declares; raises ConfigProblem with everything that is wrong with it."""
    text, raw = _parsed(path, content)
    found: list[Mistake] = []
    kind = raw.get("kind", "")
    base = _kinds().get(kind) if isinstance(kind, str) else None
    if base is None:
        raise _problem(path, [(1, _kind_words(kind))])
    if kind != kind_of(content):  # by which it was decided whether someone must answer for the file
        text = _("kind must stand once, in a line of its own: kind = {kind}")
        raise _problem(path, [(1, text.format(kind=shown(kind)))])
    values = _read(base, raw, path, found)
    if found:
        from desk.config.lines import key_lines, line_of

        lines = key_lines(text)
        raise _problem(path, sorted((line_of(lines, mistake.path), mistake.text) for mistake in found))
    return _made(base, values, path, ground)


def _kinds() -> Mapping[str, type[DeclaredChannel]]:
    from desk.plugins.declared.apprise import AppriseChannel
    from desk.plugins.declared.command import CommandChannel
    from desk.plugins.declared.file import FileChannel
    from desk.plugins.declared.human import HumanChannel
    from desk.plugins.declared.webhook import WebhookChannel

    made: tuple[type[DeclaredChannel], ...] = (
        WebhookChannel,
        CommandChannel,
        AppriseChannel,
        HumanChannel,
        FileChannel,
    )
    return {kind.kind: kind for kind in made}


def _read(base: type[DeclaredChannel], raw: Mapping[str, Any], path: Path, found: list[Mistake]) -> dict[str, Any]:
    settings = _settings(base, raw.get("settings", {}), found)
    known = Known(tuple(name for name, _type, *_default in settings))
    plain = {key: value for key, value in raw.items() if key in HEAD or key not in {*base.SECTIONS, *BESIDE}}
    sections = dict.fromkeys({*base.SECTIONS, *BESIDE}, _ANY)
    head = read_table(plain, {**HEAD, **sections}, (), known, found)
    name = head.get("name", path.stem)
    if not NAME.fullmatch(name):
        found.append(
            Mistake(("name",), _('name must be small letters, digits, _ and -, not "{name}"').format(name=name))
        )
    can = {**base.CAN, **read_promises(raw.get("can", {}), found)}
    missing = _("[{section}] is missing")
    found += [Mistake((), missing.format(section=section)) for section in base.NEEDED if section not in raw]
    spec = {key: read_table(raw[key], base.SECTIONS[key], (key,), known, found) for key in base.SECTIONS if key in raw}
    found += _contents(raw)
    if can.get("needs_human") and "human" not in raw:
        found.append(Mistake((), _("[human] is missing: a person needs to be told the steps")))
    example = read_table(raw.get("example", {}), EXAMPLE, ("example",), known, found)
    return {"head": head, "name": name, "can": can, "settings": settings, "spec": spec, "example": example}


def _contents(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    """A request has one body at most, a file exactly one."""
    for section, ways, least in (("request", ("json", "form", "text"), 0), ("file", ("json", "text"), 1)):
        told = [way for way in ways if isinstance(raw.get(section), dict) and way in raw[section]]
        if section in raw and not least <= len(told) <= 1:
            text = _("[{section}] takes one of {ways}")
            yield Mistake((section, *told[1:2]), text.format(section=section, ways=", ".join(ways)))


def _made(base: type[DeclaredChannel], values: Mapping[str, Any], path: Path, ground: Ground) -> type[DeclaredChannel]:
    head, settings = values["head"], values["settings"]
    shape = msgspec.defstruct(
        "Settings", settings, bases=(ChannelSettings,), frozen=True, kw_only=True, forbid_unknown_fields=True
    )
    secret = frozenset(name for name, type, *_default in settings if _is_secret(type))
    about = head.get("about") or head["label"]
    return type(
        values["name"],
        (base,),
        {
            "__doc__": next(iter(about.values())),
            "name": values["name"],
            "labels": head["label"],
            "about": about,
            "can": Capabilities(**values["can"]),
            "Settings": shape,
            "path": path,
            "ground": ground,
            "spec": values["spec"],
            "secrets": secret,
            "example": values["example"],
        },
    )


def _settings(base: type[DeclaredChannel], raw: Any, found: list[Mistake]) -> list[tuple[str, Any, Any]]:
    """The fields of the Settings record; a secret or a setting without a default must be given."""
    if not isinstance(raw, dict):
        found.append(Mistake(("settings",), _("[settings] is a section: write [settings] on a line of its own")))
        return []
    fields: list[Any] = list(base.OWN_SETTINGS)
    taken = {*COMMON, *(name for name, _type, _default in base.OWN_SETTINGS)}
    for name, told in raw.items():
        place = ("settings", name)
        told = told if isinstance(told, dict) else {"default": told}
        values = read_table(told, SETTING, place, Known(()), found)
        if not re.fullmatch("[a-z][a-z0-9_]*", name):
            found.append(Mistake(place, _("[settings] {name}: small letters, digits and _ only").format(name=name)))
        elif name in taken:  # else a file that is passed on could choose the folder that it writes to
            found.append(Mistake(place, _("[settings] {name}: this one is there by itself").format(name=name)))
        elif wrong := _wrong_default(values):
            found.append(Mistake(place, f"[settings.{name}] default {wrong}"))
        else:
            fields.append(_field(name, values))
    return fields


def _field(name: str, told: Mapping[str, Any]) -> tuple[Any, ...]:
    kind = _type(told)
    if told.get("choices"):
        kind = Literal[tuple(told["choices"])]
    if told.get("secret"):
        kind = Secret if told.get("needed", True) else Secret | None
        return (name, _told(kind, told)) if kind is Secret else (name, _told(kind, told), None)
    if "default" not in told and told.get("needed", True):
        return (name, _told(kind, told))
    default = told.get("default", EMPTY[_type_name(told)])
    return (name, _told(kind, told), tuple(default) if isinstance(default, list) else default)


def _told(kind: Any, told: Mapping[str, Any]) -> Any:
    return Annotated[kind, described(told["help"])] if "help" in told else kind


def _type_name(told: Mapping[str, Any]) -> str:
    if "type" in told or "default" not in told:
        return str(told.get("type", "text"))
    default = told["default"]
    named = {bool: "flag", int: "number", float: "amount", list: "list"}
    return named.get(type(default), "text")


def _type(told: Mapping[str, Any]) -> Any:
    return TYPES[_type_name(told)]


def _wrong_default(told: Mapping[str, Any]) -> str:
    if "default" not in told:
        return ""
    if told.get("secret"):
        return _("is not for secrets: a file that is passed on holds none")
    if told.get("choices") and told["default"] not in told["choices"]:
        return str(must(", ".join(told["choices"]), told["default"]))
    try:
        msgspec.convert(told["default"], _type(told))
    except msgspec.ValidationError:
        return str(must(_type_name(told), told["default"]))
    return ""


def _is_secret(kind: Any) -> bool:
    bare = kind.__origin__ if hasattr(kind, "__metadata__") else kind
    return bare is Secret or bare == Secret | None


def _type_choice(value: Any, known: Known) -> str:
    return str(shapes.choice(tuple(TYPES))(value, known))


def _any(value: Any, _known: Known) -> Any:
    return value


def _texts(value: Any, _known: Known) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise must(_("a list of texts"), value)
    return value


def _section(value: Any, _known: Known) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise must(_("a section of key = value"), value)
    return value


def _answers(value: Any, known: Known) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) and "gives" in item for item in value):
        raise Wrong(_('must be a list of answers, each like { status = 200, text = "…", gives = "accepted" }'))
    for item in value:
        shapes.choice((*shapes.STATES, *shapes.ERRORS))(item["gives"], known)
        for key in item.keys() - {"gives"}:
            shapes.choice(tuple(ANSWER))(key, known)
            if type(item[key]) is not ANSWER[key]:
                raise Wrong(_("{key} must be {expected}, not {value}").format(**_type_words(key, item[key])))
    return value


def _type_words(key: str, value: Any) -> dict[str, str]:
    expected = _("a whole number") if ANSWER[key] is int else _("a text in quotes")
    return {"key": key, "expected": expected, "value": shapes.shown(value)}


_ANY = Field(_any)
ANSWER: Mapping[str, type] = {"status": int, "exit": int, "text": str, "errors": str, "location": str, "id": str}
BESIDE = ("can", "settings", "example")
HEAD: Mapping[str, Field] = {
    "kind": Field(shapes.choice(CHANNELS), needed=True),
    "name": Field(shapes.text),
    "label": Field(shapes.words, needed=True),
    "about": Field(shapes.words),
}
SETTING: Mapping[str, Field] = {
    "type": Field(_type_choice),
    "default": _ANY,
    "needed": Field(shapes.flag),
    "secret": Field(shapes.flag),
    "choices": Field(_texts),
    "help": Field(shapes.words),
}
EXAMPLE: Mapping[str, Field] = {
    "message": Field(_section, needed=False),
    "settings": Field(_section),
    "expect": Field(_section),
    "answers": Field(_answers),
}


def _parsed(path: Path, content: bytes) -> tuple[str, dict[str, Any]]:
    import tomllib

    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise _problem(path, [(line, _("this is not UTF-8; save the file as UTF-8"))]) from None
    except tomllib.TOMLDecodeError as problem:
        place = re.search(r"\(at line (\d+)", str(problem))
        line = int(place[1]) if place else text.rstrip("\n").count("\n") + 1
        words = re.sub(r" \(at .*\)$", "", str(problem))
        raise _problem(path, [(line, _("this is not TOML: {words}").format(words=words))]) from None


def _kind_words(kind: Any) -> str:
    return _('there is no kind "{kind}"').format(kind=kind) + guess(str(kind), CHANNELS)


def _problem(path: Path, places: Iterable[tuple[int, str]]) -> ConfigProblem:
    problems = tuple(f"{path}:{line}: {text}" for line, text in places)
    return ConfigProblem("; ".join(problems), problems)
