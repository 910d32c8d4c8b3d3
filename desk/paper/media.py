"""Announcements: what the media carry of an outage, as text and as a page; and where it appeared."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from desk.access import Access
from desk.access.needs import needs
from desk.errors import NotFound, Refused
from desk.i18n import _
from desk.notices import Notices
from desk.paper.announcing import Announcement, announced
from desk.paper.attachments import attach
from desk.paper.contents import Contents
from desk.paper.press import Press
from desk.paper.returns import joined
from desk.paper.written import NEVER
from desk.place import Place
from desk.records import OPEN_DUTIES, Duty, Outage, Spoken

CHANNEL = "media_announcement"


class Media:
    """The announcements of one place."""

    def __init__(self, place: Place, notices: Notices, contents: Contents, press: Press) -> None:
        self._place = place
        self._notices = notices
        self._contents = contents
        self._press = press
        self._access = Access(place)

    @needs("look_up")
    def announcement(self, id: str) -> Announcement:
        """What the media carry of an outage, or of one duty to the public (a change, a cancellation).

        Raises Refused while reason, area or time is not known, and for what concerns one customer alone.
        """
        outage, duty = self._public(id)
        kind = self._place.plugins.outage_types.get(outage.type)
        if kind and kind.private:
            raise Refused(_("{id} concerns one customer alone; it is not announced").format(id=outage.id))
        return announced(self._press, self._contents.announcement(outage, duty, self._notices.approvals(outage.id)))

    @needs("look_up")
    def page(self, id: str) -> bytes:
        """The announcement on one page, as PDF."""
        return self._press.pdf("media_page", [self.announcement(id).content]).pages[0]

    @needs("look_up")
    def page_png(self, id: str, ppi: float = 200) -> tuple[bytes, ...]:
        """The same as pictures, one a page (nearly always one), fit for a screen in a hall or a chat group."""
        return self._press.pictures("media_page", [self.announcement(id).content], ppi).pages

    def published(
        self,
        id: str,
        medium: str,
        *,
        at: datetime | None = None,
        ref: str = "",
        note: str = "",
        reason: str = "",
        scan: Path | None = None,
    ) -> Duty:
        """Write down where an announcement appeared, when, and under which reference (issue, broadcast, address).

        `id` is the outage, or the duty to the public. Raises NotFound where the public is owed nothing.
        """
        self._access.require("settle_duty")
        outage, duty = self._public(id)
        if duty is None:
            raise NotFound(_("{id} owes the public no announcement").format(id=outage.id))
        words = self.announcement(duty.id)
        kept = attach(self._place.config.data, scan) if scan else ""
        return self._notices.settle(
            duty.id,
            "published",
            channel=CHANNEL,
            person=medium,
            at=at,
            ref=joined(ref, kept),
            note=note,
            reason=reason,
            spoken=Spoken(template=words.template, hash=words.hash),
        )

    def _public(self, id: str) -> tuple[Outage, Duty | None]:
        """The outage called `id` with the announcement that it owes next; or a duty's outage with that duty."""
        if id.strip().upper().startswith("D"):
            duty = self._notices.get(id)
            return self._contents.outage(duty.outage), duty
        outage = self._contents.outage(id)
        owed = [duty for duty in self._notices.of(outage.id) if _is_public(duty)]
        still = [duty for duty in owed if duty.state in OPEN_DUTIES]
        return outage, next(iter(sorted(still, key=lambda duty: duty.due) or reversed(owed)), None)


def _is_public(duty: Duty) -> bool:
    return duty.recipient.kind == "public" and CHANNEL in duty.channels and duty.state not in NEVER
