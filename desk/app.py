"""The desk itself: everything a face needs, opened from the county's settings.

with Desk.open(load_config()) as desk:
    desk.outages.board()
    desk.calls.find("城东 张")
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from desk.access import Access
from desk.errors import NotFound, Refused
from desk.i18n import _
from desk.opening import desk_exists, desk_place, make_folder, open_place, plugin_host, running_clock
from desk.place import Place

if TYPE_CHECKING:
    from desk.access.agents import Agents
    from desk.access.signing_in import SigningIn
    from desk.audit import Audit
    from desk.audit.verifying import Found
    from desk.callbacks import Callbacks
    from desk.calls import Calls
    from desk.cases import Cases
    from desk.clock import Clock
    from desk.config import Config
    from desk.feeds import Feeds
    from desk.kept_here import KeptHere
    from desk.notices import Notices
    from desk.orders import Orders
    from desk.outages import Outages
    from desk.outbox import Outbox
    from desk.paper import Paper
    from desk.parts import Parts
    from desk.records import Checkpoint, Outage, Session
    from desk.rings import Rings
    from desk.rings.endpoint import Endpoint
    from desk.seats import Seats
    from desk.shift import Shift
    from desk.taking import Taking
    from desk.triage import Triage
    from desk.work_orders import WorkOrders


class Desk:
    """One county's desk at one seat."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.access = Access(place)

    @classmethod
    def open(cls, config: Config, *, clock: Clock | None = None) -> Desk:
        """The desk that is kept in `config.data`; raises NotFound when none was made there yet."""
        if not desk_exists(config):
            raise NotFound(
                _("there is no desk in {folder}; make one with: desk init").format(folder=desk_place(config))
            )
        return cls(open_place(config, clock))

    @classmethod
    def create(cls, config: Config, *, sandbox: bool = False, clock: Clock | None = None) -> Desk:
        """A new, empty desk in `config.data`; raises Refused when there is one already."""
        if desk_exists(config):
            raise Refused(_("there is a desk in {folder} already").format(folder=desk_place(config)))
        if not sandbox:
            clock = clock or running_clock(config)  # a set clock is refused before anything is made
        make_folder(config, sandbox=sandbox)
        return cls(open_place(config, clock))

    @cached_property
    def signing_in(self) -> SigningIn:
        from desk.access.signing_in import SigningIn  # loaded where agents sign in only

        return SigningIn(self.place)

    @cached_property
    def agents(self) -> Agents:
        from desk.access.agents import Agents

        return Agents(self.place)

    @property
    def needs_sign_in(self) -> bool:
        """Whether an agent has to sign in before this desk does anything."""
        return self.place.signs_in and not self.place.role

    def sign_in(self, name: str, password: str, *, door: str = "screen") -> str:
        """Sign an agent in by password; returns the token by which another process takes the sign-in up (`resume`).

        Raises SignInNeeded with what is wrong; its `wait` says for how many seconds no other try is taken.
        """
        return self.signing_in.by_password(name, password, door=door)

    def resume(self, token: str) -> Session:
        """Take up a sign-in by its token; raises SignInNeeded when it has ended."""
        return self.signing_in.resume(token)

    def sign_out(self) -> None:
        """End the sign-in; what is in hand is free, who comes next signs in again."""
        self.seats.leave()
        self.signing_in.sign_out()

    @cached_property
    def outages(self) -> Outages:
        from desk.outages import Outages

        outages = Outages(self.place)
        outages.after_act = self._followed
        return outages

    def _followed(self, act: str, outage: Outage) -> Outage:
        """What else an act sets going: what is known now explains what calls pointed to; once supply is back, who was
        promised a callback may be called."""
        from desk.predicting.explaining import explained

        if act == "restore":
            self.callbacks.restored(outage)
        elif act in ("open", "start", "change"):
            return explained(self.place, outage, self.callbacks.regrouped)
        return outage

    @cached_property
    def calls(self) -> Calls:
        from desk.calls import Calls

        return Calls(self.place, self.outages)

    @cached_property
    def rings(self) -> Rings:
        from desk.rings import Rings

        return Rings(self.place, self.calls)

    @cached_property
    def taking(self) -> Taking:
        from desk.taking import Taking

        return Taking(self.place, self.calls, self.work_orders, self.cases, self.rings)

    @cached_property
    def kept_here(self) -> KeptHere:
        from desk.kept_here import KeptHere

        return KeptHere(self.place, self.calls, self.taking)

    @cached_property
    def notices(self) -> Notices:
        from desk.scripts import Scripts

        notices = self.outages.notices
        notices.speak = Scripts(self.place).script
        return notices

    @cached_property
    def outbox(self) -> Outbox:
        from desk.outbox import Outbox

        outbox = Outbox(self.place, self.notices)
        outbox.after_round = lambda: self.callbacks.heard()  # what a message came to is what its callback came to
        return outbox

    @cached_property
    def paper(self) -> Paper:
        from desk.paper import Paper

        return Paper(self.place, self.notices)

    @cached_property
    def work_orders(self) -> WorkOrders:
        from desk.work_orders import WorkOrders

        orders = WorkOrders(self.place)
        orders.after_closing = self.callbacks.follow_up
        return orders

    @cached_property
    def cases(self) -> Cases:
        from desk.cases import Cases

        return Cases(self.place)

    @cached_property
    def callbacks(self) -> Callbacks:
        from desk.callbacks import Callbacks

        return Callbacks(self.place, self.cases)

    @cached_property
    def triage(self) -> Triage:
        from desk.triage import Triage

        return Triage(self.place, self.outages, self.work_orders)

    @cached_property
    def shift(self) -> Shift:
        from desk.shift import Shift

        return Shift(self)

    @cached_property
    def audit(self) -> Audit:
        from desk.audit import Audit

        return Audit(self.place)

    def verify_audit(
        self, *, kept: Iterable[Checkpoint] = (), trusted: Iterable[str] = (), documents: bool = False
    ) -> Found:
        """The whole audit, with checkpoints `kept` elsewhere and the only keys `trusted` where there are such; with
        `documents`, also what is stored now against what the lines tell of it."""
        self.access.require("verify_audit")
        from desk.audit.bound import present
        from desk.audit.documents import Documents

        held = Documents(lambda: present(self.place), self.notices.ever) if documents else None
        return self.audit.verify(kept=kept, trusted=trusted, documents=held)

    @cached_property
    def seats(self) -> Seats:
        from desk.seats import Seats

        return Seats(self.place)

    def now(self) -> datetime:
        """What time it is at this desk."""
        return self.place.now()

    @cached_property
    def parts(self) -> Parts:
        from desk.parts import Parts

        return Parts(self.place, plugin_host)

    @cached_property
    def orders(self) -> Orders:
        from desk.orders import Orders

        return Orders(self.place)

    def changed(self) -> frozenset[str]:
        """The tables that anyone, in any process, has changed since this was last asked; costs microseconds."""
        return self.place.changes.since_last_asked()

    @cached_property
    def endpoint(self) -> Endpoint:
        """Where telephone systems and gateways call this desk; closed until `start_listening`."""
        from desk.rings.endpoint import Endpoint

        config = self.place.config
        folder = config.path.parent if config.path else config.data
        return Endpoint(config.ring, config.data, folder, self.rings, lambda *call: self.outbox.receive(*call))

    @cached_property
    def feeds(self) -> Feeds:
        """What is read from other systems; read by nobody until `start_listening`."""
        from desk.feeds import Feeds

        return Feeds(self.place, self.rings)

    def start_listening(self) -> None:
        """Hear telephones and read feeds from here on, where config.toml says so; returns at once."""
        if self.place.config.ring.port or self.place.config.ring.socket:
            self.endpoint.open()
        if self.place.plugins.feed_instances():
            self.feeds.start()

    def deaf_to(self) -> list[str]:
        """What should be heard and is not, each in a sentence; empty while nothing listens or all is well."""
        opened = {"endpoint", "feeds"} & self.__dict__.keys()
        found = [self.endpoint.trouble] if "endpoint" in opened else []
        if "feeds" in opened:
            found += [f"{row.name}: {row.reason}" for row in self.feeds.states() if row.reason and row.is_deaf]
        return [words for words in found if words]

    def stop_listening(self) -> None:
        """Hear and read nothing more."""
        for name in {"endpoint", "feeds"} & self.__dict__.keys():
            self.__dict__[name].close()

    def close_outbox(self) -> None:
        """Let the outbox finish what it has in hand, if anyone has opened it."""
        if "outbox" in self.__dict__:
            self.outbox.stop_worker()

    def close(self) -> None:
        self.stop_listening()
        self.close_outbox()
        if "plugins" in self.place.__dict__:
            self.place.plugins.close()
        self.audit.close()
        self.place.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()
