"""Who else has the card on screen open: told to the other seats when it changes, shown at the head of the card.

A desk alone writes once, at its start; nothing here is on the way from a key to its card.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from desk import schema
from desk.i18n import _
from desk.seats import bare, whose
from desk.tui.cells import Line, Piece, line, wrap

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.records import Claim, Presence
    from desk.tui.app import DeskApp
    from desk.tui.widgets.page import Page

Card = tuple[str, bool]  # what is open, and whether it is being changed

NOTHING: Card = ("", False)
TABLES = frozenset({schema.PRESENCES, schema.CLAIMS})
BEATS = 60  # every fifteen seconds: what others said is forgotten, what we said is said again
NAMED = 3  # seats named of many
LEAVING = 2.0  # seconds that leaving may take, whatever the store does


class Company:
    """`beat` is called four times a second and mostly does nothing."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._seen: Card = NOTHING  # where the keyboard was at the last beat
        self._asked: Card | None = None  # what the others were last asked about
        self._about = ""
        self._words: tuple[tuple[str, str], ...] = ()  # (words, role), of the card `_about`

    def beat(self, moved: frozenset[str], beats: int) -> None:
        """Ask again when a card has been open for a beat, the others have said something, or time has passed."""
        if self._app.desk.needs_sign_in:
            return
        card = self._open_card()
        stays, self._seen = card == self._seen, card
        if (stays and card != self._asked) or moved & TABLES or beats % BEATS == 0:
            self._asked = card
            self._app.go_last("company", self._meet, card)

    def lines(self, width: int) -> list[Line]:
        """The head of the open card: who else has it open."""
        if not self._words or self._open_card()[0] != self._about:
            return []
        return [line(Piece(row, role)) for words, role in self._words for row in wrap(words, width)]

    def leave(self) -> None:
        """The desk is left: what is in hand is free. Waits a moment at most."""
        leaving = Thread(target=self._leave, name="desk leaving", daemon=True)
        leaving.start()
        leaving.join(LEAVING)

    def _leave(self) -> None:
        with suppress(Exception):  # the store may be closed meanwhile
            self._app.desk.seats.leave()

    @property
    def _top(self) -> object:
        """The screen on top; None once the desk is left."""
        stack = self._app.screen_stack if self._app.is_running else ()
        return stack[-1] if stack else None

    def _open_card(self) -> Card:
        tell = getattr(self._top, "open_card", None)
        card: Card = tell() if tell is not None else NOTHING
        return card

    async def _meet(self, card: Card) -> None:
        words = await self._app.work.look(_heard, self._app.desk, card)
        same = (card[0], words) == (self._about, self._words)
        self._about, self._words = card[0], words
        find = getattr(self._top, "card_page", None)
        page: Page | None = find() if find is not None else None
        if page is not None and not (same and page.above == self.lines):
            page.above = self.lines
            page.repaint_all()


def _heard(desk: Desk, card: Card) -> tuple[tuple[str, str], ...]:
    """Tell the others, if there are any, and hear from them. Reads and writes the store."""
    presences, claims = desk.seats.presences, desk.seats.claims
    if not presences.is_known:
        presences.announce()
    company = presences.has_company()
    if company:
        presences.announce(card[0], editing=card[1])
    kind, _colon, id = card[0].partition(":")
    talking = claims.busy_with(id) if kind == "customer" else claims.holder(card[0]) if id else None
    return tuple(_words(presences.with_card(card[0]) if company else (), talking))


def _words(others: Sequence[Presence], talking: Claim | None) -> list[tuple[str, str]]:
    found = []
    if talking is not None:
        words = {"who": whose(talking.seat, talking.agent), "since": f"{talking.at:%H:%M}", "what": bare(talking.id)}
        found.append((_("! {who} is dealing with this since {since} ({what})").format(**words), "bad"))
    how = ((True, _("! also being changed at {who}"), "bad"), (False, _("also open at {who}"), "warn"))
    for editing, sentence, role in how:
        names = [whose(one.seat, one.agent) for one in others if one.editing is editing]
        if names:
            more = f" +{len(names) - NAMED}" if names[NAMED:] else ""
            found.append((sentence.format(who=_(", ").join(names[:NAMED]) + more), role))
    return found
