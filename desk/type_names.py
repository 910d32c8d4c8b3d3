"""The names of the outage types, noted in the data folder: a board is painted before any plugin has run.

    noted = NotedTypes(config)
    noted.read()        # as they were last noted, or None when a plugin file has changed since
    noted.write(types)  # once the plugins have run

Running every plugin file costs 20–50 ms, looking whether one has changed costs one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from desk import __version__
from desk.i18n import LANGUAGES

if TYPE_CHECKING:
    from desk.config import Config
    from desk.plugins import OutageType

FILE_NAME = "outage-types.json"

Words = dict[str, str]  # by language
Names = dict[str, tuple[Words, Words]]  # type → its name in full and short
Stamp = tuple[tuple[str, int, int], ...]  # path, time and size of every file that names may come from


class Note(msgspec.Struct, frozen=True):
    """The whole of the file."""

    stamp: Stamp
    names: Names


class NotedTypes:
    """What one desk noted. The plugins must run after the first `read`: a file changed in between is seen next time."""

    def __init__(self, config: Config, environ: Mapping[str, str] = os.environ) -> None:
        self._config = config
        self._listed = environ.get("DESK_PLUGINS", "")
        self._stamp: Stamp = ()
        self._names: Names | None = None

    def read(self) -> Names | None:
        """The noted names; None when there are none, or when anything they come from is not what it was."""
        if not self._stamp:
            self._stamp = self._now()
            self._names = self._noted()
        return self._names

    def write(self, types: Mapping[str, OutageType]) -> None:
        """Note the names of `types` for the next start, when they are others than those noted."""
        names = {id: (_words(kind, 0), _words(kind, 1)) for id, kind in types.items()}
        if self.read() == names or self._config.plugins.allow:
            return
        self._names = names
        draft = self._file.with_suffix(".new")
        try:
            draft.write_bytes(msgspec.json.encode(Note(self._stamp, names)))
            os.replace(draft, self._file)
        except OSError:
            return  # a folder that cannot be written to: the next start runs the plugins first

    @property
    def _file(self) -> Path:
        return self._config.data / FILE_NAME

    def _noted(self) -> Names | None:
        try:
            note = msgspec.json.decode(self._file.read_bytes(), type=Note)
        except (OSError, msgspec.DecodeError):
            return None
        return note.names if note.stamp == self._stamp else None

    def _now(self) -> Stamp:
        """What decides about the names now: the version, the settings, and every file of every plugin folder."""
        settings = msgspec.json.encode(self._config.plugins).decode()
        marks = [(f"{__version__} {settings} {self._listed} {self._config.safe}", 0, 0)]
        for folder in self._folders():
            marks += [(str(folder), 0, 0), *_files(folder)]
        return tuple(marks)

    def _folders(self) -> Iterator[Path]:
        # Where `desk.plugins.folders` looks: importing that package costs what is to be saved here.
        package = Path(__file__).parent
        yield package / "shipped" / "plugins"
        if (package.parent / "pyproject.toml").is_file():
            yield package.parent / "plugins"
        yield self._config.data / "plugins"
        yield self._config.data / "plugins.lock"
        yield from (Path(name) for name in self._config.plugins.folders)
        yield from (Path(name).expanduser() for name in self._listed.split(os.pathsep) if name)


def _words(kind: OutageType, which: int) -> Words:
    return {language: kind.named(language)[which] for language in LANGUAGES}


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Path, time and size of every file below `folder` in a fixed order; of `folder` itself when it is a file."""
    places = [folder]
    while places:
        place = places.pop()
        try:
            found = sorted(os.scandir(place), key=lambda entry: entry.name)
        except NotADirectoryError:
            yield str(place), *_looks(place)
            continue
        except OSError:
            continue
        for entry in found:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    places.append(Path(entry.path))
            else:
                yield entry.path, *_looks(entry)


def _looks(file: os.DirEntry[str] | Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:  # it went meanwhile
        return 0, 0
    return found.st_mtime_ns, found.st_size
