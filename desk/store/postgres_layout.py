"""A county's place in a database: made when it is first opened, refused when a newer desk made it."""

from __future__ import annotations

import os
from typing import Any

import psycopg

from desk.store import postgres_problems as problems
from desk.store.postgres_catalogue import LAYOUT
from desk.store.postgres_lines import Connection, Lines
from desk.store.postgres_problems import problem

VERSION = 1  # of LAYOUT and the tables of documents; a county with a greater one is refused
OLDEST = 140_000  # the oldest server

_MAKING = 0x44095598  # of the lock that whoever makes or changes tables holds
MAKING = f"SELECT pg_advisory_xact_lock({_MAKING})"


def prepare(lines: Lines, county: str) -> str:
    """Makes the county's place if it is new; returns its identity."""

    def prepared(line: Connection) -> tuple[Any, ...]:
        _check_server(lines, line)
        try:
            found = _found(line, county)
        except psycopg.errors.UndefinedTable:
            found = None
        if found is None:
            with line.transaction():
                line.execute(MAKING)
                for statement in LAYOUT:
                    line.execute(statement)
                line.execute(
                    "INSERT INTO desk_counties VALUES (%s, %s, %s, 0) ON CONFLICT DO NOTHING",
                    (county, os.urandom(8).hex(), VERSION),
                )
            found = _found(line, county)
        assert found is not None
        return found

    identity, layout = lines.ask(prepared)
    if layout > VERSION:
        raise problem(problems.NEWER, lines.shown)
    return str(identity)


def _found(line: Connection, county: str) -> tuple[Any, ...] | None:
    return line.execute("SELECT identity, layout FROM desk_counties WHERE county = %s", (county,)).fetchone()


def _check_server(lines: Lines, line: Connection) -> None:
    if line.info.server_version < OLDEST:
        raise problem(problems.TOO_OLD, lines.shown)
    if line.info.parameter_status("server_encoding") != "UTF8":
        raise problem(problems.ENCODING, lines.shown)
