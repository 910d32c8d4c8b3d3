"""The store: TinyDB's API and meaning, where a document is a row of a safe and quick engine.

from desk.store import open_store
store = open_store("sqlite:///data/desk.db")
store.insert({"name": "张三"})
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from desk.errors import BadInput, StoreProblem
from desk.i18n import _
from desk.store.documents import DocumentStore, DocumentTable, StoredDocument
from desk.store.problems import NO_DRIVER
from desk.store.spec import TableSpec
from desk.store.typed import RecordTable

if TYPE_CHECKING:
    from desk.store.postgres_facts import ServerFacts

__all__ = [
    "DocumentStore",
    "DocumentTable",
    "RecordTable",
    "StoredDocument",
    "TableSpec",
    "is_server",
    "open_store",
    "server_facts",
]

_SQLITE = "sqlite:///"
_SERVERS = ("postgresql://", "postgres://")


def open_store(url: str, specs: Iterable[TableSpec] = (), password: str = "") -> DocumentStore:
    """The store at `url`, made if it is not there: `sqlite:///desk.db`, or `sqlite:////var/desk.db` from the root, or
    `postgresql://host/database`, with the `password` of its user where the server asks for one.

    `specs` say which tables have keys, indexes and lookup terms. Raises BadInput for a url that is none,
    StoreProblem when the store cannot be used.
    """
    if is_server(url):
        with _driver():
            from desk.store.postgres import PostgresEngine

        specs = tuple(specs)
        return DocumentStore(PostgresEngine(url, specs, password), specs)
    path = url.removeprefix(_SQLITE)
    if path == url or path in ("", ":memory:") or "\0" in path:
        raise BadInput(_("{url} is not the address of a store; write it like sqlite:///data/desk.db").format(url=url))
    from desk.store.sqlite import SqliteEngine

    specs = tuple(specs)
    return DocumentStore(SqliteEngine(path, specs), specs)


def is_server(url: str) -> bool:
    """Whether the store is kept by a server, and not in a file of this machine."""
    return url.startswith(_SERVERS)


def server_facts(url: str, password: str = "") -> ServerFacts:
    """What the server of a store says of itself; raises StoreProblem when it cannot be used."""
    with _driver():
        from desk.store import postgres_facts

    return postgres_facts.server_facts(url, password)


@contextmanager
def _driver() -> Iterator[None]:
    # psycopg is an extra: only who keeps the store on a server needs it.
    try:
        yield
    except ImportError as missing:
        raise StoreProblem(_(NO_DRIVER), why=str(missing)) from missing
