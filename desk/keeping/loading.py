"""Rows put into a store as they were elsewhere: same ids, same order, and numbers that count on."""

from __future__ import annotations

from collections.abc import Sequence

from desk.keeping.lines import Entry
from desk.keeping.standing import UNFINISHED, VERSION
from desk.store.encoding import decode
from desk.store.engine import Engine


def append(engine: Engine, table: str, page: Sequence[Entry]) -> None:
    """Store new rows after the last one; inside `engine.bulk()`."""
    engine.put_many(table, [(id, body, decode(body)) for id, body in page])


def count_on(engine: Engine, table: str, number: int) -> None:
    """See to it that the next number given in the table is above `number`: what was removed is not numbered anew.

    Inside a transaction, and before the rows with these numbers are stored: then `number` is the last one given.
    """
    info = engine.info(table)
    reached = max(info.last_number if info else 0, engine.greatest_id(table) or 0)
    if reached < number:
        engine.next_number(table, number - reached)


def is_empty(engine: Engine) -> bool:
    """Whether the store holds no document of a desk."""
    return all(info.rows == 0 for name, info in engine.tables().items() if name not in (UNFINISHED, VERSION))
