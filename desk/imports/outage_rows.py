"""How a row of an outage list becomes a request: types by any of their names, devices as the network has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from difflib import get_close_matches
from hashlib import blake2b
from typing import Any

import msgspec

from desk.grid import Grid
from desk.i18n import _
from desk.imports.cells import Remembered, device, folded, identifier, text
from desk.imports.layout import Readers
from desk.imports.report import Wrong
from desk.imports.times import moment
from desk.outages.requests import BadRequest, OutageRequest, read_request
from desk.plugins import OutageType

# What offices call the types besides their names; see the table in regulation.md.
TYPE_WORDS: Mapping[str, tuple[str, ...]] = {
    "planned_maintenance": ("计划检修停电", "计划检修", "计划停电", "检修停电", "计划", "检修"),
    "temporary_maintenance": ("临时检修停电", "临时检修", "临时停电", "临时", "临检"),
    "grid_fault": ("事故停电", "故障停电", "事故", "故障", "电网故障"),
    "supply_shortage": ("计划限电", "超供电能力限电", "限电", "有序用电", "计划限电停电"),
    "arrears": ("欠费停电", "欠费", "中止供电"),
    "theft_violation": ("违章用电、窃电停电", "窃电停电", "违章用电", "窃电", "违约用电", "违章用电停电"),
    "unforeseeable": ("无法预告的停电", "无法预告", "紧急停电"),
    "hazard_removal": ("排除隐患停电", "排除隐患", "消缺停电", "隐患"),
    "account_closure": ("销户", "终止供电", "销户停电"),
}

_SEPARATORS = re.compile(r"[;；、,，\n\r\t|]+")
_KILOVOLTS = re.compile(r"^\d+kv")


def outage_readers(types: Mapping[str, OutageType], grid: Grid, zone: tzinfo) -> Readers:
    """Readers of every column of an outage list. Devices the network lacks stay as written, to be told of later."""
    areas = grid.areas.values()
    area_names = {area.transformer_area: area.transformer_area for area in areas}
    area_names |= _unique((area.transformer_name, area.transformer_area) for area in areas if area.transformer_name)

    def when(cell: str) -> Any:
        return moment(cell, zone)

    return {
        "reference": identifier,
        "type": Remembered(type_reader(types)).__getitem__,
        "feeders": names_reader({name: name for name in grid.feeders}, device),
        "laterals": names_reader({name: name for name in grid.laterals}, device),
        "transformer_areas": names_reader(area_names, device),
        "meter_boxes": names_reader({}, identifier),
        "accounts": names_reader({}, identifier),
        "planned_start": when,
        "planned_end": when,
        "received_at": when,
        "cause": text,
        "area": text,
        "phases": _json_only("phases", zone),
        "facts": _json_only("facts", zone),
    }


def type_reader(types: Mapping[str, OutageType]) -> Callable[[str], str]:
    """A reader that knows each type by its id, its names in every language, and what offices call it."""
    words = {folded(word): name for name, spoken in TYPE_WORDS.items() if name in types for word in spoken}
    words |= {folded(word): name for name, kind in types.items() for word in (*kind.labels.values(), *kind.also)}
    words |= {folded(name): name for name in types}

    def read(cell: str) -> str:
        written = text(cell)
        if not written or folded(written) in words:
            return words.get(folded(written), "")
        near = get_close_matches(folded(written), words, 1, 0.4)
        if near:
            raise Wrong(_("is not an outage type; did you mean {name}?").format(name=near[0]))
        raise Wrong(_("is not an outage type; there are: {names}").format(names="、".join(types)))

    return read


def names_reader(known: Mapping[str, str], clean: Callable[[str], str]) -> Callable[[Any], tuple[str, ...]]:
    """A reader of a list of devices or accounts, each turned into the name under which it is `known`."""
    index: dict[str, str] = {}
    for name, meant in known.items():
        index.setdefault(_KILOVOLTS.sub("", folded(name)), meant)
    index |= {folded(name): meant for name, meant in known.items()}

    def one(piece: str) -> str | None:
        key = folded(piece)
        return index.get(key) or index.get(_KILOVOLTS.sub("", key))

    def pieces(cell: str) -> Iterable[str]:
        for piece in filter(None, map(clean, _SEPARATORS.split(cell))):
            if (found := one(piece)) is not None:
                yield found
                continue
            parts = [part for part in re.split(r"[/ ]+", piece) if part]
            meant = [one(part) for part in parts]
            # A slash may belong to a name (feeder/lateral): it separates where every part is known.
            separated = all(meant) if known else "/" in piece
            yield from (found or part for found, part in zip(meant, parts, strict=True)) if separated else (piece,)

    def read(cell: Any) -> tuple[str, ...]:
        cells = cell if isinstance(cell, list) else [cell]
        return tuple(dict.fromkeys(name for each in cells for name in pieces(text(str(each).replace("\n", ";")))))

    return read


def request_of(values: Mapping[str, Any]) -> OutageRequest:
    """The request in a row's values, with the fingerprint by which the same row is known again."""
    given = {field: value for field, value in values.items() if value not in (None, "", (), {})}
    digest = blake2b(msgspec.json.encode(given, order="sorted"), digest_size=12).hexdigest()
    return OutageRequest(**given, fingerprint=digest)


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    twice = set()
    for name, meant in pairs:
        if found.setdefault(name, meant) != meant:
            twice.add(name)
    return {name: meant for name, meant in found.items() if name not in twice}


def _json_only(field: str, zone: tzinfo) -> Callable[[Any], Any]:
    def read(cell: Any) -> Any:
        if isinstance(cell, str):
            if text(cell):
                raise Wrong(_("is read from JSON files only"))
            return None
        try:
            return getattr(read_request({"type": "-", field: cell}, zone), field)
        except BadRequest as problem:
            raise Wrong(str(problem)) from None

    return read
