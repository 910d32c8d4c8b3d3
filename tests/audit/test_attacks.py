"""What can be done to an audit by whoever has the store in hand, and where `verify` says it was done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from audited import Attacker, place_at, written

from desk.audit import Audit
from desk.audit.checkpoints import FILE, read_file
from desk.audit.verifying import Found
from desk.place import Place

Attack = Callable[[Attacker], object]


def kinds(found: Found) -> list[tuple[str, int]]:
    return [(fault.kind, fault.line) for fault in found.faults]


@pytest.mark.parametrize(
    ("attack", "expected", "trustworthy"),
    [
        pytest.param(lambda it: it.change(5, about="K99"), [("changed", 5)], 4, id="a line is changed"),
        pytest.param(lambda it: it.change(5, by="王强"), [("changed", 5)], 4, id="somebody else did it"),
        pytest.param(lambda it: it.change(5, extra="x"), [("changed", 5)], 4, id="something is added to a line"),
        pytest.param(
            lambda it: it.change(5, rehash=True, about="K99"), [("broken", 6)], 5, id="a line is changed with its hash"
        ),
        pytest.param(lambda it: it.remove(5), [("missing", 5)], 4, id="a line is removed"),
        pytest.param(lambda it: it.remove(5, 6, 7), [("missing", 5)], 4, id="several lines in a row are removed"),
        pytest.param(lambda it: it.remove(3, 7), [("missing", 3), ("missing", 7)], 2, id="several lines are removed"),
        pytest.param(lambda it: it.remove(1), [("missing", 1)], 0, id="the first line is removed"),
        pytest.param(lambda it: it.swap(5, 6), [("moved", 5)], 4, id="two neighbours are swapped"),
        pytest.param(lambda it: it.swap(3, 7), [("moved", 3), ("moved", 4), ("moved", 5), ("moved", 6)], 2, id="swap"),
        pytest.param(
            lambda it: it.insert(id="A99", act="case.open", at="2026-12-01T08:00:00+08:00", by="x"),
            [("inserted", 11)],
            10,
            id="a line without a hash is put in",
        ),
        pytest.param(
            lambda it: it.insert(**{**it.line(5), "id": "A99"}),
            [("changed", 5), ("inserted", 5)],
            4,
            id="a line is repeated",
        ),
        pytest.param(lambda it: it.change(5, number=-1), [("changed", 5), ("missing", 5)], 4, id="no number any more"),
        pytest.param(lambda it: it.change(5, number="5"), [("changed", 5), ("missing", 5)], 4, id="a number is none"),
        pytest.param(lambda it: it.change(5, hash=""), [("inserted", 5), ("missing", 5)], 4, id="no hash any more"),
    ],
)  # fmt: skip
def test_what_is_done_to_a_line_is_found_where_it_was_done(
    place: Place, attacker: Attacker, attack: Attack, expected: list[tuple[str, int]], trustworthy: int
) -> None:
    audit = written(place, 10)
    attack(attacker)
    found = audit.verify()
    assert (kinds(found), found.trustworthy, found.ok) == (expected, trustworthy, False)


def test_an_untouched_audit_verifies(place: Place) -> None:
    audit = written(place, 10)
    audit.checkpoint()
    found = audit.verify()
    assert (found.ok, found.lines, found.trustworthy, found.signed) == (True, 11, 11, 11)


def test_an_empty_one_does_too(place: Place) -> None:
    assert Audit(place).verify().ok
    assert Audit(place).checkpoint() is None


def test_a_tail_that_was_cut_off_is_missed_by_the_checkpoint(place: Place, attacker: Attacker) -> None:
    audit = written(place, 10)
    audit.checkpoint()
    attacker.remove(9, 10, 11)
    found = audit.verify()
    assert (kinds(found), found.trustworthy) == ([("cut", 9), ("key", 11)], 8)


def test_a_chain_made_anew_without_a_line_is_not_what_was_signed(place: Place, attacker: Attacker) -> None:
    audit = written(place, 10)
    audit.checkpoint()
    written(place, 5)
    attacker.rewrite(lambda line: line["about"] != "K4")
    assert "rewritten" in [fault.kind for fault in audit.verify().faults]


def test_a_tail_and_its_checkpoints_are_missed_by_a_copy_that_was_kept(place: Place, attacker: Attacker) -> None:
    audit = written(place, 10)
    kept = audit.checkpoint()
    assert kept
    attacker.remove(8, 9, 10, 11)
    attacker.checkpoints.truncate()
    (place.config.data / "audit" / FILE).unlink()
    assert audit.verify().ok  # nothing here remembers
    found = audit.verify(kept=[kept])
    assert kinds(found) == [("cut", 8), ("checkpoint", 11), ("key", 11)]


def test_everything_made_anew_with_a_new_key_is_found_by_the_old_key(
    place: Place, attacker: Attacker, tmp_path: Path, url: str
) -> None:
    audit = written(place, 10)
    audit.checkpoint()
    trusted = audit.checkpoints.key().public
    attacker.rewrite(lambda line: line["act"] != "audit.key" and line["about"] != "K4")
    attacker.checkpoints.truncate()
    forger = place_at(tmp_path / "forger", url)
    Audit(forger).checkpoint()
    assert Audit(forger).verify().ok  # by itself it looks whole
    assert "key" in [fault.kind for fault in Audit(forger).verify(trusted=[trusted]).faults]
    kept = read_file(place.config.data / "audit" / FILE)
    assert "checkpoint" in [fault.kind for fault in Audit(forger).verify(kept=kept).faults]
    assert "checkpoint" in [fault.kind for fault in audit.verify().faults]  # this seat has its own copies
    forger.store.close()


@pytest.mark.parametrize("which", [1, 2, 3], ids=["the first", "one in the middle", "the last"])
def test_a_checkpoint_taken_out_of_the_store_is_missed(place: Place, attacker: Attacker, which: int) -> None:
    audit = written(place, 3)
    for _round in range(3):
        written(place, 3)
        audit.checkpoint()
    attacker.checkpoints.remove(doc_ids=[which])
    assert "checkpoint" in [fault.kind for fault in audit.verify().faults]


def test_a_checkpoint_taken_out_of_the_file_is_missed(place: Place) -> None:
    audit = written(place, 3)
    for _round in range(3):
        written(place, 3)
        audit.checkpoint()
    file = place.config.data / "audit" / FILE
    first, _second, third = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first + third)
    assert kinds(audit.verify()) == [("copies", 10)]


def test_a_file_of_checkpoints_that_is_gone_is_missed(place: Place) -> None:
    audit = written(place, 3)
    audit.checkpoint()
    (place.config.data / "audit" / FILE).unlink()
    assert kinds(audit.verify()) == [("copies", 4)]


def test_a_checkpoint_that_was_changed_bears_no_signature(place: Place, attacker: Attacker) -> None:
    audit = written(place, 3)
    audit.checkpoint()
    attacker.checkpoints.update({"number": 2, "hash": attacker.line(2)["hash"]})
    assert {"signature", "checkpoint"} <= {fault.kind for fault in audit.verify().faults}


def test_a_checkpoint_of_a_key_that_no_line_registered_is_not_believed(place: Place, attacker: Attacker) -> None:
    audit = written(place, 3)
    audit.checkpoint()
    attacker.rewrite(lambda line: line["act"] != "audit.key")
    assert {"cut", "key"} <= {fault.kind for fault in audit.verify().faults}


def test_a_checkpoint_that_cannot_be_read_is_a_fault(place: Place, attacker: Attacker) -> None:
    audit = written(place, 3)
    audit.checkpoint()
    attacker.checkpoints.update({"number": "four"})
    assert "checkpoint" in [fault.kind for fault in audit.verify().faults]


def test_lines_from_before_the_chain_are_sealed_by_its_first_line(place: Place, attacker: Attacker) -> None:
    for number in range(3):
        attacker.insert(id=f"A{number + 1}", act="case.open", at="2026-12-01T07:59:00+08:00", by="李敏")
    audit = written(place, 3)
    found = audit.verify()
    assert (found.ok, found.old_lines, found.lines, found.last) == (True, 3, 3, 6)
    attacker.lines.update({"by": "王强"}, doc_ids=[2])
    assert kinds(audit.verify()) == [("old_lines", 4)]


def test_an_old_line_that_is_gone_is_missed(place: Place, attacker: Attacker) -> None:
    for number in range(3):
        attacker.insert(id=f"A{number + 1}", act="case.open", at="2026-12-01T07:59:00+08:00", by="李敏")
    audit = written(place, 3)
    attacker.lines.remove(doc_ids=[2])
    assert audit.verify().trustworthy < 3


def test_a_line_put_in_by_hand_does_not_stop_the_desk_from_writing(place: Place, attacker: Attacker) -> None:
    audit = written(place, 3)
    attacker.insert(id="A99", act="case.open", at="2026-12-01T08:00:00+08:00", by="x")
    audit.note("case.open", "K5")
    found = audit.verify()
    assert (kinds(found), found.lines) == ([("inserted", 4)], 4)


@pytest.mark.parametrize("change", [{"number": "x"}, {"at": 5}, {"number": 900}, {"hash": ""}], ids=str)
def test_a_last_line_that_was_spoiled_does_not_stop_the_desk_from_writing(
    place: Place, attacker: Attacker, change: dict[str, object]
) -> None:
    audit = written(place, 5)
    attacker.lines.update(change, doc_ids=[5])
    audit.note("case.open", "K9")
    audit.note("case.open", "K10")
    found = audit.verify()
    assert (found.ok, found.trustworthy) == (False, 4)
    assert audit.lines.count() == 7
