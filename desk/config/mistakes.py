"""What is wrong with a config.toml, all of it at once: each mistake with its key and one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import FieldInfo, fields

from desk.clock import DEFAULT_ZONE, zone_named
from desk.config.settings import KEPT, OPEN_SECTIONS, SERVER_SCHEMES, Section, Settings, TroubleSettings
from desk.durations import parse_duration
from desk.errors import BadInput
from desk.i18n import LANGUAGES, N_, SPELLINGS, _

ROLES = ("agent", "supervisor", "dispatcher", "auditor", "administrator", "viewer")
SIGN_INS = ("os_user", "password")
SCHEMES = ("sqlite",)
_ORIGIN = re.compile(r"https?://[^/\s:@?#]+(:\d{1,5})?(/[\w.~-]+)*/?")
DAY_COUNTS = ("hours", "calendar")
RELEASES = ("auto", "person")
PLACES = ("env", "file", "keyring")  # of a secret

EXPECTED: Mapping[Any, str] = {
    str: N_("a text in quotes"),
    int: N_("a whole number"),
    bool: N_("true or false"),
    tuple[str, ...]: N_("a list of texts"),
    dict[str, str]: N_("a section of key = text"),
    dict[str, dict[str, str]]: N_("sections of key = text"),
}


class Mistake(NamedTuple):
    """One thing that is wrong: where (section, key) and what, in a sentence."""

    path: tuple[str, ...]
    text: str


def mistakes(raw: Mapping[str, Any]) -> list[Mistake]:
    """Everything that keeps `raw`, a parsed config.toml, from being `Settings`; empty when nothing does."""
    sections = {field.name: field for field in fields(Settings)}
    found: list[Mistake] = []
    for name, value in raw.items():
        if name not in sections:
            found.append(Mistake((name,), _unknown_section(name, value, sections)))
        elif not isinstance(value, dict):
            found.append(
                Mistake((name,), _("{name} is a section: write [{name}] on a line of its own").format(name=name))
            )
        elif name == "keys":
            found += _wrong_keys(value)
        elif name in OPEN_SECTIONS:
            found += _not_sections(name, value)
        else:
            found += _section_mistakes(name, value, sections[name].type)
    return found


def _section_mistakes(section: str, raw: Mapping[str, Any], shape: type[Section]) -> Iterator[Mistake]:
    known = {field.name: field for field in fields(shape)}
    for key, value in raw.items():
        field = known.get(key)
        text = _wrong_value(section, field, value) if field else _unknown_key(section, key, known)
        if text:
            yield Mistake((section, key), text)


def _wrong_value(section: str, field: FieldInfo, value: Any) -> str:
    try:
        msgspec.convert(value, field.type, strict=True)
    except msgspec.ValidationError:
        expected = _(EXPECTED[field.type])
        return _("[{section}] {key} must be {expected}, not {value!r}").format(
            section=section, key=field.name, expected=expected, value=value
        )
    check = CHECKS.get((section, field.name))
    problem = check(value) if check else ""
    return f"[{section}] {field.name}: {problem}" if problem else ""


def dotted(raw: Mapping[str, Any], *above: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The values of `raw` by path: `call.save = "f9"` and `"call.save" = "f9"` name the same command."""
    for name, value in raw.items():
        if isinstance(value, dict):
            yield from dotted(value, *above, name)
        else:
            yield (*above, name), value


