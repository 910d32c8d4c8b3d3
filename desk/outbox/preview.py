"""What a release would send before it does: how many people, over what, at what cost, in which words; who is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from desk.i18n import N_, _
from desk.notices import Work
from desk.notices.order import OUT_OF_TURN
from desk.outbox.lines import Line
from desk.outbox.making import Said
from desk.records import Duty

AFTER_ANOTHER = N_("comes after an earlier notice")
NAMED = 200  # of those left to people, so many are named; the others are counted


class Over(Struct, frozen=True, kw_only=True):
    """How much goes over one channel: people, parts, and what they cost in yuan."""

    channel: str
    label: str = ""
    family: str = ""
    people: int = 0
    parts: int = 0
    price: float = 0.0


class Sample(Struct, frozen=True, kw_only=True):
    """The words for one channel, stage and sector, as one of `people` gets them, and of how many parts."""

    channel: str
    family: str
    sector: str
    notice: str
    people: int
    parts: int
    subject: str
    text: str
    template: str = ""
    warning: str = ""


class Left(Struct, frozen=True, kw_only=True):
    """Somebody whom no machine tells, why, and over what people do it."""

    duty: str
    name: str
    kind: str
    why: str
    channels: tuple[str, ...] = ()


class SendPreview(Struct, frozen=True, kw_only=True):
    """What a release would send now. `waiting` duties are not ripe yet; `left` names the first of those whom people
    tell, `left_count` counts them all by reason. `held_until`: when those held by quiet hours may go.

    `out_of_use`: channels of config.toml that send nothing now → why. `needs_confirmation` says why a second person
    must confirm; `training`: nothing leaves the desk.
    """

    outage: str
    people: int
    parts: int
    price: float
    over: tuple[Over, ...]
    samples: tuple[Sample, ...]
    left: tuple[Left, ...]
    left_count: dict[str, int]
    waiting: int = 0
    waiting_why: tuple[str, ...] = ()
    held: int = 0
    held_until: datetime | None = None
    needs_confirmation: str = ""
    out_of_use: dict[str, str] = {}
    training: bool = False
    by_itself: bool = True  # `release = "auto"`: what is ripe goes without anybody's word

    @property
    def channels(self) -> dict[str, int]:
        """Channel → people."""
        return {over.channel: over.people for over in self.over}


class Tally:
    """Counts what would be sent, duty by duty; what it keeps does not grow with them."""

    def __init__(self) -> None:
        self.people = 0
        self.waiting = 0
        self.waiting_why: Counter[str] = Counter()
        self.held = 0
        self.held_until: datetime | None = None
        self.left: list[Left] = []
        self.left_count: Counter[str] = Counter()
        self._over: dict[str, Over] = {}
        self._samples: dict[tuple[str, str, str], Sample] = {}

    def sent(self, line: Line, label: str, sector: str, duty: Duty, said: Said) -> None:
        """One message more over `line`."""
        from msgspec.structs import replace

        parts = said.cut.parts
        before = self._over.get(line.name) or Over(channel=line.name, label=label, family=line.family)
        price = before.price + parts * line.can.price
        self._over[line.name] = replace(before, people=before.people + 1, parts=before.parts + parts, price=price)
        key = (line.name, sector, duty.notice)
        if key in self._samples:
            self._samples[key] = replace(self._samples[key], people=self._samples[key].people + 1)
        else:
            self._samples[key] = _sample(line, sector, duty, said)

    def told(self, waits: datetime, now: datetime) -> None:
        """One person more is told, now or when the quiet hours are over."""
        self.people += 1
        if waits > now:
            self.held += 1
            self.held_until = max(waits, self.held_until or waits)

    def left_over(self, duty: Duty, why: str) -> None:
        """One more whom people tell."""
        self.left_count[why] += 1
        if len(self.left) < NAMED:
            recipient = duty.recipient
            self.left.append(
                Left(duty=duty.id, name=recipient.name, kind=recipient.kind, why=why, channels=duty.channels)
            )

    def wait(self, works: Iterable[Work]) -> None:
        """These are not ripe yet."""
        for work in works:
            self.waiting += 1
            first = work.obstacles[0]
            self.waiting_why[_(AFTER_ANOTHER) if first.what == OUT_OF_TURN else first.words] += 1

    def preview(self, outage: str, *, confirm: str, training: bool, by_itself: bool) -> SendPreview:
        """What was counted."""
        over = tuple(sorted(self._over.values(), key=lambda one: -one.people))
        return SendPreview(
            outage=outage,
            people=self.people,
            parts=sum(one.parts for one in over),
            price=round(sum(one.price for one in over), 4),
            over=over,
            samples=tuple(sorted(self._samples.values(), key=lambda one: (one.channel, -one.people, one.sector))),
            left=tuple(self.left),
            left_count=dict(self.left_count.most_common()),
            waiting=self.waiting,
            waiting_why=tuple(words for words, _count in self.waiting_why.most_common(5)),
            held=self.held,
            held_until=self.held_until,
            needs_confirmation=confirm,
            training=training,
            by_itself=by_itself,
        )


def _sample(line: Line, sector: str, duty: Duty, said: Said) -> Sample:
    worded = said.worded
    return Sample(
        channel=line.name,
        family=line.family,
        sector=sector,
        notice=duty.notice,
        people=1,
        parts=said.cut.parts,
        subject=worded.subject,
        text=worded.text,
        template=worded.template,
        warning=worded.warning,
    )
