"""A county of five customers, and outages over it: facts for the rules without a store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from desk.records import Affected, Customer, Duty, Outage, Scope, Status, TransformerArea
from desk.regulation import Regulation
from desk.regulation.derive import derive
from desk.regulation.facts import Derived, Happening, OutageFacts, Steps
from desk.regulation.load import load_pack
from desk.regulation.replan import difference, told

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
ZONE = timezone(timedelta(hours=8))
ENTRY = datetime(2026, 5, 1, 8, tzinfo=ZONE)
RECEIVED = ENTRY - timedelta(minutes=5)
START = ENTRY + timedelta(days=10)
END = START + timedelta(hours=4)
CHANGED = ENTRY + timedelta(days=2)

AREAS = {
    "T1": TransformerArea(transformer_area="T1", feeder="城东线", service_branch="城东所"),
    "T2": TransformerArea(transformer_area="T2", feeder="城东线", service_branch="河西所"),
}


def shipped(*names: str, **settings) -> Regulation:
    """The shipped packs of these files, or all of them."""
    names = names or ("county", "national", "desk_practice")
    return Regulation([load_pack(PLUGINS / f"{name}.toml") for name in names], **settings)


def customer(account: str, **values) -> Customer:
    return Customer(account_no=account, **{"name": f"户{account}", "transformer_area": "T1", **values})


PEOPLE = (
    customer("1"),
    customer("2", special=True),
    customer("3", important=True, transformer_area="T2"),
    customer("4", special=True, important=True),
    customer("5", medal="gold", transformer_area="T2"),
)


def outage(kind: str, **values) -> Outage:
    """An outage of this type from START to END; one that nobody plans began when it was entered."""
    unplanned = kind in ("grid_fault", "theft_violation", "unforeseeable")
    times = {"actual_start": ENTRY} if unplanned else {"planned_start": START, "planned_end": END}
    basic = {
        "id": "O1",
        "type": kind,
        "status": Status.CONFIRMED if unplanned else Status.SCHEDULED,
        "scope": Scope(feeders=("城东线",)),
        "received_at": RECEIVED,
        "opened_at": ENTRY,
        "affected": Affected(),
    }
    return Outage(**{**basic, **times, **values})


def owed(what: Outage, regulation: Regulation, customers: Iterable[Customer] = PEOPLE, **facts) -> Derived:
    return derive(OutageFacts(outage=what, **facts), customers, AREAS, regulation)


def lines(derived: Derived, **only) -> list[tuple[str, str, datetime]]:
    """Every duty as (rules, recipient, due), in order of words."""
    found = derived.duties
    return sorted(
        ("+".join(rule.partition(":")[2] for rule in draft.terms.rules), draft.recipient.id, draft.terms.due)
        for draft in found
        if all(getattr(draft.terms, name) == value for name, value in only.items())
    )


def stored(derived: Derived) -> list[Duty]:
    """The duties as a book would keep them."""
    ids = {draft.key: f"D{number}" for number, draft in enumerate(derived.duties, 1)}
    return [
        draft.duty(ids[draft.key], "O1", tuple(ids[key] for key in draft.after if key in ids))
        for draft in derived.duties
    ]


class Book:
    """An outage and its stored duties: things happen to it, and the steps are done as a book would do them."""

    def __init__(
        self, what: Outage, regulation: Regulation, customers: Iterable[Customer] = PEOPLE, approved_at=None
    ) -> None:
        self.outage = what
        self.regulation = regulation
        self.customers = tuple(customers)
        self.approved_at = approved_at
        self.held = stored(owed(what, regulation, self.customers))
        self.acts = 1

    def happen(self, *triggers: str, after: Outage | None = None, customers=None, at=CHANGED, **facts) -> Steps:
        """Something happens; the steps are done and given back."""
        before, self.outage = self.outage, after or self.outage
        self.customers = tuple(self.customers if customers is None else customers)
        self.acts += 1
        steps = self.steps(before, *triggers, at=at, **facts)
        self.do(steps)
        return steps

    def steps(self, before: Outage, *triggers: str, at=CHANGED, **facts) -> Steps:
        happening = Happening(
            triggers=frozenset(triggers), at=at, number=self.acts, before=before, told=told(self.held)
        )
        derived = owed(self.outage, self.regulation, self.customers, happening=happening, **facts)
        return difference(self.held, derived, happening)

    def do(self, steps: Steps) -> None:
        changed = {duty.key: duty for duty in (*steps.move, *steps.withdraw)}
        self.held = [changed.get(duty.key, duty) for duty in self.held]
        for draft in (*steps.add, *steps.inform):
            self.held.append(draft.duty(f"D{len(self.held) + 1}", "O1"))

    def tell(self, *keys: str, state: str = "done") -> None:
        """The duties whose key ends so were done."""
        from msgspec.structs import replace

        from desk.records import DutyState

        for place, duty in enumerate(self.held):
            if duty.state in ("pending", "attempted") and (not keys or duty.key.endswith(keys)):
                self.held[place] = replace(duty, state=DutyState(state), closed_at=ENTRY)

    def now(self) -> dict[str, str]:
        """Key → state of every duty."""
        return {duty.key: str(duty.state) for duty in self.held}
