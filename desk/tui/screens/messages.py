"""The outbox on screen: what waits, why and until when; what went where, with which proof; what failed, what to do."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from desk import schema
from desk.i18n import N_, _, language, ngettext
from desk.outbox.states import WORDS
from desk.phone_numbers import hidden
from desk.records import ENDS, Attempt, AttemptState, Message
from desk.regulation.words import CHANNELS
from desk.text import clean
from desk.tui import times
from desk.tui.cells import Line, Piece, field, heading, line, wrap
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.held_lines import held_sign
from desk.tui.screens.listed import ListScreen
from desk.tui.widgets.lines import Lines
from desk.tui.words import say

if TYPE_CHECKING:
    from desk.outbox.views import MessageView

MESSAGES: tuple[Column, ...] = (
    Column("state", N_("State"), 15),
    Column("at", N_("At"), 12),
    Column("whom", N_("To whom"), 22),
    Column("how", N_("How"), 14),
    Column("outage", N_("Outage"), 7),
    Column("tries", N_("Tr."), 4, True),
    Column("gap", "", 2),
    Column("why", N_("Why / words"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "whom", 17), (100, "how", 9), (100, "at", 7))
# What the list shows, one after the other: everything a person must do comes first.
CHOICES: Mapping[str, str] = {
    "": N_("all"),
    "unknown": N_("unknown"),
    "held": N_("held"),
    "queued": N_("queued"),
    "failed": N_("failed"),
    "delivered": N_("delivered"),
}
ROLES: Mapping[AttemptState, str] = {
    AttemptState.UNKNOWN: "bad",
    AttemptState.HELD: "warn",
    AttemptState.FAILED: "overdue",
    AttemptState.REJECTED: "overdue",
    AttemptState.UNDELIVERED: "overdue",
    AttemptState.EXPIRED: "overdue",
    AttemptState.DELIVERED: "good",
    AttemptState.READ: "good",
}
LIMIT = 500


class MessageLines(Lines["MessageView"]):
    """One line for each message."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime

    def row_id(self, row: MessageView) -> str:
        return row.message.id

    def row_key(self, row: MessageView) -> Hashable:
        message = row.message
        whose = held_sign(self.screen, row)
        return (message.state, message.why, message.channel, len(row.attempts), whose, language())

    def row_line(self, row: MessageView, width: int) -> Line:
        message = row.message
        role = ROLES.get(message.state, "dim" if message.state in ENDS else "text")
        texts = (
            (("! " if message.state is AttemptState.UNKNOWN else "  ") + state_words(message), role),
            (times.shown(row.attempts[-1].at if row.attempts else message.made_at, self.now), "dim"),
            (clean(message.recipient.name or message.recipient.id), "strong"),
            (say(CHANNELS, message.channel), "text"),
            (message.outage, "off"),
            (str(message.tries or ""), "dim"),
            ("", "text"),
            (held_sign(self.screen, row) + clean(message.why or message.body), role if message.why else "dim"),
        )
        return cells(MESSAGES, widths(MESSAGES, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(MESSAGES, widths(MESSAGES, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return _("No message is like that. Duties that a channel can carry become messages; `desk work` sends them.")


class MessagesScreen(ListScreen["MessageView"]):
    """Messages, those that people must decide first; of one outage when its id is given."""

    PLACE = "messages"
    KIND = "message"
    TABLES = (schema.MESSAGES, schema.ATTEMPTS, schema.BATCHES)

    def __init__(self, outage: str = "") -> None:
        super().__init__(MessageLines())
        self.outage, self.state = outage, ""
        self._in_hand = ""  # the message that is being decided
        self._counts: Mapping[str, int] = {}
        self._waiting = 0

    def title_words(self) -> str:
        return _("Messages of {id}").format(id=self.outage) if self.outage else _("Messages")

    def opened(self) -> None:
        self.list.now = self.app.desk.place.now()  # type: ignore[attr-defined]
        super().opened()

    def found(self) -> Sequence[MessageView]:
        outbox = self.app.desk.outbox
        self.list.now = self.app.desk.place.now()  # type: ignore[attr-defined]
        self._counts = outbox.counts()
        self._waiting = len(outbox.batches())
        return outbox.listed(state=self.state, outage=self.outage, limit=LIMIT)

    def sums(self) -> Sequence[Piece]:
        pieces = [Piece(" " + _("Which") + " ", "dim"), Piece(f"[{_(CHOICES[self.state])}]")]
        if self.app.desk.place.config.messages.training:  # before anything that a narrow screen might cut
            pieces.append(Piece("  " + _("TRAINING: nothing leaves the desk"), "sandbox"))
        pieces += [
            Piece(f"  {_(WORDS[state])} {self._counts[state]:,}", ROLES.get(state, "dim"))
            for state in (AttemptState.UNKNOWN, AttemptState.HELD, AttemptState.QUEUED, AttemptState.FAILED)
            if self._counts.get(state)
        ]
        if self._waiting:
            words = ngettext("{count} sending to confirm", "{count} sendings to confirm", self._waiting)
            pieces.append(Piece("  ~ " + words.format(count=self._waiting), "warn"))
        if trouble := self.app.desk.outbox.trouble:
            pieces.append(Piece("  ! " + clean(trouble), "bad"))
        return pieces

    def context_of(self, row: MessageView | None) -> dict[str, object]:
        message = row.message if row else None
        return {
            "message": message.id if message else "",
            "stage": str(message.state) if message else "",
            "outage": message.outage if message else "",
            "may_write": self.app.desk.access.may("send_messages"),
            "waiting": self._waiting,
        }

    def about(self, row: MessageView, now: datetime, width: int) -> list[Line]:
        return message_lines(row, self._address(row), now, width)

    def copied(self) -> str:
        row = self.list.current
        return f"{row.message.id} {state_words(row.message)} {row.message.body}" if row else ""

    def _address(self, row: MessageView) -> str:
        """Where it goes; a number in full once somebody asked for it."""
        address = row.message.address
        if self.shows_numbers(row) or self.app.desk.access.may("see_numbers"):
            return address
        return hidden(address)

    # commands

    def messages_which(self) -> None:
        """The next choice of states."""
        names = list(CHOICES)
        self.state = names[(names.index(self.state) + 1) % len(names)]
        self.reload()

    def messages_arrived(self) -> None:
        """Nobody knew; now somebody does: it arrived."""
        self._decide("arrived", _("{id}: it arrived. How do you know?"))

    def messages_again(self) -> None:
        """Send it again, though it may have arrived."""
        self._decide("again", _("{id}: send again? The recipient may get it twice. Why?"))

    def messages_leave(self) -> None:
        """Leave it; the duty goes to a person."""
        self._decide("leave", _("{id}: leave it, a person tells them. Why?"))

    def _decide(self, decision: str, question: str) -> None:
        if self.list.current is not None:
            self.app.go(self._take_and_ask, self.list.current.message.id, decision, question)

    async def _take_and_ask(self, id: str, decision: str, question: str) -> None:
        """Nobody else asks the same customer what they got, while this seat finds out."""
        await self.app.work.do(self.app.desk.outbox.take, id)
        self._in_hand = id
        decide, done = self.app.desk.outbox.decide, partial(self._decided, id)
        act = lambda note: self.act(partial(decide, id, decision, note), done)  # noqa: E731
        self.question(question.format(id=id), act, label=_("Note"))

    def close_question(self) -> None:
        """Whether it was decided or not: it is in nobody's hands."""
        id, self._in_hand = self._in_hand, ""
        if id:
            self.app.go(self._let_go, id)
        super().close_question()

    async def _let_go(self, id: str) -> None:
        await self.app.work.do(self.app.desk.outbox.let_go, id)

    def _decided(self, id: str, _done: object) -> str:
        return _("{id} is decided").format(id=id)

    def messages_cancel(self) -> None:
        """Take one back that has not gone out yet."""
        if self.list.current is not None:
            id = self.list.current.message.id
            cancel = self.app.desk.outbox.cancel
            act = lambda why: self.act(partial(cancel, id, why), partial(self._decided, id))  # noqa: E731
            self.question(_("{id}: do not send it. Why?").format(id=id), act, label=_("Why"))

    def messages_confirm(self) -> None:
        """A second person's word for a large sending."""
        batches = self.app.desk.outbox.batches()
        if batches:
            batch = batches[0]
            words = _("{id} of {outage} by {by}: {people} people, {parts} parts, {price} yuan. Send?").format(
                id=batch.id,
                outage=batch.outage,
                by=batch.by,
                people=f"{batch.people:,}",
                parts=f"{batch.parts:,}",
                price=f"{batch.price:.2f}",
            )
            confirm = self.app.desk.outbox.confirm
            self.question(words, lambda _a: self.act(partial(confirm, batch.id), partial(self._decided, batch.id)))


def state_words(message: Message) -> str:
    """Where a message stands, in words."""
    return _(WORDS[message.state])


def message_lines(row: MessageView, address: str, now: datetime, width: int) -> list[Line]:
    """One message: to whom, over what, until when it makes sense, the words, and each try with its proof."""
    message = row.message
    head = line(
        Piece(f"{message.id} ", "title"),
        Piece(state_words(message), ROLES.get(message.state, "strong")),
        Piece(f"  {message.duty} {message.outage}", "dim"),
        copy=f"{message.id} {message.outage}",
    )
    parts = ngettext("{count} part", "{count} parts", message.parts).format(count=message.parts)
    facts = (
        (_("Why"), clean(message.why)),
        (_("Whom"), clean(f"{message.recipient.name or message.recipient.id}  {address}")),
        (_("How"), f"{say(CHANNELS, message.channel)}  {parts}"),
        (_("Not before"), times.shown(message.not_before, now)),
        (_("Until"), times.shown(message.valid_until, now)),
    )
    lines = [head, *(row for label, value in facts if value for row in field(label, value, width))]
    lines += [heading(_("Words")), *(line(Piece(part, "script")) for part in wrap(clean(message.body), width))]
    if row.attempts:
        lines.append(heading(_("Tries")))
    lines += [line(Piece(part, "dim")) for one in row.attempts for part in wrap(attempt_words(one, now), width)]
    return lines


def attempt_words(one: Attempt, now: datetime) -> str:
    """One try: when, over what, what came of it, under which id, with which error."""
    part = f"{one.part}/{one.parts}" if one.parts > 1 else ""
    state = _(WORDS[one.state])
    known = (times.shown(one.at, now), say(CHANNELS, one.channel), part, state, one.external_id, one.error, one.words)
    return "  ".join(clean(word) for word in known if word)
