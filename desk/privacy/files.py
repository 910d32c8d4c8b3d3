"""Files of the data folder that hold people's data and are no part of the store: attachments, old logs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from desk import schema
from desk.place import Place
from desk.records import Evidence, Message, Record

ATTACHMENTS = "attachments"
_REF = re.compile(rf"\b{ATTACHMENTS}/[0-9a-f]{{2}}/([0-9a-f]{{64}})\.[a-z]{{3,4}}\b")  # see desk/paper/attachments.py
# A scan is copied before the evidence that names it is stored: a young file may be about to be named.
YOUNG = timedelta(days=1)
LOGS = ("desk.log.1", "plugins.log.1")


class _Line(Record, frozen=True, kw_only=True):
    evidence: tuple[Evidence, ...] = ()


class _Sheet(Record, frozen=True, kw_only=True):
    id: str
    outage: str
    lines: tuple[_Line, ...] = ()


def unreferenced(place: Place, without: Collection[str] = ()) -> list[Path]:
    """The attachments that no evidence names, apart from that of the outages in `without`."""
    folder = place.config.data / ATTACHMENTS
    youngest = (place.now() - YOUNG).timestamp()
    files = [file for file in sorted(folder.glob("*/*")) if file.is_file() and file.stat().st_mtime < youngest]
    if not files:
        return []
    named = set(_named(place, without))
    return [file for file in files if file.stem not in named]


def old_logs(data: Path, before: datetime) -> list[Path]:
    """Full logs that nothing was written to since then."""
    found = (data / name for name in LOGS)
    return [file for file in found if file.exists() and file.stat().st_mtime < before.timestamp()]


def _named(place: Place, without: Collection[str]) -> Iterator[str]:
    for sheet in place.store.records(schema.DUTIES, _Sheet).all():
        if sheet.outage not in without:
            for line in sheet.lines:
                for one in line.evidence:
                    yield from _REF.findall(one.ref)
    for message in place.store.records(schema.MESSAGES, Message).all():
        if message.outage not in without:
            for name in message.attachments:
                yield from _REF.findall(name)
