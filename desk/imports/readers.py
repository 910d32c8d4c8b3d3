"""How each column of the network and of the customers is read, given what the county has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from desk.i18n import _
from desk.imports import values
from desk.imports.cells import Remembered, device, folded, identifier, text
from desk.imports.layout import Readers
from desk.imports.report import Wrong
from desk.phone_numbers import read_phones
from desk.records import Phone

_SHORTENED = re.compile(r"(?<![\w.])\d(?:\.\d+)?[Ee]\+\d+")
_POINT_ZERO = re.compile(r"(\d{7,})\.0(?!\d)")


def network_readers() -> Readers:
    return {
        "transformer_area": device,
        "transformer_name": text,
        "lateral": Remembered(device).__getitem__,
        "feeder": Remembered(device).__getitem__,
        "substation": Remembered(text).__getitem__,
        "kind": Remembered(values.kind).__getitem__,
        "service_branch": Remembered(text).__getitem__,
    }


def customer_readers(areas: Iterable[str], area_code: str) -> Readers:
    """`areas` are the transformer areas of the network: a customer of any other is refused."""
    remembered = {field: Remembered(read).__getitem__ for field, read in values.READERS.items()}
    return {
        **remembered,
        "account_no": identifier,
        "name": text,
        "address": text,
        "phones": phones_reader(area_code),
        "fax": text,
        "meter_no": identifier,
        "meter_box": identifier,
        "transformer_area": Remembered(area_reader(areas)).__getitem__,
        "group": Remembered(text).__getitem__,
        "special_need": Remembered(text).__getitem__,
    }


def area_reader(areas: Iterable[str]) -> Callable[[str], str]:
    """A reader that finds the transformer area meant by its code, however it is typed."""
    known = {folded(area): area for area in areas}

    def read(cell: str) -> str:
        name = device(cell)
        if not name:
            return ""
        if (found := known.get(folded(name))) is None:
            raise Wrong(_("is not in the network; import the network first, or correct it"))
        return found

    return read


def phones_reader(area_code: str) -> Callable[[Any], tuple[Phone, ...]]:
    """A reader of one cell, or of the cells of several telephone columns."""

    def read(cell: Any) -> tuple[Phone, ...]:
        if isinstance(cell, list):
            cell = ";".join(piece for piece in map(_numbers, cell) if piece)
        elif not (cell.isdigit() and cell.isascii()):
            cell = _numbers(cell)
        return read_phones(cell, area_code) if cell else ()

    return read


def _numbers(cell: str) -> str:
    written = text(";".join(cell.splitlines()) if "\n" in cell or "\r" in cell else cell)
    if _SHORTENED.search(written):
        raise Wrong(_("was shortened by Excel and has lost digits; format the column as text and enter it again"))
    return _POINT_ZERO.sub(r"\1", written)
