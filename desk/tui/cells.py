"""Lines made of styled pieces, measured in cells: what every painted row of the desk is built from.

line = Line((Piece("户号 ", "dim"), Piece("6400120001", "text")))
strip(line, 40, styles("desk-dark"))  -> a Textual Strip of exactly 40 cells
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from desk.phone_numbers import without_numbers
from desk.text import cell_width, clean, cut

# Signs that may not begin a line, and those that may not end one.
_NOT_FIRST = frozenset("，。、；：？！）》」』”’,.;:?!)%")
SHORTEST = 10  # characters of a telephone number among words
_TOKEN = re.compile(r"[\x21-\x7e]+|\s+|.")


class Piece(NamedTuple):
    """A stretch of text and the role (theme.ROLES) it is painted in."""

    text: str
    role: str = "text"


class Line(NamedTuple):
    """One painted line. `copy` is what `y` takes from it; a line with `copy` can hold the cursor."""

    pieces: tuple[Piece, ...] = ()
    copy: str = ""
    rule: bool = False  # the rest of the line is a rule


BLANK = Line()
NUMBER = "number"  # the role of a telephone number that somebody asked to see


def discreet(text: str, role: str = "") -> str:
    """`text` with telephone numbers masked, whoever typed them where; unless they were asked for."""
    return text if len(text) < SHORTEST or role == NUMBER else without_numbers(text)


def opened(lines: Iterable[Line]) -> list[Line]:
    """`lines` with the telephone numbers in their words shown: somebody asked for them, and it is in the audit."""
    return [
        one._replace(pieces=tuple(piece._replace(role=NUMBER) if _holds(piece.text) else piece for piece in one.pieces))
        for one in lines
    ]


def _holds(text: str) -> bool:
    return discreet(text) != text


def line(*pieces: Piece | str, copy: str = "") -> Line:
    """A line of pieces; a bare string is plain text."""
    return Line(tuple(piece if isinstance(piece, Piece) else Piece(piece) for piece in pieces), copy)


def heading(words: str) -> Line:
    """A section title with a rule to the right edge."""
    return Line((Piece(f"{words} ", "dim"),), rule=True)


def with_key(content: Line, key: str, width: int) -> Line:
    """A title with the key that goes to its pane at the right edge, where there is room for it."""
    used = sum(cell_width(piece.text) for piece in content.pieces)
    gap = width - used - cell_width(key)
    if not key or gap < 1:
        return content
    return content._replace(pieces=(*content.pieces, Piece(" " * gap), Piece(key, "key")))


def strip(content: Line, width: int, styles: Mapping[str, Style], over: Style | None = None, rule: str = "─") -> Strip:
    """`content` in exactly `width` cells; `over` is added to every cell (the cursor)."""
    segments, used = [], 0
    for text, role in content.pieces:
        if used >= width:
            break
        # The last door before the screen: whatever it is, it is only text, and says nobody's number unasked.
        shown = cut(discreet(clean(text), role), width - used)
        used += cell_width(shown)
        segments.append(Segment(shown, styles[role] + over if over else styles[role]))
    if used < width:
        filler, role = (rule, "rule") if content.rule else (" ", "text")
        segments.append(Segment(filler * (width - used), styles[role] + over if over else styles[role]))
    return Strip(segments, width)


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken between Chinese characters and at spaces."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines += _wrap_one(paragraph, max(width, 4))
    return lines


def field(
    label: str, value: str, width: int, *, label_width: int = 9, role: str = "text", copy: str = ""
) -> list[Line]:
    """A labelled value over as many lines as it needs, the value hanging under itself."""
    rows = wrap(value, width - label_width)
    gap = label_width - min(cell_width(label), label_width)
    first = (Piece(cut(label, label_width) + " " * gap, "dim"), Piece(rows[0], role))
    hanging = (Line((Piece(" " * label_width), Piece(row, role))) for row in rows[1:])
    return [Line(first, copy or discreet(value, role)), *hanging]


def join(parts: Iterable[Piece], gap: str = "  ") -> Iterator[Piece]:
    """`parts` with plain space between them; empty ones are left out."""
    first = True
    for part in parts:
        if not part.text:
            continue
        if not first:
            yield Piece(gap)
        first = False
        yield part


def text_of(lines: Sequence[Line]) -> str:
    """The words of `lines`, for the clipboard and for tests."""
    return "\n".join("".join(piece.text for piece in line.pieces) for line in lines)


def _wrap_one(text: str, width: int) -> list[str]:
    rows: list[list[str]] = [[]]
    used = 0
    for token in _tokens(text, width):
        size = cell_width(token)
        if used + size > width:
            # A sign that may not begin a line takes the one before it along.
            moved = rows[-1].pop() if token in _NOT_FIRST and len(rows[-1]) > 1 else ""
            rows.append([moved] if moved else [])
            used = cell_width(moved)
            if token.isspace():
                continue
        rows[-1].append(token)
        used += size
    return ["".join(row).rstrip() for row in rows]


def _tokens(text: str, width: int) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        while cell_width(token) > width:
            yield token[:width]
            token = token[width:]
        if token:
            yield token
