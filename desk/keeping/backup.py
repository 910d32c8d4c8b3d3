"""A backup made while the desk runs: one moment of the store, and what belongs to the desk beside it.

The file is written under another name, made durable, read back and held against itself; only then it gets its name.
The audit line that says so is written before, so that the backup holds it too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from msgspec import Struct

from desk import __version__
from desk.access import Access
from desk.config.load import FILE_NAME
from desk.errors import DeskError, Refused, StoreProblem
from desk.i18n import _
from desk.keeping import belongings
from desk.keeping.archive import Writing
from desk.keeping.lines import Digesting, as_lines, pages
from desk.keeping.manifest import (
    FILES,
    HEAD_NAME,
    MANIFEST_NAME,
    Head,
    KeptFile,
    KeptTable,
    Manifest,
    as_json,
    new_id,
    part_name,
)
from desk.keeping.opening import verified
from desk.keeping.sealed import Costs, Sealing
from desk.keeping.upgrade import RECORDS

if TYPE_CHECKING:
    from desk.place import Place
    from desk.store.engine import Engine, Snapshot, TableInfo

Progress = Callable[[int, int], None]  # rows done, rows in all


class Made(Struct, frozen=True):
    """A backup that was made and verified; `left_out`: folders that the settings name and that are not in it."""

    file: Path
    bytes: int
    manifest: Manifest
    left_out: tuple[Path, ...]


def back_up(
    place: Place, file: Path, *, passphrase: str = "", costs: Costs = Costs(), progress: Progress | None = None
) -> Made:
    """Write a backup of the desk to `file` (into it, where it is a folder); encrypted, if there is a passphrase.

    Raises NotAllowed without the right; Refused when the file is there already, BadInput or StoreProblem when it
    cannot be written: then nothing is left of it.
    """
    Access(place).require("back_up")
    return write_backup(place, _named(place, file), passphrase=passphrase, costs=costs, progress=progress)


def write_backup(
    place: Place, file: Path, *, passphrase: str = "", costs: Costs = Costs(), progress: Progress | None = None
) -> Made:
    """The same, of the desk's own accord."""
    access, head = Access(place), _head(place, encrypted=bool(passphrase))
    with _part_of(file) as (part, at):
        access.note("backup.make", head.id, {"file": file.name, "encrypted": head.encrypted})
        try:
            manifest = _filled(part, place, head, passphrase, costs, progress)
            if verified(at, passphrase) != manifest:
                raise StoreProblem(_("the backup does not read back as it was written; look at the disk"))
        except BaseException:
            with suppress(DeskError):
                access.note("backup.fail", head.id)
            raise
        size = os.fstat(part.fileno()).st_size
        _give_name(at, file)
    return Made(file, size, manifest, tuple(belongings.elsewhere(place.config)))


def _filled(
    part: IO[bytes], place: Place, head: Head, passphrase: str, costs: Costs, progress: Progress | None
) -> Manifest:
    """Write the backup, durably."""
    with _sealed(part, passphrase, costs) as out:
        manifest = _written(place, head, out, progress)
    part.flush()
    os.fsync(part.fileno())
    return manifest


def _named(place: Place, file: Path) -> Path:
    if file.is_dir():
        file /= f"desk-{place.now().strftime('%Y%m%d-%H%M%S')}.backup"
    if file.exists() or file.is_symlink():
        raise Refused(_("{file} is there already; name another file").format(file=file))
    return file


def _head(place: Place, *, encrypted: bool) -> Head:
    county = place.config.county
    return Head(
        id=new_id(),
        desk=__version__,
        records=RECORDS,
        county=county.name,
        area_code=county.area_code,
        engine=place.config.store_url.partition(":")[0],
        data=str(place.config.data),
        made_at=place.now(),
        made_by=place.agent,
        encrypted=encrypted,
    )


