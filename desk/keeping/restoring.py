"""A backup put back into an empty place: verified before anything is written, and again when it is all there.

While it is under way, a file in the data folder and a mark in the store say so; no desk opens on either. Whoever
is killed starts the same command again: what was put there is put there anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from desk.access import Access
from desk.errors import BadInput, Refused, StoreProblem
from desk.i18n import _
from desk.keeping.belongings_back import Files
from desk.keeping.lines import Entry, digest_of, from_lines
from desk.keeping.loading import append, count_on, is_empty
from desk.keeping.manifest import Manifest, part_name
from desk.keeping.opening import contents, verified
from desk.keeping.standing import RESTORING, UNFINISHED, Mark, mark_of, set_mark, under, without_password
from desk.keeping.upgrade import RECORDS
from desk.place import Place
from desk.schema import table_specs
from desk.store import DocumentStore, open_store

if TYPE_CHECKING:
    from desk.clock import Clock
    from desk.config import Config
    from desk.plugins.host import PluginHost
    from desk.store.engine import Engine

Progress = Callable[[int, int], None]  # rows done, rows in all


class Restored(Struct, frozen=True):
    """What was put back, and where; `notes`: what was done otherwise than the backup has it, a sentence each."""

    manifest: Manifest
    data: Path
    store: str
    notes: tuple[str, ...]


def restore(
    file: Path,
    config: Config,
    clock: Callable[[bool], Clock],
    *,
    password: str = "",
    passphrase: str = "",
    progress: Progress | None = None,
) -> Restored:
    """Put the backup into the data folder and the store that `config` names, which must be empty.

    `password` is the store's, where its server asks for one; `clock` gives the time there, and is told whether the
    backup is of a sandbox. Raises BadInput for a backup that is not whole and
    Refused for a place with a desk: then nothing was written.
    """
    manifest = verified(file, passphrase)
    _refuse_newer(file, manifest)
    _refuse_desk(config, manifest)
    files = Files(config, manifest)
    specs = table_specs(config.county.area_code if config.path else manifest.head.area_code)
    with open_store(config.store_url, specs, password) as store:
        place = _place(config, store, clock(any(kept.path == "sandbox" for kept in manifest.files)))
        Access(place).require("restore")
        if files.again and _is_whole(store):  # it was killed as it said that it was done
            files.unmark()
            return Restored(manifest, config.data, without_password(config.store_url), ())
        _refuse_filled(place, manifest)
        files.refuse_others()
        files.mark()
        rows = _Rows(place, manifest, progress)
        rows.begin()
        for table, parts in groupby(contents(file, passphrase), rows.table_of):
            if table:
                rows.put(table, parts)
            else:
                files.put_all(parts)
        rows.verify()
        files.put_settings()
        rows.finish()
    files.unmark()
    return Restored(manifest, config.data, without_password(config.store_url), tuple(files.notes))


def _refuse_newer(file: Path, manifest: Manifest) -> None:
    if manifest.head.records > RECORDS:
        raise BadInput(
            _("{file} was made by a newer version of the desk; update the desk to read it").format(file=file)
        )


def _refuse_desk(config: Config, manifest: Manifest) -> None:
    mark = config.data / RESTORING
    if mark.exists():
        if mark.read_text("utf-8").split()[:1] != [manifest.head.id]:
            words = _("another backup was half restored into {folder}; restore that one, or take another folder")
            raise Refused(words.format(folder=config.data))
        return
    scheme, _separator, path = config.store_url.partition(":///")
    if scheme == "sqlite" and Path(path).exists():
        raise Refused(_("there is a desk in {folder} already").format(folder=config.data))


def _refuse_filled(place: Place, manifest: Manifest) -> None:
    engine = _engine(place.store)
    mark = mark_of(engine)
    if mark is None and is_empty(engine):
        return
    if mark is None or (mark.what, mark.source) != ("restore", manifest.head.id):
        words = _("{store} is not empty; restore into an empty store")
        raise Refused(words.format(store=without_password(place.config.store_url)))


def _is_whole(store: DocumentStore) -> bool:
    engine = _engine(store)
    return mark_of(engine) is None and not is_empty(engine)


def _place(config: Config, store: DocumentStore, clock: Clock) -> Place:
    def no_plugins() -> PluginHost:
        raise StoreProblem("a place being restored has no plugins")

    desk = config.desk
    return Place(config, store, clock, no_plugins, agent=desk.agent, role=desk.role, seat=desk.seat)


def _engine(store: DocumentStore) -> Engine:
    return store.storage.engine  # type: ignore[attr-defined,no-any-return]


class _Rows:
    """The tables of the store as they are put back."""

    def __init__(self, place: Place, manifest: Manifest, progress: Progress | None) -> None:
        self._place = place
        self._manifest = manifest
        self._engine = _engine(place.store)
        self._mark = Mark("restore", manifest.head.id, manifest.head.made_at.isoformat())
        self._tables = {
            part_name(table.name, number): table.name
            for table in manifest.tables
            for number in range(1, table.parts + 1)
        }
        self._progress = progress
        self._done = 0

    def begin(self) -> None:
        set_mark(self._engine, self._mark)
        for name in self._engine.tables().keys() - {UNFINISHED}:  # of a try that was killed
            with under(self._engine, self._mark):
                self._engine.drop(name)
        for table in self._manifest.tables:
            with under(self._engine, self._mark):
                self._engine.create(table.name)
                count_on(self._engine, table.name, table.last_number)

    def table_of(self, part: tuple[str, bytes]) -> str:
        """Of which table this part of the backup is; empty for all else."""
        return self._tables.get(part[0], "")

    def put(self, table: str, parts: Iterable[tuple[str, bytes]]) -> None:
        """A whole table in one transaction: an engine makes its indexes once."""
        with under(self._engine, self._mark), self._engine.bulk():
            for name, content in parts:
                page = _page(name, content)
                append(self._engine, table, page)
                self._done += len(page)
                if self._progress:
                    self._progress(self._done, self._manifest.rows)

    def verify(self) -> None:
        """Raises StoreProblem unless every table reads back as the manifest has it."""
        with self._engine.snapshot() as moment:
            for table in self._manifest.tables:
                digest = digest_of(moment.rows(table.name))
                if (digest.rows, digest.sha256) != (table.rows, table.sha256):
                    words = _(
                        "{table} in {store} does not read back as it was written; look at its disk and start again"
                    )
                    raise StoreProblem(
                        words.format(table=table.name, store=without_password(self._place.config.store_url))
                    )

    def finish(self) -> None:
        """The last transaction: the audit says what was done, and the store is a desk's."""
        head = self._manifest.head
        with under(self._engine, self._mark):
            self._engine.drop(UNFINISHED)
            Access(self._place).note("backup.restore", head.id, {"made_at": head.made_at.isoformat()})


def _page(name: str, content: bytes) -> list[Entry]:
    try:
        return from_lines(content)
    except (ValueError, RecursionError) as problem:
        raise BadInput(_("{table} in the backup cannot be read").format(table=name), why=str(problem)) from None
