"""On which line of a TOML text each key stands: tomllib reads the values and forgets the places.

    key_lines('[county]\\nname = "x"\\n') == {("county",): 1, ("county", "name"): 2}

The tables of a list are counted: of two `[[rule]]` with an id each, `("rule", "1", "id")` is the second's. Expects
a text that tomllib accepts. A key inside an inline table is not listed: its table's line is near enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Path = tuple[str, ...]

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}=\n]"
    r"""|[^\s\[\]{}="'\#]+""",
    re.DOTALL,
)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}


def key_lines(text: str) -> dict[Path, int]:
    """Every section and key of `text` → its first line, counted from 1."""
    lines: dict[Path, int] = {}
    section: Path = ()
    counted: dict[Path, int] = {}
    for line, tokens in _statements(text):
        if "=" in tokens:
            path = section + _key(tokens[: tokens.index("=")])
        elif tokens[:2] == ["[", "["]:
            path = section = _next(_counted(_key(tokens), counted), counted)
        else:
            path = section = _counted(_key(tokens), counted)
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], line)
    return lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of `path`, or of what it stands in; 1 when nothing of it is known."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _counted(path: Path, counted: dict[Path, int]) -> Path:
    """`path` with the number of the table it is in, wherever it passes a list of tables."""
    found: Path = ()
    for depth, name in enumerate(path):
        found += (name,)
        if found in counted and depth < len(path) - 1:
            found += (str(counted[found]),)
    return found


def _next(path: Path, counted: dict[Path, int]) -> Path:
    counted[path] = counted.get(path, -1) + 1
    return (*path, str(counted[path]))


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """The tokens of each statement with its first line; a value may go over several lines."""
    tokens: list[str] = []
    line = first = 1
    depth = 0
    for match in _TOKEN.finditer(text + "\n"):
        token = match[0]
        if token == "\n" and depth == 0 and tokens:
            yield first, tokens
            tokens = []
        elif token != "\n" and not token.startswith("#"):
            first = first if tokens else line
            tokens.append(token)
            depth += _DEPTH.get(token, 0)
        line += token.count("\n")


def _key(tokens: list[str]) -> Path:
    """`a."b.c".d`, in brackets or not, as its parts."""
    parts: list[str] = []
    for token in tokens:
        if token[0] in "\"'":
            parts.append(token[1:-1])
        elif token not in _DEPTH:
            parts.extend(part for part in token.split(".") if part)
    return tuple(parts)