@contextmanager
def _part_of(file: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """The file while it is being written, under another name beside where it will be; that name goes in the end."""
    part = file.with_name(f"{file.name}.part")
    try:
        opened = open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b")  # noqa: SIM115
    except OSError as problem:
        raise _unwritable(file, problem) from None
    with opened:
        if not _locked(opened):
            raise Refused(_("another backup is being written to {file}").format(file=file))
        try:
            opened.truncate()  # of one that was killed
            part.chmod(0o600)
            yield opened, part
        except OSError as problem:
            raise _unwritable(file, problem) from None
        finally:
            part.unlink(missing_ok=True)


def _locked(file: IO[bytes]) -> bool:
    """Whether this process is the only one that writes the file; where files have no locks it believes so."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        return True
    except OSError:
        return False
    return True


def _unwritable(file: Path, problem: OSError) -> StoreProblem:
    words = {"file": file, "problem": problem.strerror}
    return StoreProblem(_("{file} cannot be written: {problem}; no backup was made").format(**words), why=str(problem))


@contextmanager
def _sealed(part: IO[bytes], passphrase: str, costs: Costs) -> Iterator[BinaryIO | Sealing]:
    if not passphrase:
        yield part  # type: ignore[misc]
        return
    sealing = Sealing(part, passphrase, costs)  # type: ignore[arg-type]
    try:
        yield sealing
    except BaseException:
        sealing.abandon()
        raise
    sealing.close()


def _give_name(part: Path, file: Path) -> None:
    try:
        os.link(part, file)  # never over a file that appeared meanwhile
    except FileExistsError:
        raise Refused(_("{file} is there already; name another file").format(file=file)) from None
    except OSError:  # a file system without links
        part.rename(file)
    with suppress(OSError):
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _written(place: Place, head: Head, out: BinaryIO | Sealing, progress: Progress | None) -> Manifest:
    data, at = place.config.data, head.made_at.timestamp()
    archive = Writing(out)
    archive.add(HEAD_NAME, as_json(head), at=at)
    files: list[KeptFile] = []

    def keep(path: str, content: bytes) -> None:
        archive.add(FILES + path, content, at=at)
        files.append(KeptFile(path, len(content), sha256(content).hexdigest()))

    if place.config.path:
        keep(FILE_NAME, belongings.content(FILE_NAME, place.config.path) or b"")
    early = list(belongings.contents(data, belongings.FIRST))
    names = belongings.KEPT + (belongings.SECRET if head.encrypted else ())
    engine: Engine = place.store.storage.engine  # type: ignore[attr-defined]
    with engine.snapshot() as moment:
        for path, content in chain(early, belongings.contents(data, names)):
            keep(path, content)
        tables = tuple(_tables(archive, moment, at, progress))
    manifest = Manifest(head=head, tables=tables, files=tuple(files))
    archive.add(MANIFEST_NAME, as_json(manifest), at=at)
    archive.close()
    return manifest


def _tables(archive: Writing, moment: Snapshot, at: float, progress: Progress | None) -> Iterator[KeptTable]:
    infos = {name: info for name, info in moment.tables().items() if name not in belongings.PASSING_TABLES}
    total, before = sum(info.rows for info in infos.values()), 0
    for name in sorted(infos):

        def told(rows: int, before: int = before) -> None:
            if progress:
                progress(before + rows, total)

        yield _table(archive, moment, name, infos[name], at, told)
        before += infos[name].rows


def _table(
    archive: Writing, moment: Snapshot, name: str, info: TableInfo, at: float, told: Callable[[int], None]
) -> KeptTable:
    digesting, parts, rows = Digesting(), 0, 0
    for page in pages(moment.rows(name)):
        lines = as_lines(page)
        parts, rows = parts + 1, rows + len(page)
        archive.add(part_name(name, parts), lines, at=at)
        digesting.add(len(page), lines)
        told(rows)
    digest = digesting.done()
    return KeptTable(name, parts, digest.rows, digest.bytes, digest.sha256, info.last_number)
