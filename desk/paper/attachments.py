"""Scans and photographs that prove something: copied into the data folder under the hash of their content.

    ref = attach(data, Path("scan.pdf"))     → "attachments/3f/3f9a….pdf"

The name is the hash, so evidence that names a file also says what was in it; the same scan twice is one file.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from desk.errors import BadInput
from desk.i18n import _

FOLDER = "attachments"
LARGEST = 30 * 1024 * 1024  # a phone's photograph has 5, a scan of ten pages 3

# How a file that may be attached begins → the ending it gets, whatever it was called.
KINDS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"%PDF-"), ".pdf"),
    (re.compile(rb"\x89PNG\r\n"), ".png"),
    (re.compile(rb"\xff\xd8\xff"), ".jpg"),
    (re.compile(rb"II\*\x00|MM\x00\*"), ".tif"),
    (re.compile(rb"....ftyp(heic|heix|mif1|avif)", re.DOTALL), ".heic"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), ".webp"),
)
REF = re.compile(rf"\b{FOLDER}/[0-9a-f]{{2}}/([0-9a-f]{{64}})\.[a-z]{{3,4}}\b")


def attach(data: Path, file: Path) -> str:
    """Copy a scan below the data folder and return how evidence refers to it; raises BadInput.

    The copy is there whole, and on the disk, or not at all.
    """
    content = _read(file)
    ending = next((ending for begins, ending in KINDS if begins.match(content)), "")
    if not ending:
        raise BadInput(_("{file} is neither a PDF nor a picture; scan or photograph the slip").format(file=file.name))
    return keep(data, content, ending)


def keep(data: Path, content: bytes, ending: str) -> str:
    """Keep `content` below the data folder; returns its path there."""
    name = sha256(content).hexdigest()
    ref = f"{FOLDER}/{name[:2]}/{name}{ending}"
    target = data / ref
    if target.exists() and sha256(target.read_bytes()).hexdigest() == name:
        return ref
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, content)
    except OSError as problem:
        words = {"file": target, "problem": problem.strerror}
        raise BadInput(_("{file} cannot be written: {problem}").format(**words), why=str(problem)) from None
    return ref


def found(data: Path, text: str) -> list[Path]:
    """The attachments that a text (the `ref` of an evidence) names."""
    return [data / match.group() for match in REF.finditer(text)]


def is_whole(file: Path) -> bool:
    """Whether an attachment still holds what its name says."""
    try:
        return sha256(file.read_bytes()).hexdigest() == file.stem
    except OSError:
        return False


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            words = {"file": file.name, "most": LARGEST // 1024 // 1024}
            raise BadInput(_("{file} is larger than {most} MB; scan it smaller").format(**words))
        return file.read_bytes()
    except OSError as problem:
        words = {"file": file, "problem": problem.strerror}
        raise BadInput(_("{file} cannot be read: {problem}").format(**words), why=str(problem)) from None


def _write(target: Path, content: bytes) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
