"""Printing many notices: set file by file in a folder of their own, and moved to where they belong once all are there.

Nothing is half done: cancelled, or out of room on the disk, the folder holds what it held before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from msgspec import Struct

from desk.errors import BadInput
from desk.i18n import _
from desk.paper.press import Press
from desk.text import clean

MOST = 100  # papers in one file: a printer takes that, a progress bar moves, and typst holds 1 MB for each
SPLITS = ("branch", "one", "each")

Progress = Callable[[int, int], None]  # papers set, of how many
Cancelled = Callable[[], bool]


class Job(Struct, frozen=True, kw_only=True):
    """One paper to be printed: on which form, for whom, and what stands on it."""

    duty: str
    form: str
    branch: str
    name: str
    content: Mapping[str, Any]


class Cancel(Exception):
    """Whoever asked for the print does not want it any more."""


class File(Struct, frozen=True):
    """One PDF to be made of some jobs on the same form."""

    name: str
    jobs: tuple[Job, ...]


def files(jobs: Sequence[Job], split: str, titles: Mapping[str, str], about: str) -> list[File]:
    """How the jobs, in walking order, become files: one for each branch, for each notice, or for all.

    A form has files of its own, and none holds more than `MOST` papers. `titles` are the forms' names.
    """
    if split not in SPLITS:
        words = {"split": split, "choices": ", ".join(SPLITS)}
        raise BadInput(_("notices cannot be put together by {split}; choose one of: {choices}").format(**words))
    if split == "each":
        return [File(_name(f"{job.duty} {job.name} {titles.get(job.form, job.form)}"), (job,)) for job in jobs]

    def key(job: Job) -> tuple[str, str]:
        return (job.branch if split == "branch" else "", job.form)

    found: list[File] = []
    for (branch, form), group in groupby(sorted(jobs, key=key), key=key):
        some = tuple(group)
        where = branch or (titles.get("", "") if split == "branch" else "")
        title = f"{about} {where} {titles.get(form, form)}"
        volumes = [some[start : start + MOST] for start in range(0, len(some), MOST)]
        found += [
            File(_name(f"{title} {number}" if len(volumes) > 1 else title), volume)
            for number, volume in enumerate(volumes, 1)
        ]
    return found


def set_files(
    press: Press, wanted: Iterable[File], folder: Path, total: int, progress: Progress, cancelled: Cancelled
) -> Iterator[str]:
    """Make each file in `folder`; yields what went wrong with the county's own forms. Raises Cancel."""
    done = 0
    progress(done, total)
    for file in wanted:
        if cancelled():
            raise Cancel
        printed = press.pdf(file.jobs[0].form, [job.content for job in file.jobs])
        (folder / f"{file.name}.pdf").write_bytes(printed.pages[0])
        done += len(file.jobs)
        progress(done, total)
        if printed.warning:
            yield printed.warning
    if cancelled():
        raise Cancel


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """A folder of its own inside `folder` (which is made if need be), gone afterwards; raises BadInput."""
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        inside = Path(mkdtemp(prefix=".notices-", dir=folder))
    except OSError as problem:
        raise _unwritable(folder, problem) from None
    try:
        yield inside
    except OSError as problem:
        raise _unwritable(folder, problem) from None
    finally:
        rmtree(inside, ignore_errors=True)
        if new and not any(folder.iterdir()):
            folder.rmdir()


def moved(inside: Path, folder: Path) -> list[Path]:
    """Move the finished files to `folder`, over those of the same name; all of them, or none. May raise OSError."""
    replaced = inside / "before"
    replaced.mkdir()
    placed: list[Path] = []
    try:
        for file in sorted(inside.glob("*.pdf")):
            target = folder / file.name
            if target.exists():
                target.replace(replaced / target.name)
            placed.append(target)
            file.replace(target)
    except OSError:
        for target in placed:
            target.unlink(missing_ok=True)
            if (replaced / target.name).exists():
                (replaced / target.name).replace(target)
        raise
    return placed


def placed(folder: Path, name: str, content: bytes) -> Path:
    """Put one finished PDF into `folder`, over one of the same name; `name` is cleaned. Raises BadInput."""
    with workshop(folder) as inside:
        (inside / f"{_name(name)}.pdf").write_bytes(content)
        return moved(inside, folder)[0]


def _unwritable(folder: Path, problem: OSError) -> BadInput:
    words = {"file": folder, "problem": problem.strerror}
    return BadInput(_("{file} cannot be written: {problem}").format(**words), why=str(problem))


_NO_NAME = re.compile(r'[\\/:*?"<>|\s]+')


def _name(text: str) -> str:
    """A file's name that every system takes; a name has 255 bytes, a Chinese character three."""
    name = _NO_NAME.sub(" ", clean(text)).strip(" .")
    return name.encode()[:200].decode(errors="ignore").strip()
