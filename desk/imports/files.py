"""What kind of file this is, told from its bytes and never from its name."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from pathlib import Path

from desk.errors import BadInput
from desk.i18n import N_, _

CHUNK = 1 << 20
HEAD = 1 << 16


class Format(StrEnum):
    """The ways in which rows are written that the desk can read."""

    DELIMITED = "delimited"
    JSON = "json"
    WORKBOOK = "workbook"


ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

# Files that offices pick by mistake: how they begin, and what they are called.
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
    (b"GIF8", N_("a picture")),
    (b"BM", N_("a picture")),
    (b"II*\x00", N_("a picture")),
    (b"%PDF", N_("a PDF")),
    (b"Rar!", N_("an archive")),
    (b"7z\xbc\xaf", N_("an archive")),
    (b"\x1f\x8b", N_("an archive")),
    (b"SQLite format 3", N_("a database")),
    (b"{\\rtf", N_("a text document")),
)
MARKUP = (b"<html", b"<!doc", b"<table", b"<?xml", b"<meta", b"<head", b"<body", b"<div")

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Only what Chinese offices write: a guess among all encodings would turn names into nonsense unseen.
UNTYPED = bytes(sorted({*range(32), 127} - set(b"\t\n\r\f\x1a")))
JSON_START = re.compile(r"\{|\[\s*[{\]]")
GUESSED = ["big5hkscs", "big5", "utf_16_le", "utf_16_be", "cp950"]


def head_of(path: Path) -> bytes:
    """The first bytes of a file; raises BadInput when there is no file, it is a folder, or it is empty."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except FileNotFoundError:
        raise BadInput(_("there is no file {path}").format(path=path)) from None
    except IsADirectoryError:
        raise BadInput(_("{path} is a folder; name the file in it").format(path=path)) from None
    except (OSError, ValueError) as problem:
        raise BadInput(_("{path} cannot be read").format(path=path), why=str(problem)) from None
    if not head.strip():
        raise BadInput(_("{path} is empty").format(path=path))
    return head


def format_of(path: Path, head: bytes) -> Format:
    """Which reader understands the file; raises BadInput that names what it is instead."""
    if head.startswith((ZIP, OLE)):
        return Format.WORKBOOK
    for start, called in FOREIGN:
        if head.startswith(start) and (start != b"BM" or b"\x00" in head):
            raise not_a_table(path, _(called))
    if head.lstrip(codecs.BOM_UTF8).lstrip()[:6].lower().startswith(MARKUP):
        raise BadInput(_("{path} is a web page; open it in Excel and save it as .xlsx or .csv first").format(path=path))
    if _is_binary(head):
        raise not_a_table(path, _("not text"))
    text = head.decode(text_encoding(path, head), "ignore").lstrip("\ufeff \t\r\n")
    return Format.JSON if JSON_START.match(text) else Format.DELIMITED


def not_a_table(path: Path, called: str) -> BadInput:
    return BadInput(
        _("{path} is {called}; expected a CSV, XLSX, XLS or JSON lines file").format(path=path, called=called)
    )


def text_encoding(path: Path, head: bytes) -> str:
    """The encoding every byte of the file agrees with: by BOM, else UTF-8, else GB18030, else a guess."""
    marked = next((encoding for bom, encoding in BOMS if head.startswith(bom)), "")
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        if _undecodable(path, encoding) is None:
            return encoding
    if not marked and (guessed := _guess(path, head)) is not None:
        return guessed
    damaged = _undecodable(path, marked or "utf-8")
    raise BadInput(
        _("{path} is neither UTF-8 nor GB18030 text (damaged near byte {byte}); save it as CSV UTF-8").format(
            path=path, byte=damaged
        )
    )


def _is_binary(head: bytes) -> bool:
    """Whether a tenth of the bytes are ones that no text has; a stray NUL is left by many old programs."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    return len(head) - len(head.translate(None, UNTYPED)) > len(head) // 10


def _undecodable(path: Path, encoding: str) -> int | None:
    """The place of the first byte that is not `encoding`, or None; reads the whole file in pieces."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as problem:
                return done + problem.start
            if not chunk:
                return None
            done += len(chunk)


def _guess(path: Path, head: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(head, cp_isolation=GUESSED).best()
    if best is None or _undecodable(path, best.encoding) is not None:
        return None
    return best.encoding
