"""How duties are kept: one document is a sheet, up to a hundred duties that share all but their recipients.

An outage over 100,000 customers owes 300,000 duties, and nearly everything in them is the same: the rule, the
deadline, the channels. A document for each would take ten seconds to store and to move; a sheet keeps the shared
parts once and a line for each recipient. `packed` and `unpacked` turn duties into sheets and back, losing nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from desk.records import OPEN_DUTIES, Duty, DutyState, Evidence, Recipient, Record, Replan
from desk.regulation.facts import DutyDraft

LINES = 100  # measured: 300,000 duties are stored in a second at 50 to 200; one line is changed in under 1 ms
_DIGITS = 12  # a sheet's id is the number of its last duty, so written that texts sort as numbers


class Times(Record, frozen=True, kw_only=True):
    """The times of a line that are not, or no longer, those of its sheet."""

    due: datetime
    not_before: datetime | None = None
    replans: tuple[Replan, ...] = ()


class Line(Record, frozen=True, kw_only=True):
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
    times: Times | None = None


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
    lines: tuple[Line, ...] = ()
    next: datetime | None = None
    by_owner: str = ""
    by_outage: str = ""
    late: bool = False


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
        lines=tuple([_new_line(draft, ids) for draft in drafts]),
        next=terms.due,
        by_owner=f"{terms.owner}|{mark}",
        by_outage=f"{outage}|{mark}",
    )


def _new_line(draft: DutyDraft, ids: Mapping[str, str]) -> Line:
    recipient = draft.recipient
    after = tuple([ids[key] for key in draft.after if key in ids]) if draft.terms.follows else ()
    name = recipient.name if recipient.name != recipient.id else ""
    return Line(to=recipient.id, name=name, after=after, sites=draft.sites)


def packed(duties: Sequence[Duty], first: int) -> Sheet:
    """The duties as one sheet, in their order; they share what `shared` names, or did when the sheet was made."""
    model = next((duty for duty in duties if duty.state in OPEN_DUTIES), duties[0])
    times = (model.due, model.not_before, model.replans)
    base = model.key.partition(">")[0]
    moments = [duty.due for duty in duties if duty.state in OPEN_DUTIES]
    soonest = min(moments) if moments else None
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
        lines=tuple([_line(duty, base, times) for duty in duties]),
        next=soonest,
        by_owner=f"{model.owner}|{mark}" if mark else "",
        by_outage=f"{model.outage}|{mark}" if mark else "",
        late=any(duty.late for duty in duties),
    )


def _line(duty: Duty, base: str, times: tuple[object, ...]) -> Line:
    own = (duty.due, duty.not_before, duty.replans)
    recipient = duty.recipient
    return Line(
        to=recipient.id,
        name=recipient.name if recipient.name != recipient.id else "",
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
        times=None if own == times else Times(due=duty.due, not_before=duty.not_before, replans=duty.replans),
    )


def _key(base: str, kind: str, to: str, sites: tuple[str, ...]) -> str:
    return f"{base}>{'group' if sites else kind}:{to}"


def unpacked(sheet: Sheet) -> list[Duty]:
    """The duties of a sheet, in order."""
    return [duty_at(sheet, place) for place in range(len(sheet.lines))]


def duty_at(sheet: Sheet, place: int) -> Duty:
    """The duty on one line of a sheet, counted from 0."""
    line = sheet.lines[place]
    times = line.times
    return Duty(
        id=f"D{sheet.first + place}",
        outage=sheet.outage,
        key=line.key or _key(sheet.base, sheet.kind, line.to, line.sites),
        rules=sheet.rules,
        articles=sheet.articles,
        recipient=Recipient(kind=sheet.kind, id=line.to, name=line.name or line.to),
        due=times.due if times else sheet.due,
        channels=sheet.channels,
        channel_mode=sheet.channel_mode,
        not_before=times.not_before if times else sheet.not_before,
        owner=sheet.owner,
        evidence_kind=sheet.evidence_kind,
        notice=sheet.notice,
        trigger=sheet.trigger,
        state=line.state,
        late=line.late,
        after=line.after,
        waits_for=sheet.waits_for,
        sites=line.sites,
        evidence=line.evidence,
        replans=times.replans if times else sheet.replans,
        attempts=line.attempts,
        next_try=line.next_try,
        next_channel=line.next_channel,
        closed_at=line.closed_at,
    )
