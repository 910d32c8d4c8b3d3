"""TinyDB's database and table on an engine: the whole of TinyDB's API, where a document is a row.

    store = open_store("sqlite:///data/desk.db")
    calls = store.table("calls")
    calls.insert({"topic": "inquiry"})
    with store.transaction():            # several tables, all or nothing
        ...

Most of TinyDB stays as it is. What changes: a table is read through a lazy mapping and updated through
one that writes only what differs; searches ask the engine's indexes first; documents carry a revision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import RLock
from typing import Any, TypeVar, cast

from msgspec import Struct
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from desk.errors import StaleWrite
from desk.i18n import _
from desk.store.encoding import row_id
from desk.store.engine import Condition, Engine
from desk.store.pushdown import narrowed
from desk.store.rows import LazyRows, LiveRows, Stored, home_of
from desk.store.spec import TableSpec
from desk.store.storage import EngineStorage
from desk.store.typed import RecordTable

T = TypeVar("T", bound=Struct)


class StoredDocument(Document):
    """A document with its `doc_id` and the `revision` it was read at (None: not read from a store).

    Written back (`upsert`, `update` with its own id, `save`) after somebody else changed it, it is
    refused with StaleWrite; after a good write it carries its new revision.
    """

    def __init__(self, value: Mapping[str, Any], doc_id: Any) -> None:
        super().__init__(value, doc_id)
        self.revision: int | None = getattr(value, "revision", None)
        self.home: str = getattr(value, "home", "")

    def carry(self, revision: int | None, home: str) -> None:
        self.revision = revision
        self.home = home


class DocumentTable(Table):
    """A TinyDB table whose documents are rows. Safe to use from several threads and processes."""

    def __init__(self, storage: EngineStorage, name: str, *args: Any, **kwargs: Any) -> None:
        self._engine: Engine = storage.engine
        self._home = home_of(self._engine, name)
        self._cache_lock = RLock()
        self._cached_at: object = None  # the stamp of the table that the query cache is of
        self._counted_at: object = None  # the stamp of the table that `_next_id` counts on from
        self._narrow: Condition | None = None  # for the next update only
        self._updating: _Update | None = None
        self._next_id: int | None  # type: ignore[assignment]
        super().__init__(storage, name, *args, **kwargs)

    # Reading

    def __iter__(self) -> Iterator[Any]:
        for id, raw in self._rows().stored():
            yield self._document(self.document_id_class(id), raw)

    def search(self, cond: Any) -> list[Any]:
        """All documents that match; see `tinydb.table.Table.search`."""
        stamp = None if self._engine.inside() else self._engine.stamp(self.name)
        cached = self._recall(cond, stamp)
        if cached is not None:
            return cached
        found = [self._document(id, raw) for id, raw in self._candidates(cond) if cond(raw)]
        if getattr(cond, "is_cacheable", lambda: True)():
            self._remember(cond, found, stamp)
        return found

    def get(self, cond: Any = None, doc_id: Any = None, doc_ids: Any = None) -> Any:
        """One document, or those with the given ids; see `tinydb.table.Table.get`."""
        if doc_id is not None:
            raw = self._rows().get(str(doc_id))
            return None if raw is None else self._document(doc_id, raw)
        if doc_ids is not None:
            rows = self._engine.with_ids(self.name, {row_id(id) for id in doc_ids})
            return [self._document(self.document_id_class(str(row[1])), Stored(row, self._home)) for row in rows]
        if cond is None:
            raise RuntimeError("You have to pass either cond or doc_id or doc_ids")
        matching = (self._document(id, raw) for id, raw in self._candidates(cond) if cond(raw))
        return next(matching, None)

    # Writing

    def insert(self, document: Mapping[str, Any]) -> int:
        """Add one document; see `tinydb.table.Table.insert`."""
        with self._engine.transaction():  # the next id is found and used before another process can
            doc_id = super().insert(document)
            self._renew(document, [doc_id])
            return doc_id

    def update(self, fields: Any, cond: Any = None, doc_ids: Any = None) -> list[int]:
        """Change documents; see `tinydb.table.Table.update`. Raises StaleWrite as `StoredDocument` says."""
        if doc_ids is None:
            return self._narrowed(cond, lambda: super(DocumentTable, self).update(fields, cond))
        ids = list(doc_ids)
        with self._engine.transaction():
            self._refuse_stale(fields, ids)
            updated = super().update(fields, None, ids)
            self._renew(fields, updated)
            return updated

    def upsert(self, document: Mapping[str, Any], cond: Any = None) -> list[int]:
        """Change or add a document; see `tinydb.table.Table.upsert`. Raises StaleWrite as `StoredDocument` says."""
        with self._engine.transaction():
            return super().upsert(document, cond)

    def save(self, document: Document) -> int:
        """Store the document under its own id exactly as it is; returns the id.

        Unlike `upsert`, a field that is gone from it is gone from the table too. Raises StaleWrite when
        the document was changed or removed since it was read.
        """
        with self._engine.transaction():
            self._refuse_stale(document, [document.doc_id])
            self._update_table(lambda rows: rows.__setitem__(document.doc_id, dict(document)))
            self._next_id = None  # as after TinyDB's insert of a document with an id
            self._renew(document, [document.doc_id])
            return document.doc_id

    def remove(self, cond: Any = None, doc_ids: Any = None) -> list[int]:
        """Remove documents; see `tinydb.table.Table.remove`."""
        if doc_ids is not None:
            return super().remove(None, doc_ids)
        return self._narrowed(cond, lambda: super(DocumentTable, self).remove(cond))

    def clear_cache(self) -> None:
        """Forget remembered searches; see `tinydb.table.Table.clear_cache`."""
        with self._cache_lock:
            super().clear_cache()

    # What TinyDB builds on

    def _read_table(self) -> Any:
        return self._rows()

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        narrow, self._narrow = self._narrow, None
        with self._engine.transaction():
            begun_at = done_at = self._engine.stamp(self.name)
            outer, updating = self._updating, _Update(self._counted_at == begun_at)
            self._updating = updating
            try:
                self._engine.create(self.name)
                rows = LiveRows(self._engine, self.name, self.document_id_class, narrow, self._keep_ground)
                updater(rows)
                rows.flush()
                done_at = self._engine.stamp(self.name)
            finally:
                self._updating = outer
                if updating.counts:  # ids given to a failed update are not given again
                    self._counted_at = done_at
        self.clear_cache()

    def _get_next_id(self) -> int:
        # TinyDB counts on from the last id it gave. So do we, unless somebody else has written meanwhile.
        updating = self._updating
        counts = updating.counts if updating else self._counted_at == self._engine.stamp(self.name)
        if self._next_id is None or not counts:
            free = updating.ground if updating and updating.ground is not None else self._first_free()
            self._next_id = free if self._next_id is None else max(self._next_id, free)
            if updating:
                updating.counts = True
            else:
                self._counted_at = self._engine.stamp(self.name)
        self._next_id += 1
        return self._next_id - 1

    # Inside

    def _rows(self) -> LazyRows:
        return LazyRows(self._engine, self.name)

    def _document(self, doc_id: Any, raw: Stored) -> Any:
        kind = StoredDocument if self.document_class is Document else self.document_class
        return kind(raw, doc_id)

    def _candidates(self, cond: Any) -> Iterator[tuple[Any, Stored]]:
        info = self._engine.info(self.name)
        for id, raw in self._rows().stored(narrowed(cond, info.fields) if info else None):
            yield self.document_id_class(id), raw

    def _narrowed(self, cond: Any, write: Callable[[], list[int]]) -> list[int]:
        # Runs a TinyDB update that looks at each document once: it need only see those that may match.
        with self._engine.transaction():
            info = self._engine.info(self.name)
            self._narrow = narrowed(cond, info.fields) if info else None
            try:
                return write()
            finally:
                self._narrow = None

    def _first_free(self) -> int:
        if self.document_id_class is int:
            numbers = [self._engine.greatest_id(self.name), *map(int, self._engine.text_ids(self.name))]
            known = [number for number in numbers if number is not None]
        else:
            known = [self.document_id_class(id) for id in self._rows()]
        return max(known) + 1 if known else 1

    def _keep_ground(self) -> None:
        # An updater is about to write before it is done: ids must still count on from what it found.
        if self._updating and self._updating.ground is None:
            self._updating.ground = self._first_free()

    def _refuse_stale(self, document: Any, ids: list[Any]) -> None:
        if not isinstance(document, StoredDocument) or document.revision is None or document.home != self._home:
            return
        row = self._engine.row(self.name, row_id(document.doc_id))
        if document.doc_id in ids and (row is None or row[2] != document.revision):
            message = _("{table} {id} was changed by someone else in the meantime; read it again and repeat the change")
            raise StaleWrite(message.format(table=self.name, id=document.doc_id))

    def _renew(self, document: Any, ids: list[Any]) -> None:
        # The document just written carries its new revision, for as long as that is not undone.
        if not isinstance(document, StoredDocument) or document.home not in ("", self._home):
            return
        row = self._engine.row(self.name, row_id(document.doc_id))
        if document.doc_id in ids and row is not None:
            before = document.revision, document.home
            self._engine.on_rollback(lambda: document.carry(*before))
            document.carry(row[2], self._home)

    def _recall(self, cond: Any, stamp: object) -> list[Any] | None:
        with self._cache_lock:
            if stamp is None:  # inside a transaction, what is seen may yet be undone
                return None
            if stamp != self._cached_at:
                self.clear_cache()
                self._cached_at = stamp
            cached = self._query_cache.get(cond)
            return None if cached is None else cached[:]

    def _remember(self, cond: Any, found: list[Any], stamp: object) -> None:
        with self._cache_lock:
            if stamp is not None and stamp == self._cached_at:
                self._query_cache[cond] = found[:]


@dataclass
class _Update:
    """An update of a table under way: whether `_next_id` counts, and the first free id it began with."""

    counts: bool
    ground: int | None = None


class DocumentStore(TinyDB):
    """A TinyDB whose tables are kept by an engine; made by `open_store`. Close it when done."""

    table_class: type[Table] = DocumentTable
    default_storage_class: type[Storage] = EngineStorage  # type: ignore[assignment]

    def __init__(self, engine: Engine, specs: Iterable[TableSpec] = ()) -> None:
        super().__init__(engine)
        self._engine = engine
        self._specs = {spec.name: spec for spec in specs}

    def transaction(self) -> AbstractContextManager[None]:
        """All writes inside are committed together at the end, or none when it is left by an exception.

        Transactions nest: an inner one that fails undoes its own part, and is final only with the outer.
        One thread of one process writes at a time, the others wait; reading never waits.
        """
        return self._engine.transaction()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call it once what is being written is stored: now outside a transaction, never when it comes to nothing."""
        self._engine.after_commit(call)

    def trouble(self) -> str:
        """Why the store cannot be reached now, in one sentence; empty while all is well. Takes microseconds."""
        return self._engine.trouble()

    def table(self, name: str, **kwargs: Any) -> DocumentTable:
        """The table called `name`; see `tinydb.TinyDB.table`."""
        return cast(DocumentTable, super().table(name, **kwargs))

    def records(self, name: str, type: type[T]) -> RecordTable[T]:
        """The documents of a table as records of `type`."""
        return RecordTable(self._engine, self._specs.get(name) or TableSpec(name), type)

    def changed(self) -> frozenset[str]:
        """The names of the tables changed, by anyone, since this store was opened or last asked. Takes microseconds."""
        return self._engine.changed()
