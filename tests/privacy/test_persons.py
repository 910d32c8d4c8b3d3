"""A person's rights: all that is held on them, masked unless there is leave; erased as far as the law lets it be."""

from __future__ import annotations

import json

import pytest
from marked_county import ACCOUNT, MOBILE, shown

from desk import schema
from desk.app import Desk
from desk.errors import BadInput, NotAllowed, NotFound
from desk.privacy.approvals import Approvals
from desk.privacy.persons import Persons
from desk.records import Deletion, Ring


def as_text(held: object) -> str:
    return json.dumps(held, ensure_ascii=False)


def test_all_that_is_held_is_shown_without_a_number(desk: Desk) -> None:
    held = Persons(desk.place).held(ACCOUNT)
    wanted = {"customers", "calls", "rings", "drafts", "callbacks", "work_orders", "messages", "attempts", "duties"}
    assert wanted <= set(held)
    assert not shown(as_text(held))
    assert "李秀英" not in as_text(held)  # somebody else


def test_with_leave_numbers_stand_in_full_and_the_leave_is_used_up(desk: Desk) -> None:
    approvals = Approvals(desk.place)
    leave = approvals.give(approvals.ask("person", "asked for a copy at the counter").id)
    assert MOBILE in as_text(Persons(desk.place).held(ACCOUNT, leave.id))
    with pytest.raises(NotAllowed, match="was used"):
        Persons(desk.place).held(ACCOUNT, leave.id)


def test_who_looked_is_in_the_audit_and_part_of_what_is_held(desk: Desk) -> None:
    desk.access.reveal(ACCOUNT)
    Persons(desk.place).held(ACCOUNT)
    acts = [line["act"] for line in Persons(desk.place).held(ACCOUNT)["audit"]]
    assert "number.reveal" in acts
    assert "person.show" in acts
    assert not shown(as_text([line.details for line in desk.place.audit_table.all()]))


def test_what_may_go_goes_and_the_rest_is_kept_with_its_reason(desk: Desk) -> None:
    persons = Persons(desk.place)
    foreseen = persons.foreseen(ACCOUNT)
    done = persons.erase(ACCOUNT, "came to the counter")
    assert done == foreseen
    kept = {one.table: one.kept for one in done if one.kept}
    assert kept["customers"] == "contract"
    assert kept["duties"] == kept["messages"] == "evidence"
    gone = {one.table for one in done if not one.kept}
    assert {"calls", "rings", "drafts"} <= gone
    assert not desk.place.calls_table.where(account_no=ACCOUNT)
    assert MOBILE not in {ring.number for ring in desk.place.store.records(schema.RINGS, Ring).all()}
    assert {one.table for one in desk.place.store.records(schema.DELETIONS, Deletion).all()} >= {"calls", "rings"}


def test_a_customer_whose_account_is_closed_goes_too(desk: Desk) -> None:
    Persons(desk.place).erase(ACCOUNT, "account closed", account_closed=True)
    assert desk.place.customers.get(ACCOUNT) is None


def test_it_takes_a_right_a_person_and_a_reason(desk: Desk) -> None:
    with pytest.raises(NotFound):
        Persons(desk.place).held("1")
    with pytest.raises(BadInput, match="--reason"):
        Persons(desk.place).erase(ACCOUNT, " ")
    desk.place.role = "agent"
    with pytest.raises(NotAllowed):
        Persons(desk.place).held(ACCOUNT)
