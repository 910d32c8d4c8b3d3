"""What keeps the documents: the protocol every engine fills, and the conditions it can narrow by.

An engine keeps tables of rows. A row is a document's JSON under its id, in insertion order (`seq`), with
the number of the commit that wrote it (`revision`) and one value per indexed field. Above this protocol
nobody knows which engine it is. Whatever goes wrong leaves an engine as `StoreProblem`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from desk.store.encoding import RowId, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from desk.store.terms import Term

Row: TypeAlias = tuple[int, RowId, int, str]  # seq, id, revision, body


class Among(NamedTuple):
    """The field holds one of `values`; with `odd` also what cannot be compared, with `missing` also nothing."""

    field: str
    values: tuple[Scalar, ...]
    odd: bool = True
    missing: bool = False


class Compared(NamedTuple):
    """The field stands so (`<`, `<=`, `>`, `>=`) to `value`, or is of another kind than `value`, or is odd."""

    field: str
    sign: str
    value: Scalar


class OtherKind(NamedTuple):
    """The field holds a value, but not one of the kind (text or number) of `value`."""

    field: str
    value: Scalar


class Both(NamedTuple):
    """Every one of the conditions holds."""

    parts: tuple[Condition, ...]


class Either(NamedTuple):
    """At least one of the conditions holds; with none, no row does."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Among | Compared | OtherKind | Both | Either


class TableInfo(Protocol):
    """What is known of a table without reading its rows."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields with an index."""

    @property
    def key(self) -> str:
        """The field no two documents may share the value of; empty where there is none."""

    @property
    def last_number(self) -> int:
        """The last number that `next_number` gave: none up to here is given again."""

    @property
    def version(self) -> int:
        """The number of the last commit that changed the table."""

    @property
    def rows(self) -> int:
        """How many documents it holds."""


class Snapshot(Protocol):
    """A store as it was at one moment. Used by one thread, inside the `with` that made it."""

    def tables(self) -> dict[str, TableInfo]: ...

    def rows(self, table: str) -> Iterator[Row]:
        """Every row in insertion order, read on as they are taken; a table that did not exist has none."""


class Engine(Protocol):
    """One store. Every method may be called from any thread; reads never wait for a writer.

    Inside `transaction()` a thread reads what it wrote. Writes are made inside a transaction only.
    """

    @property
    def identity(self) -> str:
        """Of the store itself: the same in every process."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing. One writer at a time; an inner transaction joins the outer, and undoes its own part alone."""

    def inside(self) -> bool:
        """Whether this thread is in a transaction."""

    def on_rollback(self, undo: Callable[[], None]) -> None:
        """Call `undo` should the present transaction come to nothing."""

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call it once what this thread has written is stored: at once outside a transaction, not after a rollback."""

    def trouble(self) -> str:
        """Why nothing can be read or written now, in one sentence; empty while all is well. Takes microseconds."""

    def close(self) -> None: ...

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """All that is committed now, to be read through while others write: what is not committed yet is not in it."""

    # Tables

    def tables(self) -> dict[str, TableInfo]: ...

    def info(self, table: str) -> TableInfo | None:
        """None when there is no such table."""

    def stamp(self, table: str) -> tuple[int, int]:
        """Moves with every write to the table that this thread can see: the commit, and a count of our own writes."""

    def changed(self) -> frozenset[str]:
        """The tables changed by anyone since this was last asked."""

    def create(self, table: str) -> None:
        """Make the table, if it is not there."""

    def drop(self, table: str) -> None: ...

    def clear(self, table: str) -> None: ...

    # Rows; a table that does not exist has none

    def rows(self, table: str, where: Condition | None = None) -> Iterator[Row]:
        """Rows in insertion order, as of now: later writes do not show. Inside a transaction all are read at once."""

    def row(self, table: str, id: RowId) -> Row | None: ...

    def with_ids(self, table: str, ids: Iterable[RowId]) -> list[Row]:
        """Those of the rows that exist, in insertion order."""

    def ids(self, table: str, where: Condition | None = None) -> list[RowId]: ...

    def first(self, table: str, where: Condition) -> Row | None: ...

    def between(
        self, table: str, field: str, low: str | None, high: str | None, *, newest_first: bool, limit: int | None
    ) -> list[Row]:
        """Rows whose text `field` is at least `low` and below `high`, in the order of the field."""

    def count(self, table: str, where: Condition) -> int: ...

    def revisions(self, table: str, field: str, where: Condition | None) -> list[tuple[Scalar, int]]:
        """The value of `field` and the revision of each row."""

    def matching(self, table: str, groups: Sequence[Sequence[Term]], limit: int) -> list[Row]:
        """Rows that carry, for every group, one of its lookup terms."""

    def greatest_id(self, table: str) -> int | None:
        """The greatest number among the ids; None when there is none."""

    def text_ids(self, table: str) -> list[str]:
        """The ids that are not numbers, or too great for one."""

    # Writes

    def put(self, table: str, id: RowId, body: str, document: Mapping[str, Any], before: Row | None) -> Row:
        """Store one document: over `before`, which must be its present row, or as a new last row."""

    def put_many(self, table: str, rows: Sequence[tuple[RowId, str, Mapping[str, Any]]]) -> None:
        """Store many new documents after the last row."""

    def bulk(self) -> AbstractContextManager[None]:
        """Many writes are coming: use more memory meanwhile."""

    def delete(self, table: str, row: Row) -> None: ...

    def next_number(self, table: str, count: int = 1) -> int:
        """The first of `count` ids in a row that no document of the table has, nor had if they came from here."""
