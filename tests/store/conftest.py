"""A store on a fresh file, and the making of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desk.i18n import language, set_language
from desk.store import DocumentStore, TableSpec, open_store

Open = Callable[..., DocumentStore]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/desk.db"


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
