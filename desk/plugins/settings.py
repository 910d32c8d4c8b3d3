"""A channel's settings: read with every mistake at once, shown as a JSON Schema, and as lines to fill in.

    class Settings(ChannelSettings, frozen=True, kw_only=True):
        host: Annotated[str, described({"zh_CN": "短信中心地址", "en": "the centre's address"})]
        port: Annotated[int, described({"zh_CN": "端口", "en": "port"}, least=1, most=65535)] = 2775
        password: Secret

One record gives the check of `[channels.NAME]`, the form on screen, `desk plugins show` and the example of `new`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_args, get_origin

import msgspec
from msgspec import Meta
from msgspec.structs import FieldInfo, fields

from desk.i18n import _, in_language
from desk.plugins.channels import ChannelSettings
from desk.plugins.secrets import Secret, secret
from desk.text import clean

__all__ = ["Secret", "Setting", "SettingProblem", "described", "example", "json_schema", "needed", "read", "table"]


class SettingProblem(NamedTuple):
    """One thing that is wrong: which key (empty: the whole), and a sentence."""

    key: str
    text: str


class Setting(NamedTuple):
    """One line of a channel's section, as a form shows it."""

    name: str
    words: str
    needed: bool
    default: Any
    secret: bool
    type: Any


def described(
    words: Mapping[str, str],
    *,
    least: float | None = None,
    most: float | None = None,
    pattern: str | None = None,
    longest: int | None = None,
) -> Meta:
    """What a setting means, by language, and its limits; for `Annotated`."""
    limits = {"ge": least, "le": most, "pattern": pattern, "max_length": longest}
    given: dict[str, Any] = {name: limit for name, limit in limits.items() if limit is not None}
    return Meta(extra=dict(words), **given)


def read(
    shape: type[ChannelSettings], raw: Mapping[str, Any], folder: Path | None = None
) -> tuple[ChannelSettings | None, list[SettingProblem]]:
    """The settings written in `raw`, or everything that is wrong with them; no value of a secret is repeated.

    `folder` is where relative paths of secrets count from. Environment and files are looked at, a keyring is not.
    """
    known = {field.encode_name: field for field in fields(shape)}
    wrong = {key: _unknown(key, known) for key in raw if key not in known}
    for key, field in known.items():
        if key in raw:
            wrong[key] = _wrong(field, raw[key], folder)
        elif field.required:
            wrong[key] = _("{key} is missing").format(key=key)
    problems = [SettingProblem(key, clean(text)) for key, text in wrong.items() if text]
    if problems:
        return None, problems
    try:
        return msgspec.convert(dict(raw), shape, dec_hook=partial(_hook, folder)), []
    except msgspec.ValidationError as error:  # what the type itself checks of several fields together
        return None, [SettingProblem("", clean(str(error)))]


def needed(shape: type[ChannelSettings]) -> tuple[str, ...]:
    """The keys that have no default: a type without any is there by itself."""
    return tuple(field.encode_name for field in fields(shape) if field.required)


def table(shape: type[ChannelSettings]) -> list[Setting]:
    """Every setting, in order."""
    return [
        Setting(
            name=field.encode_name,
            words=_words(field),
            needed=field.required,
            default=None if field.required else _default(field),
            secret=_is_secret(field),
            type=_bare(field.type),
        )
        for field in fields(shape)
    ]


def json_schema(shape: type[ChannelSettings]) -> dict[str, Any]:
    """The settings as a JSON Schema; a secret is an object that names its place."""
    return msgspec.json.schema(shape, schema_hook=_schema_of)


def example(name: str, type: str, shape: type[ChannelSettings]) -> str:
    """A section of config.toml to fill in: what has a default is commented out."""
    lines = [f"[channels.{name}]"]
    if type != name:
        lines.append(f'type = "{type}"')
    for setting in table(shape):
        if setting.words:
            lines.append(f"# {setting.words}")
        lines.append(("" if setting.needed else "# ") + f"{setting.name} = {_written(name, setting)}")
    return "\n".join(lines) + "\n"


def _hook(folder: Path | None, type: Any, value: Any) -> Any:
    if type is Secret:
        return secret(value, folder)
    if type is Path:
        return Path(value)
    raise NotImplementedError(type)


def _wrong(field: FieldInfo, value: Any, folder: Path | None) -> str:
    try:
        found = msgspec.convert(value, field.type, dec_hook=partial(_hook, folder))
    except (msgspec.ValidationError, TypeError) as error:
        return f"{field.encode_name}: {_sentence(field, value, error)}"
    missing = found.missing() if isinstance(found, Secret) else ""
    return f"{field.encode_name}: {missing}" if missing else ""


def _sentence(field: FieldInfo, value: Any, error: Exception) -> str:
    from desk.config.mistakes import EXPECTED  # only when there is a mistake

    if _is_secret(field):
        return str(error.__cause__ or _("a secret names where it is kept"))
    expected = EXPECTED.get(_bare(field.type)) if not str(error).count("$") else None
    if expected is None or isinstance(value, _bare(field.type)):
        return _("{value!r} does not fit: {words}").format(value=value, words=error)
    return _("must be {expected}, not {value!r}").format(expected=_(expected), value=value)


def _unknown(key: str, known: Iterable[str]) -> str:
    from desk.config.mistakes import guess

    text = _('there is no setting "{key}"').format(key=key)
    known = list(known)
    return text + (guess(key, known) if known else "")


def _is_secret(field: FieldInfo) -> bool:
    return Secret in (_bare(field.type), *get_args(_bare(field.type)))


def _bare(type: Any) -> Any:
    return get_args(type)[0] if get_origin(type) is Annotated else type


def _words(field: FieldInfo) -> str:
    for meta in _metas(field.type):
        if meta.extra:
            return in_language({key: str(words) for key, words in meta.extra.items()})
        if meta.description:
            return meta.description
    return ""


def _metas(type: Any) -> Iterator[Meta]:
    if get_origin(type) is Annotated:
        yield from (meta for meta in get_args(type)[1:] if isinstance(meta, Meta))


def _default(field: FieldInfo) -> Any:
    return field.default if field.default is not msgspec.NODEFAULT else field.default_factory()


def _schema_of(type: Any) -> dict[str, Any]:
    if type is Secret:
        places = {kind: {"type": "string"} for kind in ("env", "file", "keyring")}
        return {"type": "object", "properties": places, "minProperties": 1, "maxProperties": 1}
    return {"type": "string"}


def _written(name: str, setting: Setting) -> str:
    if setting.secret:
        return f'{{ env = "{name.upper().replace("-", "_")}_{setting.name.upper()}" }}'
    if setting.needed or setting.default is None:
        return {int: "0", float: "0.0", bool: "false"}.get(setting.type, '""')
    return toml_value(setting.default)


def toml_value(value: Any) -> str:
    """A plain value as TOML writes it."""
    plain = msgspec.to_builtins(value, enc_hook=str)
    if isinstance(plain, list | tuple):
        return "[" + ", ".join(map(toml_value, plain)) + "]"
    if isinstance(plain, dict):
        return "{ " + ", ".join(f"{key} = {toml_value(each)}" for key, each in plain.items()) + " }" if plain else "{}"
    return msgspec.json.encode(plain).decode().replace("\x7f", "\\u007f")  # TOML takes DEL for a control sign
