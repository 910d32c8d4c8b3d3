"""What a cell says, cleaned of what typing, Excel and other programs leave in it.

    text(" １２３　ＡＢ ")  -> "123 AB"        identifier("'0012345.0") -> "0012345"

Every reader takes the cell's text and returns the value, or raises Wrong with a sentence. They are
tables where the words are few: a look-up is faster than a rule, and shows what is understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from unicodedata import normalize

from desk.i18n import _
from desk.imports.report import Wrong

LONGEST = 2000  # characters: more than this is a quotation mark gone wrong, not an address

BLANKS = frozenset(
    {"", "-", "--", "---", "—", "——", "/", "\\", "无", "空", "N/A", "n/a", "NA", "#N/A", "NULL", "null", "None", "\\N"}
)
EXCEL_ERRORS = frozenset({"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "########"})

# Full-width letters, digits and the space become what is typed on a plain keyboard; Chinese brackets
# and commas stay, they belong to names. Invisible characters go.
_PLAIN: dict[int, int | str | None] = {
    **{code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)},
    **dict.fromkeys([*range(0x20), 0x7F, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F], " "),
    **dict.fromkeys([*range(0x80, 0xA0), 0x3000], " "),
    **dict.fromkeys([0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]),
    **dict.fromkeys(range(0xD800, 0xE000)),
}
_DIRTY = re.compile(
    "^['=]|  |[" + "".join(f"\\U{code:08x}" for code in _PLAIN if not 0xD800 <= code <= 0xDFFF) + "\ud800-\udfff]"
)
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[Ee]\+\d+")
_SPACES = re.compile(r"\s+")

Reader = Callable[[str], Any]


def text(cell: str) -> str:
    """The words of a cell; empty for what offices write when there is nothing (-, /, 无, NULL)."""
    cell = cell.strip()
    if _DIRTY.search(cell):
        cell = _scrubbed(cell)
    if cell in BLANKS:
        return ""
    if len(cell) > LONGEST:
        raise Wrong(_("is too long for one cell; look for a quotation mark that does not close"))
    if cell in EXCEL_ERRORS:
        raise Wrong(_("is an error of Excel; correct the cell"))
    return cell


def _scrubbed(cell: str) -> str:
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1]  # how exports keep Excel from reading digits as a number
    elif cell.startswith("'"):
        cell = cell[1:]
    return " ".join(cell.translate(_PLAIN).split())


def identifier(cell: str) -> str:
    """A number or code that tells things apart: no spaces inside, no .0 of Excel, nothing rounded."""
    if cell.isalnum() and cell.isascii():
        return "" if cell in BLANKS else cell
    # Once more, because letters that a space kept apart may now be one.
    cell = normalize("NFKC", device(cell).replace(" ", ""))
    return cell[:-2] if cell.endswith(".0") and cell[:-2].isdigit() else cell


def device(cell: str) -> str:
    """The name or code of a line or transformer, written the same way everywhere: 10kV青山线."""
    cell = text(cell)
    if not cell.isascii():
        cell = " ".join(normalize("NFKC", cell).split())
    if _SCIENTIFIC.fullmatch(cell):
        raise Wrong(_("was shortened by Excel and has lost digits; format the column as text and enter it again"))
    return "" if cell in BLANKS else cell


def folded(name: str) -> str:
    """A device's name without spaces, letter case and full-width forms: to find the one that is meant."""
    return _SPACES.sub("", normalize("NFKC", name)).casefold()


class Remembered(dict[str, Any]):
    """The values of a column whose cells repeat: each writing is understood once, then looked up."""

    LIMIT = 50_000

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> Any:
        value = self._read(cell)
        if len(self) < self.LIMIT:
            self[cell] = value
        return value


def one_of(words: Mapping[str, Any], problem: str) -> Reader:
    """A reader of a closed set of words; `words` is keyed by the folded writing."""

    def read(cell: str) -> Any:
        key = folded(text(cell))
        if key in words:
            return words[key]
        raise Wrong(_(problem))

    return read
