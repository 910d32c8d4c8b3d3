"""Another seat changes the outage in the form: their change comes in, what both changed is asked, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desk import schema
from desk.i18n import _
from desk.records import Outage
from desk.seats import Conflict
from desk.tui.cells import Line, Piece, line, wrap
from desk.tui.form_edits import conflict_lines, field_label, rebase
from desk.tui.typed_outage import TypedOutage, typed_from, what_changed

if TYPE_CHECKING:
    from desk.tui.screens.form import OutageForm

FOLLOWS = 0.5  # seconds between two looks whether somebody else has saved this outage


class OthersEdits:
    """Carries out the commands by which an agent decides between two versions; follows what is stored."""

    def __init__(self, form: OutageForm) -> None:
        self._form = form
        self.conflicts: tuple[Conflict, ...] = ()
        self._filled = TypedOutage()  # as the fields were filled from the outage
        self._by = ""
        self._told: list[str] = []
        self._version = 0

    def begin(self, filled: TypedOutage) -> None:
        """The form is filled with an outage as it is now."""
        self._filled, self.conflicts, self._told = filled, (), []
        self._version = self._form.app.desk.place.changes.version(schema.OUTAGES)

    def look(self) -> None:
        """Called twice a second: has anything been stored?"""
        form = self._form
        if not form.is_current or form.outage is None or form.is_saving:
            return
        version = form.app.desk.place.changes.version(schema.OUTAGES)
        if version != self._version:
            self._version = version
            form.app.go(self.follow)

    async def follow(self) -> None:
        """What somebody else has saved comes into the fields that were not touched; what both touched is asked."""
        form, before = self._form, self._form.outage
        if before is None:
            return
        after = await form.app.work.look(form.app.desk.outages.get, before.id)
        if form.outage is before and len(after.history) != len(before.history):
            self._take(before, after)

    def _take(self, before: Outage, after: Outage) -> None:
        form, now = self._form, self._form.app.desk.place.now()
        found = rebase(self._filled, before, after, form.fields.read(), now)
        form.outage = after
        for name, value in found.taken.items():
            form.fields.put(name, value)
        self._filled = typed_from(after, now, self._filled.table)
        held = {one.field: one for one in (*self.conflicts, *found.conflicts)}
        self.conflicts, self._by, self._told = tuple(held.values()), found.by, what_changed(before, after, now)
        form.changed()
        if self.conflicts:
            self._say()  # the keyboard stays where it is: somebody may be typing
        form.show_preview()

    def tell(self, *sentences: str) -> None:
        """Say more beside what was done elsewhere; it stays until somebody does something else."""
        self._told = [*self._told, *sentences]
        self._form.show_preview()

    def lines(self, width: int) -> list[Line]:
        """What was done elsewhere, and both versions of what is to be decided."""
        told = [line(Piece(row, "warn")) for words in self._told for row in wrap(f"~ {words}", width)]
        return [*told, *conflict_lines(self.conflicts, self._by, self._here, width)]

    def ask(self) -> None:
        """Go to the field that is decided next."""
        form, field = self._form, self._here
        widget = form.fields.widget(field)
        if widget is not None and widget in form.fields.order():
            form.set_focus(widget)
        self._say()
        form.show_preview()

    def _say(self) -> None:
        words = _("{field} was changed by {by} too: F5 keeps yours, F6 takes theirs")
        self._form.app.say(words.format(field=field_label(self._here), by=self._by), "bad")
        self._form.app.show_keys()

    def form_mine(self) -> None:
        """Of what both changed: keep mine."""
        self._decide(self._here)

    def form_theirs(self) -> None:
        """Of what both changed: take theirs."""
        here = self._here
        theirs = next(one.theirs for one in self.conflicts if one.field == here)
        self._form.fields.put(here, theirs if isinstance(theirs, str | bool | Sequence) else "")
        self._decide(here)

    @property
    def _here(self) -> str:
        """The field that is decided next: the one under the keyboard, or the first."""
        form = self._form
        under = (one.field for one in self.conflicts if form.fields.widget(one.field) is form.focused)
        return next(under, self.conflicts[0].field if self.conflicts else "")

    def _decide(self, field: str) -> None:
        self.conflicts = tuple(one for one in self.conflicts if one.field != field)
        self._form.changed()
        if self.conflicts:
            self.ask()
        else:
            self._form.app.say(_("Decided: look at what it means now, F9 saves it."))
            self._form.show_preview()
