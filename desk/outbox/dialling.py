"""Dialling for the agent: the county's channel rings the agent's phone, then the customer's; a person still talks.

    dialling = Dialling(place)
    dialled = dialling.begin(notices.dial("D12"))     None where no such channel is set up: dialled by hand, as ever
    dialled = dialling.heard(dialled)                 what the exchange has said since

Nothing is written down here: what the call came to is the agent's word. Both wait for the channel, within its deadline.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from desk.errors import DeskError
from desk.i18n import _
from desk.phone_numbers import read_phone
from desk.place import Place
from desk.plugins.messages import Message, Receipt, Report
from desk.plugins.send_errors import UnknownOutcome
from desk.records import AttemptState

if TYPE_CHECKING:
    from desk.notices.calling import PhoneCall
    from desk.plugins.channels import Channel

FAMILY = "phone"
SCRIPT = "phone"  # the type that only says what to say: it dials nothing
BY_HAND = "human"  # the kind of declared channel that only says what to do
AGAIN = timedelta(seconds=20)  # within which a second key does not dial the same number twice
FAILED = frozenset(
    {AttemptState.FAILED, AttemptState.REJECTED, AttemptState.UNDELIVERED, AttemptState.EXPIRED, AttemptState.CANCELLED}
)
UNDER_WAY = frozenset({"ringing", "answered", "handed_over", "unknown"})
HINTS = frozenset({"busy", "no_answer"})  # what the exchange calls by the name of a result

Stage = Literal["ringing", "handed_over", "answered", "over", "failed", "refused", "unknown", "training"]


class Dialled(Struct, frozen=True, kw_only=True):
    """One call that a machine dialled, and how far it has come.

    `handed_over`: dialled, and the channel tells no more; `unknown`: nobody knows whether it was dialled. `words` is
    what the channel said, `hint` the result (busy, no_answer) that its words suggest.
    """

    duty: str
    channel: str
    stage: Stage
    at: datetime
    id: str = ""
    words: str = ""
    hint: str = ""
    answered_at: datetime | None = None
    over_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Whether more may be heard of it."""
        return bool(self.id) and self.stage in ("ringing", "answered")

    @property
    def ref(self) -> str:
        """The exchange's name for the call, as the duty's evidence keeps it."""
        return f"{self.channel} {self.id}" if self.id else ""


class Dialling:
    """Dials through the channels of one place."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def channel(self) -> str:
        """The channel that dials for this seat: of the telephone, set up in config.toml, with a person talking."""
        host = self._place.plugins
        rows = (row for row in host.channel_states() if row.section and row.family == FAMILY and row.type != SCRIPT)
        usable = {row.name: host.channels.get(row.name) for row in rows if row.state in ("on", "paused")}
        return next((name for name, channel in usable.items() if channel and _dials(channel)), "")

    def begin(self, call: PhoneCall, before: Dialled | None = None) -> Dialled | None:
        """Dial the number of `call`; None where no channel dials or there is no number. `before`, the call dialled
        last, comes back where it is the same one still under way: a key that is pressed twice dials once."""
        name, number = self.channel(), self._number(call)
        if not name or not number or call.channel != FAMILY:
            return None
        now = self._place.now()
        if before and before.duty == call.duty.id and before.stage in UNDER_WAY and now - before.at < AGAIN:
            return before
        began = Dialled(duty=call.duty.id, channel=name, stage="ringing", at=now)
        try:
            (answer,) = self._place.plugins.runner(name).send([self._message(call, number)]).result()
        except DeskError as problem:  # switched off between looking and dialling
            return replace(began, stage="refused", words=str(problem))
        if isinstance(answer, Receipt):
            return self._taken(began, answer)
        stage: Stage = "unknown" if isinstance(answer, UnknownOutcome) else "refused"
        return replace(began, stage=stage, words=str(answer))

    def heard(self, dialled: Dialled) -> Dialled:
        """The same call with what its channel has said since."""
        if not dialled.is_on:
            return dialled
        try:
            runner = self._place.plugins.runner(dialled.channel)
        except DeskError as problem:
            return replace(dialled, stage="over", words=str(problem))
        reports = runner.poll([dialled.id]).result()
        if reports:
            runner.stored(reports)  # kept nowhere else: what it came to is the agent's word
        return self._after(dialled, [report for report in reports if report.external_id == dialled.id])

    def _number(self, call: PhoneCall) -> str:
        """What is dialled: the number without its extension, which somebody at the other end asks for."""
        written = call.digits or call.number
        return read_phone(written, self._place.config.county.area_code).number if written else ""

    def _message(self, call: PhoneCall, number: str) -> Message:
        recipient = call.duty.recipient
        return Message(
            recipient=recipient.name or recipient.id,
            address=number,
            body=call.text,
            id=call.duty.id,
            language=self._place.config.messages.language,
            outage=call.outage.id,
            account_no=recipient.id if recipient.kind == "customer" else "",
        )

    def _taken(self, began: Dialled, receipt: Receipt) -> Dialled:
        if self._place.config.messages.training:
            return replace(began, stage="training")
        tells = self._place.plugins.channels[began.channel].can.receipts != "none"
        return replace(began, id=receipt.external_id, stage="ringing" if tells else "handed_over")

    def _after(self, dialled: Dialled, reports: Sequence[Report]) -> Dialled:
        now = self._place.now()
        for report in reports:
            if report.state in FAILED:
                hint = report.error if report.error in HINTS else ""
                words = report.words or report.error
                return replace(dialled, stage="failed", words=words, hint=hint, over_at=now)
            if report.state is AttemptState.ACCEPTED:
                dialled = replace(dialled, words=report.words)
            elif dialled.stage == "ringing":
                dialled = replace(dialled, stage="answered", words=report.proof or report.words, answered_at=now)
            else:  # the second word of a call that was answered: it was hung up
                dialled = replace(dialled, stage="over", words=report.proof or report.words, over_at=now)
        return dialled


def stage_words(dialled: Dialled, now: datetime) -> str:
    """How far the call has come, in one sentence with its seconds."""
    match dialled.stage:
        case "ringing":
            return _("ringing, {seconds} s").format(seconds=_seconds(dialled.at, now))
        case "handed_over":
            return _("{channel} dials; it tells no more of the call").format(channel=dialled.channel)
        case "answered":
            return _("answered, talking for {seconds} s").format(seconds=_seconds(dialled.answered_at or now, now))
        case "training":
            return _("TRAINING: nothing is dialled")
        case _:
            return dialled.words


def _dials(channel: Channel) -> bool:
    """Whether a machine does the dialling and a person the talking: no robot, and no list of steps."""
    return channel.can.needs_human and getattr(channel, "kind", "") != BY_HAND


def _seconds(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds()))
