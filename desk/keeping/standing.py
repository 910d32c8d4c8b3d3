"""Whether a store may be opened as a desk: a copy or a restore that was not finished may not.

While one is made, its store holds one document that says so; it goes as the last thing. Whoever is killed in
between leaves a store that no desk opens by mistake, and that the same command goes on with.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct, field

from desk.errors import Refused, StoreProblem
from desk.i18n import N_, _
from desk.store.encoding import encode

if TYPE_CHECKING:
    from desk.config import Config
    from desk.store import DocumentStore
    from desk.store.engine import Engine

UNFINISHED = "unfinished"  # a table of the store
VERSION = "records_version"  # a table of one document, see upgrade.py; a store without it is of the first version
RESTORING = "restoring"  # a file in the data folder

SENTENCES = {
    "copy": N_("the copying into {store} was not finished; start `desk store copy` once more and it goes on"),
    "restore": N_("the restoring into {store} was not finished; start `desk restore` with the same file once more"),
}


class Mark(Struct, frozen=True):
    """What is being made here, out of which store or backup, and by which of the processes that were started for it."""

    what: Literal["copy", "restore"]
    source: str
    at: str = ""
    run: str = field(default_factory=lambda: os.urandom(8).hex())


def mark_of(engine: Engine) -> Mark | None:
    """What the store was left in the middle of; None when it is whole."""
    if engine.info(UNFINISHED) is None:
        return None
    row = next(iter(engine.rows(UNFINISHED)), None)
    return None if row is None else msgspec.json.decode(row[3], type=Mark)


def set_mark(engine: Engine, mark: Mark) -> None:
    """From here on the store is being made, by whoever holds this mark."""
    document = msgspec.to_builtins(mark)
    with engine.transaction():
        engine.create(UNFINISHED)
        engine.clear(UNFINISHED)
        engine.put(UNFINISHED, 1, encode(document), document, None)


@contextmanager
def under(engine: Engine, mark: Mark) -> Iterator[None]:
    """A transaction of whoever holds the mark; raises Refused once another process has set one, or is done."""
    with engine.transaction():
        if mark_of(engine) != mark:
            raise Refused(_("the same was started once more, and that one goes on; this one has stopped"))
        yield


def refuse_unfinished(config: Config, store: DocumentStore) -> None:
    """Raises StoreProblem for a desk that was left half copied or half restored; costs microseconds."""
    mark = mark_of(store.storage.engine)  # type: ignore[attr-defined]
    if mark is not None:
        raise StoreProblem(_(SENTENCES[mark.what]).format(store=without_password(config.store_url)))
    if (config.data / RESTORING).exists():
        raise StoreProblem(_(SENTENCES["restore"]).format(store=config.data))


def without_password(url: str) -> str:
    """The address of a store as people may see it."""
    return re.sub(r"^(\w+://[^/@:]*):[^/@]*@", r"\1:***@", url)
