"""The desk as its users reach it: commands, in this process or as their own, in a sandbox with a set clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from unittest.mock import patch

from oracle.compare import Row
from oracle.made_up import START, County, MadeUp

if TYPE_CHECKING:
    from desk.outages import OutageRequest

REPO = Path(__file__).parents[3]
FORGOTTEN = ("DESK_CONFIG", "DESK_PLUGINS", "DESK_NOW", "DESK_DATA")


class Answer(NamedTuple):
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err or self.out
        return json.loads(self.out)


class CommandLine:
    """A sandbox of its own, and commands typed into it; `now` is the clock of each command."""

    def __init__(self, folder: Path, settings: str = "", *, processes: bool = False) -> None:
        self.folder = folder
        self._say = self._in_a_process if processes else self._in_this_process
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        (self.data / "config.toml").write_text(settings, encoding="utf-8")

    def preview(self, made: MadeUp) -> list[Row]:
        """The duties that a dry run lists."""
        answer = self.type("outage", "open", self.file(made.request), "--dry-run", "--json", now=made.now).json
        assert answer["id"] is None
        return list(answer["duties"])

    def open(self, made: MadeUp) -> tuple[str, list[Row]]:
        """The outage's id and the duties that opening it answers."""
        answer = self.type("outage", "open", self.file(made.request), "--json", now=made.now).json
        return answer["id"], answer["duties"]

    def duties(self, outage_id: str, made: MadeUp) -> list[Row]:
        return list(self.type("duties", outage_id, "--json", now=made.now).json)

    def type(self, *words: str, now: datetime | None = None) -> Answer:
        """One command, at its moment."""
        return self._say(words, now)

    def _in_this_process(self, words: Sequence[str], now: datetime | None) -> Answer:
        from desk.cli import main

        out, err = StringIO(), StringIO()
        with patch.dict(os.environ, self._environ(now), clear=True), redirect_stdout(out), redirect_stderr(err):
            code = main(list(words))
        return Answer(code, out.getvalue(), err.getvalue())

    def _in_a_process(self, words: Sequence[str], now: datetime | None) -> Answer:
        environ = {**self._environ(now), "PYTHONPATH": str(REPO)}
        command = [sys.executable, "-m", "desk", *words]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
        return Answer(done.returncode, done.stdout, done.stderr)

    def file(self, document: object, name: str = "request.json") -> str:
        path = self.folder / name
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return str(path)

    def settle_in(self, county: County) -> None:
        """The county's offices send their lists."""
        assert self.type("init", "--sandbox").code == 0
        self.take_in(county.network, "network")
        self.take_in(county.customers, "customers")

    def take_in(self, rows: tuple[Mapping[str, Any], ...], what: str, now: datetime | None = None) -> None:
        path = self.folder / f"{what}.jsonl"
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        report = self.type("import", what, str(path), "--json", now=now).json
        assert not report["rejected"], report

    def _environ(self, now: datetime | None) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in FORGOTTEN}
        clock = {"DESK_NOW": now.isoformat()} if now else {}
        return {**kept, "DESK_DATA": str(self.data), "XDG_DATA_HOME": str(self.folder), **clock}


class InWords:
    """The same sandbox without a face: `Desk` itself, kept open, ten times as quick as a command."""

    def __init__(self, line: CommandLine) -> None:
        from desk import Desk
        from desk.clock import FixedClock
        from desk.config import load_config

        self.clock = FixedClock(START)
        self.desk = Desk.open(load_config(None, line.data, {}), clock=self.clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self.desk.close()

    def preview(self, made: MadeUp) -> list[Row]:
        """The duties that a dry run lists."""
        return self._rows(self.desk.outages.preview(self._request(made)).duties, made)

    def open(self, made: MadeUp) -> tuple[str, list[Row]]:
        """The outage's id and the duties that opening it answers."""
        opened = self.desk.outages.open(self._request(made))
        return opened.outage.id, self._rows(opened.duties, made)

    def duties(self, outage_id: str, made: MadeUp) -> list[Row]:
        return self._rows(self.desk.notices.of(outage_id), made)

    def _request(self, made: MadeUp) -> OutageRequest:
        from desk.outages import read_request

        self.clock.at = made.now
        return read_request(made.request, self.clock.zone)

    def _rows(self, duties: Iterable[Any], made: MadeUp) -> list[Row]:
        from desk.outputs import duty_json

        return [duty_json(duty, made.now) for duty in duties]
