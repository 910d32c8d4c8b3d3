"""What the desk kept itself and somebody had in hand since: backups, sealed and not, and lines of the audit."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from desk.audit import Audit
from desk.keeping.backup import write_backup
from desk.keeping.opening import verified
from desk.keeping.sealed import Costs, Sealing
from desk.schema import AUDIT
from tools.fuzz.targets.county import counties
from tools.fuzz.targets.target import Door, Target

PASSPHRASE = "correct horse battery staple"
CHEAP = Costs(passes=1, memory=64, lanes=1)
LARGEST = 1 << 15


@contextmanager
def backups(folder: Path) -> Iterator[Door]:
    """The file as it is; and what begins with R as what a backup has inside its compression."""
    file = folder / "x.backup"

    def door(data: bytes) -> None:
        file.write_bytes(gzip.compress(data[1:], 1) if data[:1] == b"R" else data)
        verified(file, PASSPHRASE)

    yield door


def kept() -> Iterator[bytes]:
    with TemporaryDirectory(prefix="desk-fuzz-") as name, counties(Path(name)) as here:
        made = Path(name) / "made.backup"
        write_backup(here().place, made)
        whole = made.read_bytes()
    yield whole[:LARGEST]
    sealed = io.BytesIO()
    sealing = Sealing(sealed, PASSPHRASE, CHEAP)
    sealing.write(whole[:4096])
    sealing.close()
    yield sealed.getvalue()
    yield b"R" + _archive({"head.json": b"{}", "../../etc/passwd": b"x", "tables/customers.0.jsonl": b'{"a": 1}\n'})


def _archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


@contextmanager
def audit_lines(folder: Path) -> Iterator[Door]:
    """An audit in which one line was rewritten; what is found wrong is told, and never raised."""
    with counties(folder) as here:

        def door(data: bytes) -> None:
            place = here().place
            try:
                document = msgspec.json.decode(data)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return
            if not isinstance(document, dict):
                return
            table = place.store.table(AUDIT)
            table.truncate()
            audit = Audit(place)
            with place.store.transaction():
                audit.note("case.open", "K1", {"kind": "complaint"})
                line = table.all()[0]
                audit.note("case.open", "K2")
            table.update({**line, **document, "id": line["id"]}, doc_ids=[line.doc_id])
            found = audit.verify()
            assert found.ok or found.faults

        yield door


def lines() -> Iterator[bytes]:
    yield b'{"number": 1, "at": "2026-12-01T08:00:00+08:00", "act": "case.open", "about": "K1", "hash": "00"}'
    yield b'{"previous": "x", "details": {"kind": "praise", "deep": [[[]]]}, "agent": "x", "seat": null, "role": 5}'
    yield b'{"number": 99999999999999999999, "at": "soon", "hash": [], "unknown": 1.5}'


TARGETS = {
    "backups": Target(backups, kept, (b"head.json", b"manifest.json", b"../", b"/etc/passwd", b"\x1f\x8b", b"ustar")),
    "audit_lines": Target(audit_lines, lines, (b'"number"', b'"hash"', b'"previous"', b'"at"', b"null", b"1e999")),
}
