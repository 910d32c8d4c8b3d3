"""What a loaded part brings: its hooks are asked, and every answer is looked at before anyone uses it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any, NamedTuple

import msgspec
from pluggy import PluginManager

from desk.i18n import _
from desk.plugins.channels import Capabilities, Channel, ChannelSettings
from desk.plugins.decorator import MARK
from desk.plugins.facts import Fact, Name, Words, mistakes
from desk.plugins.faults import Fault, place_of
from desk.plugins.feeds import Feed
from desk.plugins.outage_types import OutageType
from desk.plugins.parts import Check, Listener, RulePack
from desk.plugins.sources import Source
from desk.plugins.specs import DECIDING, HOOKS

LONGEST_CALL = 3600.0  # seconds; a fax of many pages takes minutes
NAME = re.compile("[a-z][a-z0-9_-]*")


class Thing(NamedTuple):
    """One thing a part brings: what kind it is, its name, and the object the desk uses."""

    kind: str
    name: str
    object: Any


class Answer(NamedTuple):
    """What a hook must return a list of: records of `type`, or (`made`) subclasses of it that the desk makes."""

    kind: str
    type: type
    made: bool
    shape: Mapping[str, Any] = {}


ANSWERS: Mapping[str, Answer] = {
    "desk_outage_types": Answer("outage_type", OutageType, made=False),
    "desk_channels": Answer("channel", Channel, made=True, shape={"labels": Words, "can": Capabilities}),
    "desk_rule_packs": Answer("rule_pack", RulePack, made=False),
    "desk_feeds": Answer("feed", Feed, made=True),
    "desk_listeners": Answer("listener", Listener, made=True),
    "desk_checks": Answer("check", Check, made=True),
    "desk_sources": Answer("source", Source, made=True, shape={"labels": Words}),
}


def things(manager: PluginManager, part: object) -> list[Thing]:
    """Everything `part` (a module, or what an entry point names) brings; raises Fault for the first mistake.

    A file needs no hook for a channel: the function under `@channel`, or its one Channel class, is found in it.
    """
    hooks = dict(_hooks(manager, part))
    found = [thing for name, hook in hooks.items() if name not in DECIDING for thing in _things(name, hook)]
    if "desk_channels" not in hooks:
        found += _channels_by_shape(part, alone=not hooks)
    if not hooks and not found:
        raise Fault(_("answers no hook: mark a function with @hookimpl, like {hook}").format(hook=HOOKS[0]))
    _refuse_twins(found)
    return found


def _channels_by_shape(part: object, *, alone: bool) -> Iterator[Thing]:
    """The functions under `@channel`, and in a file that is nothing else (`alone`) its Channel class."""
    own = list(vars(part).values()) if isinstance(part, ModuleType) else []
    marked = (_attributes(item).get(MARK) for item in own if inspect.isfunction(item))
    types: list[type[Channel]] = [mark for mark in marked if isinstance(mark, type)]
    if alone and not types:
        types = [item for item in own if _is_own_channel(item, part)]
        if len(types) > 1:
            names = ", ".join(item.__name__ for item in types)
            text = _("has {count} channels ({names}): keep one, or return them from desk_channels()")
            raise Fault(text.format(count=len(types), names=names))
    for item in types:
        problem = _made_problem(item, ANSWERS["desk_channels"])
        if problem:
            raise Fault(problem, *place_of(item.send))
        yield Thing("channel", item.name, _used(item, ANSWERS["desk_channels"]))


def _attributes(item: object) -> Mapping[str, Any]:
    return getattr(item, "__dict__", {})


def _is_own_channel(item: object, part: object) -> bool:
    return (
        isinstance(item, type)
        and issubclass(item, Channel)
        and item.__module__ == getattr(part, "__name__", "")
        and not item.__name__.startswith("_")
    )


def _hooks(manager: PluginManager, part: object) -> Iterator[tuple[str, Callable[[], Any]]]:
    for name in dir(part):
        options = manager.parse_hookimpl_opts(part, name)
        if options is None and name not in HOOKS:
            continue
        hook = getattr(part, name)
        if options is None:
            raise _fault(hook, _("{hook} is not marked with @hookimpl").format(hook=name))
        if name not in HOOKS:
            raise _fault(hook, _("there is no hook {hook}").format(hook=name) + _guess(name))
        takes = DECIDING.get(name, ())
        if options["wrapper"] or options["hookwrapper"] or set(inspect.signature(hook).parameters) - set(takes):
            raise _fault(hook, _takes(name, takes))
        yield name, hook


def _takes(name: str, takes: Iterable[str]) -> str:
    if not takes:
        return _("{hook} takes no argument and is no wrapper").format(hook=name)
    return _("{hook} takes {names} and is no wrapper").format(hook=name, names=", ".join(takes))


def _things(name: str, hook: Callable[[], Any]) -> Iterator[Thing]:
    answer = ANSWERS[name]
    returned = hook()
    if not isinstance(returned, list | tuple):
        raise _fault(hook, _expected(name, answer, returned))
    for item in returned:
        if not _fits(item, answer):
            raise _fault(hook, _expected(name, answer, item))
        problem = _made_problem(item, answer) if answer.made else _record_problem(item, answer.type)
        if problem:
            raise _fault(hook, f"{name}: {problem}")
        yield Thing(answer.kind, item.name if answer.made else item.id, _used(item, answer))


def _used(item: Any, answer: Answer) -> Any:
    """What the desk keeps: a record as it is, of the rest the object; of what has settings the class, tried once."""
    if answer.type not in (Channel, Feed):
        return item() if answer.made else item
    try:
        settings = item.Settings()
    except TypeError:  # it needs some: quicker than looking through its fields
        return item
    item(settings)
    return item


def _fits(item: object, answer: Answer) -> bool:
    if answer.made:
        return isinstance(item, type) and issubclass(item, answer.type) and item is not answer.type
    return isinstance(item, answer.type)


def _expected(hook: str, answer: Answer, got: object) -> str:
    what = _("subclasses of {type}") if answer.made else _("{type} objects")
    text = _("{hook} must return a list of {what}, not {got}")
    return text.format(hook=hook, what=what.format(type=answer.type.__name__), got=_short(got))


def _record_problem(item: Any, shape: type) -> str:
    """What msgspec says of the record's values: making a record checks nothing by itself."""
    values = {name: getattr(item, name) for name in shape.__struct_fields__}  # type: ignore[attr-defined]
    try:
        msgspec.convert(values, shape)
    except msgspec.ValidationError as error:
        return f"{type(item).__name__} {_short(item.id)}: {error}"
    return _type_problem(item) if isinstance(item, OutageType) else ""


