"""Cases: what a caller wants answered. Complaints and the like; reports of misconduct, which few may see; still out.

case = cases.open("complaint", about="停电没有通知", call="C12", article="9.3")
cases.assign(case.id, "marketing")
cases.answer(case.id, "…")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property

from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.access.needs import needs
from desk.durations import parse_duration
from desk.errors import BadInput, NotFound, Refused
from desk.i18n import N_, _
from desk.place import Place
from desk.records import Call, Callback, Case, CaseState, Customer, Step
from desk.seats.merging import refuse_other
from desk.store import RecordTable

__all__ = ["KINDS", "OPEN", "WORDS", "Cases", "step_word"]

S = CaseState
MISCONDUCT = "report_of_misconduct"
STILL_OUT = "still_out"
OPEN = frozenset({S.OPEN, S.ASSIGNED})

KINDS: Mapping[str, str] = {
    "complaint": N_("complaint"),
    MISCONDUCT: N_("report of misconduct"),
    "suggestion": N_("suggestion"),
    "opinion": N_("opinion"),
    "praise": N_("praise"),
    STILL_OUT: N_("still without supply"),
}
WORDS: Mapping[CaseState, str] = {
    S.OPEN: N_("open"),
    S.ASSIGNED: N_("assigned"),
    S.ANSWERED: N_("answered"),
    S.CLOSED: N_("closed"),
}


def step_word(act: str) -> str:
    """A recorded step in the language spoken now."""
    return _(WORDS[CaseState(act)]) if act in list(CaseState) else _("opened")


class Cases:
    """The cases of one county. Two routes: who may not see reports of misconduct does not learn that there are any."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._access = Access(place)

    @cached_property
    def _table(self) -> RecordTable[Case]:
        return self._place.store.records(schema.CASES, Case)

    # reading

    @needs("look_up")
    def get(self, id: str) -> Case:
        """The case called `id`; raises NotFound, also for one that this role may not see."""
        case = self._table.get(id.strip().upper())
        if case is None or not self._may_see(case):
            raise NotFound(_("there is no case {id}; `desk cases` lists them").format(id=id))
        return case

    @needs("look_up")
    def listed(self, state: str = "open", kind: str = "") -> list[Case]:
        """Cases by when they are due: open, overdue, all, or in one state; of one kind. Raises BadInput."""
        if kind:
            _check_kind(kind)
        now = self._place.now()
        found = self._table.all() if state == "all" else self._table.where(state=self._states(state))
        wanted = (one for one in found if self._may_see(one) and kind in ("", one.kind))
        return sorted((one for one in wanted if state != "overdue" or _is_overdue(one, now)), key=_due_order)

    @needs("look_up")
    def counts(self) -> dict[str, int]:
        """How many are open that this role may see, and how many of those are overdue."""
        found, now = self.listed(), self._place.now()
        return {"open": len(found), "overdue": sum(_is_overdue(one, now) for one in found)}

    # acts

    def open(
        self,
        kind: str,
        about: str,
        *,
        call: str = "",
        outage: str = "",
        article: str = "",
        account_no: str = "",
        linked: tuple[str, ...] = (),
    ) -> Case:
        """Take a case in, from a call where there is one; raises BadInput for a kind there is not, or no words."""
        self._access.require("log_call")
        _check(kind, about)
        known = self._call(call)
        customer = self._customer(account_no or (known.account_no if known else ""))
        case = replace(
            self._made(kind, about.strip(), known, customer),
            outage=outage or (known.outage if known else ""),
            article=article,
            linked=linked,
        )
        with self._place.store.transaction():
            kept = self._table.add(lambda number: replace(case, id=f"K{number}"))
            # Not of which kind: that there is a report of misconduct is for few to know.
            self._access.note("case.open", kept.id, {"call": kept.call})
        return kept

    def still_out(self, callback: Callback) -> Case:
        """A new case of somebody who was told that supply is back, and it is not; linked to the call before."""
        about = _("still without supply after {outage} was restored").format(outage=callback.outage or "–")
        linked = tuple(filter(None, (callback.id, callback.call, callback.work_order)))
        return self.open(
            STILL_OUT, about, call=callback.call, outage=callback.outage, account_no=callback.account_no, linked=linked
        )

    @needs("log_call")
    def assign(self, id: str, owner: str, seen: Case | None = None) -> Case:
        """Whose it is now. Raises EditConflict where somebody else gave it to another since the agent saw `seen`."""
        if not owner.strip():
            raise BadInput(_("{id}: name whose it is").format(id=id))

        def assigned(case: Case) -> Case:
            if seen is not None:
                sides = ({"owner": seen.owner}, {"owner": case.owner}, {"owner": owner.strip()})
                last = case.steps[-1]
                refuse_other(case.id, f"{last.by} {last.at:%H:%M}", sides, {"owner": _("Whose")})
            return replace(
                case, state=S.ASSIGNED, owner=owner.strip(), steps=(*case.steps, self._step("assigned", owner))
            )

        return self._act(id, OPEN, assigned)

    @needs("log_call")
    def answer(self, id: str, answer: str) -> Case:
        """What the caller was told."""
        if not answer.strip():
            raise BadInput(_("{id}: write what the caller was told").format(id=id))

        def answered(case: Case) -> Case:
            step = self._step("answered", answer)
            return replace(
                case, state=S.ANSWERED, answer=answer.strip(), answered_at=step.at, steps=(*case.steps, step)
            )

        return self._act(id, OPEN, answered)

    @needs("log_call")
    def close(self, id: str, note: str = "") -> Case:
        """Nothing more is to be done; only once it was answered."""

        def closed(case: Case) -> Case:
            return replace(case, state=S.CLOSED, steps=(*case.steps, self._step("closed", note)))

        return self._act(id, frozenset({S.ANSWERED}), closed)

    # inside

    def _made(self, kind: str, about: str, call: Call | None, customer: Customer | None) -> Case:
        now = self._place.now()
        return Case(
            id="",
            at=now,
            kind=kind,
            about=about,
            call=call.id if call else "",
            account_no=customer.account_no if customer else "",
            customer_name=customer.name if customer else "",
            number=call.number if call else "",
            due=self._due(kind, now),
            steps=(self._step("opened", about),),
        )

    def _may_see(self, case: Case) -> bool:
        return case.kind != MISCONDUCT or self._access.may("see_misconduct")

    def _states(self, state: str) -> list[str]:
        if state in ("open", "overdue"):
            return sorted(OPEN)
        if state not in list(CaseState):
            words = {"state": state, "choices": ", ".join(dict.fromkeys(["open", "overdue", "all", *CaseState]))}
            raise BadInput(_("there is no state {state}; choose one of: {choices}").format(**words))
        return [state]

    def _act(self, id: str, states: frozenset[CaseState], do: Callable[[Case], Case]) -> Case:
        self._access.require("log_call")
        with self._place.store.transaction():
            before = self.get(id)
            if before.state not in states:
                raise Refused(_("{id} is {state} already").format(id=before.id, state=_(WORDS[before.state])))
            after = do(before)
            self._table.put(after, revision=self._table.revision(before.id))
            self._access.note(f"case.{after.steps[-1].act}", after.id)
        return after

    def _step(self, act: str, note: str) -> Step:
        return Step(at=self._place.now(), act=act, by=self._place.agent, note=note.strip())

    def _due(self, kind: str, now: datetime) -> datetime | None:
        limit = self._place.config.cases.limits.get(kind)
        return now + parse_duration(limit).length if limit else None

    def _call(self, id: str) -> Call | None:
        if not id:
            return None
        call = self._place.calls_table.get(id.strip().upper())
        if call is None:
            raise NotFound(_("there is no call {id}; `desk calls` lists them").format(id=id))
        return call

    def _customer(self, account_no: str) -> Customer | None:
        return self._place.customers.get(account_no) if account_no else None


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise BadInput(
            _("there is no kind {kind}; choose one of: {choices}").format(kind=kind, choices=", ".join(KINDS))
        )


def _check(kind: str, about: str) -> None:
    _check_kind(kind)
    if not about.strip():
        raise BadInput(_("what is it about? Write it in the caller's words"))


def _is_overdue(case: Case, now: datetime) -> bool:
    return case.state in OPEN and case.due is not None and case.due < now


def _due_order(case: Case) -> tuple[datetime, str]:
    return case.due or case.at, case.id
