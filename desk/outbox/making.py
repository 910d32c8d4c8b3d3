"""From a duty and its route to the message: the words, the pieces, from when and until when."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from desk.i18n import N_, _
from desk.outbox.lines import Line
from desk.outbox.news import stage_for, valid_until
from desk.outbox.quiet import Quiet, waits_until
from desk.outbox.reaching import Known
from desk.outbox.routing import Route
from desk.outbox.splitting import Cut, cut, signed
from desk.outbox.wording import Speaker, Worded
from desk.plugins.send_errors import Unsupported
from desk.records import AttemptState, Duty, Message, Outage

STAYS_QUIET = N_("the quiet hours last longer than the words are true; a person decides")


class Said(NamedTuple):
    """What one duty's recipient is told over one line, and how it is cut."""

    worded: Worded
    cut: Cut


class Making:
    """Makes the messages of one outage at one moment."""

    def __init__(self, outage: Outage, speaker: Speaker, quiet: Quiet, now: datetime, *, training: bool) -> None:
        self.outage = outage
        self._speaker = speaker
        self._quiet = quiet
        self._now = now
        self._training = training
        self._cuts: dict[tuple[str, str], Cut | None] = {}
        self._untils: dict[str, datetime | None] = {}
        self._duty, self._said = "", dict[str, Said | None]()  # what was said of the duty looked at last

    def said(self, duty: Duty, known: Known, line: Line) -> Said | None:
        """What is told over `line`; None where there are no words, or it does not take so many."""
        if self._duty != duty.id:
            self._duty, self._said = duty.id, {}
        if line.name not in self._said:
            worded = self._speaker.words(line.family, duty, known.customer, known.sites)
            found = self._cut(worded.text, line)
            self._said[line.name] = Said(worded, found) if found else None
        return self._said[line.name]

    def is_past(self, duty: Duty) -> bool:
        """Whether there is nothing left to say: it was to be over by now, and nobody said that it ever began."""
        until = self._until(duty)
        return until is not None and until <= self._now

    def waits(self, duty: Duty, known: Known, line: Line) -> datetime:
        """When it may go at the earliest: now, or when the quiet hours are over."""
        if known.sites:
            return self._now  # a group's contact is an office
        return waits_until(self._now, self._quiet, self.outage, duty.recipient, known.customer, line.can.intrusive)

    def message(self, duty: Duty, known: Known, route: Route, said: Said, language: str) -> Message:
        """The message, made but not stored: queued for now or for when it may ring, or held for a person."""
        line = route.line
        assert line is not None
        not_before = self.waits(duty, known, line)
        until = self._until(duty)
        held = until is not None and not_before > self._now and not_before >= until
        return Message(
            id="",
            outage=self.outage.id,
            duty=duty.id,
            recipient=duty.recipient,
            account_no=route.account_no,
            channel=line.name,
            family=line.family,
            address=route.address,
            subject=said.worded.subject,
            body=said.worded.text,
            language=language,
            template=said.worded.template,
            hash=said.worded.hash,
            made_at=self._now,
            state=AttemptState.HELD if held else AttemptState.QUEUED,
            why=_(STAYS_QUIET) if held else "",
            not_before=not_before if not_before > self._now else None,
            valid_until=until,
            due="" if held else not_before.isoformat(),
            parts=len(said.cut.pieces),
            training=self._training,
        )

    def _until(self, duty: Duty) -> datetime | None:
        if duty.notice not in self._untils:
            stage = stage_for(self.outage, duty, self._now)
            self._untils[duty.notice] = valid_until(self.outage, stage, self._now)
        return self._untils[duty.notice]

    def _cut(self, text: str, line: Line) -> Cut | None:
        key = (line.name, text)
        if key not in self._cuts:
            if len(self._cuts) > _CUTS:
                self._cuts.clear()  # each text may name its reader: then none comes twice
            try:
                self._cuts[key] = cut(signed(text, line.sign), line.can) if text else None
            except Unsupported:
                self._cuts[key] = None
        return self._cuts[key]


_CUTS = 1000
