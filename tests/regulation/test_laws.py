"""Laws of derivation: any customers in any order, any acts, any answers of those who are told."""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from owed_county import CHANGED, END, START, Book, customer, outage, owed, shipped

from desk.records import OPEN_DUTIES, Status
from desk.regulation.facts import accounts_of, wave_of

HOUR = timedelta(hours=1)
CLOSED = ("done", "refused", "unreachable", "exempt")
NEWS = ("changed", "scope_changed", "cancelled")
KINDS = (
    "planned_maintenance", "temporary_maintenance", "grid_fault", "supply_shortage", "arrears",
    "theft_violation", "unforeseeable", "hazard_removal", "account_closure",
)  # fmt: skip
REGULATION = shipped()

people = st.lists(
    st.builds(
        customer,
        st.integers(1, 12).map(str),
        special=st.booleans(),
        important=st.booleans(),
        medal=st.sampled_from(["", "gold"]),
        group=st.sampled_from(["", "", "甲", "乙"]),
        voltage=st.sampled_from(["10kV", "0.4kV", ""]),
        sector=st.sampled_from(["", "fire_service", "hospital"]),
        transformer_area=st.sampled_from(["T1", "T2", "T9"]),
        contract_notice_days=st.sampled_from([None, None, 3, 10]),
    ),
    max_size=10,
    unique_by=lambda one: one.account_no,
)
own = st.lists(st.integers(1, 12).map(str), max_size=3)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.integers(0, 3), st.sampled_from(["done", "refused", "unreachable", "exempt"])),
        st.tuples(st.just("move"), st.integers(-3, 3), st.integers(-2, 3)),
        st.tuples(st.just("scope"), st.sets(st.integers(0, 9)), st.just(0)),
        st.tuples(st.just("cancel"), st.just(0), st.just(0)),
        st.tuples(st.just("approve"), st.integers(0, 5), st.just(0)),
    ),
    max_size=6,
)


@given(kind=st.sampled_from(KINDS), customers=people, own=own, seed=st.integers())
def test_the_order_of_the_customers_does_not_matter(kind, customers, own, seed):
    what = outage(kind, facts={"own_notice": own})
    shuffled = random.Random(seed).sample(customers, len(customers))
    assert owed(what, REGULATION, customers) == owed(what, REGULATION, shuffled)


@given(kind=st.sampled_from(KINDS), customers=people, own=own)
def test_no_duty_is_there_twice_and_what_comes_first_stands_first(kind, customers, own):
    duties = owed(outage(kind, facts={"own_notice": own}), REGULATION, customers).duties
    keys = [draft.key for draft in duties]
    assert len(keys) == len(set(keys))
    places = {key: place for place, key in enumerate(keys)}
    assert all(places[key] < places[draft.key] for draft in duties for key in draft.after)


