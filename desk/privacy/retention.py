"""Deletes what need not be kept any longer, in slices of a few milliseconds, each with its record of deletion.

    retention = Retention(place)
    retention.plan()      -> what would go: table, how many, older than when
    retention.run()       -> the same, gone

Every slice is one transaction with its Deletion (how many, SHA-256 over their ids) and its line in the audit. So a
run that is killed has deleted whole slices and written down each; the next one goes on. The audit is never deleted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from msgspec import Struct

from desk import schema
from desk.access import Access
from desk.i18n import N_, _
from desk.place import Place
from desk.privacy import bundles
from desk.privacy.deleting import Cancelled, Deleting, never, resting, sliced
from desk.privacy.files import old_logs, unreferenced
from desk.privacy.periods import KINDS, Kind, oldest_kept
from desk.privacy.stripping import stripped, to_strip
from desk.records import Attempt
from desk.store import RecordTable

FILES = "attachments"
LOGS = "logs"
STRIPPED = "calls"


class Due(Struct, frozen=True, kw_only=True):
    """What goes: `rows` of a table (or files), over before `before`. `how`: deleted, or stripped of the person."""

    table: str
    rows: int
    before: datetime
    how: str = "deleted"


class Outcome(Struct, frozen=True, kw_only=True):
    """What a run came to, or would; `kept`: why something old is kept all the same."""

    due: tuple[Due, ...]
    kept: tuple[str, ...] = ()


class Retention:
    """The county's periods, applied to its store."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._access = Access(place)
        self._deleting = Deleting(place)

    def plan(self) -> Outcome:
        """What would go now. Raises NotAllowed without the right to run retention."""
        self._access.require("run_retention")
        counted: Counter[tuple[str, datetime]] = Counter()
        for kind, moment, keys in self._aged():
            counted[kind.table, moment] += len(keys)
            if kind.table == schema.MESSAGES:
                counted[schema.ATTEMPTS, moment] += sum(len(some) for some in self._tries(keys))
        before = oldest_kept(self._place, "outages")
        for outage in self._bundles(before):
            for part in bundles.parts(self._place, outage):
                counted[part.table, _sure(before)] += len(part.keys)
        due = [Due(table=table, rows=rows, before=moment) for (table, moment), rows in counted.items() if rows]
        return Outcome(due=(*due, *self._strippable(), *self._files_due(before)), kept=self._kept())

    def run(self, cancelled: Cancelled = never) -> Outcome:
        """Delete it; stops between two slices when `cancelled` says so."""
        self._access.require("run_retention")
        kept = self._kept()
        work = (self._delete_aged, self._delete_bundles, self._strip, self._delete_files)
        done = [due for step in work for due in step(cancelled)]
        return Outcome(due=_summed(done), kept=kept)

    # What is due

    def _aged(self) -> Iterator[tuple[Kind, datetime, list[str]]]:
        outages = self._place.outages_table.revisions()
        for kind in KINDS:
            if (before := oldest_kept(self._place, kind.keep)) is None:
                continue
            keys = [
                str(getattr(one, kind.key)) for one in self._records(kind).all() if _goes(kind, one, before, outages)
            ]
            yield kind, before, keys

    def _tries(self, messages: Sequence[str]) -> Iterator[list[str]]:
        table = self._place.store.records(schema.ATTEMPTS, Attempt)
        for some in sliced(messages):
            yield [one.id for one in table.where(message=list(some))]

    def _bundles(self, before: datetime | None) -> Iterator[str]:
        if before is None:
            return
        for outage in [one.id for one in bundles.ended_before(self._place, before)]:
            if not bundles.is_in_use(self._place, outage):
                yield outage

    def _strippable(self) -> list[Due]:
        before = oldest_kept(self._place, "calls")
        rows = sum(1 for _one in to_strip(self._place, before)) if before else 0
        return [Due(table=STRIPPED, rows=rows, before=_sure(before), how="stripped")] if rows else []

    def _files_due(self, before: datetime | None) -> list[Due]:
        going = set(self._bundles(before))
        files = {
            FILES: (len(unreferenced(self._place, going)), before),
            LOGS: (len(self._old_logs()), oldest_kept(self._place, "drafts")),
        }
        return [Due(table=name, rows=rows, before=_sure(moment)) for name, (rows, moment) in files.items() if rows]

    def _kept(self) -> tuple[str, ...]:
        found = []
        if self._place.config.privacy.keep.get("audit"):
            found.append(_("the audit is never deleted, whatever [privacy] keep says"))
        before = oldest_kept(self._place, "outages")
        if before is None:
            return tuple(found)
        if count := bundles.never_closed(self._place, before):
            found.append(_(NEVER_CLOSED).format(count=count))
        used = [one.id for one in bundles.ended_before(self._place, before) if bundles.is_in_use(self._place, one.id)]
        if used:
            found.append(_(IN_USE).format(outages=", ".join(used[:10]), count=len(used)))
        return tuple(found)

    # Doing it

    def _delete_aged(self, cancelled: Cancelled) -> Iterator[Due]:
        for kind, before, keys in self._aged():
            if kind.table == schema.MESSAGES:
                yield from self._delete_tries(keys, before, cancelled)
            yield self._gone(self._records(kind), keys, before, cancelled)

    def _delete_tries(self, messages: list[str], before: datetime, cancelled: Cancelled) -> Iterator[Due]:
        table = self._place.store.records(schema.ATTEMPTS, Attempt)
        for keys in self._tries(messages):
            yield self._gone(table, keys, before, cancelled)

    def _delete_bundles(self, cancelled: Cancelled) -> Iterator[Due]:
        before = oldest_kept(self._place, "outages")
        for outage in [*self._bundles(before)]:
            for part in bundles.parts(self._place, outage):
                table = self._place.store.records(part.table, part.type)
                yield self._gone(table, part.keys, _sure(before), cancelled)

    def _strip(self, cancelled: Cancelled) -> Iterator[Due]:
        if (before := oldest_kept(self._place, "calls")) is None:
            return
        calls = self._place.calls_table
        for keys in sliced([*to_strip(self._place, before)]):
            if cancelled():
                return
            with resting(), self._place.store.transaction():
                known = [call for call in map(calls.get, keys) if call is not None]
                for call in known:
                    calls.put(stripped(call))
                self._deleting.written(STRIPPED, [call.id for call in known], before, "call.strip")
            yield Due(table=STRIPPED, rows=len(known), before=before, how="stripped")

    def _delete_files(self, cancelled: Cancelled) -> Iterator[Due]:
        before = oldest_kept(self._place, "outages")
        if before is not None and not cancelled():
            yield self._unlinked(FILES, unreferenced(self._place), before)
        old = oldest_kept(self._place, "drafts")
        if old is not None and not cancelled():
            yield self._unlinked(LOGS, self._old_logs(), old)

    def _unlinked(self, name: str, files: Sequence[Any], before: datetime) -> Due:
        gone = []
        for file in files:
            with suppress(OSError):
                file.unlink()
                gone.append(file.name)
        if gone:
            with self._place.store.transaction():
                self._deleting.written(name, gone, before)
        return Due(table=name, rows=len(gone), before=before)

    def _gone(self, table: RecordTable[Any], keys: Sequence[str], before: datetime, cancelled: Cancelled) -> Due:
        return Due(table=table.name, rows=self._deleting.of(table, keys, before, cancelled), before=before)

    def _records(self, kind: Kind) -> RecordTable[Any]:
        return self._place.store.records(kind.table, kind.type)

    def _old_logs(self) -> list[Any]:
        before = oldest_kept(self._place, "drafts")
        return old_logs(self._place.config.data, before) if before else []


NEVER_CLOSED = N_("{count} outages were restored and never closed; close them (desk outage close ID), or they stay")
IN_USE = N_("{count} outages stay because something is still open because of them: {outages}")


def _goes(kind: Kind, record: Any, before: datetime, outages: dict[str, int]) -> bool:
    if kind.outage and record.outage in outages:
        return False  # with its outage
    over = kind.over(record)
    return over is not None and over < before


def _sure(moment: datetime | None) -> datetime:
    assert moment is not None  # there is nothing due where everything is kept for ever
    return moment


def _summed(done: Sequence[Due]) -> tuple[Due, ...]:
    rows: Counter[tuple[str, datetime, str]] = Counter()
    for one in done:
        rows[one.table, one.before, one.how] += one.rows
    return tuple(Due(table=t, rows=n, before=b, how=h) for (t, b, h), n in rows.items() if n)
