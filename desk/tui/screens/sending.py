"""Before anything goes out: how many people, over what, at what cost, in which words; and who is left to people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

from desk.i18n import _, ngettext
from desk.regulation.words import CHANNELS
from desk.text import clean, fit, fit_right
from desk.tui import times
from desk.tui.cells import Line, Piece, heading, line, wrap
from desk.tui.context import InputContext
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.page import Page
from desk.tui.words import SECTORS, say

if TYPE_CHECKING:
    from datetime import datetime

    from desk.outbox.preview import SendPreview

NAMED = 40  # of those left to people, so many are named


class SendingScreen(DeskSubscreen[None]):
    """The preview of one outage; Enter sends what it says."""

    PLACE = "sending"

    def __init__(self, outage: str) -> None:
        super().__init__()
        self.outage = outage
        self.page = Page(id="sending-page")
        self.preview: SendPreview | None = None

    def title_words(self) -> str:
        return _("Send the notices of {id}").format(id=self.outage)

    def body(self) -> Iterable[Widget]:
        yield self.page

    def opened(self) -> None:
        self.set_focus(self.page)
        self.app.go(self._read)

    def input_context(self) -> InputContext:
        ready = self.preview is not None and self.preview.people > 0
        may = self.app.desk.access.may("send_messages")
        return InputContext(where=self.PLACE, outage=self.outage, may_write=may and ready)

    def moves(self) -> Page:
        return self.page

    def move(self, command: str) -> None:
        self.page.scroll_by({"up": -1, "down": 1, "page_up": -10, "page_down": 10}.get(command, 0))

    async def _read(self) -> None:
        self.preview = await self.app.work.look(self.app.desk.outbox.preview, self.outage)
        self.page.show(partial(preview_lines, self.preview, self.app.desk.place.now()))
        self.app.show_keys()

    def sending_send(self) -> None:
        """Send what the preview says; a large sending waits for a second person."""
        self.app.go(self._send)

    async def _send(self) -> None:
        count = await self.app.work.do(self.app.desk.outbox.release, self.outage)
        self.app.pop_screen()
        if self.preview and self.preview.needs_confirmation:
            words = _("{count} messages wait for a second person's word (Messages, `c`)").format(count=f"{count:,}")
            self.app.say(words, "warn")
        else:
            self.app.say(ngettext("{count} message waits to be sent", "{count} messages wait to be sent", count)
                         .format(count=f"{count:,}"))  # fmt: skip


def preview_lines(found: SendPreview, now: datetime, width: int) -> list[Line]:
    """The whole preview: counts and cost first, then the words, then who is left."""
    return [*_sums(found, now, width), *_over(found), *_words(found, width), *_left(found, width)]


def _sums(found: SendPreview, now: datetime, width: int) -> Iterator[Line]:
    people = ngettext("{count} person is told", "{count} people are told", found.people)
    parts = ngettext("{count} part", "{count} parts", found.parts).format(count=f"{found.parts:,}")
    price = _("{price} yuan").format(price=f"{found.price:.2f}")
    if found.training:
        yield line(Piece(" " + _("TRAINING: nothing leaves the desk"), "sandbox"))
    yield line(Piece(" " + people.format(count=f"{found.people:,}"), "title"), Piece(f"  {parts}  {price}", "strong"))
    if found.held:
        words = _("{count} of them only from {time}: quiet hours").format(
            count=f"{found.held:,}", time=times.shown(found.held_until, now)
        )
        yield line(Piece(" ~ " + words, "warn"))
    for sentence in filter(None, (found.needs_confirmation, _by_itself(found))):
        yield from (line(Piece(" ! " + row, "warn")) for row in wrap(sentence, width - 3))
    if found.waiting:
        why = "、".join(found.waiting_why)
        words = ngettext("{count} duty not ripe yet: {why}", "{count} duties not ripe yet: {why}", found.waiting)
        words = words.format(count=f"{found.waiting:,}", why=why)
        yield from (line(Piece(" ~ " + row, "dim")) for row in wrap(words, width - 3))


def _by_itself(found: SendPreview) -> str:
    return _("What is ripe is sent by itself, as [messages] release says.") if found.by_itself and found.people else ""


def _over(found: SendPreview) -> Iterator[Line]:
    if found.over:
        yield heading(_("Over what"))
    for one in found.over:
        yield line(
            Piece(" " + fit(one.label or one.channel, 20), "strong"),
            Piece(fit(say(CHANNELS, one.family), 12), "dim"),
            Piece(fit_right(f"{one.people:,}", 9)),
            Piece(fit_right(f"{one.parts:,}", 9), "dim"),
            Piece(fit_right(f"{one.price:.2f}", 11), "dim"),
        )


def _words(found: SendPreview, width: int) -> Iterator[Line]:
    for one in found.samples:
        sector = say(SECTORS, one.sector) if one.sector else _("everyone")
        yield heading(
            _("{channel}, {sector}: {people} people, {parts} parts each").format(
                channel=one.channel, sector=sector, people=f"{one.people:,}", parts=one.parts
            )
        )
        if one.warning:
            yield from (line(Piece(" ! " + row, "bad")) for row in wrap(clean(one.warning), width - 3))
        for text in filter(None, (one.subject, one.text)):
            yield from (
                line(Piece(" " + row, "script")) for part in text.splitlines() for row in wrap(clean(part), width - 2)
            )


def _left(found: SendPreview, width: int) -> Iterator[Line]:
    if found.left_count:
        yield heading(_("Left to people"))
    for why, count in found.left_count.items():
        yield from (line(Piece(" " + row, "off")) for row in wrap(f"{count:,}  {_(why)}", width - 2))
    for one in found.left[:NAMED]:
        how = "、".join(say(CHANNELS, name) for name in one.channels)
        yield line(Piece("   " + fit(clean(one.name), 30)), Piece(f" {one.duty}  {how}", "dim"), copy=one.name)
