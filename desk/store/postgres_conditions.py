"""A condition as SQL for PostgreSQL, over columns as `postgres_values` fills them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desk.store.engine import Among, Both, Compared, Condition, Either, OtherKind
from desk.store.postgres_catalogue import column
from desk.store.postgres_values import AFTER_TEXTS, ODD, TEXT, encoded, reach


def as_sql(condition: Condition) -> tuple[str, list[Any]]:
    """The condition as an expression over a table's index columns, and its parameters."""
    match condition:
        case Among():
            return _among(condition)
        case Compared(field, sign, value):
            others, _ = as_sql(OtherKind(field, value))
            sign, text = reach(sign, value)
            return f"({column(field)} {sign} %s OR {others})", [text]
        case OtherKind(field, value):
            name = column(field)
            texts = f"({name} < '{TEXT}' OR {name} >= '{AFTER_TEXTS}')"
            return (texts if isinstance(value, str) else f"{name} >= '{TEXT}'"), []
        case Both(parts):
            return _joined(" AND ", "true", parts)
        case Either(parts):
            return _joined(" OR ", "false", parts)


def _joined(word: str, empty: str, parts: Iterable[Condition]) -> tuple[str, list[Any]]:
    pieces = [as_sql(part) for part in parts]
    text = word.join(sql for sql, _ in pieces) or empty
    return f"({text})", [value for _, values in pieces for value in values]


def _among(condition: Among) -> tuple[str, list[Any]]:
    name = column(condition.field)
    values = [encoded(value) for value in condition.values]
    if condition.odd:
        values.append(ODD)
    sql, parameters = (f"{name} = %s", values) if len(values) == 1 else (f"{name} = ANY(%s::text[])", [values])
    return (f"({sql} OR {name} IS NULL)" if condition.missing else f"({sql})"), parameters
