"""A bench for channels that start a program: a small program that notes what it was given and acts as it is told.

program = FakeCommand()
CommandBench(Dial, lambda path: {"argv": [path, "{address}"]}, program)
"""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from desk.plugins import Channel
from desk.testing.bench import Bench, Heard, Mode

# Run with the kit's own Python; -S -E keep its start short and clean.
PROGRAM = """#!{python} -SE
import json, os, sys, time
from pathlib import Path
here = Path(__file__).parent
act = json.loads((here / "mode.json").read_text("utf-8"))
given = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.buffer.read().decode("utf-8", "replace")
if act["takes"]:
    with open(here / "heard.jsonl", "a", encoding="utf-8") as log:
        log.write(json.dumps([*sys.argv[1:], given]) + "\\n")
if act["stalls"]:
    time.sleep(60)
if act["dies"]:
    os.kill(os.getpid(), 9)
print(act["says"])
sys.exit(act["exit"])
"""


class FakeCommand:
    """The program, in a folder of its own.

    `exits` says with which code it ends, mode by mode (0, and 1 for "reject"), `says` what it prints when
    it is content.
    """

    def __init__(
        self, exits: Mapping[str, int] | None = None, *, says: str = "ok", refusal: str = Bench.refusal
    ) -> None:
        self._says = says
        self._folder = TemporaryDirectory(prefix="desk-kit-")
        self.path = Path(self._folder.name) / "gateway"
        self._exits = {"reject": 1, "throttle": 75, "trouble": 69, **(exits or {})}
        self._refusal = refusal
        self.play("accept")

    def play(self, mode: Mode) -> None:
        """From now on act like `mode`; "closed" takes the program away."""
        act = {
            "takes": mode in ("accept", "stall", "lose"),
            "stalls": mode == "stall",
            "dies": mode == "lose",
            "says": self._refusal if mode == "reject" else self._says,
            "exit": self._exits.get(mode, 0),
        }
        self.path.with_name("mode.json").write_text(json.dumps(act), encoding="utf-8")
        self.path.unlink(missing_ok=True)
        if mode != "closed":
            self.path.write_text(PROGRAM.format(python=sys.executable), encoding="utf-8")
            self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)

    @property
    def heard(self) -> list[list[str]]:
        """The arguments of each call, and behind them what stood on its standard input."""
        log = self.path.with_name("heard.jsonl")
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []

    def forget(self) -> None:
        """As if it had never been called."""
        self.path.with_name("heard.jsonl").unlink(missing_ok=True)

    def close(self) -> None:
        """Take the folder away."""
        self._folder.cleanup()


class CommandBench(Bench):
    """`settings` makes the channel's settings from the program's path; or `make` the channel itself."""

    plays = frozenset({"accept", "closed", "stall", "lose", "reject"})
    deadline = 1.0  # a program needs a moment to start

    def __init__(
        self,
        type: type[Channel],
        settings: Callable[[str], Mapping[str, Any]] = lambda _path: {},
        program: FakeCommand | None = None,
        *,
        make: Callable[[str], Channel] | None = None,
    ) -> None:
        self.program = program or FakeCommand()
        path = str(self.program.path)
        super().__init__(type, {} if make else settings(path), make=partial(make, path) if make else None)

    def play(self, mode: Mode) -> None:
        self.program.play(mode)

    def heard(self) -> Sequence[Heard]:
        return [Heard(words=tuple(words)) for words in self.program.heard]

    def reset(self) -> None:
        self.program.forget()
        self.program.play("accept")

    def close(self) -> None:
        self.program.close()
