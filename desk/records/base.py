"""What every stored noun is: frozen, keyword-only, its defaults left out of the document."""

from __future__ import annotations

from msgspec import Struct


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=False):
    """The base of every stored noun: keyword-only, immutable, defaults left out of the document."""
