"""Outages as a person at the desk deals with them: open, start, change, restore, cancel, close; and the board.

outages = Outages(place)
opened = outages.open(OutageRequest(type="grid_fault", feeders=("城东线",), cause="树障"))
outages.restore(opened.outage.id)
outages.board().rows["active"]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.access.needs import ANYONE, needs
from desk.errors import NotFound
from desk.grid import Grid
from desk.grid import affected as count_affected
from desk.i18n import _
from desk.notices import Notices
from desk.orders import Orders
from desk.outages import acts
from desk.outages.acts import Act, By, possible
from desk.outages.board import TABS, Board, BoardRow, RowMaker, began, stage_of
from desk.outages.checks import Checked, check, scope_problems
from desk.outages.editing import as_seen, rebased, refuse_done_already, refuse_unseen
from desk.outages.facts import may_start, read_change
from desk.outages.live import LiveOutages
from desk.outages.requests import BadRequest, FieldProblem, OutageChange, OutageRequest, read_request, read_scope
from desk.place import Place
from desk.records import LIVE, Affected, Customer, Duty, Outage, Scope, TransformerArea

if TYPE_CHECKING:
    from desk.regulation.facts import Steps

__all__ = [
    "TABS",
    "Act",
    "BadRequest",
    "Board",
    "BoardRow",
    "FieldProblem",
    "Opened",
    "OutageChange",
    "OutageRequest",
    "Outages",
    "Preview",
    "possible",
    "read_request",
    "read_scope",
]


# Stages of an outage that is now or ahead, in the order a caller asks for them.
AHEAD = {"overdue": 0, "off": 0, "due_to_start": 1, "predicted": 2, "upcoming": 3}


class Preview(Struct, frozen=True, kw_only=True):
    """What opening an outage would mean; nothing is written. The duties carry the numbers that they would get."""

    affected: Affected
    warnings: tuple[str, ...] = ()
    duties: Iterable[Duty] = ()
    outage: Outage | None = None


class Opened(Struct, frozen=True, kw_only=True):
    """An outage that was taken in, and what the agent should know about it."""

    outage: Outage
    warnings: tuple[str, ...] = ()
    duties: Iterable[Duty] = ()


class Outages:
    """The county's outages. Every act is one transaction; what is returned is stored."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._access = Access(place)
        self._rows = RowMaker()
        self.notices = Notices(place)
        self.live = LiveOutages(place)
        # What else an act sets going, in its transaction: set by the desk, gives back the outage as it is stored then.
        self.after_act: Callable[[str, Outage], Outage] = lambda _act, outage: outage

    @needs(ANYONE)
    def board(self) -> Board:
        """The board now. Cheap enough to ask for every second: only rows that moved are read and made again."""
        place, now = self._place, self._place.now()
        since = now - timedelta(hours=place.config.board.restored_hours)
        confirmed = place.marks_table.get(schema.OUTAGES)
        age = now - confirmed.at if confirmed else None
        return Board(
            at=now,
            rows=self._rows.rows(self.live.held(), place.type_names(), now, since),
            data_age=age,
            stale=age is not None and age > timedelta(minutes=place.config.board.stale_minutes),
        )

    @needs(ANYONE)
    def listed(self, tab: str = "") -> list[Outage]:
        """The outages of one tab in its order, or every outage ever entered, oldest first."""
        if not tab:
            return list(self._place.outages_table.all())
        held = {row.outage.id: row.outage for row in self.live.held()}
        return [held[row.id] for row in self.board().rows[tab] if row.id in held]

    def get(self, outage_id: str) -> Outage:
        """The outage called `outage_id`; raises NotFound."""
        outage = self._place.outages_table.get(outage_id.strip().upper())
        if outage is None:
            raise NotFound(_("there is no outage {id}; `desk outages` lists them").format(id=outage_id))
        return outage

    def stage(self, outage: Outage) -> str:
        """Where the outage stands on the board, empty when it is not on it."""
        return stage_of(outage, self._place.now())

    def affected(self, scope: Scope) -> Affected:
        """Who `scope` touches, counted."""
        return count_affected(self._place.store, self._place.grid, scope)

    def recount(self) -> int:
        """Count anew whom the live outages touch, once customers or network have changed; returns how many moved."""
        # Inside an import's transaction the place's own topology may still be the one from before.
        table, grid, moved = self._place.outages_table, Grid(self._place.network.all()), 0
        for outage in table.where(status=sorted(LIVE)):
            touched = count_affected(self._place.store, grid, outage.scope)
            moved += touched != outage.affected
            # Other people may be owed other things although their number is the same.
            after = self.notices.owing.customers_changed(replace(outage, affected=touched), grid)
            if after != outage:
                table.put(after)
        return moved

    def touching(self, customer: Customer, area: TransformerArea | None = None) -> list[Outage]:
        """The outages that touch this customer's supply: off now first, then by when they begin.

        `area` saves a read where the customer's transformer area is already known.
        """
        area = area or self._place.network.get(customer.transformer_area)
        now, found = self._place.now(), self.live.touching(customer, area)
        staged = [(AHEAD.get(stage_of(outage, now)), outage) for outage in found]
        ahead = [(rank, began(outage), outage) for rank, outage in staged if rank is not None]
        return [outage for _rank, _at, outage in sorted(ahead, key=lambda item: item[:2])]

    @needs("open_outage")
    def preview(self, request: OutageRequest) -> Preview:
        """What `open` would answer; raises BadRequest where `open` would."""
        checked = check(self._place, self.live, request)
        outage = self._new(0, request, checked, "open")
        expected = self.notices.owing.expected(outage)
        late = tuple(limit.what for limit in expected.broken)
        warnings = (*checked.warnings, *late)
        return Preview(affected=checked.affected, warnings=warnings, duties=expected, outage=outage)

    def check(self, request: OutageRequest) -> None:
        """Raises BadRequest where `open` would; quicker than a preview."""
        check(self._place, self.live, request)

    def open(self, request: OutageRequest) -> Opened:
        """Take an outage in; raises BadRequest naming every mistake, with nothing written."""
        self._access.require("open_outage")
        checked = check(self._place, self.live, request)
        act = "import" if request.fingerprint else "open"
        with self._place.store.transaction():
            bare = self._place.outages_table.add(lambda number: self._new(number, request, checked, act))
            opened = self.notices.owing.opened(bare)
            self._place.outages_table.put(opened.outage)
            self._told(act, opened.outage)
            outage = self.after_act("open", opened.outage)
            self._place.tell("outage_opened", outage)
        warnings = (*checked.warnings, *opened.late)
        return Opened(outage=outage, warnings=warnings, duties=self.notices.each_of(bare.id))

    def seen(self, outage_id: str, steps: int) -> Outage:
        """The outage as it stood after so many steps of its history: what a script saw that counted them."""
        return as_seen(self.get(outage_id), steps)

    @needs("act_on_outage")
    def foresee(self, outage_id: str, change: OutageChange, seen: Outage | None = None) -> Steps:
        """What `change` would do to the duties: who is newly owed, whose deadlines move, who must hear. Nothing is
        written; raises what `change` would."""
        outage = self.get(outage_id)
        if seen is not None:
            change = rebased(seen, outage, change)
        touched = self._counted(change.scope) if change.scope is not None else None
        after = acts.changed(outage, change, touched, By(agent=self._place.agent, now=self._place.now()))
        return self.notices.owing.steps(outage, after)

    @needs("act_on_outage")
    def start(self, outage_id: str, at: datetime | None = None, reason: str = "") -> Outage:
        """Supply is off since `at` (now, when None). Raises Refused where the type forbids it; `reason` excuses what
        a rule lets pass as a recorded violation."""

        def begun(outage: Outage, by: By) -> Outage:
            done = acts.started(outage, at, by, reason)
            excused = may_start(self._place, outage, reason)
            against = [(problem.article, problem.text) for problem in excused]
            self.notices.begin(done, reason, [*against, *Orders(self._place).broken_by(done)])
            return done

        return self._act(outage_id, Act.START, begun, at)

    @needs("act_on_outage")
    def restore(self, outage_id: str, at: datetime | None = None) -> Outage:
        """Supply is back since `at` (now, when None)."""
        return self._act(outage_id, Act.RESTORE, lambda outage, by: acts.restored(outage, at, by), at)

    @needs("act_on_outage")
    def cancel(self, outage_id: str, at: datetime | None = None, reason: str = "") -> Outage:
        """The outage will not take place; only before it has begun."""
        return self._act(outage_id, Act.CANCEL, lambda outage, by: acts.cancelled(outage, at, reason, by), at)

    @needs("act_on_outage")
    def close(self, outage_id: str, at: datetime | None = None) -> Outage:
        """Nothing more is to be done about a restored or cancelled outage."""
        return self._act(outage_id, Act.CLOSE, lambda outage, by: acts.closed(outage, at, by), at)

    @needs("act_on_outage")
    def change(
        self, outage_id: str, change: OutageChange, seen: Outage | None = None, foreseen: Outage | None = None
    ) -> Outage:
        """Other times, scope or words, with the reason. `seen` is the outage the agent had on screen: what somebody
        else changed since is kept, and EditConflict raised where it is the same field with another value. `foreseen`
        is the one for which it was shown what the change means: StaleWrite where duties would hang on another."""
        # Counting 50,000 customers takes part of a second: done before the write lock is taken.
        touched = self._counted(change.scope) if change.scope is not None else None
        change = read_change(self._place, self.get(outage_id), change) if change.facts else change

        def changed(outage: Outage, by: By) -> Outage:
            mine = change if seen is None else rebased(seen, outage, change)
            if foreseen is not None:
                refuse_unseen(foreseen, outage)
            return acts.changed(outage, mine, touched if mine.scope is not None else None, by)

        return self._act(outage_id, Act.CHANGE, changed)

    def _counted(self, scope: Scope) -> Affected:
        problems = scope_problems(self._place, scope)
        if problems:
            raise BadRequest(problems)
        return self.affected(scope)

    def _act(self, outage_id: str, act: Act, do: Callable[[Outage, By], Outage], at: datetime | None = None) -> Outage:
        """Do it to the outage as it is now: whoever acts on a stale screen is told who was quicker."""
        self._access.require("act_on_outage")
        table = self._place.outages_table
        with self._place.store.transaction():
            outage = self.get(outage_id)
            refuse_done_already(outage, act, at, self._place.agent)
            revision = table.revision(outage.id)
            done = self.notices.followed(outage, do(outage, By(agent=self._place.agent, now=self._place.now())))
            table.put(done, revision=revision)
            self._told(act.value, done)
            heard = self.notices.heard(done)
            after = self.after_act(act.value, heard)
            self._place.tell(acts.EVENTS[act], after)
            return after

    def _told(self, act: str, outage: Outage) -> None:
        self._place.mark(schema.OUTAGES)
        self._access.note(f"outage.{act}", outage.id)

    def _new(self, number: int, request: OutageRequest, checked: Checked, act: str) -> Outage:
        place, now = self._place, self._place.now()
        outage = Outage(
            id=f"O{number}",
            type=checked.type,
            status=checked.status,
            scope=request.scope,
            received_at=checked.received_at,
            opened_at=now,
            reference=request.reference,
            planned_start=request.planned_start,
            planned_end=request.planned_end,
            actual_start=checked.actual_start,
            etr=request.etr or (request.planned_end if checked.actual_start else None),
            cause=request.cause,
            area=request.area,
            danger_to_life=request.danger_to_life,
            facts=checked.facts,
            phases=request.phases,
            affected=checked.affected,
            fingerprint=request.fingerprint,
        )
        return acts.opening(outage, act, By(agent=place.agent, now=now))
