"""Where parts are looked for, in the order in which they are loaded; nothing is run here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct


class Source(Struct, frozen=True):
    """One file or package found in a plugin folder. `shipped` needs no approval; neither does data (`.toml`)."""

    name: str
    path: Path
    shipped: bool

    @property
    def shown(self) -> str:
        """Where it comes from, for the list of plugins."""
        return f"plugins/{self.path.name}" if self.shipped else str(self.path)


def shipped_folder() -> Path:
    """The folder of the parts that ship: inside an installed wheel, or beside the code in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "shipped" / "plugins"
    beside = package.parent / "plugins"
    # In site-packages a folder called plugins is someone else's: only a checkout has a project file beside it.
    return beside if (package.parent / "pyproject.toml").is_file() and not installed.is_dir() else installed


def extra_folders(configured: Iterable[str], data: Path, listed: str) -> list[Path]:
    """Folders besides the shipped one: the data folder's, configured ones, those of $DESK_PLUGINS (`listed`)."""
    folders = [data / "plugins", *map(Path, configured)]
    folders += [Path(name).expanduser() for name in listed.split(os.pathsep) if name]
    return [Path(name) for name in dict.fromkeys(map(os.path.abspath, folders))]


def sources(folder: Path, *, shipped: bool = False) -> Iterator[Source]:
    """The parts in `folder` by name, TOML before Python where they did not ship; a missing folder has none.

    Names that start with `_` or `.` are left alone.
    """
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir(), key=lambda path: (not shipped and path.suffix != ".toml", path)):
        if path.name.startswith(("_", ".")):
            continue
        if path.suffix in (".py", ".toml") and path.is_file():
            yield Source(path.stem, path, shipped)
        elif (path / "__init__.py").is_file():
            yield Source(path.name, path, shipped)
