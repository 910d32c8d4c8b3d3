"""What must hold between two looks at the duties of one outage, whatever was done in between: as sentences broken.

A look is what `desk duties OUTAGE --json` printed. Every law returns the cases that break it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from oracle.compare import Row

Who = tuple[str, str]

OPEN = frozenset({"pending", "attempted"})
# Results of a try after which the other side knows, were it only that there was something to know.
HEARD = frozenset(
    {"reached", "left_with", "signed", "signed_refused_with_witness", "delivered", "told", "published", "received"}
    | {"filed", "reported", "done", "refused"}
)
# Rules that tell what became of something told before; all others are the notice itself.
CORRECTION = "desk:correction"
CANCELLED = "desk:cancelled"
NEWS = frozenset({"county:A9.5b", "county:A9.5c", "desk:changed", "desk:postponed", CANCELLED, CORRECTION})


def who(row: Row) -> Who:
    return row["recipient"]["kind"], row["recipient"]["id"]


def is_news(row: Row) -> bool:
    return any(rule in NEWS for rule in row["rules"])


def is_open(row: Row) -> bool:
    return str(row["state"]) in OPEN


def stands(row: Row) -> bool:
    return str(row["state"]) != "withdrawn"


def told(rows: Iterable[Row]) -> set[Who]:
    """Who believes in the outage: has heard of it, and a correction was not settled since."""
    heard: dict[Who, list[tuple[str, bool]]] = {}
    for row in rows:
        undone = any(rule in (CORRECTION, CANCELLED) for rule in row["rules"]) and not is_open(row) and stands(row)
        moments = [line["at"] for line in row["evidence"] if undone or line["result"] in HEARD]
        heard.setdefault(who(row), []).extend((at, undone) for at in moments)
    return {one for one, lines in heard.items() if lines and not max(lines)[1]}


def about(row: Row) -> list[Who]:
    """Whose supply a notice is about: every site that a group is told of, otherwise the recipient."""
    kind, name = who(row)
    return [(kind, f"{name}/{site}") for site in row["sites"]] or [(kind, name)]


def notice_twice(rows: Sequence[Row]) -> list[str]:
    """No one is owed the same notice twice; again only who was told in between that it no longer concerns him."""
    corrected = _counted(row for row in rows if stands(row) and CORRECTION in row["rules"])
    notices = _counted(row for row in rows if stands(row) and not is_news(row))
    news = _counted(row for row in rows if is_open(row) and is_news(row))
    again = {(rule, one): count - corrected[CORRECTION, one] for (rule, one), count in notices.items()}
    return [f"{rule} is owed to {one} {count} times" for (rule, one), count in (again | news).items() if count > 1]


def _counted(rows: Iterable[Row]) -> Counter[tuple[str, Who]]:
    return Counter((rule, one) for row in rows for rule in row["rules"] for one in about(row))


def told_and_forgotten(before: Sequence[Row], after: Sequence[Row]) -> list[str]:
    """Whoever heard of it before is owed what became of it: news not yet given, or given since."""
    known = {row["id"] for row in before if not is_open(row)}
    owed = {who(row) for row in after if is_news(row) and stands(row) and row["id"] not in known}
    return [f"{name} was told and is forgotten" for name in sorted(told(before) - owed)]


def lost_or_rewritten(before: Sequence[Row], after: Sequence[Row]) -> list[str]:
    """No duty disappears, and its evidence only grows at the end."""
    now = {row["id"]: row for row in after}
    gone = [f"{row['id']} has disappeared" for row in before if row["id"] not in now]
    kept = [row for row in before if row["id"] in now]
    told = (
        f"evidence of {row['id']} was rewritten"
        for row in kept
        if now[row["id"]]["evidence"][: len(row["evidence"])] != row["evidence"]
    )
    return [*gone, *told]


def moved_without_record(before: Sequence[Row], after: Sequence[Row]) -> list[str]:
    """A deadline moves only with a re-plan that says from what to what."""
    now = {row["id"]: row for row in after}
    return [
        f"{name} of {row['id']} moved from {row[name]} to {now[row['id']][name]} without a record"
        for row in before
        for name in ("due", "not_before")
        if row["id"] in now and not _recorded(row, now[row["id"]], name)
    ]


def _recorded(row: Row, later: Row, name: str) -> bool:
    """Whether the re-plans added since lead from the one value to the other."""
    value = row[name]
    for line in later["replans"][len(row["replans"]) :]:
        if line["field"] == name and line["before"] == value and line["reason"]:
            value = line["after"]
    return bool(value == later[name])


def still_owed(rows: Iterable[Row]) -> list[str]:
    """Notices of an outage that will not take place."""
    return [f"{row['id']} is still owed after it was called off" for row in rows if is_open(row) and not is_news(row)]
