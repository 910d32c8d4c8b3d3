"""The lookup index on PostgreSQL: which rows of a table carry which terms.

A term of up to four characters, and the first two to four characters of every term, stand in an array beside the
row, under a GIN index, which intersects even the commonest in well under a millisecond. Longer terms, which must
also be listed in their order, stand in a table of their own: `far_customers (county, term, seq)`.

A whole short term ends in a full stop, to be told from a beginning. The first rows carry `#1`, `#2` besides: what is
common is asked for among them first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from desk.store.postgres_catalogue import Table, short_name
from desk.store.postgres_lines import Connection
from desk.store.terms import SHORT, is_term

#: Among how many first rows a look is tried, and the mark they carry.
LEVELS = ((1_024, "#1"), (16_384, "#2"))
WORTH = 2_000  # rows from which indexes pay: they are made once there are so many, which is quicker by far
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_PAGE = 2_000  # rows whose terms are made anew at a time


def creation(table: Table) -> list[str]:
    """The statements that make room for the terms of a table."""
    return [
        f'ALTER TABLE {table.physical} ADD COLUMN IF NOT EXISTS terms text[] COLLATE "C"',
        f'CREATE TABLE IF NOT EXISTS {far(table)} (county text COLLATE "C" NOT NULL, term text COLLATE "C" NOT NULL,'
        " seq bigint NOT NULL)",
    ]


def index_names(table: Table) -> tuple[str, str]:
    return short_name(f"{table.physical}_terms"), short_name(f"{far(table)}_terms")


def index_creation(table: Table) -> list[str]:
    """The statements that make the indexes of the terms."""
    near, long = index_names(table)
    return [
        f"CREATE INDEX IF NOT EXISTS {near} ON {table.physical} USING gin (terms) WITH (fastupdate = off)",
        f"CREATE INDEX IF NOT EXISTS {long} ON {far(table)} (county, term, seq)",
    ]


def far(table: Table) -> str:
    """The table of the longer terms."""
    return f"far{table.physical[3:]}"


def elements(terms: Iterable[str], seq: int) -> str:
    """The array of a row, as PostgreSQL reads it."""
    found: set[str] = set()
    for term in terms:
        if len(term) > SHORT:
            found.update((term[:2], term[:3], term[:4]))
        else:
            found.update(term[:length] for length in range(2, len(term) + 1))
            found.add(term + ".")
    found.update(mark for size, mark in LEVELS if seq <= size)
    return '{"' + '","'.join(found) + '"}' if found else "{}"


def long_terms(terms: Iterable[str]) -> set[str]:
    return {term for term in terms if len(term) > SHORT}


def kept(terms: Iterable[str]) -> set[str]:
    """Those an index can keep."""
    found = set(terms)
    if "" not in found and is_term("".join(found)):  # nearly always
        return found
    return {term for term in found if is_term(term)}


def put(line: Connection, county: str, table: Table, seq: int, new: set[str], old: set[str]) -> None:
    """Note the longer terms of a row that carried `old`."""
    new, old = long_terms(new), long_terms(old)
    if gone := sorted(old - new):
        sql = f"DELETE FROM {far(table)} WHERE county = %s AND term = ANY(%s::text[]) AND seq = %s"
        line.execute(sql, (county, gone, seq))
    if come := sorted(new - old):
        line.execute(f"INSERT INTO {far(table)} SELECT %s, unnest(%s::text[]), %s", (county, come, seq))


def put_many(line: Connection, county: str, table: Table, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Note the longer terms of new rows."""
    # Written by hand, which is four times as quick: a term holds nothing that would have to be escaped.
    place = county.translate(_ESCAPED)
    lines = [f"{place}\t{term}\t{seq}\n" for seq, terms in rows for term in terms if len(term) > SHORT]
    if lines:
        with line.cursor().copy(f"COPY {far(table)} FROM STDIN") as copy:
            copy.write("".join(lines))


def clear(line: Connection, county: str, table: Table) -> None:
    line.execute(f"DELETE FROM {far(table)} WHERE county = %s", (county,))


def renew(line: Connection, county: str, table: Table, rows: Iterator[tuple[int, set[str]]]) -> None:
    """Make the terms of all rows anew."""
    clear(line, county, table)
    sql = (
        f"UPDATE {table.physical} t SET terms = v.terms::text[] FROM unnest(%s::bigint[], %s::text[]) v(seq, terms)"
        " WHERE t.county = %s AND t.seq = v.seq"
    )
    while page := list(islice(rows, _PAGE)):
        line.execute(sql, ([seq for seq, _ in page], [elements(terms, seq) for seq, terms in page], county))
        put_many(line, county, table, page)


COMMONEST = (
    "SELECT most_common_elems::text::text[] FROM pg_stats"
    " WHERE schemaname = current_schema() AND tablename = %s AND attname = 'terms'"
)


def is_indexed(line: Connection, table: Table) -> bool:
    found: Any = line.execute("SELECT to_regclass(%s)", (index_names(table)[1],)).fetchone()
    return found[0] is not None
