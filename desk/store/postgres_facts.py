"""What a server says of itself, for `desk doctor` and `desk init`: nothing is made or changed there."""

from __future__ import annotations

import time

import psycopg
from msgspec import Struct

from desk.store import postgres_problems as problems
from desk.store.postgres_lines import Connection, Lines
from desk.store.postgres_problems import not_connected, problem, unreachable
from desk.store.postgres_url import Address

LOCAL = ("localhost", "127.0.0.1", "::1", "")


class ServerFacts(Struct, frozen=True):
    """`made`: whether the county has its place there; times in milliseconds."""

    address: str
    county: str
    made: bool
    version: str
    encoding: str
    round_trip_ms: float
    local: bool
    encrypted: bool
    replica: bool
    lines: int
    lines_allowed: int


def server_facts(url: str, password: str = "") -> ServerFacts:
    """Raises BadInput for a url that is none, StoreProblem when the server cannot be used."""
    address = Address.read(url, password)
    lines = Lines(address)
    try:
        with lines.connect() as line:
            return _facts(line, address)
    except psycopg.Error as error:
        sentence = not_connected(error)
        if sentence == problems.REFUSED:
            raise problem(sentence, address.shown, error) from error
        asked = problems.NO_ANSWER if sentence == problems.OUT_OF_REACH else sentence
        raise unreachable(asked, address.shown, error) from error
    finally:
        lines.close()


def _facts(line: Connection, address: Address) -> ServerFacts:
    found = line.execute(
        "SELECT current_setting('server_version'), current_setting('server_encoding'), pg_is_in_recovery(),"
        " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
        " current_setting('max_connections')::int, to_regclass('desk_counties') IS NOT NULL"
    ).fetchone()
    assert found is not None
    version, encoding, replica, open_lines, allowed, has_tables = found
    made = has_tables and line.execute("SELECT 1 FROM desk_counties WHERE county = %s", (address.county,)).fetchone()
    return ServerFacts(
        address.shown, address.county, bool(made), version.split()[0], encoding, _round_trip(line),
        line.info.host in LOCAL or line.info.host.startswith("/"), line.pgconn.ssl_in_use, replica, open_lines, allowed,
    )  # fmt: skip


def _round_trip(line: Connection) -> float:
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        line.execute("SELECT 1")
        times.append(time.perf_counter() - begun)
    return sorted(times)[len(times) // 2] * 1000
