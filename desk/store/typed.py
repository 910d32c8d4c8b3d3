"""The typed door to a table: records in, records out, on the same documents TinyDB sees.

    customers = store.records("customers", Customer)
    customers.put(Customer(account_no="64010001", name="张三", transformer_area="T1"))
    customers.where(transformer_area=["T1", "T2"])

Records are decoded straight from a row's text, and only those asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar

import msgspec
from msgspec import Struct

from desk.errors import StaleWrite, StoreProblem
from desk.i18n import _
from desk.store.encoding import comparable
from desk.store.engine import Among, Both, Compared, Condition, Either, Engine, Row
from desk.store.spec import TableSpec

if TYPE_CHECKING:
    from desk.store.terms import Term

T = TypeVar("T", bound=Struct)

_CHUNK = 1000  # records stored at a time by `put_many`


class Wanted:
    """What `where(**equals)` asks for: as a condition, and as a check for values no index can compare."""

    def __init__(self, spec: TableSpec, defaults: dict[str, Any], equals: dict[str, Any]) -> None:
        self._values = {field: _plain_values(value) for field, value in equals.items()}
        for field in equals:
            if field not in spec.fields:
                raise ValueError(f"{spec.name} has no index on {field!r}: add it to its TableSpec")
        self._defaults = defaults
        parts = tuple(self._among(field, values) for field, values in self._values.items())
        self.exact = not any(part.odd for part in parts)
        self.condition: Condition | None = parts[0] if len(parts) == 1 else Both(parts) if parts else None

    def __call__(self, record: object) -> bool:
        return all(_plain(getattr(record, field)) in values for field, values in self._values.items())

    def _among(self, field: str, values: list[Any]) -> Among:
        known = [comparable(value) for value in values]
        missing = field in self._defaults and self._defaults[field] in values  # a default is left out of the document
        return Among(field, tuple(value for value in known if value is not None), None in known, missing)


class RecordTable(Generic[T]):
    """The documents of one table as records of one type, identified by the key of its `TableSpec`.

    What is asked by keyword (`where`, `each`, `count`, `revisions`) are indexed fields, each with the value
    it must have or a collection of values; the answer is exact and in insertion order.
    """

    def __init__(self, engine: Engine, spec: TableSpec, type: type[T]) -> None:
        self.name = spec.name
        self._engine = engine
        self._spec = spec
        self._decoder = msgspec.json.Decoder(type)
        self._encode = msgspec.json.Encoder().encode
        self._indexed = _reader(spec)
        self._defaults = _defaults(type)

    # Reading

    def get(self, key: object) -> T | None:
        """The record with this key."""
        row = self._row(key)
        return None if row is None else self._record(row)

    def where(self, **equals: Any) -> list[T]:
        """All records with these values."""
        return list(self.each(**equals))

    def each(self, **equals: Any) -> Iterator[T]:
        """The same one by one, as they were when the first was taken. Inside a transaction all are read at once."""
        wanted = self._wanted(equals)
        records = map(self._record, self._engine.rows(self.name, wanted.condition))
        return records if wanted.exact else filter(wanted, records)

    def all(self) -> Iterator[T]:
        """Every record, one by one."""
        return self.each()

    def count(self, **equals: Any) -> int:
        """How many records have these values."""
        wanted = self._wanted(equals)
        if not wanted.exact:
            return sum(1 for _ in self.each(**equals))
        if wanted.condition is not None:
            return self._engine.count(self.name, wanted.condition)
        info = self._engine.info(self.name)
        return info.rows if info else 0

    def range(
        self, field: str, low: Any, high: Any, *, newest_first: bool = False, limit: int | None = None
    ) -> list[T]:
        """Records whose text or time `field` is at least `low` and below `high` (None: open), in its order."""
        if field not in self._spec.fields:
            raise ValueError(f"{self.name} has no index on {field!r}: add it to its TableSpec")
        low, high = _plain(low), _plain(high)
        rows = self._engine.between(self.name, field, low, high, newest_first=newest_first, limit=limit)
        return [self._record(row) for row in rows]

    def matching(self, groups: Sequence[Sequence[Term]], limit: int) -> list[T]:
        """Records that carry, for every group, at least one of its lookup terms; at most `limit`."""
        return [self._record(row) for row in self._engine.matching(self.name, groups, limit)]

    def newest(self) -> T | None:
        """The record with the greatest number: the one that `add` stored last."""
        number = self._engine.greatest_id(self.name)
        return None if number is None else self.numbered(number)

    def numbered(self, number: int) -> T | None:
        """The record that `add` stored under this number."""
        row = self._engine.row(self.name, number)
        return None if row is None else self._record(row)

    def bodies(self) -> Iterator[str]:
        """The text of every document in insertion order, one by one, whatever it holds: for who must see it as it is.

        As they were when the first was taken; inside a transaction they are read in pieces.
        """
        if not self._engine.inside():
            yield from (row[3] for row in self._engine.rows(self.name))
            return
        ids = self._engine.ids(self.name)
        for start in range(0, len(ids), _CHUNK):
            yield from (row[3] for row in self._engine.with_ids(self.name, ids[start : start + _CHUNK]))

    def revision(self, key: object) -> int | None:
        """The revision of the record with this key; it moves with every change of the record."""
        row = self._row(key)
        return None if row is None else row[2]

    def revisions(self, **equals: Any) -> dict[str, int]:
        """Key and revision of all records with these values: what changed, without decoding any."""
        wanted = self._wanted(equals)
        if not wanted.exact:
            rows = ((self._record(row), row[2]) for row in self._engine.rows(self.name, wanted.condition))
            return {str(_plain(self._key_of(record))): revision for record, revision in rows if wanted(record)}
        found = self._engine.revisions(self.name, self._key, wanted.condition)
        return {str(key): revision for key, revision in found}

    def revisions_from(self, field: str, low: Any, **equals: Any) -> dict[str, int]:
        """The same of all records with these values, and of those whose text or time `field` is at least `low`: one
        question for both. Records whose `field` cannot be compared are among them."""
        wanted, low = self._wanted(equals), comparable(_plain(low))
        if low is None or wanted.condition is None or field not in self._spec.fields:
            raise ValueError(f"{self.name}: {field!r} is no index, or nothing is asked for")
        found = self._engine.revisions(self.name, self._key, Either((wanted.condition, Compared(field, ">=", low))))
        return {str(key): revision for key, revision in found}

    # Writing

    def put(self, record: T, *, revision: int | None = None) -> None:
        """Store the record in place of the one with its key, or as a new one.

        With `revision`, raises StaleWrite unless that is still the stored one's. A record that is stored
        already, just so, is not written again.
        """
        with self._engine.transaction():
            before = self._row(self._key_of(record))
            if revision is not None and (before is None or before[2] != revision):
                message = _(
                    "{table} {id} was changed by someone else in the meantime; read it again and repeat the change"
                )
                raise StaleWrite(message.format(table=self.name, id=self._key_of(record)))
            self._store(record, before)

    def put_many(self, records: Iterable[T]) -> None:
        """Store many records in one transaction, taking them one by one: memory does not grow with their number."""
        remaining = iter(records)
        with self._engine.bulk():
            while chunk := list(islice(remaining, _CHUNK)):
                self._put_chunk(chunk)

    def add(self, make: Callable[[int], T]) -> T:
        """Store what `make` returns for the next free number, which no record of this table ever had."""
        with self._engine.transaction():
            number = self._engine.next_number(self.name)
            record = make(number)
            body = self._encode(record).decode()
            self._engine.put(self.name, number, body, msgspec.json.decode(body), None)
            return record

    def remove(self, key: object) -> bool:
        """Remove the record with this key; False when there is none."""
        with self._engine.transaction():
            row = self._row(key)
            if row is not None:
                self._engine.delete(self.name, row)
            return row is not None

    # Inside

    @property
    def _key(self) -> str:
        if not self._spec.key:
            raise ValueError(f"{self.name} has no key: name it in its TableSpec")
        return self._spec.key

    def _key_of(self, record: T) -> Any:
        return getattr(record, self._key)

    def _wanted(self, equals: dict[str, Any]) -> Wanted:
        return Wanted(self._spec, self._defaults, equals)

    def _row(self, key: object) -> Row | None:
        value = comparable(_plain(key))
        return None if value is None else self._engine.first(self.name, Among(self._key, (value,), odd=False))

    def _record(self, row: Row) -> T:
        try:
            return self._decoder.decode(row[3])
        except msgspec.MsgspecError as error:
            message = _("{table} {id} is not stored as it should be; correct or remove it")
            raise StoreProblem(message.format(table=self.name, id=row[1]), why=str(error)) from error

    def _stale(self, key: object) -> StaleWrite:
        message = _("{table} {id} was changed by someone else in the meantime; read it again and repeat the change")
        return StaleWrite(message.format(table=self.name, id=key))

    def _store(self, record: T, before: Row | None) -> None:
        body = self._encode(record).decode()
        if before is None:
            number = self._engine.next_number(self.name)
            self._engine.put(self.name, number, body, self._indexed(body), None)
        elif before[3] != body:
            self._engine.put(self.name, before[1], body, self._indexed(body), before)

    def _put_chunk(self, records: list[T]) -> None:
        latest = {_plain(self._key_of(record)): record for record in records}
        for row in self._stored(latest):
            self._store(latest.pop(msgspec.json.decode(row[3])[self._key]), row)
        bodies = [self._encode(record).decode() for record in latest.values()]
        if bodies:
            first = self._engine.next_number(self.name, len(bodies))
            rows = [(number, body, self._indexed(body)) for number, body in enumerate(bodies, first)]
            self._engine.put_many(self.name, rows)

    def _stored(self, keys: Iterable[Any]) -> list[Row]:
        known = tuple(value for value in map(comparable, keys) if value is not None)
        return list(self._engine.rows(self.name, Among(self._key, known, odd=False)))


def _reader(spec: TableSpec) -> Callable[[str], dict[str, Any]]:
    # What the engine needs of a document: all of it where it has lookup terms, else the indexed fields alone.
    if spec.terms is not None:
        return msgspec.json.decode
    fields = TypedDict(spec.name, dict.fromkeys(spec.fields, Any), total=False)  # type: ignore[misc]
    reader: msgspec.json.Decoder[Any] = msgspec.json.Decoder(fields)
    return reader.decode


def _plain(value: Any) -> Any:
    # As it stands in a document.
    return value if type(value) in _PLAIN else msgspec.to_builtins(value)


def _plain_values(value: Any) -> list[Any]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [_plain(value)]
    return [_plain(one) for one in value]


def _defaults(type: type[Struct]) -> dict[str, Any]:
    # What is left out of a document when it has its default.
    if not type.__struct_config__.omit_defaults:
        return {}
    return {
        field.encode_name: _plain(field.default)
        for field in msgspec.structs.fields(type)
        if field.default is not msgspec.NODEFAULT
    }


_PLAIN: frozenset[type] = frozenset({str, int, float, bool, type(None)})
