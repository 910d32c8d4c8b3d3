"""Text in terminal cells: how wide it is, cut and padded to a width, and made safe to print.

    cell_width("城东线")  → 6
    fit("城东线路", 6)    → "城东.."      always exactly 6 cells
    clean("a\\x1b[31m")   → "a␛[31m"      nothing in it moves the cursor, colours the screen, or hides

Widths are those a terminal uses for Chinese text (East Asian Width; ambiguous signs take one cell).
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, east_asian_width

# Two full stops instead of "…", which is one cell in some terminals and two in others.
ELLIPSIS = ".."

_ZERO_WIDTH = frozenset({"Mn", "Mc", "Me", "Cf"})
# What a terminal obeys, what turns the direction of what follows, what takes no room and so hides.
_CLASS = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
)
_UNSAFE = re.compile(f"[{_CLASS}]")
_UNSAFE_IN_LINES = re.compile(f"(?!\n)[{_CLASS}]")
# Where marks may stand that are set upon the sign before them; Chinese and Latin letters are not among these.
_MARKS = re.compile(
    "[\u0300-\u0fff\u135d-\u1dff\u20d0-\u20ff\u2cef-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabed\ufb1e\ufe00-\ufe2f"
    "\U00010000-\U0001efff\U000e0100-\U000e01ef]"
)
_FORMULA = re.compile(f"[\\s{_CLASS}]*[=+\\-@＝＋－＠]")
_SWALLOWED = frozenset("'\t\r\n")
MOST_MARKS = 4  # on one sign: no language sets more, and a heap of them is painted over the lines above
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
    text = marked(text)
    return text if text.isascii() or not _MARKS.search(text) else _thinned(text, "")


def marked(text: str) -> str:
    """The same sign for sign, for a field in which every sign has its place."""
    return _UNSAFE.sub(_mark, text)


def escaped(text: str) -> str:
    """Lines in which such signs are written as `\\u001b`, as in JSON: what JSON says is not changed by it."""
    text = _UNSAFE_IN_LINES.sub(lambda found: _escape(found[0]), text)
    return text if text.isascii() or not _MARKS.search(text) else _thinned(text, None)


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a cell that begins so, or swallow its beginning: also in full-width signs, and
    behind blanks and signs that are not seen."""
    return cell[:1] in _SWALLOWED or _FORMULA.match(cell) is not None


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


def _escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True))


def _thinned(text: str, instead: str | None) -> str:
    """`text` with no more marks on one sign than there may be; `instead` of others, or as they are escaped."""
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if _char_width(char) == 0 else 0
        if marks <= MOST_MARKS:
            kept.append(char)
        else:
            kept.append(_escape(char) if instead is None else instead)
    return "".join(kept)
