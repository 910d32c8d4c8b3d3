"""What is open at the end of a shift, counted and with the first of each by name: what the hand-over is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from desk.callbacks.states import is_ripe
from desk.cases import MISCONDUCT
from desk.i18n import N_, _
from desk.records import AttemptState, Duty, DutyState
from desk.text import clean
from desk.work_orders import is_late

if TYPE_CHECKING:
    from desk.shift import Rooms

NAMED = 5  # of each kind, so many are named
SOON = timedelta(hours=2)
MOST = 500  # looked at of each kind


class Item(Struct, frozen=True, kw_only=True):
    """One kind of open item: how many there are, and the first of them by name. `wrong`: they should not be there."""

    kind: str
    count: int
    named: tuple[str, ...] = ()
    wrong: bool = False

    @property
    def words(self) -> str:
        """`duties overdue: 3`."""
        return _("{what}: {count}").format(what=_(KINDS[self.kind]), count=self.count)


KINDS: Mapping[str, str] = {
    "duties_overdue": N_("duties overdue"),
    "duties_soon": N_("duties due within two hours"),
    "unreached": N_("customers given up as unreachable today"),
    "callbacks_ripe": N_("callbacks to be made now"),
    "callbacks_owed": N_("callbacks that wait for supply"),
    "work_orders_late": N_("work orders that nobody reached in time"),
    "work_orders": N_("work orders under way"),
    "predicted": N_("predicted outages not confirmed"),
    "messages_unknown": N_("messages of which nobody knows"),
    "messages_held": N_("messages held back"),
    "cases_overdue": N_("cases not answered in time"),
    "cases": N_("cases open"),
    "calls_unsaved": N_("calls begun and not saved"),
}
WRONG = frozenset(
    {"duties_overdue", "callbacks_ripe", "work_orders_late", "messages_unknown", "cases_overdue", "calls_unsaved"}
)


def open_items(rooms: Rooms) -> list[Item]:
    """Every kind of which there is at least one, in the order of `KINDS`."""
    found = ((kind, list(read(rooms))) for kind, read in READ.items())
    return [
        Item(kind=kind, count=len(names), named=tuple(names[:NAMED]), wrong=kind in WRONG)
        for kind, names in found
        if names
    ]


def _overdue(rooms: Rooms) -> Iterator[str]:
    return (_duty(work.duty) for work in rooms.notices.work(state="overdue", limit=MOST))


def _soon(rooms: Rooms) -> Iterator[str]:
    now = rooms.now()
    for work in rooms.notices.work(limit=MOST):
        if now <= work.duty.due <= now + SOON:
            yield _duty(work.duty)


def _duty(duty: Duty) -> str:
    return f"{duty.id} {clean(duty.recipient.name or duty.recipient.id)} {duty.due:%H:%M}"


def _unreached(rooms: Rooms) -> Iterator[str]:
    since = rooms.now() - timedelta(hours=24)
    for duty in rooms.notices.all(state=DutyState.UNREACHABLE.value):
        if duty.closed_at and duty.closed_at >= since:
            yield f"{duty.id} {clean(duty.recipient.name)}"


def _callbacks(rooms: Rooms, state: str) -> Iterator[str]:
    now = rooms.now()
    for one in rooms.callbacks.listed("open"):
        if is_ripe(one, now) == (state == "ripe"):
            yield f"{one.id} {clean(one.customer_name or one.account_no)} {one.outage}".strip()


def _orders(rooms: Rooms, state: str) -> Iterator[str]:
    now = rooms.now()
    for one in rooms.work_orders.listed():
        if is_late(one, now) == (state == "late"):
            yield f"{one.id} {clean(one.place)} {one.crew}".strip()


def _predicted(rooms: Rooms) -> Iterable[str]:
    return (f"{row.id} {clean(row.area)}" for row in rooms.outages.board().rows["predicted"])


def _messages(rooms: Rooms, state: AttemptState) -> Iterable[str]:
    found = rooms.outbox.listed(state=state.value, limit=MOST)
    return (f"{one.message.id} {clean(one.message.recipient.name)}" for one in found)


def _cases(rooms: Rooms, state: str) -> Iterable[str]:
    """Without reports of misconduct: the next shift reads the note, whatever it may see."""
    found = (one for one in rooms.cases.listed(state) if one.kind != MISCONDUCT)
    return (f"{one.id} {clean(one.about)}"[:60] for one in found)


def _unsaved(rooms: Rooms) -> Iterable[str]:
    return (f"{one.id} {one.fields.get('number', '')}".strip() for one in rooms.calls.drafts())


READ: Mapping[str, Callable[[Rooms], Iterable[str]]] = {
    "duties_overdue": _overdue,
    "duties_soon": _soon,
    "unreached": _unreached,
    "callbacks_ripe": lambda rooms: _callbacks(rooms, "ripe"),
    "callbacks_owed": lambda rooms: _callbacks(rooms, "waits"),
    "work_orders_late": lambda rooms: _orders(rooms, "late"),
    "work_orders": lambda rooms: _orders(rooms, "in_time"),
    "predicted": _predicted,
    "messages_unknown": lambda rooms: _messages(rooms, AttemptState.UNKNOWN),
    "messages_held": lambda rooms: _messages(rooms, AttemptState.HELD),
    "cases_overdue": lambda rooms: _cases(rooms, "overdue"),
    "cases": lambda rooms: _cases(rooms, "open"),
    "calls_unsaved": _unsaved,
}
