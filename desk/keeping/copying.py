"""One store copied into another, of whatever engine: resumable, and verified before it counts as done.

    copied = copy_store(old.storage.engine, new.storage.engine)

Each pass reads one moment of the source and makes the target the same, row by row: what is there already and
right is passed over, so that a copy that was killed goes on where it stood. What is written to the source
meanwhile is brought in by another pass. Nothing is called done before every table of the target was read back
and has the digest of the source as it is at the end; a source that never rests is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import chain

from msgspec import Struct

from desk.errors import BadInput, Refused, StoreProblem
from desk.i18n import _
from desk.keeping.lines import Digest, Digesting, Entry, as_lines, digest_of, pages
from desk.keeping.loading import append, count_on, is_empty
from desk.keeping.standing import UNFINISHED, Mark, mark_of, set_mark, under
from desk.store.encoding import decode
from desk.store.engine import Engine, Row, Snapshot, TableInfo

PASSES = 5
STEP_ROWS = 250_000  # an engine indexes so many at once much quicker than page by page

Progress = Callable[[int, int], None]  # rows done, rows in all


class Store(Struct, frozen=True):
    """A store to copy from or to, and its address without a password."""

    engine: Engine
    name: str


class Into(Struct, frozen=True):
    """The store being made, by whoever holds its mark."""

    engine: Engine
    name: str
    mark: Mark

    def writing(self) -> AbstractContextManager[None]:
        return under(self.engine, self.mark)


class Copied(Struct, frozen=True):
    """What a copy came to: the digest of each table, the same on both sides, and how many passes it took."""

    tables: dict[str, Digest]
    passes: int

    @property
    def rows(self) -> int:
        return sum(digest.rows for digest in self.tables.values())


def copy_store(source: Store, target: Store, *, at: str = "", progress: Progress | None = None) -> Copied:
    """Make `target` what `source` is. Raises Refused for a target that holds something else, or a source at work.

    Ids, the order of insertion and the numbers to come are kept. A revision says which commit of its own store
    wrote a row: the copy's rows have those of the copy.
    """
    _refuse(source, target)
    mark = Mark("copy", source.engine.identity, at)
    set_mark(target.engine, mark)
    into = Into(target.engine, target.name, mark)
    done: dict[str, tuple[int, Digest]] = {}  # table → the version it was copied and verified at
    for number in range(1, PASSES + 1):
        with source.engine.snapshot() as moment:
            infos = {name: info for name, info in moment.tables().items() if name != UNFINISHED}
            done = {name: known for name, known in done.items() if _is_at(infos.get(name), known[0])}
            _pass(moment, {name: info for name, info in infos.items() if name not in done}, into, done, progress)
            _drop_others(into, infos)
        if _versions(source.engine) == {name: version for name, (version, _digest) in done.items()}:
            return _finished(into, {name: digest for name, (_version, digest) in done.items()}, number)
    raise Refused(
        _("{source} is being written to all the time; close the desk on every seat, then start the copy again").format(
            source=source.name
        )
    )


def _refuse(source: Store, target: Store) -> None:
    if source.engine.identity == target.engine.identity:
        raise BadInput(_("{store} cannot be copied into itself").format(store=source.name))
    mark = mark_of(target.engine)
    if mark is None and is_empty(target.engine):
        return
    if mark is None:
        raise Refused(_("{store} holds a desk already; copy into an empty store").format(store=target.name))
    if mark.what != "copy" or mark.source != source.engine.identity:
        words = _("{store} was left half filled with something else; empty it, or name another store")
        raise Refused(words.format(store=target.name))


def _pass(
    moment: Snapshot,
    infos: dict[str, TableInfo],
    target: Into,
    done: dict[str, tuple[int, Digest]],
    progress: Progress | None,
) -> None:
    total, before = sum(info.rows for info in infos.values()), 0
    for name, info in infos.items():

        def told(rows: int, before: int = before) -> None:
            if progress:
                progress(before + rows, total)

        with target.writing():
            target.engine.create(name)
            count_on(target.engine, name, info.last_number)
        digest = _same(moment, name, target, told)
        if _read_back(target.engine, name) != digest:
            words = _("{table} in {store} does not read back as it was written; look at its disk and start again")
            raise StoreProblem(words.format(table=name, store=target.name))
        done[name] = (info.version, digest)
        before += info.rows


def _same(moment: Snapshot, name: str, target: Into, told: Callable[[int], None]) -> Digest:
    """Make one table of the target what it is in the source; returns the digest of the source's."""
    try:
        return _in_step(moment, name, target, told)
    except BadInput:  # two documents have exchanged their keys: row by row there is no way
        with target.writing():
            target.engine.clear(name)
        return _in_step(moment, name, target, told)


