"""The records of a store brought up to the version this desk writes, step by step, with a backup made first.

A step is a function that changes documents from one version to the next; it stands in STEPS under the version it
starts from. All steps and the new number are one transaction: whoever is killed leaves the old version or the new
one. The tables in which an engine keeps documents have a version of their own, see desk/store/sqlite_upgrade.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from desk.errors import StoreProblem
from desk.i18n import _
from desk.keeping.loading import is_empty
from desk.keeping.standing import VERSION, without_password
from desk.store.encoding import encode

if TYPE_CHECKING:
    from desk.place import Place
    from desk.store import DocumentStore
    from desk.store.engine import Engine

RECORDS = 1  # the version of the records that this desk reads and writes
Step = Callable[["DocumentStore"], None]
STEPS: Mapping[int, Step] = {}  # version → what makes the next version of it


class _Version(Struct):
    records: int


def version_of(engine: Engine) -> int:
    """The version of the records in a store; microseconds."""
    if engine.info(VERSION) is None:
        return 1
    row = engine.row(VERSION, 1)
    return 1 if row is None else msgspec.json.decode(row[3], type=_Version).records


def set_version(engine: Engine, version: int) -> None:
    document = {"records": version}
    with engine.transaction():
        engine.create(VERSION)
        engine.put(VERSION, 1, encode(document), document, engine.row(VERSION, 1))


def bring_up(place: Place) -> Path | None:
    """Bring the records of this place up to RECORDS; returns the backup that was made first, None when none was needed.

    Raises StoreProblem for records of a newer desk.
    """
    engine: Engine = place.store.storage.engine  # type: ignore[attr-defined]
    version = version_of(engine)
    if version == RECORDS:
        return None
    _refuse_newer(place, version)
    if is_empty(engine):
        set_version(engine, RECORDS)
        return None
    kept = _kept_first(place)
    with place.store.transaction():
        for step in range(version_of(engine), RECORDS):  # another seat may have been quicker
            STEPS[step](place.store)
        set_version(engine, RECORDS)
    return kept


def _refuse_newer(place: Place, version: int) -> None:
    if version > RECORDS:
        words = _("{store} was written by a newer version of the desk; update the desk to open it")
        raise StoreProblem(words.format(store=without_password(place.config.store_url)))


def _kept_first(place: Place) -> Path:
    from desk.keeping.backup import write_backup  # only who brings something up needs it

    folder = place.config.data / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"before-records-{RECORDS}-{place.now().strftime('%Y%m%d-%H%M%S')}.backup"
    return write_backup(place, folder / name).file