def _type_problem(item: OutageType) -> str:
    for sealed, instead in (("check", "problems"), ("check_start", "may_start")):
        if getattr(type(item), sealed) is not getattr(OutageType, sealed):
            text = _("{name} overrides {sealed}; write {instead}() instead")
            return text.format(name=item.id, sealed=sealed, instead=instead)
    # msgspec takes a record inside a record as it is, so each fact is looked at by itself.
    wrong = next(filter(None, map(_fact_problem, item.facts)), "") or mistakes(item.facts)
    return f"OutageType {_short(item.id)}: {wrong}" if wrong else ""


def _fact_problem(fact: object) -> str:
    if not isinstance(fact, Fact):
        return _("facts must be Fact objects, not {got}").format(got=_short(fact))
    try:
        msgspec.convert(msgspec.structs.asdict(fact), Fact)
    except msgspec.ValidationError as error:
        return f"Fact {_short(fact.name)}: {error}"
    return ""


def _made_problem(item: Any, answer: Answer) -> str:
    for attribute, shape in {"name": Name, **answer.shape}.items():
        try:
            msgspec.convert(getattr(item, attribute, None), shape)
        except msgspec.ValidationError as error:
            return f"{item.__name__}.{attribute}: {error}"
    if issubclass(item, Channel | Feed) and not _has_settings(item):
        return _("{name}.Settings must be a subclass of ChannelSettings").format(name=item.__name__)
    return _channel_problem(item) if issubclass(item, Channel) else ""


def _has_settings(item: type[Channel] | type[Feed]) -> bool:
    return isinstance(item.Settings, type) and issubclass(item.Settings, ChannelSettings)


def _channel_problem(item: type[Channel]) -> str:
    wrong = wrong_capability(item.can)
    if wrong:
        return f"{item.__name__}.can: {wrong}"
    if item.can.needs_human and item.steps is Channel.steps:
        return _("{name} needs a person and has no steps()").format(name=item.__name__)
    return ""


def wrong_capability(can: Capabilities) -> str:
    """What is wrong with what a channel says it can do; empty when nothing is. Making a record checks nothing."""
    try:
        msgspec.convert(msgspec.structs.asdict(can), Capabilities)
    except msgspec.ValidationError as error:
        return str(error)
    if not (0 < can.timeout <= LONGEST_CALL and can.bulk >= 1 and can.max_parts >= 1):
        return _("timeout must be above 0 and at most {most:g} seconds, bulk and max_parts at least 1").format(
            most=LONGEST_CALL
        )
    return ""


def _refuse_twins(found: list[Thing]) -> None:
    seen: set[tuple[str, str]] = set()
    for thing in found:
        key = (thing.kind, thing.name)
        if key in seen:
            raise Fault(_('brings two things called "{name}"').format(name=thing.name))
        seen.add(key)


def _fault(hook: Callable[[], Any], text: str) -> Fault:
    code = getattr(inspect.unwrap(hook), "__code__", None)
    return Fault(text, code.co_filename, code.co_firstlineno) if code else Fault(text)


def _short(thing: object) -> str:
    text = repr(thing)
    return text if len(text) <= 60 else text[:57] + "…"


def _guess(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, HOOKS, n=1) or [", ".join(HOOKS)]
    return _("; did you mean {word}?").format(word=close[0])