def _in_step(moment: Snapshot, name: str, target: Into, told: Callable[[int], None]) -> Digest:
    digesting, rows = Digesting(), 0
    there = _There(target, name)
    for step in _steps(pages(moment.rows(name))):
        with target.writing(), target.engine.bulk():
            for page in step:
                digesting.add(len(page), as_lines(page))
                new = there.walk(page)
                if new:
                    append(target.engine, name, new)
                rows += len(page)
                told(rows)
    there.drop_rest()
    return digesting.done()


def _steps(found: Iterator[list[Entry]]) -> Iterator[Iterator[list[Entry]]]:
    """The pages of a table some at a time: what is stored in one transaction, and not done again."""
    for first in found:
        yield _step(first, found)


def _step(first: list[Entry], found: Iterator[list[Entry]]) -> Iterator[list[Entry]]:
    yield first
    rows = len(first)
    while rows < STEP_ROWS and (page := next(found, None)) is not None:
        yield page
        rows += len(page)


class _There:
    """The rows that the target has already, walked through beside the source's, in the same order.

    New rows come after all others in either store. So what the target has and the source has not at the same
    place was removed from the source.
    """

    def __init__(self, target: Into, table: str) -> None:
        self._target = target
        self._table = table
        info = target.engine.info(table)
        self._rows: Iterator[Row] = _begun(target.engine.rows(table)) if info and info.rows else iter(())

    def walk(self, page: list[Entry]) -> list[Entry]:
        """Correct the target's rows as far as `page` goes; returns those of the page that it has not."""
        gone: list[Row] = []
        other: list[tuple[Row, str]] = []
        missing = len(page)
        for at, (id, body) in enumerate(page):
            row = self._find(id, gone)
            if row is None:
                missing = at
                break
            if row[3] != body:
                other.append((row, body))
        self._write(gone, other)
        return page[missing:]

    def drop_rest(self) -> None:
        """Remove what stands after the last row of the source."""
        self._write(list(self._rows), [])

    def _find(self, id: object, gone: list[Row]) -> Row | None:
        for row in self._rows:
            if row[1] == id:
                return row
            gone.append(row)
        return None

    def _write(self, gone: list[Row], other: list[tuple[Row, str]]) -> None:
        if not gone and not other:
            return
        with self._target.writing():
            for row in gone:
                self._target.engine.delete(self._table, row)
            for row, body in other:
                self._target.engine.put(self._table, row[1], body, decode(body), row)


def _begun(rows: Iterator[Row]) -> Iterator[Row]:
    """The same rows, the first of them read: what is begun outside a transaction is read one by one inside, too."""
    first = next(rows, None)
    return iter(()) if first is None else chain((first,), rows)


def _read_back(target: Engine, name: str) -> Digest:
    with target.snapshot() as moment:
        return digest_of(moment.rows(name))


def _drop_others(target: Into, infos: dict[str, TableInfo]) -> None:
    for name in target.engine.tables().keys() - infos.keys() - {UNFINISHED}:
        with target.writing():
            target.engine.drop(name)


def _versions(engine: Engine) -> dict[str, int]:
    with engine.snapshot() as moment:
        return {name: info.version for name, info in moment.tables().items() if name != UNFINISHED}


def _is_at(info: TableInfo | None, version: int) -> bool:
    return info is not None and info.version == version


def _finished(target: Into, tables: dict[str, Digest], passes: int) -> Copied:
    with target.writing():
        target.engine.drop(UNFINISHED)
    return Copied(tables, passes)
