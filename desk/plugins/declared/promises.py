"""[can] of a declared channel: what it says it can do, each line checked as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from desk.config.mistakes import Mistake, guess
from desk.i18n import _
from desk.plugins.channels import FAMILIES, Capabilities
from desk.plugins.collect import wrong_capability
from desk.plugins.declared import shapes
from desk.plugins.declared.shapes import Field, Known, must, read_table
from desk.plugins.declared.templates import Wrong

NEEDED = ("family", "address")


def read_promises(raw: Any, found: list[Mistake]) -> dict[str, Any]:
    """The capabilities that are told; what is wrong is added to `found`."""
    told = read_table(raw, _fields(), ("can",), Known(()), found)
    found += _impossible(told)
    return told


def _fields() -> Mapping[str, Field]:
    known = {field.name: field.type for field in msgspec.structs.fields(Capabilities)}
    fields = {name: Field(_capability(kind), needed=name in NEEDED) for name, kind in known.items()}
    return {**fields, "family": Field(_family, needed=True)}


def _impossible(told: Mapping[str, Any]) -> Iterator[Mistake]:
    """Of the right type, and still no promise that a channel can keep: a call of no time."""
    for name, value in told.items():
        if wrong := wrong_capability(Capabilities(**{name: value})):
            yield Mistake(("can", name), f"[can] {wrong}")


def _capability(kind: Any) -> shapes.Read:
    options = getattr(kind, "__args__", ())

    def read(value: Any, _known: Known) -> Any:
        try:
            return msgspec.convert(value, kind, strict=not isinstance(value, int))
        except msgspec.ValidationError:
            if options and isinstance(value, str):
                raise Wrong(_('cannot be "{value}"').format(value=value) + guess(value, options)) from None
            raise must(_expected(str if options else kind), value) from None

    return read


def _expected(kind: Any) -> str:
    return {bool: _("true or false"), str: _("a text in quotes")}.get(kind, _("a number"))


def _family(value: Any, known: Known) -> str:
    """Any word may be a family; one that is nearly a family of the duties is a slip of the pen."""
    from difflib import get_close_matches

    family = shapes.text(value, known)
    if family not in FAMILIES and (near := get_close_matches(family, FAMILIES, n=1, cutoff=0.75)):
        raise Wrong(_('cannot be "{value}"').format(value=family) + guess(family, near))
    return family
