"""Whether two stores hold the same: every table's rows and digest, each of one moment."""

from __future__ import annotations

from msgspec import Struct

from desk.keeping.lines import Digest, digest_of
from desk.keeping.standing import UNFINISHED
from desk.store.engine import Engine

_NOTHING = Digest(0, 0, digest_of(()).sha256)


class Compared(Struct, frozen=True):
    """One table in two stores."""

    table: str
    first: Digest
    second: Digest

    @property
    def same(self) -> bool:
        return self.first == self.second


def digests(engine: Engine) -> dict[str, Digest]:
    """The digest of every table, all of one moment."""
    with engine.snapshot() as moment:
        return {name: digest_of(moment.rows(name)) for name in sorted(moment.tables()) if name != UNFINISHED}


def compared(first: Engine, second: Engine) -> list[Compared]:
    """Every table that either store has; one that a store does not have is empty there."""
    one, other = digests(first), digests(second)
    names = sorted(one.keys() | other.keys())
    return [Compared(name, one.get(name, _NOTHING), other.get(name, _NOTHING)) for name in names]
