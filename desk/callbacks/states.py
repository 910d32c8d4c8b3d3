"""What a try at calling back may come to, which callback is next, and when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from desk.errors import BadInput, Refused
from desk.i18n import N_, _
from desk.records import Callback, CallbackState, Claim, Step, Urgency

S = CallbackState
OPEN = frozenset({S.OWED, S.ASSIGNED, S.MESSAGED})

WORDS: Mapping[CallbackState, str] = {
    S.OWED: N_("owed"),
    S.ASSIGNED: N_("in hand"),
    S.MESSAGED: N_("being told by a message"),
    S.DONE: N_("done"),
    S.STILL_OUT: N_("still without supply"),
    S.UNREACHABLE: N_("not reached"),
    S.DROPPED: N_("not needed"),
}
KINDS: Mapping[str, str] = {"restored": N_("supply is back"), "follow_up": N_("after a work order")}


class Outcome(Struct, frozen=True):
    """What a try came to: its words, and what it makes of the callback (None: it stays owed, for another try)."""

    words: str
    state: CallbackState | None


OUTCOMES: Mapping[str, Outcome] = {
    "restored": Outcome(N_("reached: supply is back"), S.DONE),
    "satisfied": Outcome(N_("reached: asked how it was"), S.DONE),
    "still_out": Outcome(N_("reached: still without supply"), S.STILL_OUT),
    "no_answer": Outcome(N_("no answer"), None),
    "busy": Outcome(N_("busy"), None),
    "wrong_number": Outcome(N_("wrong number"), S.UNREACHABLE),
    "refused": Outcome(N_("would not listen"), S.DONE),
    "sent": Outcome(N_("told by a message"), S.DONE),
    "not_sent": Outcome(N_("the message did not arrive"), None),
}
RANK: Mapping[Urgency, int] = {urgency: place for place, urgency in enumerate(Urgency)}


class Patience(Struct, frozen=True, kw_only=True):
    """How often somebody is tried, and after how long again."""

    tries: int = 3
    minutes: int = 30


def tried(callback: Callback, outcome: str, step: Step, patience: Patience) -> Callback:
    """The callback after one more try; raises BadInput for an outcome there is not, Refused when it is over."""
    if callback.state not in OPEN:
        raise Refused(_("{id} is over: {state}").format(id=callback.id, state=_(WORDS[callback.state])))
    if outcome not in OUTCOMES:
        words = {"outcome": outcome, "choices": ", ".join(OUTCOMES)}
        raise BadInput(_("a callback cannot come to “{outcome}”; choose one of: {choices}").format(**words))
    attempts = (*callback.attempts, step)
    state = OUTCOMES[outcome].state
    if state is None and len(attempts) >= patience.tries:
        state = S.UNREACHABLE
    if state is None:
        again = step.at + timedelta(minutes=patience.minutes)
        return replace(callback, state=S.OWED, attempts=attempts, not_before=again)
    return replace(callback, state=state, attempts=attempts, closed_at=step.at)


def messaged(callback: Callback, message: str) -> Callback:
    """The callback while a message is on its way."""
    return replace(callback, state=S.MESSAGED, message=message)


def as_held(callback: Callback, claim: Claim | None) -> Callback:
    """The callback with whose it is now: in the hand that has a claim on it, or in nobody's."""
    if callback.state not in (S.OWED, S.ASSIGNED):
        return callback
    if claim is None:
        return replace(callback, state=S.OWED, seat="", agent="", leased_until=None)
    return replace(callback, state=S.ASSIGNED, seat=claim.seat, agent=claim.agent, leased_until=claim.until)


def told(callback: Callback, outcome: str, step: Step) -> Callback:
    """The callback once its message has come to `sent` or `not_sent`: then a person calls, at once."""
    attempts = (*callback.attempts, step)
    if OUTCOMES[outcome].state is S.DONE:
        return replace(callback, state=S.DONE, attempts=attempts, closed_at=step.at)
    return replace(callback, state=S.OWED, attempts=attempts)


def is_ripe(callback: Callback, now: datetime) -> bool:
    """Whether it may be called now: supply is back (it has its hour), nobody else has it in hand."""
    return callback.state is S.OWED and callback.not_before is not None and callback.not_before <= now


def order_of(callback: Callback) -> tuple[int, datetime, str]:
    """Danger to life, then crowds, high risk and importance, then who has waited longest."""
    return RANK[callback.urgency], callback.at, callback.id
