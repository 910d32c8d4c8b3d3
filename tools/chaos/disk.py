"""A small disk of its own for the day, that can be filled up: a memory file system, where this account may mount one.

with small_disk(folder) as disk:
    disk.fill()
    disk.free()
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

SIZE_MB = 400
CHUNK = b"\0" * 65536


class Disk:
    """The disk, at `folder`. Without the right to mount one nothing is filled, and `is_small` says so."""

    def __init__(self, folder: Path, *, is_small: bool) -> None:
        self.folder = folder
        self.is_small = is_small
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Not one byte is left."""
        if not self.is_small:
            return
        with suppress(OSError), self._filler.open("ab", buffering=0) as out:
            while out.write(CHUNK):
                pass
        with suppress(OSError), self._filler.open("ab", buffering=0) as out:
            while out.write(b"\0"):
                pass

    def free(self) -> None:
        """There is room again."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk() -> Iterator[Disk]:
    """A disk in a folder of its own, which other accounts may pass through: the server runs as one of them."""
    folder = Path(mkdtemp(prefix="desk-chaos-disk-"))
    folder.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0755", "tmpfs", str(folder)]
    try:
        is_small = not subprocess.run(mount, check=False, capture_output=True).returncode
    except OSError:
        is_small = False
    try:
        yield Disk(folder, is_small=is_small)
    finally:
        if is_small:
            subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
