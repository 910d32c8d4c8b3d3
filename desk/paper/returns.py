"""What comes back of a delivery: signed, refused before a witness, left with somebody, nobody there; and the scan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from desk.access import Access
from desk.access.needs import needs
from desk.notices import Notices
from desk.paper.attachments import attach, found
from desk.paper.kept import PrintedBook
from desk.paper.written import CHANNEL
from desk.place import Place
from desk.records import Duty, Spoken


class Return(Struct, frozen=True, kw_only=True):
    """What came back of one delivery: the result, who signed or witnessed, when, and the scan of the slip."""

    duty: str
    result: str
    person: str = ""
    at: datetime | None = None
    ref: str = ""
    note: str = ""
    reason: str = ""
    scan: Path | None = None


class Returns:
    """Writes down what came of the deliveries of one place."""

    def __init__(self, place: Place, notices: Notices, book: PrintedBook) -> None:
        self._place = place
        self._notices = notices
        self._book = book
        self._access = Access(place)

    def returned(
        self,
        duty_id: str,
        result: str,
        *,
        person: str = "",
        at: datetime | None = None,
        ref: str = "",
        note: str = "",
        reason: str = "",
        scan: Path | None = None,
    ) -> Duty:
        """Write down what a delivery came to: signed, signed_refused_with_witness (`person` is the witness), …

        The scan is copied below the data folder; the evidence names it by its hash. Raises like `notices.settle`.
        """
        one = Return(duty=duty_id, result=result, person=person, at=at, ref=ref, note=note, reason=reason, scan=scan)
        return self.all_returned([one])[0]

    def all_returned(self, returns: Sequence[Return]) -> list[Duty]:
        """The same for a whole round: all of it is written down, or nothing."""
        self._access.require("settle_duty")
        data = self._place.config.data
        scans = [attach(data, one.scan) if one.scan else "" for one in returns]
        with self._place.store.transaction():
            return [self._settled(one, scan) for one, scan in zip(returns, scans, strict=True)]

    @needs("look_up")
    def scans(self, duty: Duty) -> list[Path]:
        """The scans that a duty's evidence names."""
        return [file for line in duty.evidence for file in found(self._place.config.data, line.ref)]

    def _settled(self, one: Return, scan: str) -> Duty:
        duty = self._notices.get(one.duty)
        printed = self._book.get(duty.id)
        return self._notices.settle(
            duty.id,
            one.result,
            channel=CHANNEL,
            person=one.person,
            at=one.at,
            ref=joined(one.ref, scan),
            note=one.note,
            reason=one.reason,
            spoken=Spoken(template=printed.form, hash=printed.hash) if printed else None,
        )


def joined(ref: str, scan: str) -> str:
    """A reference of evidence: what was written, and the attachment."""
    return " ".join(part for part in (ref.strip(), scan) if part)
