"""How duties are kept: one document is a sheet, up to a hundred duties that share all but their recipients.

An outage over 100,000 customers owes 300,000 duties, and nearly everything in them is the same: the rule, the
deadline, the channels. A document for each would take ten seconds to store and to move; a sheet keeps the shared
parts once and a line for each recipient. `packed` and `unpacked` turn duties into sheets and back, losing nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from desk.records import OPEN_DUTIES, Duty, DutyState, Evidence, Recipient, Record, Replan

if TYPE_CHECKING:
    from desk.regulation.facts import DutyDraft

LINES = 100  # measured: 300,000 duties are stored in a second at 50 to 200; one line is changed in under 1 ms
_DIGITS = 12  # a sheet's id is the number of its last duty, so written that texts sort as numbers


class Own(Record, frozen=True, kw_only=True):
    """What of a line is not, or no longer, as on its sheet: a duty may be moved alone."""

    due: datetime
    rules: tuple[str, ...]
    articles: tuple[str, ...]
    channels: tuple[str, ...] = ()
    channel_mode: str = "any_of"
    not_before: datetime | None = None
    evidence_kind: str = ""
    waits_for: tuple[str, ...] = ()
    replans: tuple[Replan, ...] = ()


class Line(Record, frozen=True, kw_only=True, gc=False):
    """One duty of a sheet: to whom, and what became of it. `key` is empty where the sheet's pattern gives it."""

    to: str
    name: str = ""
    key: str = ""
    after: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    state: DutyState = DutyState.PENDING
    late: bool = False
    evidence: tuple[Evidence, ...] = ()
    attempts: int = 0
    next_try: datetime | None = None
    next_channel: str = ""
    closed_at: datetime | None = None
    own: Own | None = None


class Sheet(Record, frozen=True, kw_only=True):
    """Duties of one outage with the numbers `first`, `first + 1`, …; its lines stay in their order for good.

    `next` is when the next of the open ones is due; `by_owner` and `by_outage` are the same moment behind a
    name, so that a work list reads sheets in the order in which they are due. All are absent once nothing is open.
    """

    id: str
    outage: str
    first: int
    base: str
    kind: str
    rules: tuple[str, ...]
    articles: tuple[str, ...]
    due: datetime
    channels: tuple[str, ...] = ()
    channel_mode: str = "any_of"
    not_before: datetime | None = None
    owner: str = ""
    evidence_kind: str = ""
    notice: str = ""
    trigger: str = "opened"
    waits_for: tuple[str, ...] = ()
    replans: tuple[Replan, ...] = ()
    over: tuple[str, ...] = ()  # every channel over which one of the open ones is to be done next
    next: datetime | None = None
    by_owner: str = ""
    by_outage: str = ""
    late: bool = False
    lines: tuple[Line, ...] = ()


class Head(Record, frozen=True, kw_only=True):
    """As much of a sheet as says whether it is worth reading: its lines are ten thousand characters."""

    id: str
    outage: str
    next: datetime
    not_before: datetime | None = None
    owner: str = ""
    over: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()


def sheet_id(number: int) -> str:
    """The id of a sheet whose last duty has this number; the least id that may hold the duty."""
    return f"{number:0{_DIGITS}d}"


def number_of(id: str) -> int | None:
    """The number in a duty's id, however it was typed; None when it is no such id."""
    digits = id.strip().upper().removeprefix("D")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < _DIGITS else None


def drafted(drafts: Iterable[DutyDraft], outage: str, first: int, held: Mapping[str, str]) -> Iterator[Sheet]:
    """New duties of an outage as sheets, numbered from `first`; those with the same terms meet on one sheet.

    `held` gives the id of each duty that the outage has already by its key: a new one may come after it.
    """
    groups: dict[tuple[int, int, str], list[DutyDraft]] = {}
    for draft in drafts:
        groups.setdefault((id(draft.terms), draft.wave, draft.recipient.kind), []).append(draft)
    followed = {base for group in groups.values() for base in group[0].terms.follows}
    ids, number = dict(held), first
    for group in groups.values():
        if group[0].terms.base in followed:
            ids |= {draft.key: f"D{place}" for place, draft in enumerate(group, number)}
        number += len(group)
    for group in groups.values():
        for start in range(0, len(group), LINES):
            some = group[start : start + LINES]
            yield _drafted(some, outage, first, ids)
            first += len(some)


def _drafted(drafts: Sequence[DutyDraft], outage: str, first: int, ids: Mapping[str, str]) -> Sheet:
    terms, wave = drafts[0].terms, drafts[0].wave
    mark = terms.due.isoformat()
    return Sheet(
        id=sheet_id(first + len(drafts) - 1),
        outage=outage,
        first=first,
        base=f"{wave}~{terms.base}" if wave else terms.base,
        kind=drafts[0].recipient.kind,
        rules=terms.rules,
        articles=terms.articles,
        due=terms.due,
        channels=terms.channels,
        channel_mode=terms.channel_mode,
        not_before=terms.not_before,
        owner=terms.owner,
        evidence_kind=terms.evidence_kind,
        notice=terms.notice,
        trigger=terms.trigger,
        waits_for=terms.waits_for,
        lines=_new_lines(drafts, ids),
        over=terms.channels,
        next=terms.due,
        by_owner=f"{terms.owner}|{mark}",
        by_outage=f"{outage}|{mark}",
    )


