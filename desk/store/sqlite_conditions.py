"""A condition as SQL.

SQLite orders nothing < numbers < texts < odd values, whatever the column: what is of another kind than
the value asked for is therefore a range of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from desk.store.encoding import ODD, Scalar
from desk.store.engine import Among, Both, Compared, Condition, Either, OtherKind
from desk.store.sqlite_catalogue import column

_MANY = 500  # values bound one by one; more travel as one JSON array


def as_sql(condition: Condition) -> tuple[str, list[Any]]:
    """The condition as an expression over a table's index columns, and its parameters."""
    match condition:
        case Among():
            return _among(condition)
        case Compared(field, sign, value):
            others, _ = as_sql(OtherKind(field, value))
            return f"({column(field)} {sign} ? OR {others})", [value]
        case OtherKind(field, value):
            texts = f"{column(field)} < '' OR {column(field)} >= x''"
            return (f"({texts})" if isinstance(value, str) else f"{column(field)} >= ''"), []
        case Both(parts):
            return _joined(" AND ", "1", parts)
        case Either(parts):
            return _joined(" OR ", "0", parts)


def _joined(word: str, empty: str, parts: Iterable[Condition]) -> tuple[str, list[Any]]:
    pieces = [as_sql(part) for part in parts]
    text = word.join(sql for sql, _ in pieces) or empty
    return f"({text})", [value for _, values in pieces for value in values]


def _among(condition: Among) -> tuple[str, list[Any]]:
    name = column(condition.field)
    listed, parameters = _listed(condition.values)
    sql = f"{name} IN {listed}"
    if condition.odd:
        sql = f"{sql} OR {name} = x'{ODD.hex()}'"
    if condition.missing:
        sql = f"{sql} OR {name} IS NULL"
    return f"({sql})", parameters


def _listed(values: tuple[Scalar, ...]) -> tuple[str, list[Any]]:
    # Numbers with a fraction are always bound: read back from text they might differ in the last bit.
    if len(values) <= _MANY or any(isinstance(value, float) for value in values):
        return f"({','.join('?' * len(values))})", list(values)
    return "(SELECT value FROM json_each(?))", [json.dumps(values)]
