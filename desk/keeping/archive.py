"""The archive that a backup is: a tar, compressed with gzip, that ends with the SHA-256 of itself.

`tar xzf` opens it. Behind the compressed tar stands a second, empty gzip member whose comment is the hash of
everything before it: whatever was changed, cut off or moved in the file is found, wherever it is.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO

from desk.keeping.sealed import Damaged

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

LEVEL = 4  # of gzip: twice as quick as 6 and a twentieth larger
LARGEST_MEMBER = 512 * 1024 * 1024  # a page of a table has a few megabytes, an attachment thirty

_INNER = "desk95598-backup.tar"
#: How every archive begins: gzip's header without a time, and the name of the tar in it.
BEGINNING = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + _INNER.encode() + b"\0"
_TAIL_LENGTH = 10 + len("sha256:") + 64 + 1 + 2 + 8

#: What reading a damaged archive may raise.
_ERRORS = (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, OverflowError, IndexError)


class Writing:
    """An archive being written to `out`, member by member."""

    def __init__(self, out: BinaryIO | io.RawIOBase) -> None:
        self._out = _Hashed(out)
        self._gzip = gzip.GzipFile(_INNER, "wb", LEVEL, self._out, mtime=0)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w|", format=tarfile.PAX_FORMAT, bufsize=1 << 20)  # noqa: SIM115

    def add(self, name: str, content: bytes, *, at: float = 0) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = len(content), 0o600, int(at)
        self._tar.addfile(member, io.BytesIO(content))

    def close(self) -> None:
        """Write the end of the archive and its hash; `out` stays open."""
        self._tar.close()
        self._gzip.close()
        self._out.inner.write(_tail(self._out.digest.hexdigest()))


def members(source: BinaryIO | io.RawIOBase) -> Iterator[tuple[str, bytes]]:
    """Name and content of every member, in order; raises Damaged, at the latest at the end, unless all is whole.

    What comes before the end may be damaged too: nothing is to be believed before the last was taken.
    """
    whole = _Whole(source)
    try:
        with gzip.GzipFile(fileobj=io.BufferedReader(whole, 1 << 20)) as unpacked:
            with tarfile.open(fileobj=unpacked, mode="r|", bufsize=1 << 20) as tar:
                for member in tar:
                    yield member.name, _content(tar, member)
            while unpacked.read(1 << 20):
                pass
    except _ERRORS as error:
        raise Damaged(str(error)) from error
    whole.check()


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    content = tar.extractfile(member) if member.isreg() and member.size <= LARGEST_MEMBER else None
    if content is None:
        raise Damaged(f"member {member.name!r}")
    return content.read()


class _Hashed(io.RawIOBase):
    """Passes on what is written, and hashes it."""

    def __init__(self, inner: BinaryIO | io.RawIOBase) -> None:
        self.inner = inner
        self.digest = sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        self.digest.update(data)
        self.inner.write(data)
        return memoryview(data).nbytes


class _Whole(io.RawIOBase):
    """Reads all but the tail, and holds the tail against the hash of what was read."""

    def __init__(self, inner: BinaryIO | io.RawIOBase) -> None:
        self._inner = inner
        self._digest = sha256()
        self._held = b""
        self._first = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        while len(self._held) <= _TAIL_LENGTH:
            more = self._inner.read(1 << 20)
            if not more:
                return 0
            self._held += more
        count = min(len(view), len(self._held) - _TAIL_LENGTH)
        view[:count], self._held = self._held[:count], self._held[count:]
        self._digest.update(view[:count])
        return count

    def check(self) -> None:
        """Raises Damaged unless everything was read and the tail says so."""
        if self.read(1):
            raise Damaged("more than the archive")
        if self._held != _tail(self._digest.hexdigest()):
            raise Damaged("the hash at its end")


def _tail(digest: str) -> bytes:
    # An empty gzip member: flags say that a comment follows the header; then an empty block, CRC and length 0.
    return b"\x1f\x8b\x08\x10\0\0\0\0\0\xff" + f"sha256:{digest}".encode() + b"\0\x03\0" + bytes(8)
