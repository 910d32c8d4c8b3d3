"""The rows of a file, whatever its format: `for row, cells in read_rows(path): …`.

`row` is the number the person sees (the line in a text file, the row in Excel, the element of a JSON
array); `cells` maps column names to text. A JSON cell that is a list or an object stays one. A row
that cannot be read carries what is wrong under PROBLEM instead of being lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from desk.imports.files import Format, format_of, head_of, text_encoding
from desk.privacy.watermark import is_watermark

Row = tuple[int, dict[str, Any]]

PROBLEM = "\0problem"  # key of a cell map: (value, what is wrong with the whole row)


class Source:
    """A table being read: its columns, its rows (once), and how far the reading has come."""

    def __init__(
        self,
        columns: tuple[str, ...],
        rows: Iterator[Row],
        *,
        total: int,
        position: Callable[[], int],
        close: Callable[[], None],
        open_ended: bool = False,
    ) -> None:
        self.columns = columns
        self.open_ended = open_ended  # JSON: a later row may bring a column of its own
        self.total = total  # bytes of a text file, rows of a workbook
        self.position = position
        self.close = close
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        return (row for row in self._rows if not is_watermark(row[1]))  # the last line of an export of ours


def read_rows(path: str | Path, what: str = "") -> Source:
    """The rows of the file at `path`; `what` (network, customers, outages) narrows the names of columns.

    Text files are streamed. Raises BadInput in one sentence when the file is missing, empty, of
    another kind, or has no row with column names that are known.
    """
    path = Path(path)
    head = head_of(path)
    match format_of(path, head):
        case Format.WORKBOOK:
            from desk.imports.workbook import open_workbook

            return open_workbook(path, head, what)
        case Format.JSON:
            from desk.imports.json_rows import open_json

            return open_json(path, text_encoding(path, head), what)
        case _:
            from desk.imports.delimited import open_delimited

            return open_delimited(path, text_encoding(path, head), what)
