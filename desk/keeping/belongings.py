"""What belongs to a desk beside its store: which files of the data folder are in a backup, and which are not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from desk.config.load import FILE_NAME
from desk.errors import BadInput
from desk.i18n import _
from desk.keeping.archive import LARGEST_MEMBER

if TYPE_CHECKING:
    from desk.config import Config

#: Read before the store's moment: what they say must not be newer than the store that is kept with them.
FIRST = ("audit/checkpoints.jsonl", "kept")
#: Read after it: whatever the store's documents name is there by then.
KEPT = (
    *("plugins", "plugins.lock", "scripts", "snippets.toml", "wording", "forms", "attachments"),
    *("sandbox", "training"),
)
#: Passwords and private keys: in an encrypted backup only.
SECRET = ("secrets", "audit/signing.key")
#: What belongs to this machine and this hour: spool, workers' locks, logs, prints, older backups.
NOT_KEPT = ("spool", "workers", "feeds", "print", "backups", "desk.log", "desk.log.1", "outage-types.json")
#: Tables of the same sort: who is signed in, who has what in hand.
PASSING_TABLES = frozenset({"sessions", "claims", "presences", "unfinished"})

ALLOWED = (FILE_NAME, *FIRST, *KEPT, *SECRET)
OWNER_ONLY = ("kept", *SECRET)
_SKIPPED = ("__pycache__",)


def contents(data: Path, names: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Path below the data folder, and content, of every file under `names`; one that goes meanwhile is passed over."""
    for name in names:
        for path, file in _found(data, name):
            what = content(path, file)
            if what is not None:
                yield path, what


def content(path: str, file: Path) -> bytes | None:
    """What is in the file, None when there is no such file; raises BadInput for one that cannot be in a backup."""
    try:
        path.encode()
        if file.stat().st_size > LARGEST_MEMBER:
            raise BadInput(_("{file} is too large for a backup; move it elsewhere").format(file=file))
        return file.read_bytes()
    except UnicodeEncodeError:
        raise BadInput(_("the name of {file} is not UTF-8; rename the file").format(file=ascii(path))) from None
    except FileNotFoundError:
        return None
    except OSError as problem:
        words = {"file": file, "problem": problem.strerror}
        raise BadInput(_("{file} cannot be read: {problem}").format(**words), why=str(problem)) from None


def _found(data: Path, name: str) -> Iterator[tuple[str, Path]]:
    if (data / name).is_file():
        yield name, data / name
    yield from sorted(_below(data, data / name))


def _below(data: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    for where, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _SKIPPED]
        for name in files:
            file = Path(where, name)
            if file.is_file() and not name.endswith(".part"):
                yield file.relative_to(data).as_posix(), file


def is_allowed(path: str) -> bool:
    """Whether a path from a backup is one of ours: it stays in the data folder, and names what a desk keeps there."""
    parts = PurePosixPath(path).parts
    if not path or path != "/".join(parts) or path.startswith("/") or {".", ".."} & set(parts):
        return False
    if any(char in path for char in "\\:\0") or any(char < " " for char in path):
        return False
    return any(path == name or path.startswith(name + "/") for name in ALLOWED)


def is_under(path: str, names: tuple[str, ...]) -> bool:
    return any(path == name or path.startswith(name + "/") for name in names)


def elsewhere(config: Config) -> Iterator[Path]:
    """The folders that the settings name outside the data folder: they are not in a backup of it."""
    named = (config.call.script_folder, config.messages.wording_folder, *config.plugins.folders)
    for folder in filter(None, named):
        if not Path(folder).resolve().is_relative_to(config.data.resolve()):
            yield Path(folder)
