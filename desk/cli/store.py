"""`desk store copy` and `desk store check`: from one store to another, and whether two hold the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from desk.cli.base import DeskGroup, command, flags, loaded
from desk.cli.data import end_progress, progress_on_stderr
from desk.cli.show import print_json, print_table
from desk.errors import NotFound
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.config import Config
    from desk.keeping.comparing import Compared
    from desk.keeping.copying import Store
    from desk.store import DocumentStore


@click.group("store", cls=DeskGroup, help=N_("Where the documents are kept."))
def store() -> None:
    pass


@command("copy", help=N_("Copy a store into another, empty one, such as sqlite:///data/desk.db into postgresql://…"))
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(context: click.Context, source: str, target: str) -> None:
    from desk.keeping.copying import copy_store
    from desk.keeping.standing import without_password

    config = loaded(context)
    _refuse_missing(source)
    with _desk_at(config, source) as desk:  # closed before the copy begins: it may sign its audit then
        desk.access.require("back_up")
        desk.access.note("store.copy", without_password(target))
        at = desk.now().isoformat()
    with _store_at(config, source) as here, _store_at(config, target) as there:
        into = _named(there, target)
        try:
            done = copy_store(_named(here, source), into, at=at, progress=progress_on_stderr())
        finally:
            end_progress()
    if flags(context).json:
        tables = [{"name": name, "rows": one.rows, "sha256": one.sha256} for name, one in sorted(done.tables.items())]
        print_json({"rows": done.rows, "passes": done.passes, "tables": tables})
        return
    words = {"rows": done.rows, "tables": len(done.tables), "store": into.name}
    click.echo(_("{rows} documents in {tables} tables are in {store}, read back and verified").format(**words))


@command("check", help=N_("Whether two stores hold the same, table by table."))
@click.argument("first", metavar="FROM")
@click.argument("second", metavar="TO")
def check(context: click.Context, first: str, second: str) -> None:
    from desk.keeping.comparing import compared

    config = loaded(context)
    for url in (first, second):
        _refuse_missing(url)
    with _desk_at(config, first) as desk, _store_at(config, second) as there:
        desk.access.require("back_up")
        found = compared(desk.place.store.storage.engine, there.storage.engine)  # type: ignore[attr-defined]
    if flags(context).json:
        print_json([_row(one) for one in found])
    else:
        words = {True: _("the same"), False: _("different")}
        head = (_("table"), _("documents"), _("documents"), "")
        print_table(head, ((one.table, one.first.rows, one.second.rows, words[one.same]) for one in found))
    context.exit(0 if all(one.same for one in found) else 1)


def _row(one: Compared) -> dict[str, object]:
    return {"table": one.table, "rows": [one.first.rows, one.second.rows], "same": one.same, "sha256": one.first.sha256}


@contextmanager
def _desk_at(config: Config, url: str) -> Iterator[Desk]:
    """The desk kept in the store at `url`, who runs the command signed in there."""
    from desk.app import Desk
    from desk.opening import standing_clock

    config = _with_store(config, url)
    with Desk.open(config, clock=standing_clock(config)) as desk:
        if desk.needs_sign_in or os.environ.get("DESK_SESSION"):
            from desk.cli.who import sign_in_here

            sign_in_here(desk)
        yield desk


def _named(store: DocumentStore, url: str) -> Store:
    from desk.keeping.copying import Store
    from desk.keeping.standing import without_password

    return Store(store.storage.engine, without_password(url))  # type: ignore[attr-defined]


@contextmanager
def _store_at(config: Config, url: str) -> Iterator[DocumentStore]:
    """The store at `url`, half copied or not; made, where it is a file that is not there yet."""
    from desk.opening import store_password
    from desk.schema import table_specs
    from desk.store import open_store

    config = _with_store(config, url)
    with open_store(url, table_specs(config.county.area_code), store_password(config)) as store:
        yield store


def _with_store(config: Config, url: str) -> Config:
    """The settings with another store. `[store] password` belongs to the store that they name; for any other one the
    environment may have it, as PGPASSWORD or PGPASSFILE."""
    from desk.config import Store

    return config if url == config.store_url else replace(config, store_url=url, store=Store(url=url))


def _refuse_missing(url: str) -> None:
    scheme, _separator, path = url.partition(":///")
    if scheme == "sqlite" and not Path(path).exists():
        raise NotFound(_("there is no store at {url}").format(url=url))


store.add_command(copy)
store.add_command(check)
