"""Work orders: what crews must go and see, the most urgent first, late ones marked; moved on step by step."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from functools import partial

from desk import schema
from desk.i18n import N_, _, language
from desk.records import Step, WorkOrder, WorkOrderState
from desk.text import clean
from desk.tui import times
from desk.tui.cells import Line, Piece, discreet, field, heading, line, wrap
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.countdown import span
from desk.tui.screens.listed import ListScreen
from desk.tui.widgets.lines import Lines
from desk.tui.words import say
from desk.work_orders import HAZARDS, URGENCY_WORDS, WORDS, is_late, step_word
from desk.work_orders.states import NEXT

ORDERS: tuple[Column, ...] = (
    Column("left", N_("Left"), 10),
    Column("urgency", N_("Urgency"), 14),
    Column("state", N_("State"), 14),
    Column("id", N_("No."), 6),
    Column("crew", N_("Crew"), 12),
    Column("hurry", N_("Hurried"), 4, True),
    Column("gap", "", 2),
    Column("place", N_("Place"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "urgency", 10), (100, "state", 10), (100, "crew", 9))
CHOICES: Mapping[str, str] = {"alive": N_("under way"), "late": N_("late"), "all": N_("all")}
ENDS = (WorkOrderState.CLOSED, WorkOrderState.CANCELLED)


class OrderLines(Lines[WorkOrder]):
    """One line for each order; the time left until somebody must be there."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime

    def row_id(self, row: WorkOrder) -> str:
        return row.id

    def row_key(self, row: WorkOrder) -> Hashable:
        return (row.state, row.expedites, row.crew, left_words(row, self.now), language())

    def row_line(self, row: WorkOrder, width: int) -> Line:
        late = is_late(row, self.now)
        texts = (
            (left_words(row, self.now), "overdue" if late else "text"),
            (_(URGENCY_WORDS[row.urgency]), "danger" if row.urgency == "danger_to_life" else "text"),
            (_(WORDS[row.state]), "dim" if row.state in ENDS else "strong"),
            (row.id, "dim"),
            (clean(row.crew), "text"),
            (str(row.expedites or ""), "warn"),
            ("", "text"),
            (clean(row.place), "text"),
        )
        return cells(ORDERS, widths(ORDERS, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(ORDERS, widths(ORDERS, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return _("No work order is under way. A trouble report with a hazard makes one; `desk workorders open` too.")


class WorkOrdersScreen(ListScreen[WorkOrder]):
    """Enter takes the next step; `e` notes that somebody hurries it, `x` ends it with its reason."""

    PLACE = "work_orders"
    KIND = "work_order"
    TABLES = (schema.WORK_ORDERS,)

    def __init__(self) -> None:
        super().__init__(OrderLines())
        self.state = "alive"

    def title_words(self) -> str:
        return _("Work orders")

    def opened(self) -> None:
        self.list.now = self.app.desk.now()  # type: ignore[attr-defined]
        super().opened()

    def found(self) -> Sequence[WorkOrder]:
        self.list.now = self.app.desk.now()  # type: ignore[attr-defined]
        return self.app.desk.work_orders.listed(self.state)

    def sums(self) -> Sequence[Piece]:
        late = sum(is_late(row, self.app.desk.now()) for row in self.list.rows if row.state not in ENDS)
        pieces = [Piece(" " + _("Which") + " ", "dim"), Piece(f"[{_(CHOICES[self.state])}]")]
        return [*pieces, Piece("  " + _("! {count} late").format(count=late), "overdue")] if late else pieces

    def context_of(self, row: WorkOrder | None) -> dict[str, object]:
        stage = str(row.state) if row else ""
        return {"part": row.id if row else "", "stage": stage, "outage": row.outage if row else ""}

    def about(self, row: WorkOrder, now: datetime, width: int) -> list[Line]:
        return order_lines(row, now, width)

    def copied(self) -> str:
        return discreet(f"{self.list.current.id} {self.list.current.place}") if self.list.current else ""

    # commands

    def work_orders_leave(self) -> None:
        """The key that opened the screen closes it."""
        self.app.desk_back()

    def work_orders_which(self) -> None:
        """Those under way, those late, or all."""
        names = list(CHOICES)
        self.state = names[(names.index(self.state) + 1) % len(names)]
        self.reload()

    def work_orders_step(self) -> None:
        """The next step: assigned to a crew, on its way, there, done."""
        row = self.list.current
        if row is None:
            return
        steps = [to for to in NEXT[row.state] if to not in ENDS]
        if NEXT[row.state][:1] in ((), (WorkOrderState.CLOSED,)):
            self.work_orders_close()
        elif steps[0] is WorkOrderState.ASSIGNED:
            question = _("{id}: which crew goes?").format(id=row.id)
            self.question(question, partial(self._move, row, "assigned"), label=_("Crew"), value=row.crew)
        else:
            choices = [(to.value, _(WORDS[to])) for to in steps]
            self.question(_("{id}: what is reported?").format(id=row.id), partial(self._report, row), choices=choices)

    def _report(self, seen: WorkOrder, to: str) -> None:
        if to == WorkOrderState.ASSIGNED:
            question = _("{id}: which crew goes?").format(id=seen.id)
            self.question(question, partial(self._move, seen, to), label=_("Crew"))
        else:
            self._move(seen, to, "")

    def _move(self, seen: WorkOrder, to: str, crew: str) -> None:
        self.act(partial(self.app.desk.work_orders.move, seen.id, to, crew=crew, seen=seen), _said)

    def work_orders_hurry(self) -> None:
        """Somebody asks where the crew is."""
        if self.list.current is not None:
            self.act(partial(self.app.desk.work_orders.expedite, self.list.current.id), _hurried)

    def work_orders_close(self) -> None:
        """End it: closed with what it was and who signed (after a comma), or cancelled before anyone was there."""
        row = self.list.current
        if row is None or row.state in ENDS:
            return
        done = row.state is WorkOrderState.FIELD_COMPLETE
        words = _("{id}: what was it? After a comma, who signed") if done else _("{id}: why does nobody go?")
        verb = self._end if done else self._give_up
        self.question(words.format(id=row.id), partial(verb, row.id), label=_("Reason"))

    def _end(self, id: str, typed: str) -> None:
        reason, _comma, signed = typed.replace("，", ",").partition(",")
        self.act(partial(self.app.desk.work_orders.close, id, reason=reason, signed_by=signed), _said)

    def _give_up(self, id: str, reason: str) -> None:
        self.act(partial(self.app.desk.work_orders.cancel, id, reason=reason), _said)


def left_words(order: WorkOrder, now: datetime) -> str:
    """The time left until somebody must be there, with `!` once it is over; nothing once somebody was there in time."""
    if order.arrive_by is None or order.state in ENDS:
        return ""
    if order.arrived_at:
        return "!" if order.arrived_at > order.arrive_by else ""
    seconds = int((order.arrive_by - now).total_seconds())
    return f"{'!-' if seconds < 0 else '  '}{span(abs(seconds))}"


def order_lines(order: WorkOrder, now: datetime, width: int) -> list[Line]:
    """One order in full, with every step."""
    head = line(
        Piece(f"{order.id} ", "title"),
        Piece(_(WORDS[order.state]), "strong"),
        Piece(f"  {_(URGENCY_WORDS[order.urgency])}", "danger" if order.urgency == "danger_to_life" else "text"),
        copy=f"{order.id} {order.place}",
    )
    facts = (
        (_("Place"), clean(order.place)),
        (_("Hazard"), say(HAZARDS, order.hazard) if order.hazard in HAZARDS else clean(order.hazard)),
        (_("Until"), times.shown(order.arrive_by, now)),
        (_("Crew"), clean(order.crew)),
        (_("Call"), f"{order.call} {order.outage}".strip()),
        (_("Similar"), " ".join(order.similar)),
        (_("Boundary"), _("the customer's side; the customer was told") if order.customer_side else ""),
        (_("Signed"), clean(order.signed_by)),
    )
    lines = [head, *(row for label, value in facts if value for row in field(label, value, width))]
    return [*lines, heading(_("Steps")), *step_lines(order.steps, now, width)]


def step_lines(steps: Sequence[Step], now: datetime, width: int) -> list[Line]:
    """Recorded steps, the newest first."""
    lines = []
    for step in reversed(steps):
        act = step_word(step.act)
        words = "  ".join(filter(None, (times.shown(step.at, now), act, step.person, clean(step.note), step.by)))
        lines += [line(Piece(row, "dim")) for row in wrap(words, width)]
    return lines


def _said(order: WorkOrder) -> str:
    return _("{id}: {state}").format(id=order.id, state=_(WORDS[order.state]))


def _hurried(order: WorkOrder) -> str:
    words = _("{id}: hurried {count} times").format(id=order.id, count=order.expedites)
    return words + (_(", the supervisor hears of it") if order.escalated else "")
