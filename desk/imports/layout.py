"""How the columns of one file become the values of a record: decided once, then one look-up a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from desk.i18n import _
from desk.imports.columns import JOINED, REQUIRED, check_required, fields_of
from desk.imports.report import Wrong

Readers = Mapping[str, Callable[[Any], Any]]
Problem = tuple[str, Any, str]  # field, what was written, what is wrong


class Layout:
    """The columns of a file of kind `what`, each with the field it fills and how its cells are read.

    Raises BadInput when required columns are missing or two columns mean one field.
    """

    def __init__(self, columns: Iterable[str], what: str, readers: Readers, path: object) -> None:
        self.columns = tuple(dict.fromkeys(columns))
        self.known = frozenset(self.columns)
        fields, self.unknown = fields_of(self.columns, what)
        check_required(fields, what, path)
        self._required = REQUIRED[what]
        self.single = [(named[0], field, readers[field]) for field, named in fields.items() if field not in JOINED]
        self.joined = [(tuple(named), field, readers[field]) for field, named in fields.items() if field in JOINED]
        self.column_of = {field: named[0] for field, named in fields.items()}

    def values(self, cells: Mapping[str, Any]) -> dict[str, Any]:
        """field -> value of the columns this row has; raises Wrong, or another error, at the first bad cell."""
        values = {field: read(cells[column]) for column, field, read in self.single if column in cells}
        for columns, field, read in self.joined:
            if len(columns) == 1:
                if columns[0] in cells:
                    values[field] = read(cells[columns[0]])
            elif given := [cells[column] for column in columns if column in cells]:
                values[field] = read(given)
        for field in self._required:
            if not values.get(field):
                raise Wrong
        return values

    def problems(self, cells: Mapping[str, Any]) -> list[Problem]:
        """Everything that is wrong with a row that `values` refused."""
        found = []
        for column, field, read in self.single:
            if column in cells and (problem := _tried(read, cells[column])):
                found.append((field, cells[column], problem))
        for columns, field, read in self.joined:
            given = [cells[column] for column in columns if column in cells]
            if given and (problem := _tried(read, given if len(given) > 1 else given[0])):
                found.append((field, _shown(given), problem))
        wrong = {field for field, _value, _problem in found}
        found += [
            (field, "", _("is missing")) for field in self._required if field not in wrong and self._empty(field, cells)
        ]
        return found

    def _empty(self, field: str, cells: Mapping[str, Any]) -> bool:
        for column, name, read in self.single:
            if name == field:
                return not read(cells.get(column, ""))
        return False


def _tried(read: Callable[[Any], Any], cell: Any) -> str:
    try:
        read(cell)
    except Wrong as problem:
        return str(problem)
    except (AttributeError, TypeError, ValueError):
        return _("must be text")
    return ""


def _shown(given: list[Any]) -> str:
    return "; ".join(str(cell) for cell in given if cell)
