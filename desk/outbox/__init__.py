"""The outbox: what is to be sent, what was, with which proof, and what a person must decide.

    outbox = desk.outbox
    outbox.listed(state="unknown")          messages with their tries
    outbox.work_once()                      one run of the worker, until nothing more is to be done
    outbox.decide("M12", "again")           a person's word on what nobody knows
    outbox.receive("sms", {"id": "4711", "status": "delivered"})

A try is stored as `sending` before its channel is called, and what became of it afterwards: whoever is killed
between the two leaves a message of which nobody knows whether it arrived, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from desk.access.needs import needs
from desk.errors import NotFound, StoreProblem
from desk.i18n import _
from desk.outbox.book import Book
from desk.outbox.states import GONE_OUT
from desk.outbox.views import MessageView, Views
from desk.records import AttemptState, Batch, Claim, Message
from desk.records.messages import ENDS

if TYPE_CHECKING:
    from desk.notices import Notices
    from desk.outbox.claims import Claims
    from desk.outbox.done import Done
    from desk.outbox.evidence import Telling
    from desk.outbox.outcomes import Outcomes
    from desk.outbox.parked import ParkedReceipt
    from desk.outbox.people import People
    from desk.outbox.planning import Planning
    from desk.outbox.preview import SendPreview
    from desk.outbox.worker import Worker
    from desk.place import Place
    from desk.plugins.host import PluginHost

__all__ = ["MessageView", "Outbox"]

STOP_SECONDS = 8.0


class Outbox:
    """The messages of one county, from one seat."""

    def __init__(self, place: Place, notices: Notices) -> None:
        self.place = place
        self._notices = notices
        self._views = Views(self.book)
        self.after_round: Callable[[], object] | None = None  # set by the desk; called by the worker after each round
        self.trouble = ""  # why the worker of this process cannot work, in a sentence
        self._stop: Event | None = None
        self._thread: Thread | None = None

    # Reading

    @needs("look_up")
    def listed(self, state: str = "", outage: str = "", limit: int = 200) -> list[MessageView]:
        """The newest messages with their tries, of one state or outage where asked; `limit` 0: all."""
        return self._views.listed(state, outage, limit)

    @needs("look_up")
    def get(self, id: str) -> MessageView:
        """One message with its tries; raises NotFound."""
        message = self.book.get(id)
        if message is None:
            raise NotFound(_("there is no message {id}; `desk messages` lists them").format(id=id))
        return self._views.with_tries([message])[0]

    def counts(self) -> dict[str, int]:
        """How many messages stand in each state."""
        return self._views.counts()

    def batches(self) -> list[Batch]:
        """The releases that wait for a second person."""
        return self._people.batches()

    @needs("look_up")
    def strays(self) -> list[ParkedReceipt]:
        """Reports of gateways that belong to no message known."""
        return self.outcomes.strays()

    @needs("send_messages")
    def preview(self, outage_id: str) -> SendPreview:
        """Whom a release would tell, over what, in which words, at what cost; reads only."""
        return self.planning.preview(outage_id)

    # Acts

    @needs("send_messages")
    def add(self, messages: Iterable[Message], batches: Sequence[Batch] = ()) -> list[Message]:
        """Store new messages for the worker; returns them numbered."""
        return self.book.add(messages, batches)

    def release(self, outage_id: str, by: str = "") -> int:
        """Make the messages of an outage now; returns how many. A large release waits for a second person."""
        made = 0
        for routed in self.planning.release(outage_id, by or self.place.agent):
            made += len(self.book.add(routed.messages, routed.batches))
        return made

    def confirm(self, batch_id: str) -> Batch:
        """A second person's word: what was held of this release goes."""
        return self._people.confirm(batch_id)

    def call_off(self, batch_id: str, why: str) -> Batch:
        """What was held of this release does not go."""
        return self._people.call_off(batch_id, why)

    def take(self, id: str) -> Claim:
        """Before a message is decided: this seat deals with it for a while; raises HeldElsewhere."""
        return self._people.take(id)

    def let_go(self, id: str) -> None:
        """It is not decided here after all."""
        self._people.let_go(id)

    def held(self) -> dict[str, Claim]:
        """The messages that other seats deal with now, by id."""
        return self._people.held()

    def decide(self, id: str, decision: str, note: str = "") -> Message:
        """A person's word on a message that nobody knows about, was held, or failed: arrived, again, or leave."""
        return self._people.decide(id, decision, note)

    def cancel(self, id: str, why: str) -> Message:
        """Call one message off, where it has not arrived yet."""
        return self._people.cancel(id, why, self._taken_back)

    def receive(self, channel: str, payload: Mapping[str, Any]) -> int:
        """A gateway's call to the desk; returns how many reports were in it. Stored before this returns."""
        if channel not in self.host.channels:
            raise NotFound(_("there is no channel {channel}").format(channel=channel))
        reports = self.host.runner(channel).receipt(payload)
        if reports:
            self.outcomes.reported(channel, reports)
        return len(reports)

    # The worker

    def work_once(self, wait: float = 30.0) -> Done:
        """Do what is to be done now, and come back when it is done or after `wait` seconds."""
        worker = self.worker()
        try:
            done = worker.once(wait)
        finally:
            last = worker.close()
        return done + last

    def worker(self) -> Worker:
        """A new worker: for a process of its own. Raises NotAllowed where the role sends nothing."""
        from desk.access import Access
        from desk.outbox.worker import Worker

        Access(self.place).require("send_messages")

        return Worker(self)

    def start_worker(self) -> None:
        """A worker on a thread of this process, beside whatever else it does; once, and where the role may send."""
        from desk.access import Access

        if self._thread is None and Access(self.place).may("send_messages"):
            self._stop = Event()
            self._thread = Thread(target=self._work, args=(self._stop,), name="desk outbox", daemon=True)
            self._thread.start()

    def stop_worker(self) -> None:
        """Let it finish what it has in hand, for a few seconds."""
        thread, self._thread = self._thread, None
        if thread and self._stop:
            self._stop.set()
            thread.join(STOP_SECONDS)

    def _work(self, stop: Event) -> None:
        import logging

        from desk.outbox.worker import BESIDE_A_DESK, Worker

        logging.getLogger("desk.outbox").addHandler(logging.NullHandler())  # the screen is not written over
        try:
            Worker(self, BESIDE_A_DESK).run(stop)
        except StoreProblem as problem:
            self.trouble = str(problem)

    def ended(self, message: Message) -> None:
        """Called by the worker: whoever listens hears of a message that has come to its end."""
        if message.state in ENDS:
            about = {"id": message.id, "outage": message.outage, "duty": message.duty, "state": message.state.value}
            self.host.hear("message_ended", {**about, "channel": message.channel, "account_no": message.account_no})

    # Parts

    @property
    def host(self) -> PluginHost:
        """The county's channels."""
        return self.place.plugins

    @cached_property
    def book(self) -> Book:
        """Where messages are kept."""
        return Book(self.place)

    @cached_property
    def planning(self) -> Planning:
        """What makes messages of duties, and looks at them again before they go."""
        from desk.outbox.planning import Planning

        return Planning(self.place)

    @cached_property
    def claims(self) -> Claims:
        """Takes messages in hand."""
        from desk.outbox.claims import Claims

        return Claims(self.place, self.book, self.planning, self._reviewed)

    @cached_property
    def outcomes(self) -> Outcomes:
        """Writes down what became of them."""
        from desk.outbox.outcomes import Outcomes

        return Outcomes(self.place, self.book, self.claims)

    @cached_property
    def telling(self) -> Telling:
        """Writes evidence to the duties."""
        from desk.outbox.evidence import Telling

        return Telling(self.place, self.book, self._notices, self.planning)

    @cached_property
    def _people(self) -> People:
        from desk.outbox.people import People

        return People(self.place, self.book)

    def _reviewed(self, messages: Sequence[Message]) -> Sequence[Message]:
        from desk.outbox.reviewing import reviewed

        return reviewed(self.place, messages)

    def _taken_back(self, message: Message) -> bool:
        """Whether the gateway takes back what it was handed."""
        channel = self.host.channels.get(message.channel)
        if channel is None or not channel.can.cancel:
            return False
        tries = [one for one in self.get(message.id).attempts if one.state in GONE_OUT and one.external_id]
        runner = self.host.runner(message.channel)
        taken = [one for one in tries if runner.cancel(one.external_id).result()]
        if taken:
            with self.place.store.transaction():
                self.book.attempts.put_many(replace(one, state=AttemptState.CANCELLED) for one in taken)
        return bool(tries) and len(taken) == len(tries)
