"""Triage: everything known about a caller, asked side by side, each with its own time limit; then one conclusion.

    asking = triage.ask("64010001")
    asking.rows()            now: each source found, none, waiting, no answer in time, or faulty
    asking.conclusion()      one sentence, the outage proposed, the topic

Nothing here can hold up the saving of a call: sources run on threads of their own and are left alone when late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from desk.access.needs import needs
from desk.errors import NotFound
from desk.i18n import _
from desk.place import Place
from desk.plugins.faults import told
from desk.plugins.sources import Asked, Finding, Source
from desk.records import Customer
from desk.triage.concluding import Conclusion, concluded
from desk.triage.known import Facts

if TYPE_CHECKING:
    from desk.outages import Outages
    from desk.work_orders import WorkOrders

__all__ = ["Asking", "Conclusion", "Row", "Triage"]

State = Literal["waiting", "found", "none", "no_answer", "fault"]


class Row(Struct, frozen=True, kw_only=True):
    """One source as the panel shows it. `age`: how old its data is, None when it is of now; `fault` says what broke."""

    name: str
    label: str
    state: State
    words: str = ""
    age: timedelta | None = None
    outage: str = ""
    fault: str = ""


class Asking:
    """One caller's triage under way. `changed` is called from the sources' threads whenever a row has moved."""

    def __init__(self, sources: Iterable[Source], asked: Asked, stale: timedelta) -> None:
        self.changed: Event = Event()
        self.asked = asked
        self._sources = {source.name: source for source in sources}
        self._stale = stale
        self._found: dict[str, Finding | str] = {}
        self._begun = monotonic()
        self._lock = Lock()
        for source in self._sources.values():
            Thread(target=partial(self._ask, source), name=f"triage {source.name}", daemon=True).start()

    @property
    def is_done(self) -> bool:
        """Whether nothing is waited for any more."""
        return all(row.state != "waiting" for row in self.rows())

    def wait(self, seconds: float) -> bool:
        """Wait until everything has answered or is late, at most so long; whether it has."""
        until = monotonic() + seconds
        while not self.is_done and (left := until - monotonic()) > 0:
            self.changed.wait(min(left, 0.05))
            self.changed.clear()
        return self.is_done

    def rows(self) -> list[Row]:
        """Each source as it stands now, in their order."""
        with self._lock:
            found = dict(self._found)
        return [self._row(source, found.get(name)) for name, source in self._sources.items()]

    def conclusion(self) -> Conclusion:
        """What follows from what has answered so far."""
        with self._lock:
            findings = [one for one in self._found.values() if isinstance(one, Finding)]
        data_at = self.asked.known.outage_data_at()
        return concluded(findings, self.asked.at, data_at, self._stale)

    def _ask(self, source: Source) -> None:
        try:
            answer: Finding | str = source.ask(self.asked, source.timeout)
            if not isinstance(answer, Finding):
                answer = _("gave no answer the desk knows")
        except (Exception, SystemExit) as error:
            answer = told(error)
        with self._lock:
            self._found[source.name] = answer
        self.changed.set()

    def _row(self, source: Source, found: Finding | str | None) -> Row:
        if found is None:
            late = monotonic() - self._begun > source.timeout
            return Row(name=source.name, label=source.label, state="no_answer" if late else "waiting")
        if isinstance(found, str):
            return Row(name=source.name, label=source.label, state="fault", fault=found)
        age = self.asked.at - found.as_of if found.as_of else None
        return Row(
            name=source.name, label=source.label, state=found.state, words=found.said, age=age, outage=found.outage
        )


class Triage:
    """Asks about callers, at one place."""

    def __init__(self, place: Place, outages: Outages, orders: WorkOrders) -> None:
        self._place = place
        self._outages = outages
        self._orders = orders

    @needs("look_up")
    def ask(self, account_no: str = "", number: str = "") -> Asking:
        """Begin to ask about a customer, or about a number that is nobody's; raises NotFound."""
        customer = self._customer(account_no)
        area = self._place.network.get(customer.transformer_area) if customer else None
        facts = Facts(self._place, self._outages, self._orders, customer, area)
        asked = Asked(customer=customer, area=area, at=self._place.now(), number=number, known=facts)
        stale = timedelta(minutes=self._place.config.board.stale_minutes)
        return Asking(self._sources().values(), asked, stale)

    def _sources(self) -> Mapping[str, Source]:
        return self._place.plugins.sources

    def _customer(self, account_no: str) -> Customer | None:
        if not account_no:
            return None
        customer = self._place.customers.get(account_no)
        if customer is None:
            raise NotFound(_("there is no customer {account}").format(account=account_no))
        return customer
