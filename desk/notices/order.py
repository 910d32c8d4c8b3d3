"""What stands in the way of a duty: an approval, its hour, what must come before. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from desk.i18n import N_, _
from desk.notices.approving import step_words
from desk.records import OPEN_DUTIES, Approval, Duty, DutyState

NEVER_TOLD = frozenset({DutyState.EXEMPT, DutyState.WITHDRAWN})


class Obstacle(Struct, frozen=True, kw_only=True):
    """One thing that comes first: by which article, in a sentence, and until when where that is known.

    Doing it all the same is a violation of `article`: `what` is its sentence in the report.
    """

    article: str
    words: str
    what: str
    until: datetime | None = None


# What a violation is called in the report; stored as it is here, worded in the reader's language.
ANNOUNCED = N_("announced before the approval")
EXECUTED = N_("executed before the approval")
TOO_EARLY = N_("done before its time")
OUT_OF_TURN = N_("done before what must come first")
OTHER_CHANNEL = N_("done over a channel that the article does not name")
VIOLATIONS = (ANNOUNCED, EXECUTED, TOO_EARLY, OUT_OF_TURN, OTHER_CHANNEL)


def obstacles(
    duty: Duty, approvals: Sequence[Approval], before: Sequence[Duty], at: datetime, channel: str = ""
) -> list[Obstacle]:
    """What keeps `duty` from being done at `at`: `approvals` are its outage's, `before` the duties it must follow."""
    return [
        *missing_approvals(missing(duty.waits_for, approvals, at), at, ANNOUNCED),
        *_hour(duty, at),
        *_turn(duty, before),
        *_channel(duty, channel),
    ]


def missing_approvals(approvals: Iterable[Approval], at: datetime, what: str) -> list[Obstacle]:
    """The approvals that were not given by `at`, in order, each as an obstacle."""
    late = sorted(_not_given(approvals, at), key=lambda approval: (approval.order, approval.id))
    return [
        Obstacle(
            article=next(iter(approval.articles), ""),
            words=_("{step} is missing").format(step=step_words(approval)),
            what=what,
        )
        for approval in late
    ]


def missing(steps: Sequence[str], approvals: Sequence[Approval], at: datetime) -> list[Approval]:
    """The approvals not given by `at`, up to the steps named: they are given in order."""
    last = max((one.order for one in approvals if one.step in steps), default=None)
    return [] if last is None else _not_given((one for one in approvals if one.order <= last), at)


def _not_given(approvals: Iterable[Approval], at: datetime) -> list[Approval]:
    return [approval for approval in approvals if approval.at is None or approval.at > at]


def _hour(duty: Duty, at: datetime) -> list[Obstacle]:
    if duty.not_before is None or duty.not_before <= at:
        return []
    words = _("must not be done before {at}").format(at=duty.not_before.strftime("%Y-%m-%d %H:%M"))
    return [Obstacle(article=_article(duty), words=words, what=TOO_EARLY, until=duty.not_before)]


def _turn(duty: Duty, before: Sequence[Duty]) -> list[Obstacle]:
    """A later notice follows an earlier one; any of them will do, and one that is owed to nobody any more is none."""
    owed = [first for first in before if first.state not in NEVER_TOLD]
    if not owed or any(first.state not in OPEN_DUTIES for first in owed):
        return []
    names = ", ".join(first.id for first in owed)
    words = _("comes after {first}").format(first=names)
    return [Obstacle(article=_article(duty), words=words, what=OUT_OF_TURN)]


def _channel(duty: Duty, channel: str) -> list[Obstacle]:
    if not channel or not duty.channels or channel in (*duty.channels, duty.next_channel):
        return []
    from desk.regulation.words import CHANNELS, listing, word  # at hand when refused only: the board does without

    named = {"channels": listing(CHANNELS, duty.channels), "channel": word(CHANNELS, channel)}
    words = _("is done over {channels}, not over {channel}").format(**named)
    return [Obstacle(article=_article(duty), words=words, what=OTHER_CHANNEL)]


def _article(duty: Duty) -> str:
    return duty.articles[0] if duty.articles else ""
