"""The desk held against the independent reading over made-up outages: none missing, none too many, each deadline equal.

The usual run takes some thousand outages; ORACLE_COUNTIES=1000 makes a night's run of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from oracle.compare import differences
from oracle.faces import Answer, CommandLine
from oracle.made_up import MadeUp
from oracle.reading import Figures, owed

COUNTIES = int(os.environ.get("ORACLE_COUNTIES", "64"))
EACH = 36  # outages in one county, four of each type

Typed = Callable[..., Answer]


def held_against(desk: CommandLine, typed: Typed, made: MadeUp, figures: Figures = Figures()) -> str:
    """Open one outage, dry and in earnest, and hold what the desk says it owes against the reading; returns its id."""
    expected, file = owed(made.happening, figures), desk.file(made.request)
    dry = typed("outage", "open", file, "--dry-run", "--json", now=made.now).json
    assert dry["id"] is None
    assert differences(expected, dry["duties"]) == [], made
    opened = typed("outage", "open", file, "--json", now=made.now).json
    assert differences(expected, opened["duties"]) == [], made
    kept = typed("duties", opened["id"], "--json", now=made.now).json
    assert differences(expected, kept) == [], made
    assert all(row["outage"] == opened["id"] and row["state"] == "pending" and not row["evidence"] for row in kept)
    return str(opened["id"])