def _wrong_keys(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    for path, value in dotted(raw):
        if not isinstance(value, str) or not value.strip():
            text = _('[keys] {name} must name a key, like "f5" or "ctrl+r", not {value!r}')
            yield Mistake(("keys", *path), text.format(name=".".join(path), value=value))


def _not_sections(above: str, raw: Mapping[str, Any]) -> Iterator[Mistake]:
    for name, value in raw.items():
        if not isinstance(value, dict):
            text = _("[{above}] {name} is a section: write [{above}.{name}] on a line of its own")
            yield Mistake((above, name), text.format(above=above, name=name))


def _unknown_section(name: str, value: Any, sections: Iterable[str]) -> str:
    if not isinstance(value, dict):
        text = _("{key} stands outside every section").format(key=name)
        return text + (_belongs(name) or guess(name, [field.name for shape in _shapes().values() for field in shape]))
    return _("there is no section [{name}]").format(name=name) + guess(name, sections, "[{}]")


def _unknown_key(section: str, key: str, known: Iterable[str]) -> str:
    text = _('[{section}] has no setting "{key}"').format(section=section, key=key)
    return text + (_belongs(key) or guess(key, known))


def _belongs(key: str) -> str:
    for section, shape in _shapes().items():
        if any(field.name == key for field in shape):
            return _("; it belongs in [{section}]").format(section=section)
    return ""


def _shapes() -> dict[str, tuple[FieldInfo, ...]]:
    return {field.name: fields(field.type) for field in fields(Settings) if field.name not in ("keys", *OPEN_SECTIONS)}


def guess(word: str, known: Iterable[str], shown: str = "{}") -> str:
    """`; did you mean …?` with what is nearest to `word`, else the whole choice; for the end of a sentence."""
    from difflib import get_close_matches  # only when there is a mistake

    known = list(known)
    close = get_close_matches(word.lower().replace("-", "_"), known, n=1, cutoff=0.6)
    if close:
        return _("; did you mean {word}?").format(word=shown.format(close[0]))
    return _("; it may be {words}").format(words=", ".join(shown.format(name) for name in known))


def _area_code(value: str) -> str:
    if value.isascii() and value.isdigit() and value.startswith("0") and len(value) in (3, 4):
        return ""
    return _('an area code is 3 or 4 digits from 0, like "0951", not "{value}"').format(value=value)


def _time_zone(value: str) -> str:
    try:
        zone_named(value)
    except BadInput:
        from zoneinfo import available_timezones

        text = _('there is no time zone "{value}"').format(value=value)
        near = {zone.lower(): zone for zone in sorted(available_timezones())}
        return text + _one_of(value.lower(), near, DEFAULT_ZONE)
    return ""


def _one_of(word: str, near: Mapping[str, str], otherwise: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, near, n=1, cutoff=0.6)
    return _("; did you mean {word}?").format(word=near[close[0]] if close else otherwise)


def _language(value: str) -> str:
    if value in SPELLINGS:
        return ""
    return _('there is no language "{value}"').format(value=value) + guess(value, LANGUAGES)


def _role(value: str) -> str:
    return "" if value in ROLES else _('there is no role "{value}"').format(value=value) + guess(value, ROLES)


def _url(value: str) -> str:
    scheme, separator, path = value.partition(":///")
    if not value or (separator and path and scheme in SCHEMES):
        return ""
    if value.startswith(SERVER_SCHEMES):
        return _server_url(value)
    return _('"{value}" names no store; write it like "sqlite:///desk.db" or "postgresql://host/database"').format(
        value=value
    )


def _server_url(value: str) -> str:
    from urllib.parse import urlsplit

    try:
        written = urlsplit(value)
        named = written.path.strip("/")
        written.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        named = ""
    if not named:
        return _("the address of a PostgreSQL store names its database, like postgresql://host/database")
    if written.password:
        return _("no password stands in the address: say where it is kept, in [store] password")
    return ""


def _sign_in(value: str) -> str:
    if value in SIGN_INS:
        return ""
    return _('nobody signs in by "{value}"').format(value=value) + guess(value, SIGN_INS)


def _kept(value: Mapping[str, str]) -> str:
    if strange := [name for name in value if name not in KEPT]:
        return _('nothing is kept by the name "{name}"').format(name=strange[0]) + guess(strange[0], KEPT)
    return _lengths(text for text in value.values() if text)


def _origins(value: Iterable[str]) -> str:
    wrong = [text for text in value if not _ORIGIN.fullmatch(text)]
    return (
        _('"{value}" is no address of a site; write it like https://desk.example.cn').format(value=wrong[0])
        if wrong
        else ""
    )


def _day_count(value: str) -> str:
    if value in DAY_COUNTS:
        return ""
    return _('days are not counted by "{value}"').format(value=value) + guess(value, DAY_COUNTS)


def _release(value: str) -> str:
    if value in RELEASES:
        return ""
    return _('messages are not released by "{value}"').format(value=value) + guess(value, RELEASES)


def _secret(value: Mapping[str, str]) -> str:
    if not value or (len(value) == 1 and all(place in PLACES and name.strip() for place, name in value.items())):
        return ""
    return _("say where it is kept, like {example}").format(example='{ file = "secrets/ring" }')


def _hour(value: str) -> str:
    try:
        time.fromisoformat(value)
    except ValueError:
        return _('an hour is written like 22:00, not "{value}"').format(value=value)
    return ""


def _length(value: str) -> str:
    try:
        parse_duration(value)
    except BadInput as problem:
        return str(problem)
    return ""


def _lengths(value: Iterable[str]) -> str:
    return "; ".join(problem for text in value if (problem := _length(text)))


def _lengths_by_kind(value: Mapping[str, str]) -> str:
    return _lengths(value.values())


def _figures(value: Mapping[str, Mapping[str, str]]) -> str:
    """Lengths of time; a pack's date in force stands among them."""
    problems = (_wrong_figure(name, text) for figures in value.values() for name, text in figures.items())
    return "; ".join(problem for problem in problems if problem)


def _wrong_figure(name: str, text: str) -> str:
    try:
        if name == "effective_from":
            date.fromisoformat(text)
        else:
            parse_duration(text)
    except BadInput as problem:
        return f"{name}: {problem}"
    except ValueError:
        return _("{name}: {value} is no date; write it like 2026-01-01").format(name=name, value=repr(text))
    return ""


def _between(low: int, high: int) -> Callable[[int], str]:
    def check(value: int) -> str:
        if low <= value <= high:
            return ""
        return _("must be from {low} to {high}, not {value}").format(low=low, high=high, value=value)

    return check


CHECKS: Mapping[tuple[str, str], Callable[[Any], str]] = {
    ("county", "area_code"): _area_code,
    ("county", "time_zone"): _time_zone,
    ("desk", "language"): _language,
    ("desk", "role"): _role,
    ("store", "url"): _url,
    ("store", "password"): _secret,
    ("access", "sign_in"): _sign_in,
    ("access", "lock_minutes"): _between(0, 24 * 60),
    ("access", "tries"): _between(1, 100),
    ("access", "locked_minutes"): _between(1, 24 * 60),
    ("access", "session_hours"): _between(1, 24 * 7),
    ("seats", "lease_minutes"): _between(1, 24 * 60),
    ("privacy", "keep"): _kept,
    ("privacy", "approval_hours"): _between(1, 24 * 31),
    ("serve", "port"): _between(1, 65535),
    ("serve", "origins"): _origins,
    ("serve", "sessions"): _between(1, 1000),
    ("serve", "per_agent"): _between(1, 100),
    ("serve", "idle_minutes"): _between(1, 24 * 60),
    ("regulation", "day_count"): _day_count,
    ("regulation", "overrides"): _figures,
    ("ring", "port"): _between(0, 65535),
    ("ring", "longest_seconds"): _between(10, 3600),
    ("ring", "token"): _secret,
    ("board", "restored_hours"): _between(1, 168),
    ("board", "stale_minutes"): _between(1, 1440),
    ("notices", "tries"): _between(1, 20),
    ("notices", "retry_minutes"): _between(1, 1440),
    **{("trouble", name): _between(1, 1440) for name in TroubleSettings.__struct_fields__ if name.endswith("minutes")},
    **{("trouble", name): _between(1, 100) for name in TroubleSettings.__struct_fields__ if name.endswith("percent")},
    **{("trouble", name): _between(1, 1000) for name in ("storm_calls", "box_customers", "area_customers")},
    **{("trouble", name): _between(1, 100) for name in ("area_boxes", "lateral_areas", "feeder_laterals")},
    ("work_orders", "arrival"): _lengths_by_kind,
    ("work_orders", "escalate_after"): _between(1, 100),
    ("work_orders", "similar_minutes"): _between(1, 10_080),
    **{("callbacks", name): _between(1, 10_080) for name in ("within_minutes", "follow_up_minutes", "retry_minutes")},
    ("callbacks", "tries"): _between(1, 20),
    ("cases", "limits"): _lengths_by_kind,
    ("messages", "release"): _release,
    ("messages", "most_per_outage"): _between(1, 10_000_000),
    ("messages", "most_per_minute"): _between(1, 10_000_000),
    ("messages", "quiet_from"): _hour,
    ("messages", "quiet_until"): _hour,
    ("messages", "retry"): _lengths,
    ("messages", "receipt_wait"): _length,
    ("messages", "language"): _language,
}