class Story:
    """An outage to which things happen; after each, the laws are looked at."""

    def __init__(self, kind: str, customers, own) -> None:
        self.all = customers
        self.book = Book(outage(kind, facts={"own_notice": own}), REGULATION, customers)
        self.own = set(own)
        self.approved_at = None
        self.hour = 0

    def do(self, act: str, one, other) -> None:
        book, before = self.book, {duty.key: duty for duty in self.book.held}
        what = book.outage
        self.hour += 1
        at = CHANGED + self.hour * HOUR
        if act == "tell":
            chosen = [duty.key for duty in book.held if duty.state in OPEN_DUTIES][one::3]
            if chosen:
                book.tell(*chosen, state=other)
            return
        if act == "cancel":
            again = self._happen(("cancelled",), replace(what, status=Status.CANCELLED), book.customers, at)
        elif act == "move":
            moved = replace(what, planned_start=START + one * HOUR, planned_end=END + other * HOUR)
            again = self._happen(("changed",), moved, book.customers, at)
        elif act == "scope":
            chosen = [person for place, person in enumerate(self.all) if place in one]
            again = self._happen(("scope_changed",), what, chosen, at)
        else:
            self.approved_at = self.approved_at or what.opened_at + one * HOUR
            again = self._happen(("approved",), what, book.customers, at)
        assert not again, "doing the steps and asking again gives no steps"
        self._look(before)

    def _happen(self, triggers, after, customers, at):
        before, approved_at = self.book.outage, self.approved_at
        self.book.happen(*triggers, after=after, customers=customers, at=at, approved_at=approved_at)
        return self.book.steps(before, *triggers, at=at, approved_at=approved_at)

    def _look(self, before) -> None:
        held = self.book.held
        keys = [duty.key for duty in held]
        assert len(keys) == len(set(keys))
        for duty in held:
            old = before.get(duty.key)
            if old is not None:
                self._moved_with_a_replan(old, duty)
        self._nobody_is_owed_the_same_twice()
        self._nobody_told_is_forgotten()
        self._just_what_is_owed_is_open_or_settled()

    def _moved_with_a_replan(self, old, new) -> None:
        assert old.state in OPEN_DUTIES or new == old, "what is closed stays as it is"
        plans = {plan.field: (plan.before, plan.after) for plan in new.replans[len(old.replans) :]}
        for field in ("due", "not_before"):
            one, other = getattr(old, field), getattr(new, field)
            assert plans.get(field) == ((one, other) if one != other else None)

    def _nobody_is_owed_the_same_twice(self) -> None:
        undone = self._undone()
        owed = [
            (duty.rules[0], *self._who(duty, account))
            for duty in self.book.held
            if duty.state in OPEN_DUTIES or (duty.state != "withdrawn" and duty.trigger not in NEWS)
            for account in accounts_of(duty.recipient, duty.sites)
            if wave_of(duty.key) > undone.get((duty.recipient.kind, account or duty.recipient.id), -1)
        ]
        assert len(owed) == len(set(owed))

    def _who(self, duty, account: str) -> tuple[str, str, bool]:
        """Whose duty it is: told through a group or alone is the same, but where a notice of one's own is asked for."""
        return duty.recipient.kind, account or duty.recipient.id, account in self.own and bool(duty.sites)

    def _undone(self) -> dict[tuple[str, str], int]:
        """Who learned that the outage is none for them, and with which telling."""
        return {
            (duty.recipient.kind, account or duty.recipient.id): wave_of(duty.key)
            for duty in self.book.held
            if duty.trigger in ("scope_changed", "cancelled")
            and duty.state in ("done", "refused", "unreachable", "exempt")
            for account in accounts_of(duty.recipient, duty.sites)
        }

    def _just_what_is_owed_is_open_or_settled(self) -> None:
        """What a fresh derivation asks for is what stands in the book, with the same deadlines."""
        book = self.book
        wanted = {}
        if book.outage.status is not Status.CANCELLED:
            for draft in owed(book.outage, REGULATION, book.customers, approved_at=self.approved_at).duties:
                for account in draft.accounts:
                    wanted[(draft.terms.base, *self._who(draft, account))] = draft.terms
        undone, found = self._undone(), set()
        for duty in book.held:
            for account in accounts_of(duty.recipient, duty.sites) if duty.trigger not in NEWS else ():
                who = self._who(duty, account)
                if duty.state in OPEN_DUTIES:
                    terms = wanted[(duty.rules[0], *who)]
                    assert (duty.due, duty.not_before, duty.rules) == (terms.due, terms.not_before, terms.rules)
                if duty.state != "withdrawn" and wave_of(duty.key) > undone.get(who[:2], -1):
                    found.add((duty.rules[0], *who))
        assert set(wanted) <= found

    def _nobody_told_is_forgotten(self) -> None:
        """Every account that was told is affected still, or was told otherwise, or is owed that news."""
        affected = {person.account_no for person in self.book.customers}
        called_off = self.book.outage.status is Status.CANCELLED
        for duty in self.book.held:
            if duty.state not in ("done", "refused") or duty.recipient.kind != "customer":
                continue
            for account in accounts_of(duty.recipient, duty.sites):
                assert (account in affected and not called_off) or account in self._undeceived()

    def _undeceived(self) -> set[str]:
        return {
            account
            for duty in self.book.held
            if duty.trigger in ("scope_changed", "cancelled") and duty.state != "withdrawn"
            for account in accounts_of(duty.recipient, duty.sites)
        }


@settings(max_examples=300)
@given(kind=st.sampled_from(KINDS), customers=people, own=own, acts=acts)
def test_whatever_happens_the_duties_stay_accounted_for(kind, customers, own, acts):
    story = Story(kind, customers, own)
    for act in acts:
        story.do(*act)
        if act[0] == "cancel":
            break
