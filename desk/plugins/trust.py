"""Which dropped-in parts may run: Python has full power over the desk, so someone answers for every file.

`plugins.lock` in the data folder lists path, sha256, who and when, and what somebody switched off. A file that was
changed since is off until it is approved again. What runs is what was hashed: the bytes are read once.
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


class SwitchedOff(msgspec.Struct, frozen=True):
    """Someone switched a part or a channel off, until someone switches it on."""

    name: str
    who: str
    when: datetime


class Lock(msgspec.Struct, frozen=True):
    """The whole of plugins.lock."""

    approved: tuple[Approval, ...] = ()
    off: tuple[SwitchedOff, ...] = ()


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


def read_lock(data: Path) -> Lock:
    """What this data folder says of parts; raises StoreProblem when the file cannot be understood."""
    file = data / LOCK_NAME
    try:
        return msgspec.json.decode(file.read_bytes(), type=Lock)
    except FileNotFoundError:
        return Lock()
    except (OSError, msgspec.DecodeError) as problem:
        text = _("{file} cannot be read; mend it, or delete it and approve the plugins again").format(file=file)
        raise StoreProblem(text, why=str(problem)) from None


def approve(data: Path, path: Path, who: str, when: datetime) -> Approval:
    """Note that `who` answers for the part at `path` as it is now; replaces an older word for it."""
    approval = Approval(str(path), fingerprint(contents(path)), who, when)
    lock = read_lock(data)
    others = [known for known in lock.approved if known.path != approval.path]
    approved = tuple(sorted((*others, approval), key=lambda known: known.path))
    _write(data, msgspec.structs.replace(lock, approved=approved))
    return approval


def switch_off(data: Path, name: str, who: str, when: datetime) -> None:
    """Note that the part or channel called `name` is off from now on."""
    lock = read_lock(data)
    if all(known.name != name for known in lock.off):
        _write(data, msgspec.structs.replace(lock, off=(*lock.off, SwitchedOff(name, who, when))))


def switch_on(data: Path, name: str) -> None:
    """Take back that `name` is off."""
    lock = read_lock(data)
    off = tuple(known for known in lock.off if known.name != name)
    if off != lock.off:
        _write(data, msgspec.structs.replace(lock, off=off))


def _write(data: Path, lock: Lock) -> None:
    file = data / LOCK_NAME
    draft = file.with_suffix(".new")
    try:
        data.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(lock), indent=2) + b"\n")
        os.replace(draft, file)
    except OSError as problem:
        text = _("{file} cannot be written: {words}").format(file=file, words=problem.strerror)
        raise StoreProblem(text, why=str(problem)) from None


class Switches:
    """Who is switched off now, by whatever process: the file is looked at whenever it has changed."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._mark: tuple[int, int] | None = None
        self._off: dict[str, SwitchedOff] = {}

    def words(self, *names: str) -> str:
        """Who switched one of `names` off, and when; empty when nobody did."""
        self._look()
        found = next((self._off[name] for name in names if name in self._off), None)
        if found is None:
            return ""
        return _("switched off by {who} at {when}").format(who=found.who, when=f"{found.when:%Y-%m-%d %H:%M}")

    def _look(self) -> None:
        try:
            state = os.stat(self._data / LOCK_NAME)
        except OSError:
            self._mark, self._off = None, {}
            return
        mark = (state.st_mtime_ns, state.st_size)
        if mark != self._mark:
            try:
                self._off = {known.name: known for known in read_lock(self._data).off}
            except StoreProblem:
                return  # what was off stays off; the file is named where approvals are read
            self._mark = mark


def objection(approval: Approval | None, files: Mapping[str, bytes]) -> str:
    """Why a part may not run yet; empty when someone answers for exactly these bytes."""
    if approval is None:
        return _("nobody has approved it yet")
    if approval.sha256 != fingerprint(files):
        when = f"{approval.when:%Y-%m-%d %H:%M}"
        return _("changed since {who} approved it at {when}; approve it again").format(who=approval.who, when=when)
    return ""
