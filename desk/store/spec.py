"""What the store must know of a table before it can keep it well: its key, its indexes, its lookup terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct


class TableSpec(Struct, frozen=True):
    """How one table is kept. A table without a spec is kept too: only without indexes.

    `key` is the top-level field that identifies a document (no two may share its value); `indexes` are
    top-level scalar fields that may be asked for quickly. `terms` gives the lookup terms of a document
    and is called at every write; when `terms_version` is raised, the terms of all documents are made anew.
    """

    name: str
    key: str = ""
    indexes: tuple[str, ...] = ()
    terms: Callable[[Mapping[str, Any]], Iterable[str]] | None = None
    terms_version: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field with an index, the key first."""
        return tuple(dict.fromkeys(field for field in (self.key, *self.indexes) if field))
