"""The command: one process for each target, so that one that dies takes nothing with it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

import msgspec

from tools.fuzz.watching import Finding, Result

ENGINES = ("atheris", "own")


def main(arguments: Sequence[str]) -> int:
    """Fuzz the targets named; 0 when nothing was found."""
    asked = _parser().parse_args(arguments)
    if asked.one:
        from tools.fuzz.running import run

        run(asked.one, asked.engine, asked.inputs, asked.seed, asked.out)
        return 0
    from tools.fuzz.targets import NAMES

    if asked.list:
        print("\n".join(NAMES))
        return 0
    out = asked.out or Path(mkdtemp(prefix="desk-fuzz-"))
    out.mkdir(parents=True, exist_ok=True)
    engine = asked.engine or ("atheris" if find_spec("atheris") else "own")
    results = [_told(_one(name, engine, asked, out)) for name in asked.targets or NAMES]
    print(f"examples of what was found are in {out}" if any(one.findings for one in results) else "nothing was found")
    return int(any(one.findings for one in results))


def _one(name: str, engine: str, asked: argparse.Namespace, out: Path) -> Result:
    command = [sys.executable, "-m", "tools.fuzz", "--one", name, "--engine", engine, "--out", str(out)]
    command += ["--inputs", str(asked.inputs), "--seed", str(asked.seed)]
    written = out / f"{name}.json"
    written.unlink(missing_ok=True)
    ended = subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": "0"}, stdout=subprocess.DEVNULL, check=False)
    if written.exists():
        return msgspec.json.decode(written.read_bytes(), type=Result)
    died = Finding(f"the process died ({ended.returncode})", "", example=f"{name}.last")
    return Result(target=name, engine=engine, seed=asked.seed, findings=[died])


def _told(result: Result) -> Result:
    print(
        f"{result.target:<14} {result.inputs:>7} inputs {result.seconds:>7.1f} s  slowest {result.slowest_ms:>6.1f} ms"
        f"  memory {result.memory_mb:>4.0f} MB  {result.engine}  {len(result.findings)} found"
    )
    print(
        "".join(f"    {one.what} at {one.where}, {one.count} times ({one.example})\n" for one in result.findings),
        end="",
    )
    sys.stdout.flush()
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help="all of them, when none is named")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=ENGINES, default="")
    parser.add_argument("--out", type=Path, help="where examples go")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
