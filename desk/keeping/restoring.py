"""A backup put back into an empty place: verified before anything is written, and again when it is all there.

While it is under way, a file in the data folder and a mark in the store say so; no desk opens on either. Whoever
is killed starts the same command again: what was put there is put there anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from desk.access import Access
from desk.config.load import FILE_NAME, settings_in
from desk.errors import BadInput, ConfigProblem, Refused, StoreProblem
from desk.i18n import _
from desk.keeping import belongings
from desk.keeping.lines import digest_of, from_lines
from desk.keeping.loading import append, count_on, empty, is_empty
from desk.keeping.manifest import FILES, TABLES, Manifest, part_name
from desk.keeping.opening import contents, verified
from desk.keeping.standing import RESTORING, UNFINISHED, Mark, mark_of, set_mark, without_password
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

FROM_BACKUP = "config.from-backup.toml"
_PLAIN_URLS = ("", "sqlite:///desk.db")


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
    files = _Files(config, manifest)
    with _store(config, manifest, password) as store:
        place = _place(config, store, clock(any(kept.path == "sandbox" for kept in manifest.files)))
        Access(place).require("restore")
        _refuse_filled(place, manifest)
        files.refuse_others()
        files.mark()
        rows = _Rows(place, manifest, progress)
        rows.begin()
        for name, content in contents(file, passphrase):
            if name.startswith(FILES):
                files.put(name.removeprefix(FILES), content)
            elif name.startswith(TABLES):
                rows.put(name, content)
        rows.verify()
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


def _store(config: Config, manifest: Manifest, password: str) -> DocumentStore:
    area = config.county.area_code if config.path else manifest.head.area_code
    return open_store(config.store_url, table_specs(area), password)


def _place(config: Config, store: DocumentStore, clock: Clock) -> Place:
    def no_plugins() -> PluginHost:
        raise StoreProblem("a place being restored has no plugins")

    desk = config.desk
    return Place(config, store, clock, no_plugins, agent=desk.agent, role=desk.role, seat=desk.seat)


def _engine(store: DocumentStore) -> Engine:
    return store.storage.engine  # type: ignore[attr-defined,no-any-return]


class _Files:
    """The files of the data folder as they are put back."""

    def __init__(self, config: Config, manifest: Manifest) -> None:
        self._config = config
        self._data = config.data
        self._manifest = manifest
        self.notes: list[str] = []

    def refuse_others(self) -> None:
        """Raises Refused when a file of the backup is there already and says something else."""
        for kept in self._manifest.files:
            target = self._target(kept.path)
            if self._stays(kept.path) or not target.exists():
                continue
            if sha256(target.read_bytes()).hexdigest() != kept.sha256:
                raise Refused(_("{file} is there already; restore into an empty folder").format(file=target))

    def mark(self) -> None:
        head = self._manifest.head
        try:
            self._data.mkdir(parents=True, exist_ok=True)
            _write(self._data / RESTORING, f"{head.id} {head.made_at.isoformat()}\n".encode())
        except OSError as problem:
            raise _unwritable(self._data, problem) from None

    def unmark(self) -> None:
        (self._data / RESTORING).unlink(missing_ok=True)

    def put(self, path: str, content: bytes) -> None:
        target = self._target(path)
        if path == FILE_NAME:
            target, content = self._settings(content)
        elif self._stays(path) and target.exists():
            self.notes.append(_("{file} stays as it was here").format(file=target))
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(target, content, 0o600 if belongings.is_under(path, belongings.OWNER_ONLY) else 0o644)
        except OSError as problem:
            raise _unwritable(target, problem) from None

    def _stays(self, path: str) -> bool:
        # What the place brings along is its own: how its store is reached, and what its seat has signed.
        return path == FILE_NAME or belongings.is_under(path, ("secrets", "audit"))

    def _target(self, path: str) -> Path:
        """Where the file goes; raises BadInput when a link in the folder would lead out of it."""
        target = self._data / path
        if not target.parent.resolve().is_relative_to(self._data.resolve()) or target.is_symlink():
            raise BadInput(_("{file} leads out of the data folder; remove the link").format(file=target))
        return target

    def _settings(self, content: bytes) -> tuple[Path, bytes]:
        """Settings that are in force here stay; those of the backup then stand beside them, to be compared."""
        here = self._config.path
        if here is None or (here.parent.absolute() == self._data and not here.exists()):
            try:
                return self._data / FILE_NAME, self._fitted(content)
            except ConfigProblem as problem:
                self.notes.append(str(problem))
        if here is None or here.read_bytes() != content:
            words = _("the settings of the backup are in {file}; those in force here stay")
            self.notes.append(words.format(file=self._data / FROM_BACKUP))
        return self._data / FROM_BACKUP, content

    def _fitted(self, content: bytes) -> bytes:
        """The settings of the backup for the store that is here, wherever the old one was."""
        from desk.config.edit import Change, changed

        text = content.decode("utf-8-sig")
        settings = settings_in(self._data / FILE_NAME, text)
        changes = []
        if settings.store.url not in _PLAIN_URLS:
            changes = [Change(("store", "url"), ""), Change(("store", "password"), {})]
            words = _("config.toml named the store {store}; now it names the one in the data folder")
            self.notes.append(words.format(store=without_password(settings.store.url)))
        if settings.desk.data:
            changes.append(Change(("desk", "data"), ""))
        return changed(text, changes).encode() if changes else content


class _Rows:
    """The tables of the store as they are put back."""

    def __init__(self, place: Place, manifest: Manifest, progress: Progress | None) -> None:
        self._place = place
        self._manifest = manifest
        self._engine = _engine(place.store)
        self._tables = {
            part_name(table.name, number): table.name
            for table in manifest.tables
            for number in range(1, table.parts + 1)
        }
        self._progress = progress
        self._done = 0

    def begin(self) -> None:
        head = self._manifest.head
        set_mark(self._engine, Mark("restore", head.id, head.made_at.isoformat()))
        empty(self._engine)
        for table in self._manifest.tables:
            with self._engine.transaction():
                self._engine.create(table.name)

    def put(self, name: str, content: bytes) -> None:
        page = from_lines(content)
        append(self._engine, self._tables[name], page)
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
        """The last transaction: numbers count on, the audit says what was done, and the store is a desk's."""
        head = self._manifest.head
        with self._place.store.transaction():
            for table in self._manifest.tables:
                count_on(self._engine, table.name, table.last_number)
            self._engine.drop(UNFINISHED)
            Access(self._place).note("backup.restore", head.id, {"made_at": head.made_at.isoformat()})


def _write(target: Path, content: bytes, mode: int = 0o644) -> None:
    """Whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def _unwritable(file: Path, problem: OSError) -> StoreProblem:
    words = {"file": file, "problem": problem.strerror}
    return StoreProblem(_("{file} cannot be written: {problem}").format(**words), why=str(problem))
