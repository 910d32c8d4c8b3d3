"""`make chaos`: a day on which everything fails, repeatable by its seed; ends with what is left of it.

    make chaos
    make chaos ARGS="--seconds 60 --seed 7 --engine sqlite"

Fails when an acknowledged record is lost or doubled, the audit does not verify, or a message went out twice unasked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.chaos.day import live
from tools.chaos.proof import Proof


def main(arguments: Sequence[str]) -> int:
    """Live through it; 0 when nothing was lost."""
    asked = _parser().parse_args(arguments)
    proof = live(asked.engine, asked.seed, asked.seconds, asked.folder, say=_say)
    _report(proof)
    return 1 if proof.wrong else 0


def _report(proof: Proof) -> None:
    for what, count in proof.counts.items():
        print(f"{count:>8}  {what}")
    for sentence in proof.wrong[:50]:
        print(f"WRONG: {sentence}")
    print(f"{len(proof.wrong)} things are wrong" if proof.wrong else "nothing acknowledged is lost, nothing is twice")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make chaos", description="a day on which everything fails")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--folder", type=Path, help="a folder that does not exist yet; without it, a temporary one")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
