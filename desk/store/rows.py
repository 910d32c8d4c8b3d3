"""A table's rows as the mappings TinyDB works on: read lazily, or written through inside a transaction."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, MutableMapping
from math import isfinite
from typing import Any

from desk.store.encoding import RowId, decode, encode, row_id
from desk.store.engine import Condition, Engine, Row

_HELD = 1024  # documents kept decoded while a transaction works through a table


class Stored(dict[str, Any]):
    """A document as read: which revision of which store's table it is."""

    __slots__ = ("home", "revision")

    def __init__(self, row: Row, home: str) -> None:
        super().__init__(decode(row[3]))
        self.revision = row[2]
        self.home = home


def home_of(engine: Engine, table: str) -> str:
    """Where a document belongs: revisions of different tables cannot be compared."""
    return f"{engine.identity}/{table}"


class LazyRows(Mapping[str, Stored]):
    """What TinyDB's storage would give for a table: documents by the text of their id, read when asked for."""

    def __init__(self, engine: Engine, table: str) -> None:
        self.engine = engine
        self.table = table
        self._home = home_of(engine, table)

    def __getitem__(self, key: str) -> Stored:
        row = self.engine.row(self.table, row_id(key))
        if row is None:
            raise KeyError(key)
        return Stored(row, self._home)

    def __iter__(self) -> Iterator[str]:
        return map(str, self.engine.ids(self.table))

    def __len__(self) -> int:
        info = self.engine.info(self.table)
        return info.rows if info else 0

    def items(self) -> ItemsView[str, Stored]:
        return _Items(self)

    def stored(self, where: Condition | None = None) -> Iterator[tuple[str, Stored]]:
        """Id and document of the rows that `where` lets through, in insertion order."""
        for row in self.engine.rows(self.table, where):
            yield str(row[1]), Stored(row, self._home)


class _Items(ItemsView[str, Stored]):
    """All rows in one pass, instead of one question per row."""

    _mapping: LazyRows

    def __iter__(self) -> Iterator[tuple[str, Stored]]:
        return self._mapping.stored()


_UNREAD: Row = (0, 0, 0, "")  # the row of a document that was put without looking whether there is one


class _Live:
    """A document in the hands of an updater, and the row it came from (None: new)."""

    __slots__ = ("document", "row")

    def __init__(self, document: Any, row: Row | None) -> None:
        self.document = document
        self.row = row


class LiveRows(MutableMapping[Any, Any]):
    """What TinyDB hands to an updater: documents by their id, as a transaction sees them.

    A document handed out may be changed in place; `flush` finds out and writes what differs. With
    `where`, only the ids that it lets through are listed. `writing_ahead` is called before
    anything is written ahead of the end.
    """

    def __init__(
        self,
        engine: Engine,
        table: str,
        id_class: Callable[[Any], Any],
        where: Condition | None,
        writing_ahead: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._table = table
        self._id_class = id_class
        self._where = where
        self._writing_ahead = writing_ahead
        self._live: dict[RowId, _Live] = {}

    def __getitem__(self, key: Any) -> Any:
        id = self._row_id(key)
        live = self._live.get(id)
        if live is None:
            row = self._engine.row(self._table, id)
            if row is None:
                raise KeyError(key)
            live = self._hold(id, decode(row[3]), row)
        return live.document

    def __setitem__(self, key: Any, document: Any) -> None:
        self._id_class(str(key))  # an id that cannot be read back would spoil the table: refused before it is kept
        id = row_id(key)
        if id in self._live:
            self._live[id].document = document
        else:
            self._hold(id, document, _UNREAD)

    def __delitem__(self, key: Any) -> None:
        id = self._row_id(key)
        live = self._live.pop(id, None)
        row = live.row if live and live.row is not _UNREAD else self._engine.row(self._table, id)
        if row is not None:
            self._engine.delete(self._table, row)
        elif live is None:
            raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        id = self._row_id(key)
        return id in self._live or self._engine.row(self._table, id) is not None

    def __iter__(self) -> Iterator[Any]:
        self._write_ahead()
        return iter([self._id_class(str(id)) for id in self._engine.ids(self._table, self._where)])

    def __len__(self) -> int:
        self._write_ahead()
        info = self._engine.info(self._table)
        return info.rows if info else 0

    def clear(self) -> None:
        self._live.clear()
        self._engine.clear(self._table)

    def flush(self) -> None:
        """Write every document that is not as it is stored."""
        # All are encoded before any is written: one that is no JSON leaves no trace.
        bodies = {id: encode(live.document) for id, live in self._live.items()}
        self._read_unread()
        new = []
        for id, body in bodies.items():
            live = self._live[id]
            if live.row is None:
                new.append((id, body, live.document))
                live.row = _UNREAD
            elif live.row[3] != body:
                live.row = self._engine.put(self._table, id, body, live.document, live.row)
        self._engine.put_many(self._table, new)

    def _read_unread(self) -> None:
        unread = {id: live for id, live in self._live.items() if live.row is _UNREAD}
        rows = {row[1]: row for row in self._engine.with_ids(self._table, unread)}
        for id, live in unread.items():
            live.row = rows.get(id)

    def _write_ahead(self) -> None:
        if self._live:
            self._writing_ahead()
            self.flush()

    def _hold(self, id: RowId, document: Any, row: Row | None) -> _Live:
        if len(self._live) >= _HELD:
            self._write_ahead()
            self._live.clear()
        live = self._live[id] = _Live(document, row)
        return live

    def _row_id(self, key: object) -> RowId:
        # As in the dict of TinyDB: 1 is found under 1.0 and True too, but never under "1".
        hash(key)
        if self._id_class is not int:
            return row_id(key)
        if isinstance(key, (int, float)) and isfinite(key) and key == int(key):
            return row_id(int(key))
        return _NOWHERE


_NOWHERE = ""  # no document has an empty id where ids are numbers
