"""How duties the desk names differ from duties the regulation demands: in sentences, none when they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from oracle.reading import Owed

Row = Mapping[str, Any]  # a duty as `desk duties --json` prints it
Key = tuple[tuple[str, ...], str, str]
# Practice of the desk itself, no article: the reading of the regulation has no opinion on it.
OWN_PRACTICE = "desk:"


def differences(expected: Iterable[Owed], rows: Sequence[Row]) -> list[str]:
    """What is missing, what is too many, what is owed otherwise than the text says."""
    lawful = [row for row in rows if not row["rules"][0].startswith(OWN_PRACTICE)]
    wanted, found = {key_of(one): one for one in expected}, {row_key(row): row for row in lawful}
    twice = [key for key, count in Counter(map(row_key, lawful)).items() if count > 1]
    return [
        *(f"missing: {key}" for key in sorted(wanted.keys() - found.keys())),
        *(f"too many: {key}" for key in sorted(found.keys() - wanted.keys())),
        *(f"twice: {key}" for key in twice),
        *(line for key in wanted.keys() & found.keys() for line in _unlike(wanted[key], found[key], lawful)),
    ]


def key_of(one: Owed) -> Key:
    return one.rules, one.kind, one.id


def row_key(row: Row) -> Key:
    return tuple(row["rules"]), row["recipient"]["kind"], row["recipient"]["id"]


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _unlike(one: Owed, row: Row, rows: Sequence[Row]) -> Iterator[str]:
    compared = (
        ("due", one.due, moment(row["due"])),
        ("not_before", one.not_before, moment(row["not_before"])),
        ("articles", one.articles, tuple(row["articles"])),
        ("after", one.after, _rules_before(row, rows)),
    )
    for name, mine, theirs in compared:
        if mine != theirs:
            yield f"{name} of {key_of(one)}: the text says {mine}, the desk {theirs}"
    if one.owner and row["owner"] not in one.owner:
        yield f"owner of {key_of(one)}: the text says {sorted(one.owner)}, the desk {row['owner']}"
    if one.channels and one.channels != set(row["channels"]):
        yield f"channels of {key_of(one)}: the text says {sorted(one.channels)}, the desk {row['channels']}"
    if not one.at_least <= set(row["channels"]) or not row["channels"]:
        yield f"channels of {key_of(one)}: the desk offers {row['channels']}, not {sorted(one.at_least)}"
    if not row["evidence_kind"]:
        yield f"nothing would close {key_of(one)}"


def _rules_before(row: Row, rows: Sequence[Row]) -> frozenset[str]:
    """The rules of the duties that this one follows; another recipient's would be a mistake, and is shown."""
    by_id = {other["id"]: other for other in rows}
    before = [by_id[name] for name in row["after"] if name in by_id]
    lost = {f"unknown duty {name}" for name in row["after"] if name not in by_id}
    strangers = {f"{other['recipient']}" for other in before if other["recipient"] != row["recipient"]}
    return frozenset({rule for other in before for rule in other["rules"]} | lost | strangers)
