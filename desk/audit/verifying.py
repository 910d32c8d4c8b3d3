"""Verifies an audit: every line and link, every checkpoint, and where asked the documents that lines vouch for.

found = verify(lines, checkpoints)
found.ok, found.trustworthy, found.faults
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from desk.audit.checkpoints import Checkpoints
from desk.audit.following import Fault, Following
from desk.audit.vouched import Vouching, registered_in, vouched
from desk.i18n import _
from desk.records import AuditLine, Checkpoint

if TYPE_CHECKING:
    from desk.audit.documents import Documents
    from desk.store import RecordTable


class Key(Struct, frozen=True, kw_only=True):
    """One seat's public key, as a line registered it."""

    key: str
    seat: str = ""
    by: str = ""
    at: datetime
    line: int


class Found(Struct, frozen=True, kw_only=True):
    """What verifying came to.

    `lines`: how many the chain has; `old_lines`: how many are from before it; `trustworthy`: up to this line nothing is
    wrong; `signed`: up to this line a good checkpoint vouches; `faults` are the first of `fault_count`.
    """

    ok: bool
    lines: int
    old_lines: int = 0
    last: int = 0
    last_at: str = ""
    trustworthy: int = 0
    signed: int = 0
    checkpoints: int = 0
    keys: tuple[Key, ...] = ()
    documents: int | None = None
    faults: tuple[Fault, ...] = ()
    fault_count: int = 0


def verify(
    lines: RecordTable[AuditLine],
    checkpoints: Checkpoints,
    *,
    kept: Iterable[Checkpoint] = (),
    trusted: Iterable[str] = (),
    documents: Documents | None = None,
) -> Found:
    """The whole audit. Copies are read first, then checkpoints, then lines: whoever writes meanwhile only adds to what
    is read later."""
    copies, kept = checkpoints.copies(), list(kept)
    stored, unreadable = _stored(checkpoints)
    following = Following({one.number for one in (*stored, *(copies or ()), *kept)})
    naming = list(_followed(lines, following, documents))
    own = checkpoints.key().public if checkpoints.has_key() else ""
    held = Vouching(
        stored=stored,
        copies=copies,
        own=own,
        kept=kept,
        registered=registered_in(naming),
        trusted=frozenset(trusted),
    )
    against, signed = vouched(held, following.hashes, following.last_number)
    known = [*following.faults, *unreadable, *against, *(documents.faults() if documents else ())]
    count = following.fault_count - len(following.faults) + len(known)
    first = min((one.line for one in known if one.line), default=following.last_number + 1)
    trustworthy = max(0, first - 1)
    return Found(
        ok=not count,
        lines=following.lines,
        old_lines=following.old,
        last=following.last_number,
        last_at=str(following.last.get("at", "")),
        trustworthy=trustworthy,
        signed=min(signed, trustworthy),
        checkpoints=len(stored),
        keys=tuple(map(_key, naming)),
        documents=documents.count if documents else None,
        faults=tuple(sorted(known, key=lambda one: one.line)),
        fault_count=count,
    )


def _followed(
    lines: RecordTable[AuditLine], following: Following, documents: Documents | None
) -> Iterator[dict[str, Any]]:
    """Every line taken; gives those that register a key."""
    for body in lines.bodies():
        line = following.take(body)
        if line is None:
            continue
        if line.get("act") == "audit.key":
            yield line
        elif documents is not None:
            documents.take(line)
    following.close()


def _stored(checkpoints: Checkpoints) -> tuple[Sequence[Checkpoint], list[Fault]]:
    found, faults = [], []
    for body in checkpoints.table.bodies():
        try:
            found.append(msgspec.json.decode(body, type=Checkpoint))
        except msgspec.MsgspecError:
            what = _("one of the stored checkpoints cannot be read")
            faults.append(Fault(kind="checkpoint", line=found[-1].number if found else 0, what=what))
    return found, faults


def _key(line: dict[str, Any]) -> Key:
    return Key(
        key=str(line.get("details", {}).get("key", "")),
        seat=str(line.get("seat", "")),
        by=str(line.get("by", "")),
        at=datetime.fromisoformat(line["at"]),
        line=line["number"],
    )
