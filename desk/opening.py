"""What the settings stand for: whether a desk was made there, its clock, its store's password, its parts; and the place
that all use cases are given, opened from them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desk.access.seating import take_place
from desk.clock import Clock, FixedClock, RunningClock, SystemClock, parse_time, zone_named
from desk.errors import DeskError, Refused, StoreProblem
from desk.i18n import _, set_language
from desk.keeping.standing import refuse_unfinished
from desk.keeping.upgrade import bring_up
from desk.place import Place
from desk.schema import table_specs
from desk.store import is_server, open_store, server_facts
from desk.type_names import NotedTypes

if TYPE_CHECKING:
    from desk.config import Config
    from desk.plugins.host import PluginHost

SANDBOX_MARK = "sandbox"  # a file of this name in the data folder: the clock may be set there


def open_place(config: Config, clock: Clock | None = None) -> Place:
    """The place of one seat: its store open and brought up to date, whoever may sit there seated."""
    set_language(config.desk.language)
    clock = clock or running_clock(config)
    store = open_store(config.store_url, table_specs(config.county.area_code), store_password(config))
    place = Place(
        config=config,
        store=store,
        clock=clock,
        load_plugins=lambda: plugin_host(config),
        agent=config.desk.agent,
        role=config.desk.role,
        seat=config.desk.seat,
        noted_types=NotedTypes(config),
    )
    try:
        refuse_unfinished(config, store)
        bring_up(place)
        take_place(place)
    except DeskError:
        store.close()
        raise
    return place


def make_folder(config: Config, *, sandbox: bool) -> None:
    """The data folder of a new desk, marked where it is a sandbox; raises StoreProblem when it cannot be made."""
    try:
        config.data.mkdir(parents=True, exist_ok=True)
        if sandbox:
            (config.data / SANDBOX_MARK).write_text("desk init --sandbox\n")
    except OSError as problem:
        words = {"folder": config.data, "problem": problem.strerror}
        raise StoreProblem(_("{folder} cannot be made: {problem}").format(**words), why=str(problem)) from None


def desk_exists(config: Config) -> bool:
    """Whether a desk was made for these settings; a server is asked whether it has the county."""
    if is_server(config.store_url):
        return server_facts(config.store_url, store_password(config)).made
    _scheme, _separator, path = config.store_url.partition(":///")
    return Path(path).exists()


def desk_place(config: Config) -> str:
    """Where the desk of these settings is kept, as a person is told."""
    if is_server(config.store_url):
        return server_facts(config.store_url, store_password(config)).address
    return str(config.data)


def is_sandbox(config: Config) -> bool:
    return (config.data / SANDBOX_MARK).exists()


def running_clock(config: Config, environ: Mapping[str, str] = os.environ) -> Clock:
    """The clock of a desk that stays open: the machine's, or one that runs on from DESK_NOW in a sandbox."""
    moment = named_now(config, environ)
    return RunningClock(moment) if moment else SystemClock(zone_named(config.county.time_zone))


def standing_clock(config: Config, environ: Mapping[str, str] = os.environ) -> Clock:
    """The clock of one command: the machine's, or DESK_NOW itself in a sandbox."""
    moment = named_now(config, environ)
    return FixedClock(moment) if moment else SystemClock(zone_named(config.county.time_zone))


def named_now(config: Config, environ: Mapping[str, str] = os.environ) -> datetime | None:
    """The moment in DESK_NOW; raises Refused outside a sandbox."""
    text = environ.get("DESK_NOW")
    if not text:
        return None
    if not is_sandbox(config):
        raise Refused(_("DESK_NOW sets the clock of a sandbox only; {folder} is not one").format(folder=config.data))
    return parse_time(text, zone_named(config.county.time_zone))


def store_password(config: Config) -> str:
    """The password of the store's server; empty where none is named. Raises ConfigProblem when it is missing."""
    if not config.store.password:
        return ""
    from desk.plugins.secrets import Secret

    (kind, place), *_rest = config.store.password.items()
    return Secret(kind, place, config.path.parent if config.path else config.data).reveal()


def plugin_host(config: Config, *, check_packs: bool = True) -> PluginHost:
    """The parts of these settings; without `check_packs`, rule packs are named unread."""
    from desk.plugins.host import PluginHost

    return PluginHost.open(config, read_pack=_read_pack if check_packs else None)


def _read_pack(path: Path) -> None:
    from desk.regulation.load import load_pack  # reading packs takes milliseconds: only for whom rules matter

    load_pack(path)
