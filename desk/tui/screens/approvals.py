"""The approvals of an outage: which are given, which is next and until when; written down in their order."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

from desk.errors import DeskError
from desk.i18n import _
from desk.tui import times
from desk.tui.cells import Line, Piece, heading, line, wrap
from desk.tui.context import InputContext
from desk.tui.owed_lines import MODES, approval_lines, post_words, violation
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.field import Field
from desk.tui.widgets.labelled import Labelled
from desk.tui.widgets.page import Page

if TYPE_CHECKING:
    from desk.records import Approval, Violation

NAMES = ("by", "mode", "at", "ref")


class ApprovalsScreen(DeskSubscreen[None]):
    """`ApprovalsScreen(outage_id)`: saving one step goes on to the next; after the last it closes."""

    PLACE = "approvals"

    def __init__(self, outage_id: str) -> None:
        super().__init__()
        self.outage_id = outage_id
        self.fields = Labelled(NAMES, choices=("mode",), id="approval-fields")
        self.page = Page(id="approvals-page")
        self.steps: list[Approval] = []
        self.violations: list[Violation] = []
        self._problem = ""
        self._saving = False

    def title_words(self) -> str:
        return _("Approvals of {id}").format(id=self.outage_id)

    def body(self) -> Iterable[Widget]:
        yield self.fields
        yield self.page

    def opened(self) -> None:
        self.set_focus(self.fields.field("by"))
        self.app.go(self._read)

    def speak_again(self) -> None:
        super().speak_again()
        self.fields.say_labels(
            {"by": _("Who approves"), "mode": _("How"), "at": _("At (empty: now)"), "ref": _("Document no.")}
        )
        mode = self.fields.choices["mode"]
        mode.set_options([(name, _(words)) for name, words in MODES.items()], mode.value or "written")

    def input_context(self) -> InputContext:
        return InputContext(where=self.PLACE, typing=isinstance(self.focused, Field), outage=self.outage_id)

    def moves(self) -> Page:
        return self.page

    def move(self, command: str) -> None:
        if command in ("up", "down"):
            self.set_focus(self.fields.step(self.focused, 1 if command == "down" else -1))
        else:
            self.page.scroll_by({"page_up": -8, "page_down": 8}.get(command, 0))

    @property
    def next_step(self) -> Approval | None:
        """The step whose turn it is; None when all are given."""
        return next((one for one in self.steps if one.at is None), None)

    async def _read(self) -> None:
        notices = self.app.desk.notices
        self.steps, self.violations = await self.app.work.look(
            lambda: (notices.approvals(self.outage_id), notices.violations(self.outage_id))
        )
        self._show()

    def _show(self) -> None:
        self.page.show(self._lines)
        self.fields.display = self.next_step is not None

    def _lines(self, width: int) -> list[Line]:
        now, step = self.app.desk.place.now(), self.next_step
        lines = [line(Piece(row, "bad")) for row in wrap(f"! {self._problem}", width)] if self._problem else []
        lines += approval_lines(self.steps, now, width)
        if not self.steps:
            lines += [line(Piece(_("{id} needs no approval.").format(id=self.outage_id), "text"))]
        lines += [line(Piece(row, "bad")) for one in self.violations for row in wrap(violation(one, now), width)]
        if step is not None:
            lines += [heading(_("Now: {post}").format(post=post_words(step)))]
        return lines

    # saving

    def form_next(self) -> None:
        self.set_focus(self.fields.step(self.focused, 1))

    def form_previous(self) -> None:
        self.set_focus(self.fields.step(self.focused, -1))

    def form_save(self) -> None:
        """Write the next step down; the one after it comes up."""
        if self.next_step is not None and not self._saving:
            self._saving = True
            self.app.go(self._save, self.next_step, self.fields.read())

    async def _save(self, step: Approval, said: dict[str, str]) -> None:
        try:
            given = await self.app.work.do(partial(self._save_now, step, said))
        except DeskError as problem:
            self._problem = str(problem)
            self._show()
            return
        finally:
            self._saving = False
        self._problem = ""
        self.fields.clear()
        await self._read()
        if self.next_step is None:
            self.app.pop_screen()
        else:
            self.set_focus(self.fields.field("by"))
        self.app.say(_("{post}: approved by {by}").format(post=post_words(given), by=given.by))

    def _save_now(self, step: Approval, said: dict[str, str]) -> Approval:
        desk = self.app.desk
        at = times.read_time(said["at"], desk.place.now()) if said["at"] else None
        return desk.notices.approve(self.outage_id, step.step, by=said["by"], mode=said["mode"], at=at, ref=said["ref"])