def _new_lines(drafts: Sequence[DutyDraft], ids: Mapping[str, str]) -> tuple[Line, ...]:
    if not drafts[0].terms.follows:
        return tuple([Line(to=one.recipient.id, name=_name(one.recipient), sites=one.sites) for one in drafts])
    before = [tuple([ids[key] for key in one.after if key in ids]) for one in drafts]
    return tuple(
        [
            Line(to=one.recipient.id, name=_name(one.recipient), after=after, sites=one.sites)
            for one, after in zip(drafts, before, strict=True)
        ]
    )


def _name(recipient: Recipient) -> str:
    return recipient.name if recipient.name != recipient.id else ""


def packed(duties: Sequence[Duty], first: int) -> Sheet:
    """The duties of one sheet, in their order, as a sheet: what most of the open ones share stands on it once."""
    model = next((duty for duty in duties if duty.state in OPEN_DUTIES), duties[0])
    usual = _own(model)
    base = model.key.partition(">")[0]
    still = [duty for duty in duties if duty.state in OPEN_DUTIES]
    soonest = min([duty.due for duty in still], default=None)
    mark = soonest.isoformat() if soonest else ""
    return Sheet(
        id=sheet_id(first + len(duties) - 1),
        outage=model.outage,
        first=first,
        base=base,
        kind=model.recipient.kind,
        rules=model.rules,
        articles=model.articles,
        due=model.due,
        channels=model.channels,
        channel_mode=model.channel_mode,
        not_before=model.not_before,
        owner=model.owner,
        evidence_kind=model.evidence_kind,
        notice=model.notice,
        trigger=model.trigger,
        waits_for=model.waits_for,
        replans=model.replans,
        lines=tuple([_line(duty, base, usual) for duty in duties]),
        over=tuple(dict.fromkeys([channel for duty in still for channel in channels_now(duty)])),
        next=soonest,
        by_owner=f"{model.owner}|{mark}" if mark else "",
        by_outage=f"{model.outage}|{mark}" if mark else "",
        late=any(duty.late for duty in duties),
    )


def _own(duty: Duty) -> Own:
    return Own(
        due=duty.due,
        rules=duty.rules,
        articles=duty.articles,
        channels=duty.channels,
        channel_mode=duty.channel_mode,
        not_before=duty.not_before,
        evidence_kind=duty.evidence_kind,
        waits_for=duty.waits_for,
        replans=duty.replans,
    )


def _line(duty: Duty, base: str, usual: Own) -> Line:
    own = _own(duty)
    recipient = duty.recipient
    return Line(
        to=recipient.id,
        name=_name(recipient),
        key=duty.key if duty.key != _key(base, recipient.kind, recipient.id, duty.sites) else "",
        after=duty.after,
        sites=duty.sites,
        state=duty.state,
        late=duty.late,
        evidence=duty.evidence,
        attempts=duty.attempts,
        next_try=duty.next_try,
        next_channel=duty.next_channel,
        closed_at=duty.closed_at,
        own=None if own == usual else own,
    )


def _key(base: str, kind: str, to: str, sites: tuple[str, ...]) -> str:
    return f"{base}>{'group' if sites else kind}:{to}"


def channels_now(duty: Duty) -> tuple[str, ...]:
    """The channels over which a duty is to be tried next: its own, or the one it has come to."""
    return (duty.next_channel,) if duty.next_channel else duty.channels


def unpacked(sheet: Sheet) -> list[Duty]:
    """The duties of a sheet, in order."""
    return [duty_at(sheet, place) for place in range(len(sheet.lines))]


def duty_at(sheet: Sheet, place: int) -> Duty:
    """The duty on one line of a sheet, counted from 0."""
    line = sheet.lines[place]
    moved = line.own or sheet
    return Duty(
        id=f"D{sheet.first + place}",
        outage=sheet.outage,
        key=line.key or _key(sheet.base, sheet.kind, line.to, line.sites),
        rules=moved.rules,
        articles=moved.articles,
        recipient=Recipient(kind=sheet.kind, id=line.to, name=line.name or line.to),
        due=moved.due,
        channels=moved.channels,
        channel_mode=moved.channel_mode,
        not_before=moved.not_before,
        owner=sheet.owner,
        evidence_kind=moved.evidence_kind,
        notice=sheet.notice,
        trigger=sheet.trigger,
        state=line.state,
        late=line.late,
        after=line.after,
        waits_for=moved.waits_for,
        sites=line.sites,
        evidence=line.evidence,
        replans=moved.replans,
        attempts=line.attempts,
        next_try=line.next_try,
        next_channel=line.next_channel,
        closed_at=line.closed_at,
    )
