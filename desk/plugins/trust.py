"""Which dropped-in parts may run: Python has full power over the desk, so someone answers for every file.

`plugins.lock` in the data folder lists path, sha256, who and when. A file that was changed since is off until
it is approved again. What runs is what was hashed: the bytes are read once.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from desk.errors import StoreProblem
from desk.i18n import _

LOCK_NAME = "plugins.lock"


class Approval(msgspec.Struct, frozen=True):
    """Someone's word for one file (or package) as it was then."""

    path: str
    sha256: str
    who: str
    when: datetime


class Lock(msgspec.Struct, frozen=True):
    """The whole of plugins.lock."""

    approved: tuple[Approval, ...] = ()


def contents(path: Path) -> dict[str, bytes]:
    """Every file of a part: its path below the part (`""` for a single file) → its bytes."""
    if path.is_file():
        return {"": path.read_bytes()}
    files = sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


def fingerprint(files: Mapping[str, bytes]) -> str:
    """The SHA-256 of a part: of the file itself, or of its files' names and hashes."""
    from hashlib import sha256  # 3 ms, and only parts that did not ship need it

    if "" in files:
        return sha256(files[""]).hexdigest()
    lines = (f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return sha256("".join(lines).encode()).hexdigest()


def read_lock(data: Path) -> dict[str, Approval]:
    """The approvals of this data folder by path; raises StoreProblem when the file cannot be understood."""
    file = data / LOCK_NAME
    try:
        lock = msgspec.json.decode(file.read_bytes(), type=Lock)
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as problem:
        text = _("{file} cannot be read; mend it, or delete it and approve the plugins again").format(file=file)
        raise StoreProblem(text, why=str(problem)) from None
    return {approval.path: approval for approval in lock.approved}


def approve(data: Path, path: Path, who: str, when: datetime) -> Approval:
    """Note that `who` answers for the part at `path` as it is now; replaces an older word for it."""
    approval = Approval(str(path), fingerprint(contents(path)), who, when)
    known = read_lock(data) | {approval.path: approval}
    lock = Lock(tuple(known[key] for key in sorted(known)))
    file = data / LOCK_NAME
    draft = file.with_suffix(".new")
    data.mkdir(parents=True, exist_ok=True)
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(lock), indent=2) + b"\n")
    os.replace(draft, file)
    return approval


def objection(approval: Approval | None, files: Mapping[str, bytes]) -> str:
    """Why a part may not run yet; empty when someone answers for exactly these bytes."""
    if approval is None:
        return _("nobody has approved it yet")
    if approval.sha256 != fingerprint(files):
        when = f"{approval.when:%Y-%m-%d %H:%M}"
        return _("changed since {who} approved it at {when}; approve it again").format(who=approval.who, when=when)
    return ""
