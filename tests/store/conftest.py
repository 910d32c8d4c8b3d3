"""A store in a fresh place, and the making of one: everything runs on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from desk.i18n import language, set_language
from desk.store import DocumentStore, TableSpec, open_store
from tests.postgres_server import PostgresServer, heard_at_once

Open = Callable[..., DocumentStore]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = language()
    set_language("en")
    yield
    set_language(before)


ENGINES = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The url of a store that is not there yet, on the engine named."""

    def new(engine: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('store')}/desk.db"
        heard_at_once()
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.new_url()

    return new


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, new_url: Callable[[str], str]) -> str:
    """Where there is no store yet: on each engine."""
    return new_url(request.param)


@pytest.fixture
def opened(url: str) -> Iterator[Open]:
    """Opens the same file as often as asked, and closes it in the end."""
    stores: list[DocumentStore] = []

    def open_again(*specs: TableSpec) -> DocumentStore:
        stores.append(open_store(url, specs))
        return stores[-1]

    yield open_again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Open) -> DocumentStore:
    return opened(TableSpec("people", indexes=("town", "age")))
