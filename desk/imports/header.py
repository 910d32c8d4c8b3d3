"""Where a table begins: the header row among title rows, by the names that are recognised in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desk.imports.columns import recognised

LOOKED_AT = 20  # rows from the top among which the header is looked for


def best_header(rows: Iterable[tuple[int, Sequence[str]]], what: str) -> tuple[int, int, list[str]] | None:
    """(names recognised, row number, column names) of the likeliest header row; None when there is none."""
    best: tuple[int, int, list[str]] | None = None
    for number, cells in rows:
        score = recognised(cells, what)
        if score and (best is None or score > best[0]):
            best = (score, number, list(cells))
    return None if best is None else (best[0], best[1], distinct(best[2]))


def distinct(names: Sequence[str]) -> list[str]:
    """Column names as written, without spaces around, a repeated one numbered: 电话, 电话#2."""
    seen: dict[str, int] = {}
    columns = []
    for name in names:
        name = " ".join(name.split())
        if not name:
            columns.append("")
            continue
        seen[name] = seen.get(name, 0) + 1
        columns.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return columns
