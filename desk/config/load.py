"""From a file, flags and the environment to the `Config` in force.

The file is the first of: `--config`, $DESK_CONFIG, config.toml in the data folder, ./config.toml; without
any the defaults hold. The data folder is the first of: `--data`, $DESK_DATA, `[desk] data`, the user's own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from desk.config.settings import SERVER_SCHEMES, Config, DeskSettings, Settings
from desk.errors import ConfigProblem
from desk.i18n import _

FILE_NAME = "config.toml"
TRAINING_MARK = "training"  # a file of this name in the data folder: nothing leaves, whatever the settings say


def load_config(path: Path | None = None, data: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """The settings in force; raises ConfigProblem with every mistake of the file, each with file and line."""
    given = data or _named(environ, "DESK_DATA")
    file = _find_file(path or _named(environ, "DESK_CONFIG"), given)
    settings = read_settings(file) if file else Settings()
    folder = file.parent.absolute() if file else Path.cwd()
    if given is None and settings.desk.data:
        given = folder / Path(settings.desk.data).expanduser()
    data = (given or _user_folder()).expanduser().absolute()
    return Config(
        county=settings.county,
        desk=_who_sits_here(settings.desk, environ),
        store=settings.store,
        access=settings.access,
        seats=settings.seats,
        privacy=settings.privacy,
        serve=settings.serve,
        plugins=msgspec.structs.replace(settings.plugins, folders=_absolute(folder, settings.plugins.folders)),
        board=settings.board,
        call=msgspec.structs.replace(
            settings.call, script_folder="".join(_absolute(folder, [settings.call.script_folder]))
        ),
        ring=settings.ring,
        notices=settings.notices,
        messages=msgspec.structs.replace(
            settings.messages,
            wording_folder="".join(_absolute(folder, [settings.messages.wording_folder])),
            training=settings.messages.training or (data / TRAINING_MARK).exists(),
        ),
        channels=settings.channels,
        feeds=settings.feeds,
        trouble=settings.trouble,
        work_orders=settings.work_orders,
        callbacks=settings.callbacks,
        cases=settings.cases,
        regulation=settings.regulation,
        keys=settings.keys,
        path=file,
        data=data,
        store_url=resolved_url(settings.store.url, data),
        safe=bool(environ.get("DESK_SAFE")),
    )


def read_settings(file: Path) -> Settings:
    """The settings written in `file`; raises ConfigProblem with everything that is wrong with it."""
    return settings_in(file, _read_text(file))


def settings_in(file: Path, text: str) -> Settings:
    """The settings in `text`, which stands or is to stand in `file`; raises like `read_settings`."""
    from desk.config.mistakes import dotted, mistakes  # without a file there is nothing to check

    raw = _parse(file, text)
    found = mistakes(raw)
    if found:
        from desk.config.lines import key_lines, line_of

        lines = key_lines(text)
        places = sorted((line_of(lines, mistake.path), mistake.text) for mistake in found)
        raise _problem(file, places)
    keys = {".".join(path): value for path, value in dotted(raw.get("keys", {}))}
    return msgspec.convert(raw | {"keys": keys}, Settings)


def _parse(file: Path, text: str) -> dict[str, Any]:
    import tomllib  # 4 ms

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        place = re.search(r"\(at line (\d+)", str(problem))
        line = int(place[1]) if place else text.rstrip("\n").count("\n") + 1
        words = re.sub(r" \(at .*\)$", "", str(problem))
        raise _problem(file, [(line, _("this is not TOML: {words}").format(words=words))]) from None


def _read_text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise ConfigProblem(
            _("there is no file {file}; leave --config out to use the defaults").format(file=file)
        ) from None
    except OSError as problem:
        text = _("{file} cannot be read: {words}").format(file=file, words=problem.strerror)
        raise ConfigProblem(text, why=str(problem)) from None
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise _problem(file, [(line, _("this is not UTF-8; save the file as UTF-8"))]) from None


def _problem(file: Path, places: Iterable[tuple[int, str]]) -> ConfigProblem:
    problems = tuple(f"{file}:{line}: {text}" for line, text in places)
    return ConfigProblem("; ".join(problems), problems)


def _find_file(named: Path | None, data: Path | None) -> Path | None:
    if named:
        return named.expanduser()
    candidates = ((data or _user_folder()).expanduser() / FILE_NAME, Path(FILE_NAME))
    return next((file for file in candidates if file.is_file()), None)


def _named(environ: Mapping[str, str], variable: str) -> Path | None:
    return Path(environ[variable]) if environ.get(variable) else None


def _user_folder() -> Path:
    import platformdirs  # 5 ms, and not needed where the folder is named

    return platformdirs.user_data_path("desk95598", appauthor=False)


def _who_sits_here(desk: DeskSettings, environ: Mapping[str, str]) -> DeskSettings:
    names = (environ.get(name, "") for name in ("USER", "LOGNAME", "USERNAME"))
    machine = os.uname().nodename if hasattr(os, "uname") else environ.get("COMPUTERNAME", "")
    agent = desk.agent or next(filter(None, names), "agent")
    return msgspec.structs.replace(desk, agent=agent, seat=desk.seat or machine or "1")


def _absolute(folder: Path, written: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(folder / Path(name).expanduser()) for name in written if name)


def resolved_url(written: str, data: Path) -> str:
    """The whole address of the store that is `written` in the settings of this data folder."""
    if written.startswith(SERVER_SCHEMES):
        return written
    scheme, _separator, path = (written or "sqlite:///desk.db").partition(":///")
    return f"{scheme}:///{data / Path(path).expanduser()}"
