"""The network and the customers: each row compared with the stored record, the changed ones written together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Generic, TypeVar

from msgspec.structs import replace

from desk.access import Access
from desk.errors import BadInput
from desk.i18n import _
from desk.imports.layout import Readers
from desk.imports.readers import customer_readers, network_readers
from desk.imports.report import Report
from desk.imports.run import CHECKED_EVERY, Run
from desk.imports.spool import Spool
from desk.place import Place
from desk.records import Customer, TransformerArea
from desk.store import RecordTable

BATCH = 400  # stored records fetched at once

T = TypeVar("T", Customer, TransformerArea)


def take_records(place: Place, run: Run) -> Report:
    """Take in a network or customers file; see `import_file`."""
    if run.what == "network":
        return _Taking(place, run, TransformerArea, place.network, "transformer_area").take(network_readers())
    areas = place.grid.areas
    if not areas:
        raise BadInput(_("the network is empty; import it first, with `desk import network FILE`"))
    readers = customer_readers(areas, place.config.county.area_code)
    return _Taking(place, run, Customer, place.customers, "account_no").take(readers)


class _Taking(Generic[T]):
    """One import of records of `kind`, recognised by `key`."""

    def __init__(self, place: Place, run: Run, kind: type[T], table: RecordTable[T], key: str) -> None:
        self._place = place
        self._run = run
        self._kind: type[T] = kind
        self._table: RecordTable[T] = table
        self._key = key

    def take(self, readers: Readers) -> Report:
        with Spool(self._kind) as spool:
            self._compare(self._distinct(readers), spool)
            if self._run.may_write() and spool.count:
                self._write(spool)
        return self._run.report()

    def _distinct(self, readers: Readers) -> Iterator[dict[str, Any]]:
        """The values of good rows, without those whose key an earlier row has."""
        seen: dict[str, int] = {}
        for row, values in self._run.rows(readers):
            key = values[self._key]
            first = seen.setdefault(key, row)
            if first == row:
                yield values
            else:
                problem = _("is already in row {row} of this file").format(row=first)
                self._run.tally.reject(row, self._key, key, problem)

    def _compare(self, rows: Iterator[dict[str, Any]], spool: Spool[T]) -> None:
        tally = self._run.tally
        nothing_stored = not self._table.count()
        while batch := list(islice(rows, BATCH)):
            stored = {} if nothing_stored else self._stored([values[self._key] for values in batch])
            for values in batch:
                before = stored.get(values[self._key])
                if before is None:
                    tally.created += 1
                    spool.add(self._kind(**values))
                elif (after := replace(before, **values)) != before:
                    tally.updated += 1
                    spool.add(after)
                else:
                    tally.unchanged += 1

    def _stored(self, keys: list[str]) -> Mapping[str, T]:
        return {getattr(record, self._key): record for record in self._table.where(**{self._key: keys})}

    def _write(self, spool: Spool[T]) -> None:
        from desk.outages import Outages

        run, tally = self._run, self._run.tally
        with self._place.store.transaction():
            self._table.put_many(self._paced(spool))
            counts = {"created": tally.created, "updated": tally.updated, "rejected": len(tally.rejected)}
            Access(self._place).note(f"import.{run.what}", run.path.name, counts)
            # Who is below a device may have changed: the counts of outages that are on follow.
            Outages(self._place).recount()

    def _paced(self, spool: Spool[T]) -> Iterator[T]:
        total = self._run.source.total
        for done, record in enumerate(spool):
            if not done % CHECKED_EVERY:
                self._run.check_cancelled()
                self._run.pace.at(total + total * done // spool.count)
            yield record
