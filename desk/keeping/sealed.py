"""A stream that only a passphrase opens: chunks of authenticated encryption, none of which can be missing or moved.

    with Sealing(file, passphrase) as out:
        out.write(...)
    Unsealing(file, passphrase).read()

The form, in bytes: MAGIC; passes, memory in KiB and lanes of argon2id, and the size of a chunk (4 × u32, big endian);
16 of salt; 16 that only the right key makes (nothing, encrypted under the nonce of ones); 8 of the SHA-256 of all
before; then the chunks. A chunk is up to `size` bytes under AES-256-GCM, with 16 of tag. Its nonce is its number
(11 bytes, big endian) and whether it is the last (1 byte); all before the chunks is authenticated with each. So a
chunk that was changed, swapped, repeated or cut off does not open, and the last one cannot be missing.
"""

from __future__ import annotations

import os
import struct
import unicodedata
from hashlib import sha256
from io import RawIOBase
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from desk.errors import BadInput
from desk.i18n import _

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"desk95598 seal\0\x01"  # the last byte is the version of the form
CHUNK = 64 * 1024
TAG = 16
SHORTEST = 12  # signs of a passphrase

_COSTS = struct.Struct(">IIII")
_SALT, _SUM = 16, 8
_HEADER = len(MAGIC) + _COSTS.size + _SALT  # what the check is made of
_MOST_MEMORY = 4 * 1024 * 1024  # KiB; a header that asks for more was made up
_MOST_CHUNK = 16 * 1024 * 1024
_CHECK_NONCE = b"\xff" * 12


class Damaged(Exception):
    """The stream is not as it was written."""


class Costs(Struct, frozen=True):
    """How dear one guess at the passphrase is: passes, KiB of memory, lanes. Half a second on a machine of 2024."""

    passes: int = 3
    memory: int = 256 * 1024
    lanes: int = 4


def is_sealed(beginning: bytes) -> bool:
    return beginning.startswith(MAGIC[:-1])


class Sealing(RawIOBase):
    """Writes encrypted what is written to it; `close` writes the last chunk, and leaves `out` open."""

    def __init__(self, out: BinaryIO, passphrase: str, costs: Costs = Costs()) -> None:
        if len(passphrase) < SHORTEST:
            raise BadInput(_("a passphrase has {count} signs at least").format(count=SHORTEST))
        self._out = out
        head = MAGIC + _COSTS.pack(costs.passes, costs.memory, costs.lanes, CHUNK) + os.urandom(_SALT)
        self._cipher = _cipher(passphrase, head)
        self._header = head + self._cipher.encrypt(_CHECK_NONCE, b"", head)
        self._header += _sum(self._header)
        self._held = bytearray()
        self._number = 0
        out.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        self._held += data
        while len(self._held) > CHUNK:  # the last chunk is never known before the end
            self._chunk(bytes(self._held[:CHUNK]), last=0)
            del self._held[:CHUNK]
        return memoryview(data).nbytes

    def close(self) -> None:
        if not self.closed:
            self._chunk(bytes(self._held), last=1)
        super().close()

    def abandon(self) -> None:
        """Write nothing more: what is there does not open."""
        super().close()

    def _chunk(self, content: bytes, last: int) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last), content, self._header))
        self._number += 1


class Unsealing(RawIOBase):
    """Reads what `Sealing` wrote. Raises BadInput for a wrong passphrase, Damaged for anything that was changed."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source = source
        self._header = source.read(_HEADER + TAG + _SUM)
        self._size = _chunk_size(self._header)
        head, check = self._header[:_HEADER], self._header[_HEADER:-_SUM]
        self._cipher = _cipher(passphrase, head)
        try:
            self._cipher.decrypt(_CHECK_NONCE, check, head)
        except _invalid():
            raise BadInput(_("this is not the passphrase that the backup was made with")) from None
        self._next = source.read(self._size + TAG)
        self._held = b""
        self._number = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        if not self._held and (self._next or not self._number):
            self._held = self._chunk()
        view = memoryview(buffer).cast("B")
        count = min(len(view), len(self._held))
        view[:count], self._held = self._held[:count], self._held[count:]
        return count

    def _chunk(self) -> bytes:
        content, self._next = self._next, self._source.read(self._size + TAG)
        try:
            opened = self._cipher.decrypt(_nonce(self._number, 0 if self._next else 1), content, self._header)
        except _invalid():
            raise Damaged(f"chunk {self._number}") from None
        self._number += 1
        return opened


def _chunk_size(header: bytes) -> int:
    if len(header) < _HEADER + TAG + _SUM or not header.startswith(MAGIC) or _sum(header[:-_SUM]) != header[-_SUM:]:
        raise Damaged("header")
    passes, memory, lanes, size = _COSTS.unpack_from(header, len(MAGIC))
    if not 0 < memory <= _MOST_MEMORY or not 0 < passes < 100 or not 0 < lanes < 100 or not 0 < size <= _MOST_CHUNK:
        raise Damaged("header")
    return int(size)


def _cipher(passphrase: str, head: bytes) -> AESGCM:
    from argon2.low_level import Type, hash_secret_raw
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    passes, memory, lanes, _size = _COSTS.unpack_from(head, len(MAGIC))
    salt = head[len(MAGIC) + _COSTS.size :][:_SALT]
    secret = unicodedata.normalize("NFC", passphrase).encode()
    return AESGCM(hash_secret_raw(secret, salt, passes, memory, lanes, 32, Type.ID))


def _invalid() -> type[Exception]:
    from cryptography.exceptions import InvalidTag

    return InvalidTag


def _nonce(number: int, last: int) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))


def _sum(head: bytes) -> bytes:
    return sha256(head).digest()[:_SUM]
