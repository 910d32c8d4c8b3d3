"""What became of a duty, written down: the result that fits its proof, over what, with whom, under which reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widget import Widget

from desk.errors import BadInput, DeskError, Refused, StaleWrite
from desk.i18n import _
from desk.notices.results import ALL, possible
from desk.regulation.words import CHANNELS
from desk.tui import times
from desk.tui.cells import Line, Piece, heading, line, wrap
from desk.tui.context import InputContext
from desk.tui.duty_lines import duty_lines, recipient
from desk.tui.reasons import Reasons
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.field import Field
from desk.tui.widgets.labelled import Labelled
from desk.tui.widgets.page import Page
from desk.tui.words import say

if TYPE_CHECKING:
    from datetime import datetime

    from desk.notices import Work
    from desk.records import Duty


class SettleScreen(DeskSubscreen[bool]):
    """Comes back with True when something was written down. The reason is asked for only where one is needed."""

    PLACE = "settle"
    NAMES: ClassVar[tuple[str, ...]] = ("result", "channel", "person", "ref", "at", "note", "reason")

    def __init__(self, duty_id: str) -> None:
        super().__init__()
        self.duty_id = duty_id
        self.fields = Labelled(self.NAMES, choices=("result", "channel"), id="settle-fields")
        self.page = Page(id="settle-page")
        self.work: Work | None = None
        self._why: tuple[str, list[str]] = ("", [])
        self._problem = ""
        self._saving = False

    def title_words(self) -> str:
        return _("Write down what became of {id}").format(id=self.duty_id)

    def body(self) -> Iterable[Widget]:
        self.fields.show("reason", False)
        yield self.fields
        yield self.page

    def opened(self) -> None:
        self.set_focus(self.fields.field("result"))
        self.app.go(self._read)

    def speak_again(self) -> None:
        super().speak_again()
        self.fields.say_labels(self.label_words())

    def label_words(self) -> Mapping[str, str]:
        """What stands before each field."""
        return {
            "result": _("Result"),
            "channel": _("Over"),
            "person": _("Person"),
            "ref": _("Document no."),
            "at": _("At (empty: now)"),
            "note": _("Note"),
            "reason": _("Why all the same"),
        }

    def ways(self, work: Work) -> Sequence[str]:
        """Over what it may have been done, the usual way first."""
        names = work.channels or tuple(CHANNELS)
        return (*names, *(name for name in work.duty.channels if name not in names))

    def input_context(self) -> InputContext:
        return InputContext(where=self.PLACE, typing=isinstance(self.focused, Field), duty=self.duty_id)

    def moves(self) -> Page:
        return self.page

    def move(self, command: str) -> None:
        if command in ("up", "down"):
            self.set_focus(self.fields.step(self.focused, 1 if command == "down" else -1))
        else:
            self.page.scroll_by({"page_up": -8, "page_down": 8}.get(command, 0))

    async def _read(self) -> None:
        reasons, notices = Reasons(self.app.desk), self.app.desk.notices

        def found() -> tuple[Work, tuple[str, list[str]]]:
            work = notices.as_work(notices.get(self.duty_id))
            return work, (reasons.why(work.duty), reasons.sentences(work.duty))

        work, self._why = await self.app.work.look(found)
        self.work, names = work, self.ways(work)
        self.fields.choices["channel"].set_options([(name, say(CHANNELS, name)) for name in names], names[0])
        self._fitting()
        self._show()

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        if event.choice is self.fields.choices["channel"]:
            self._fitting()
        self._show()

    def _fitting(self) -> None:
        """The results that this duty may have over the channel chosen."""
        if self.work is None:
            return
        choice, options = self.fields.choices["result"], list(self.fitting(self.work))
        kept = choice.value if choice.value in dict(options) else options[0][0]
        choice.set_options(options, kept)

    def fitting(self, work: Work) -> Sequence[tuple[str, str]]:
        """The results that may be chosen, each with its words."""
        results = possible(work.duty, self.fields.choices["channel"].value)
        return [(result.id, _(result.words)) for result in results]

    def _show(self) -> None:
        work, now = self.work, self.app.desk.place.now()
        if work is not None:
            self.page.show(lambda width: [*self._choices(width), *duty_lines(work, *self._why, now, width)])

    def _choices(self, width: int) -> list[Line]:
        problem = [line(Piece(row, "bad")) for row in wrap(f"! {self._problem}", width)] if self._problem else []
        choice = self.fields.choices["result"]
        words = "  ".join(f"{at} {words}" for at, (_id, words) in enumerate(choice.options, 1))
        needs = ALL[choice.value].needs if choice.value in ALL else ""
        hint = {"person": _("This result needs the person's name."), "note": _("This result needs a note.")}.get(needs)
        lines = [*problem, *(line(Piece(row, "accent")) for row in wrap(words, width))]
        return [*lines, *([line(Piece(hint, "warn"))] if hint else []), heading(_("The duty"))]

    # saving

    def form_next(self) -> None:
        self.set_focus(self.fields.step(self.focused, 1))

    def form_previous(self) -> None:
        self.set_focus(self.fields.step(self.focused, -1))

    def form_save(self) -> None:
        """Write it down; what is wrong is said, and what was typed stays."""
        if self.work is not None and not self._saving:
            self._saving = True
            self.app.go(self._save, self.fields.read())

    async def _save(self, said: dict[str, str]) -> None:
        assert self.work is not None
        try:
            duty = await self.app.work.do(partial(self.written_down, said))
        except StaleWrite as problem:
            await self._read()
            self._refuse(str(problem))
            return
        except BadInput as problem:
            self._refuse(str(problem))
            self._go_to_what_is_needed(said["result"])
            return
        except Refused as problem:
            self._refused(str(problem))
            return
        except DeskError as problem:
            self._refuse(str(problem))
            return
        finally:
            self._saving = False
        self.dismiss(True)
        self.app.say(_("{who}: {result}").format(who=recipient(duty), result=_(ALL[said["result"]].words)))

    def written_down(self, said: Mapping[str, str]) -> Duty:
        """Write down what was typed; called on the thread of acts."""
        assert self.work is not None
        desk = self.app.desk
        return desk.notices.settle(
            self.duty_id,
            said["result"],
            channel=said["channel"],
            person=said["person"],
            at=self.moment(said),
            ref=said["ref"],
            note=said["note"],
            reason=said["reason"],
            seen=self.work.duty,
        )

    def moment(self, said: Mapping[str, str]) -> datetime | None:
        """When it was done; None is now."""
        return times.read_time(said["at"], self.app.desk.place.now()) if said["at"] else None

    def _go_to_what_is_needed(self, result: str) -> None:
        needs = ALL[result].needs if result in ALL else ""
        if needs and not self.fields.texts[needs].value.strip():
            self.set_focus(self.fields.field(needs))

    def _refused(self, problem: str) -> None:
        """Something comes first: ask why it was done all the same, when it was."""
        if self.fields.texts["reason"].value.strip():
            self._refuse(problem)
            return
        self._refuse(_("{problem}. It would be recorded as a violation.").format(problem=problem.rstrip(".")))
        self.fields.show("reason")
        self.set_focus(self.fields.field("reason"))

    def _refuse(self, problem: str) -> None:
        self._problem = problem
        self._show()

    def desk_back(self) -> None:
        self.dismiss(False)
