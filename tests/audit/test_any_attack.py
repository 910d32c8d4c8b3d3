"""Laws of the chain: whatever is done to its texts but cutting its end is found, not behind where it was done."""

from __future__ import annotations

import json
from datetime import timedelta

from audited import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.audit.chain import canonical, chained, hash_of
from desk.audit.following import Following
from desk.records import AuditLine

COUNT = 12


def _chain() -> list[str]:
    made, previous = [], hash_of(b"")
    for number in range(1, COUNT + 1):
        line = AuditLine(
            id=f"A{number}",
            at=NOW + timedelta(minutes=number % 3),
            by="李敏" if number % 2 else "王强",
            act="duty.settle",
            about=f"D{number}",
            details={"result": "reached", "outages": ["O1"], "evidence": number},
            number=number,
            previous=previous,
            seat="3",
        )
        done = chained(line)
        made.append(canonical(done).decode())
        previous = done.hash
    return made


CHAIN = _chain()
places = st.integers(0, COUNT - 1)
bare = st.none() | st.booleans() | st.integers() | st.text()


def followed(bodies: list[str]) -> Following:
    following = Following()
    for body in bodies:
        following.take(body)
    following.close()
    return following


def first_fault(bodies: list[str]) -> int:
    """The number of the first line that is wrong; 0 when nothing is."""
    return min((fault.line for fault in followed(bodies).faults), default=0)


def test_the_chain_itself_is_whole() -> None:
    assert first_fault(CHAIN) == 0


@given(places, st.sampled_from(sorted(json.loads(CHAIN[0]))), bare)
@settings(max_examples=150)
def test_any_field_changed_to_anything_is_found_there_or_at_the_next_line(at: int, field: str, value: object) -> None:
    line = json.loads(CHAIN[at])
    if line[field] == value and type(line[field]) is type(value):
        return
    line[field] = value
    found = first_fault([*CHAIN[:at], json.dumps(line), *CHAIN[at + 1 :]])
    assert 0 < found <= at + 2


@given(places, st.integers(0, 400), st.characters(blacklist_categories=["Cs"]))
@settings(max_examples=150)
def test_any_character_changed_is_found(at: int, place: int, character: str) -> None:
    body = CHAIN[at]
    place %= len(body)
    changed = body[:place] + character + body[place + 1 :]
    try:
        if json.loads(changed) == json.loads(body):
            return
    except ValueError:
        pass
    assert 0 < first_fault([*CHAIN[:at], changed, *CHAIN[at + 1 :]]) <= at + 2


@given(st.sets(places, min_size=1))
def test_any_lines_taken_out_before_the_last_are_found_at_the_first_of_them(gone: set[int]) -> None:
    left = [body for at, body in enumerate(CHAIN) if at not in gone]
    missed = {at for at in gone if any(other not in gone for other in range(at, COUNT))}
    assert first_fault(left) == (min(missed) + 1 if missed else 0)


@given(st.permutations(range(COUNT)))
def test_any_other_order_is_found(order: list[int]) -> None:
    found = followed([CHAIN[at] for at in order])
    assert bool(found.faults) == (order != list(range(COUNT)))


@given(places, places)
def test_a_line_repeated_anywhere_is_found(which: int, at: int) -> None:
    assert first_fault([*CHAIN[: at + 1], CHAIN[which], *CHAIN[at + 1 :]]) > 0


@given(st.lists(st.binary(max_size=30).map(lambda some: some.decode("latin-1")), min_size=1, max_size=3), places)
def test_whatever_else_is_put_in_is_found_and_nothing_breaks(strange: list[str], at: int) -> None:
    assert first_fault([*CHAIN[: at + 1], *strange, *CHAIN[at + 1 :]]) > 0
