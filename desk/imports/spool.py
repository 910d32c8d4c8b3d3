"""Records put aside on disk between the two phases of an import, so that a million of them need no memory."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Generic, TypeVar

import msgspec

IN_MEMORY = 8 << 20  # bytes kept before a file is made

T = TypeVar("T")


class Spool(Generic[T]):
    """An append-only list of records that is read back once, in order."""

    def __init__(self, kind: type[T]) -> None:
        self.count = 0
        self._decoder = msgspec.json.Decoder(kind)
        self._encoder = msgspec.json.Encoder()
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Spool[T]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._file.close()

    def add(self, record: T) -> None:
        self._file.write(self._encoder.encode(record) + b"\n")
        self.count += 1

    def __iter__(self) -> Iterator[T]:
        self._file.seek(0)
        for line in self._file:
            yield self._decoder.decode(line)
