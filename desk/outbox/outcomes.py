"""What became of messages: a channel's answer, a later report, a dead worker, all written down in the same way.

A try only ever rises in rank; what its message comes to, and what is to be done with it next, follows from its tries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property

from msgspec.structs import replace

from desk.durations import parse_duration
from desk.outbox.book import Book
from desk.outbox.claims import Claimed, Claims
from desk.outbox.parked import ParkedReceipt, Parking
from desk.outbox.retries import ENDS_AS, tried_again_at
from desk.outbox.states import ARRIVED, GONE_OUT, HAND, RESULTS, SEND, TELL, queue, standing
from desk.place import Place
from desk.plugins.channels import Capabilities
from desk.plugins.messages import Receipt, Report
from desk.plugins.send_errors import SendError, Throttled
from desk.records import Attempt, AttemptState, Message
from desk.records.messages import ENDS, WAITING, merged

S = AttemptState
Answer = Receipt | SendError

GATEWAY_WAIT = timedelta(seconds=5)  # a gateway that was not reached is left alone for so long
WORDS = 300  # characters kept of what a gateway says
_GATEWAYS = frozenset({"no_connection", "gateway_trouble"})
_CALLED_OFF = frozenset({S.CANCELLED, S.SKIPPED})


class Outcomes:
    """Writes down what tries came to; each call is one short transaction."""

    def __init__(self, place: Place, book: Book, claims: Claims) -> None:
        self._place = place
        self._book = book
        self._claims = claims
        self._parking = Parking(place)

    @cached_property
    def waits(self) -> tuple[timedelta, ...]:
        """After which waits a failed try is made again."""
        return tuple(parse_duration(text).length for text in self._place.config.messages.retry)

    @cached_property
    def receipt_wait(self) -> timedelta:
        """Without a receipt by then a person takes over."""
        return parse_duration(self._place.config.messages.receipt_wait).length

    def answered(
        self, channel: str, can: Capabilities, claimed: Sequence[Claimed], answers: Sequence[Answer]
    ) -> list[Message]:
        """Store what the channel answered for each piece in hand, in order; returns the messages as they are now."""
        now = self._place.now()
        tries = [attempt for one in claimed for attempt in one.attempts]
        with self._place.store.transaction():
            fresh = {one.id: one for one in self._book.attempts.where(id=[one.id for one in tries])}
            after = [
                _answered(fresh.get(attempt.id, attempt), answer, can, now)
                for attempt, answer in zip(tries, answers, strict=True)
            ]
            after = self._early(after, now)
            self._hold_back(channel, answers, now)
            return self._followed(after, now, can, _wish(answers))

    def reported(self, channel: str, reports: Sequence[Report]) -> int:
        """Store what a gateway reports, matched by its own ids; what nobody knows yet is parked.

        Returns how many were matched. A report that came before is the same again, and changes nothing.
        """
        now = self._place.now()
        with self._place.store.transaction():
            known = self._known(channel, reports)
            after: dict[str, Attempt] = {}
            for report in reports:
                attempt = known.get(external(channel, report.external_id))
                if attempt is None:
                    self._parking.park(channel, report, now)
                else:
                    after[attempt.id] = risen(after.get(attempt.id, attempt), report, now)
            self._followed(list(after.values()), now, None, 0.0)
            return sum(external(channel, report.external_id) in known for report in reports)

    def lost(self, tries: Iterable[Attempt], can: Mapping[str, Capabilities], words: str) -> list[Message]:
        """The workers that had these in hand are dead: nobody knows what became of them."""
        now = self._place.now()
        with self._place.store.transaction():
            ids = [one.id for one in tries]
            still = [one for one in self._book.attempts.where(id=ids) if one.state is S.SENDING]
            found: list[Message] = []
            for name in dict.fromkeys(one.channel for one in still):
                gone = [
                    replace(one, state=S.UNKNOWN, error="unknown_outcome", words=words, ended_at=now)
                    for one in still
                    if one.channel == name
                ]
                found += self._followed(gone, now, can.get(name), 0.0)
            return found

    def strays(self) -> list[ParkedReceipt]:
        """Reports that belong to no try known."""
        return self._parking.strays()

    def _known(self, channel: str, reports: Sequence[Report]) -> dict[str, Attempt]:
        """The tries by what the gateway calls them; where it used a name twice, the later one.

        A gateway may call a message by our own key: then also the try whose answer was lost is found.
        """
        ids = {external(channel, report.external_id): report.external_id for report in reports}
        found = {one.external: one for one in self._book.attempts.each(external=list(ids))} if ids else {}
        left = [id for name, id in ids.items() if name not in found]
        by_key = self._book.attempts.each(key=left) if left else ()
        return found | {external(channel, one.key): one for one in by_key if one.channel == channel}

    def _early(self, after: list[Attempt], now: datetime) -> list[Attempt]:
        """Reports that came before their id was stored are matched now."""
        names = [attempt.external for attempt in after if attempt.external]
        parked = self._parking.taken(names)
        return [_with_parked(attempt, parked.get(attempt.external, ()), now) for attempt in after]

    def _hold_back(self, channel: str, answers: Sequence[Answer], now: datetime) -> None:
        waits = [timedelta(seconds=one.retry_after) for one in answers if isinstance(one, Throttled)]
        waits += [GATEWAY_WAIT for one in answers if isinstance(one, SendError) and one.code in _GATEWAYS]
        if waits:
            self._claims.hold_back(channel, now + max(waits))

    def _followed(
        self, tries: Sequence[Attempt], now: datetime, can: Capabilities | None, retry_after: float
    ) -> list[Message]:
        """Store tries, and their messages as they stand after them."""
        changed = {attempt.id: attempt for attempt in tries}
        self._book.attempts.put_many(changed.values())
        ids = list(dict.fromkeys(attempt.message for attempt in changed.values()))
        all_tries = self._book.tries_of(ids)
        keys_hold = can is not None and can.idempotency
        after = [
            self.followed(message, all_tries[message.id], now, retry_after=retry_after, keys_hold=keys_hold)
            for message in self._book.messages.where(id=ids)
        ]
        self._book.messages.put_many(after)
        return after

    def followed(
        self, message: Message, tries: Sequence[Attempt], now: datetime, *, retry_after: float, keys_hold: bool
    ) -> Message:
        """A message after its tries: what it came to, and what is to be done with it next."""
        state, last = standing(tries), tries[-1]
        if state in GONE_OUT:
            return _gone_out(message, state, now)
        if message.state in WAITING | _CALLED_OFF | ARRIVED or state is S.SENDING:
            return message  # it has gone on already, or was called off: what an old try failed by is no news
        if state is S.WITH_AGENT:
            return replace(message, state=state, due=queue(HAND, now + self.receipt_wait), why="", worker="")
        worst = next((one for one in reversed(tries) if one.state is state), last)
        failed = replace(message, state=state, error=worst.error, why=worst.words, worker="")
        again = tried_again_at(
            message, _worst_last(tries, worst), now, self.waits, retry_after=retry_after, keys_hold=keys_hold
        )
        if again is not None:
            return replace(failed, state=S.QUEUED, due=queue(SEND, again, message.channel))
        return replace(failed, due="" if state is S.UNKNOWN else queue(TELL, now))


def external(channel: str, id: str) -> str:
    """What a try is matched by: the channel's own id behind the channel's name; empty where it gave none."""
    return f"{channel} {id}" if id else ""


def awaiting(channel: str, at: datetime, id: str = "") -> str:
    """Where a try stands in the list of those of which its gateway may still report something."""
    return f"{channel}|{at.astimezone(UTC).isoformat()}|{id}"


def risen(attempt: Attempt, report: Report | ParkedReceipt, now: datetime) -> Attempt:
    """A try after a report on it: in the higher of both states. In any order, however often, it ends the same."""
    state = merged(attempt.state, report.state)
    if state is attempt.state:
        return attempt
    ends = state in ENDS
    return replace(
        attempt,
        state=state,
        error=report.error if state not in GONE_OUT else "",
        words=report.words[:WORDS],
        proof=report.proof or attempt.proof,
        ended_at=(report.at or now) if ends else attempt.ended_at,
        awaits="" if ends else attempt.awaits,
    )


def _answered(attempt: Attempt, answer: Answer, can: Capabilities, now: datetime) -> Attempt:
    if isinstance(answer, SendError):
        state = merged(attempt.state, ENDS_AS.get(answer.code, S.FAILED))
        words = f"{answer} ({answer.why})" if answer.why else str(answer)
        return replace(attempt, state=state, error=answer.code, words=words[:WORDS], ended_at=now)
    state = merged(attempt.state, S(answer.state))
    waits = can.receipts != "none" and state not in ENDS and bool(answer.external_id)
    return replace(
        attempt,
        state=state,
        error="",
        words="",
        external_id=answer.external_id,
        external=external(attempt.channel, answer.external_id),
        awaits=awaiting(attempt.channel, now, attempt.id) if waits else "",
        price=answer.price or can.price,
        ended_at=None if waits else now,
    )


def _with_parked(attempt: Attempt, parked: Iterable[ParkedReceipt], now: datetime) -> Attempt:
    for report in parked:
        attempt = risen(attempt, report, now)
    return attempt


def _gone_out(message: Message, state: AttemptState, now: datetime) -> Message:
    told = not message.duty or message.training or message.told == RESULTS[state]
    due = message.due if told and message.due.startswith(TELL) else "" if told else queue(TELL, now)
    return replace(message, state=state, due=due, why="", error="", worker="")


def _wish(answers: Sequence[Answer]) -> float:
    """After how many seconds the gateway wants to be asked again."""
    return max((one.retry_after for one in answers if isinstance(one, Throttled)), default=0.0)


def _worst_last(tries: Sequence[Attempt], worst: Attempt) -> list[Attempt]:
    return [*(one for one in tries if one is not worst), worst]
