"""A message just before it is sent: still true, in the words of now, and not in the quiet hours. Pure."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from desk.i18n import N_, _
from desk.outbox.lines import Line
from desk.outbox.making import STAYS_QUIET, Making
from desk.outbox.news import stage_for, valid_until
from desk.outbox.reaching import Known
from desk.records import OPEN_DUTIES, OVER, AttemptState, Duty, Message

SETTLED = N_("told already, or owed no more")
IS_OVER = N_("the outage is over")
TOO_LATE = N_("it was true until {at}")
QUIET_UNTIL = N_("quiet hours until {at}")


def refreshed(
    message: Message, duty: Duty | None, known: Known | None, making: Making, line: Line | None, now: datetime
) -> Message:
    """The message as it should be at `now`: the same object where nothing is to be changed."""
    if message.duty and (duty is None or duty.state not in OPEN_DUTIES):
        return _ended(message, AttemptState.SKIPPED, _(SETTLED))
    if not message.duty and not message.callback and making.outage.status in OVER:
        return _ended(message, AttemptState.SKIPPED, _(IS_OVER))
    if duty is None or known is None or line is None:
        return message if _is_true(message, now) else _late(message)
    worded = _reworded(message, duty, known, making, line, now)
    if not _is_true(worded, now):
        return _late(worded)
    return _quiet(worded, making.waits(duty, known, line), now)


def _reworded(message: Message, duty: Duty, known: Known, making: Making, line: Line, now: datetime) -> Message:
    """In the words of now; a text that a person wrote, or a longer one that the channel does not take, stays."""
    said = making.said(duty, known, line) if message.template else None
    if said is None or said.worded.hash == message.hash:
        return message
    worded = said.worded
    until = valid_until(making.outage, stage_for(making.outage, duty, now), now)
    return replace(
        message,
        body=worded.text,
        subject=worded.subject,
        template=worded.template,
        hash=worded.hash,
        parts=len(said.cut.pieces),
        valid_until=until,
    )


def _quiet(message: Message, not_before: datetime, now: datetime) -> Message:
    if not_before <= now:
        return message
    if message.valid_until and not_before >= message.valid_until:
        return replace(message, state=AttemptState.HELD, why=_(STAYS_QUIET), due="", not_before=not_before)
    why = _(QUIET_UNTIL).format(at=not_before.strftime("%H:%M"))
    return replace(message, state=AttemptState.HELD, why=why, due=not_before.isoformat(), not_before=not_before)


def _is_true(message: Message, now: datetime) -> bool:
    return message.valid_until is None or now < message.valid_until


def _late(message: Message) -> Message:
    at = message.valid_until.strftime("%m-%d %H:%M") if message.valid_until else ""
    return _ended(message, AttemptState.EXPIRED, _(TOO_LATE).format(at=at))


def _ended(message: Message, state: AttemptState, why: str) -> Message:
    return replace(message, state=state, why=why, due="")
