"""TinyDB's `Storage` on an engine: for plain TinyDB tables and middlewares, which read and write everything at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from desk.store.encoding import encode, row_id
from desk.store.engine import Engine
from desk.store.rows import LazyRows


class EngineStorage(Storage):
    """All tables of an engine. Given a path, `TinyDB(path, storage=EngineStorage)` opens the embedded engine on it."""

    def __init__(self, engine: Engine | str | Path) -> None:
        super().__init__()
        if isinstance(engine, (str, Path)):
            from desk.store.sqlite import SqliteEngine

            engine = SqliteEngine(engine)
        self.engine: Engine = engine

    def read(self) -> dict[str, Any] | None:
        """Every table by its name, its documents read when asked for; None when there is no table."""
        return {name: LazyRows(self.engine, name) for name in self.engine.tables()} or None

    def write(self, data: Mapping[str, Any]) -> None:
        """Make the tables what `data` says; only what differs is written."""
        with self.engine.transaction():
            for name in self.engine.tables().keys() - data.keys():
                self.engine.drop(name)
            for name, documents in data.items():
                if not isinstance(documents, LazyRows) or documents.table != name:
                    self._replace(name, documents)

    def close(self) -> None:
        self.engine.close()

    def _replace(self, name: str, documents: Mapping[Any, Mapping[Any, Any]]) -> None:
        bodies = {row_id(id): (encode(document), document) for id, document in documents.items()}
        self.engine.create(name)
        if not self._keeps_order(name, bodies):
            self.engine.clear(name)
        for row in list(self.engine.rows(name)):
            if row[1] not in bodies:
                self.engine.delete(name, row)
                continue
            body, document = bodies.pop(row[1])
            if body != row[3]:
                self.engine.put(name, row[1], body, document, row)
        self.engine.put_many(name, [(id, *both) for id, both in bodies.items()])

    def _keeps_order(self, name: str, bodies: Mapping[Any, Any]) -> bool:
        # Whether the documents that stay come first, in the order they stand in.
        stay = [id for id in self.engine.ids(name) if id in bodies]
        return stay == list(bodies)[: len(stay)]
