"""What becomes of a duty when a try at it is written down. Pure: a duty and a result in, the duty after it out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from desk.errors import BadInput
from desk.i18n import _
from desk.notices.phone import Step, comes_back, next_step
from desk.notices.results import ALL, Result, leads_to, named
from desk.records import OPEN_DUTIES, Duty, DutyState, Evidence, Phone, Spoken

COUNTS_LATE = frozenset({DutyState.DONE, DutyState.REFUSED})


class Settlement(Struct, frozen=True, kw_only=True):
    """What an agent, or the outbox, writes down of one try. `reason` says why it was done against the order.

    `again`: when the next try makes sense, where that is known better than by the county's usual minutes.
    """

    result: str
    channel: str = ""
    person: str = ""
    at: datetime | None = None
    ref: str = ""
    note: str = ""
    number: str = ""
    reason: str = ""
    spoken: Spoken | None = None
    again: datetime | None = None


class Patience(Struct, frozen=True, kw_only=True):
    """How often one number is tried, and after how many minutes again."""

    tries: int = 3
    minutes: int = 15


def channel_of(duty: Duty, said: Settlement) -> str:
    """Over which channel it was: as said, or the only one, or the one that this result belongs to."""
    from desk.notices.results import CHANNEL_RESULTS

    if said.channel:
        if said.channel not in CHANNEL_RESULTS:
            words = {"channel": said.channel, "choices": ", ".join(CHANNEL_RESULTS)}
            raise BadInput(_("there is no channel {channel}; choose one of: {choices}").format(**words))
        return said.channel
    if duty.next_channel:
        return duty.next_channel
    fitting = [channel for channel in duty.channels if said.result in CHANNEL_RESULTS.get(channel, ())]
    return (fitting or [*duty.channels, ""])[0]


def settled(
    duty: Duty, said: Settlement, channel: str, phones: Sequence[Phone], patience: Patience, by: str, now: datetime
) -> Duty:
    """The duty after this try; raises BadInput for a result it cannot have, Refused when it is settled already."""
    result = named(duty, said.result, channel)
    state = leads_to(duty, result)
    _complete(duty, result, said)
    at = _past(said.at, now)
    step = next_step(duty, phones, patience.tries)
    line = _evidence(said, channel, step, by, at)
    after = replace(duty, evidence=(*duty.evidence, line), attempts=duty.attempts + (result.leads_to is not _EXEMPT))
    if state is DutyState.DONE and not _every_channel(after):
        state = DutyState.ATTEMPTED
    if state not in OPEN_DUTIES:
        closed = duty.closed_at if state is duty.state else at
        late = duty.late or (state in COUNTS_LATE and at > duty.due)
        return replace(after, state=state, late=late, closed_at=closed, next_try=None, next_channel="")
    opened = _open_again(replace(after, state=state), step, phones, patience, at)
    return replace(opened, next_try=said.again) if said.again else opened


_EXEMPT = DutyState.EXEMPT


def _complete(duty: Duty, result: Result, said: Settlement) -> None:
    if not result.needs or getattr(said, result.needs):
        return
    words = {"id": duty.id, "result": _(result.words)}
    if result.needs == "person":
        raise BadInput(_("{id}: “{result}” needs the name of the person").format(**words))
    raise BadInput(_("{id}: “{result}” needs a note that says why").format(**words))


def _past(at: datetime | None, now: datetime) -> datetime:
    if at is not None and at > now:
        text = _("{at} is still to come; what was done is recorded, not what will be")
        raise BadInput(text.format(at=at.strftime("%Y-%m-%d %H:%M")))
    return at or now


def _evidence(said: Settlement, channel: str, step: Step, by: str, at: datetime) -> Evidence:
    number = said.number or (step.number if channel == step.channel == "phone" else "")
    spoken = said.spoken
    return Evidence(
        at=at,
        result=said.result,
        channel=channel,
        person=said.person,
        by=by,
        ref=said.ref,
        note=said.note or said.reason,
        number=number,
        template=spoken.template if spoken else "",
        hash=spoken.hash if spoken else "",
    )


def _every_channel(duty: Duty) -> bool:
    """Whether a duty that asks for all its channels was done over each of them."""
    if duty.channel_mode != "all_of":
        return True
    done = {line.channel for line in duty.evidence if _closes(line)}
    return "" in done or done >= set(duty.channels)


def _closes(line: Evidence) -> bool:
    result = ALL.get(line.result)
    return result is not None and result.leads_to is DutyState.DONE


def _open_again(duty: Duty, before: Step, phones: Sequence[Phone], patience: Patience, at: datetime) -> Duty:
    step = next_step(duty, phones, patience.tries)
    usual = not duty.channels or step.channel in duty.channels[:1]
    return replace(
        duty,
        next_try=comes_back(duty, before, step, at, patience.minutes),
        next_channel="" if usual else step.channel,
    )
