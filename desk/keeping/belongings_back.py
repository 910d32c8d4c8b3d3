"""The files of a data folder put back out of a backup: whole or not at all, and never outside the folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from desk.config.load import FILE_NAME, resolved_url, settings_in
from desk.config.settings import SERVER_SCHEMES
from desk.errors import BadInput, ConfigProblem, Refused, StoreProblem
from desk.i18n import _
from desk.keeping import belongings
from desk.keeping.manifest import FILES, Manifest
from desk.keeping.standing import RESTORING, without_password
from desk.plugins.trust import LOCK_NAME, Lock

if TYPE_CHECKING:
    from desk.config import Config

FROM_BACKUP = "config.from-backup.toml"


class Files:
    """The files of the data folder as they are put back."""

    def __init__(self, config: Config, manifest: Manifest) -> None:
        self._config = config
        self._data = config.data
        self._manifest = manifest
        self.again = (self._data / RESTORING).exists()  # what is there was put there by an earlier try
        self._settings: bytes | None = None
        self._hashes = {kept.path: kept.sha256 for kept in manifest.files}
        self.notes: list[str] = []

    def refuse_others(self) -> None:
        """Raises Refused when a file of the backup is there already and says something else."""
        for kept in () if self.again else self._manifest.files:
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

    def put_all(self, parts: Iterable[tuple[str, bytes]]) -> None:
        """Those of the parts of a backup that are files."""
        for name, content in parts:
            if name.startswith(FILES):
                self.put(name.removeprefix(FILES), content)

    def put(self, path: str, content: bytes) -> None:
        """Put one file where it belongs; the settings wait for `put_settings`."""
        target = self._target(path)
        if sha256(content).hexdigest() != self._hashes[path]:  # the backup was changed since it was verified
            raise BadInput(_("{file} in the backup is not what it was a moment ago; start again").format(file=path))
        if path == FILE_NAME:
            self._settings = content
        elif self._stays(path) and target.exists():
            if not self.again:
                self.notes.append(_("{file} stays as it was here").format(file=target))
        else:
            self._write(target, self._moved(content) if path == LOCK_NAME else content, _mode(path))

    def put_settings(self) -> None:
        """The settings come last: until then they do not say where the store is."""
        here = self._config.path
        if self._settings is not None and (here is None or here.read_bytes() != self._settings):
            self._write(*self._settled(self._settings), _mode(FILE_NAME))

    def _write(self, target: Path, content: bytes, mode: int) -> None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(target, content, mode)
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

    def _moved(self, content: bytes) -> bytes:
        """Somebody answered for a plugin by its place and its content: the place is in this folder now."""
        old, new = self._manifest.head.data + os.sep, str(self._data) + os.sep
        try:
            lock = msgspec.json.decode(content, type=Lock)
        except msgspec.MsgspecError:
            return content
        approved = [
            replace(one, path=re.sub(f"^{re.escape(old)}", lambda _found: new, one.path)) for one in lock.approved
        ]
        return msgspec.json.encode(replace(lock, approved=tuple(approved)))

    def _settled(self, content: bytes) -> tuple[Path, bytes]:
        """Settings that are in force here stay; those of the backup then stand beside them, to be compared."""
        if self._config.path is None:
            try:
                return self._data / FILE_NAME, self._fitted(content)
            except (ConfigProblem, UnicodeError) as problem:
                self.notes.append(str(problem))
        else:
            words = _("the settings of the backup are in {file}; those in force here stay")
            self.notes.append(words.format(file=self._data / FROM_BACKUP))
        return self._data / FROM_BACKUP, content

    def _fitted(self, content: bytes) -> bytes:
        """The settings of the backup for the store that is here, wherever the old one was."""
        from desk.config.edit import Change, changed

        text = content.decode("utf-8-sig")
        settings = settings_in(self._data / FILE_NAME, text)
        changes = []
        here = self._config.store_url
        plain = f"sqlite:///{self._data / 'desk.db'}"
        if resolved_url(settings.store.url, self._data) != here:
            password = self._config.store.password if here.startswith(SERVER_SCHEMES) else {}
            changes = [
                Change(("store", "url"), "" if here == plain else here),
                Change(("store", "password"), password),
            ]
            words = _("config.toml named another store ({store}); now it names the one restored into")
            self.notes.append(words.format(store=without_password(settings.store.url or "desk.db")))
        if settings.desk.data:
            changes.append(Change(("desk", "data"), ""))
        return changed(text, changes).encode() if changes else content


def _mode(path: str) -> int:
    return 0o600 if belongings.is_under(path, belongings.OWNER_ONLY) else 0o644


def _write(target: Path, content: bytes, mode: int = 0o644) -> None:
    part = target.with_name(f".{target.name}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def _unwritable(file: Path, problem: OSError) -> StoreProblem:
    words = {"file": file, "problem": problem.strerror}
    return StoreProblem(_("{file} cannot be written: {problem}").format(**words), why=str(problem))
