"""Text in terminal cells: how wide it is, cut and padded to a width, and made safe to print.

    cell_width("城东线")  → 6
    fit("城东线路", 6)    → "城东.."      always exactly 6 cells
    clean("a\\x1b[31m")   → "a␛[31m"      nothing in it moves the cursor or colours the screen

Widths are those a terminal uses for Chinese text (East Asian Width; ambiguous signs take one cell).
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, east_asian_width

# Two full stops instead of "…", which is one cell in some terminals and two in others.
ELLIPSIS = ".."

_ZERO_WIDTH = frozenset({"Mn", "Mc", "Me", "Cf"})
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SPACES = frozenset("\t\n\r\x0b\x0c\u2028\u2029")


def cell_width(text: str) -> int:
    """How many terminal cells `text` takes; control characters are not expected (see `clean`)."""
    return len(text) if text.isascii() else _width(text)


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells; what does not fit is replaced by an ellipsis."""
    if cell_width(text) <= width:
        return text
    if width <= len(ELLIPSIS):
        return ELLIPSIS[: max(width, 0)]
    room, kept = width - len(ELLIPSIS), []
    for char in text:
        room -= _char_width(char)
        if room < 0:
            break
        kept.append(char)
    return "".join(kept) + ELLIPSIS


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells: cut with an ellipsis, or padded on the right."""
    text = cut(text, width)
    return text + " " * (width - cell_width(text))


def fit_right(text: str, width: int) -> str:
    """`text` in exactly `width` cells, against the right edge: for figures."""
    text = cut(text, width)
    return " " * (width - cell_width(text)) + text


def clean(text: str) -> str:
    """`text` on one line with nothing a terminal would obey: controls become visible marks."""
    return _UNSAFE.sub(_mark, text)


def table(rows: list[tuple[str, ...]], gap: int = 2) -> list[str]:
    """`rows` as lines whose columns line up by cells; the last column is left as it is."""
    if not rows:
        return []
    widths = [max(cell_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    space = " " * gap
    return [space.join(fit(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


@lru_cache(maxsize=8192)
def _width(text: str) -> int:
    return sum(map(_char_width, text))


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    kind = category(char)
    if (kind in _ZERO_WIDTH and char != "\xad") or "\u1160" <= char <= "\u11ff":
        return 0
    # Python 3.11 calls characters that do not exist full-width.
    return 2 if kind != "Cn" and east_asian_width(char) in "WF" else 1


def _mark(found: re.Match[str]) -> str:
    char = found.group()
    if char in _SPACES:
        return " "
    return chr(0x2400 + ord(char)) if char < "\x20" else "?"
