"""`python -m desk` and the `desk` command."""

from __future__ import annotations

import sys

import desk
from desk import cli
from desk.cli.output import guard_output


def main() -> int:
    """The `desk` command."""
    desk.is_program = True
    guard_output()
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
