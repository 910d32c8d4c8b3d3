"""The outage form: opens an outage or changes one, with who it touches and what is doubtful shown before saving."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from textual import events, on
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from desk.errors import DeskError, StaleWrite
from desk.i18n import _
from desk.outages.requests import BadRequest
from desk.records import Outage
from desk.tui import times
from desk.tui.cells import Piece, heading, line, wrap
from desk.tui.context import InputContext
from desk.tui.form_others import FOLLOWS, OthersEdits
from desk.tui.form_preview import Shown, nothing_yet, preview
from desk.tui.scope_names import ScopeName, complete, scope_names
from desk.tui.screens.base import DeskSubscreen
from desk.tui.typed_outage import TypedOutage, read_moments, to_change, to_request, typed_from
from desk.tui.widgets.board import Board
from desk.tui.widgets.choice import Choice
from desk.tui.widgets.field import Field
from desk.tui.widgets.form_fields import FormFields, Found
from desk.tui.widgets.page import Page
from desk.tui.widgets.row import Pane

if TYPE_CHECKING:
    from desk.plugins import OutageType

WIDE = 110  # from here on the fields stand beside what they would mean
PREVIEW_AFTER = 0.15  # seconds after the last key: counting 50,000 customers takes a while


class OutageForm(DeskSubscreen[None]):
    """`begin(None)` opens an outage, `begin(outage)` changes one."""

    PLACE = "form"

    def __init__(self) -> None:
        super().__init__()
        self.outage: Outage | None = None
        self.fields, self.found, self.page = FormFields(), Found(), Page(id="preview")
        self.found.display = False
        self._names: list[ScopeName] = []
        self._preview_timer: Timer | None = None
        self._previewed: Shown = nothing_yet
        self._problems: list[str] = []
        self.is_saving = False
        self._foreseen: Outage | None = None  # for which it was shown what the change means
        self.others = OthersEdits(self)
        self.rooms = (self.others,)

    def title_words(self) -> str:
        return _("Change {id}").format(id=self.outage.id) if self.outage else _("New outage")

    def body(self) -> Iterable[Widget]:
        yield Pane(self.fields, Pane(self.found, self.page, id="form-below"), id="form-body")

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= WIDE, "-wide")

    def begin(self, outage: Outage | None) -> None:
        """Empty, or with what `outage` is now: the screen is kept and used again."""
        desk = self.app.desk
        self.outage, self._foreseen, self._previewed = outage, outage, nothing_yet
        types = [(id, kind.label) for id, kind in desk.place.plugins.outage_types.items()]
        first = "grid_fault" if "grid_fault" in dict(types) else types[0][0] if types else ""
        kind = self._kind(outage.type if outage else first)
        table = tuple(kind.facts) if kind else ()
        typed = typed_from(outage, desk.place.now(), table) if outage else TypedOutage(type=first, table=table)
        self.fields.fill(typed, types, kind, change=outage is not None)
        self.others.begin(typed)
        self.speak_again()
        self.set_focus(self.fields.texts["end"] if outage else self.fields.scope)
        self.app.go(self._read_names)
        self.changed()

    def opened(self) -> None:
        self.set_interval(FOLLOWS, self.others.look)

    def _kind(self, name: str) -> OutageType | None:
        return self.app.desk.place.plugins.outage_types.get(name)

    async def _read_names(self) -> None:
        self._names = await self.app.work.look(lambda: scope_names(self.app.desk.place.grid))
        self._complete(self.fields.scope.value)

    def input_context(self) -> InputContext:
        return InputContext(
            where=self.PLACE,
            typing=isinstance(self.focused, Field),
            outage=self.outage.id if self.outage else "",
            picking=self.found.display,
            conflicts=len(self.others.conflicts),
        )

    def open_card(self) -> tuple[str, bool]:
        return (f"outage:{self.outage.id}", True) if self.outage else ("", False)

    def moves(self) -> Found | Page:
        return self.found if self.found.display else self.page

    def move(self, command: str) -> None:
        if self.found.display:
            self.found.move(command)
        elif command in ("up", "down"):
            self._step(1 if command == "down" else -1)
        else:
            self.page.scroll_by({"page_up": -5, "page_down": 5}.get(command, 0))

    # going from field to field

    def form_next(self) -> None:
        """Take the name under the cursor while one is typed, else go on to the next field."""
        if self.found.display and self.found.current is not None:
            self._take(self.found.current)
        else:
            self._step(1)

    def form_previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        order = self.fields.order()
        at = order.index(self.focused) if self.focused in order else 0
        self.set_focus(order[(at + by) % len(order)])

    def form_drop(self) -> None:
        """Take the last chosen name out of the scope."""
        if self.fields.chosen:
            self.fields.chosen.pop()
            self._scope_changed()

    def desk_back(self) -> None:
        """First out of the list of names, then out of the form."""
        if self.found.display:
            self.fields.scope.set_text("")
        else:
            self.app.pop_screen()

    # the scope

    @on(Input.Changed, "#scope")
    def _scope_typed(self, event: Input.Changed) -> None:
        self._complete(event.value)

    def _complete(self, typed: str) -> None:
        typed = typed.strip()
        self.found.display, self.page.display = bool(typed), not typed
        if typed:
            self.found.cursor_id = ""
            self.found.show(complete(self._names, typed))
        self.app.show_keys()

    def _take(self, name: ScopeName) -> None:
        if name not in self.fields.chosen:
            self.fields.chosen.append(name)
        self.fields.scope.set_text("")
        self._scope_changed()

    def _scope_changed(self) -> None:
        self.fields.show_chosen()
        self.changed()

    # what it would mean

    @on(Input.Changed)
    @on(Choice.Changed)
    def _field_changed(self, event: Input.Changed | Choice.Changed) -> None:
        if event.control is self.fields.type:
            self.fields.facts.show(self._kind(self.fields.type.value), self.fields.facts.read())
        elif isinstance(event, Choice.Changed):
            self.fields.facts.ask()
        if event.control is not self.fields.scope:
            self.changed()

    def changed(self) -> None:
        """Say at once what was understood of the times; count and check a moment later."""
        self._problems = []
        self._understand()
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(PREVIEW_AFTER, self._ask_preview)

    def _understand(self) -> None:
        typed, now = self.fields.read(), self.app.desk.place.now()
        for name in ("start", "end"):
            self.fields.understand(name, "")
        try:
            moments = read_moments(typed, now)
        except DeskError:
            bad = "start" if _is_no_time(typed.start, now) else "end"
            self.fields.understand(bad, _("not a time"), "bad")
            return
        for name, moment in zip(("start", "end"), moments, strict=True):
            if moment is not None:
                self.fields.understand(name, times.shown_in_full(moment, now))

    def _ask_preview(self) -> None:
        self.app.go_last("preview", self._preview, self.fields.read())

    async def _preview(self, typed: TypedOutage) -> None:
        outage = self.outage
        self._previewed = await self.app.work.look(preview, self.app.desk, outage, typed)
        self._foreseen = outage
        self.show_preview()

    def show_preview(self) -> None:
        """Show what is wrong, what others did, and what saving would mean."""
        problems, previewed = self._problems, self._previewed
        self.page.show(
            lambda width: [
                *(line(Piece(row, "bad")) for problem in problems for row in wrap(f"! {problem}", width)),
                *self.others.lines(width),
                heading(_("Who it touches")),
                *previewed(width),
            ],
            keep=not problems,
        )

    # saving

    def form_save(self) -> None:
        """Save what stands in the form; what is wrong is said, and what was typed stays."""
        if self.others.conflicts:
            self.others.ask()
        elif not self.is_saving:
            self.is_saving = True
            self.app.go(self._save, self.fields.read())

    async def _save(self, typed: TypedOutage) -> None:
        try:
            saved, warnings = await self.app.work.do(self._save_now, typed)
        except StaleWrite as problem:
            await self._stale(problem)
            return
        except BadRequest as problem:
            self._refuse([_field_problem(found.field, str(found.problem)) for found in problem.problems])
            self._go_to(found.field for found in problem.problems)
            return
        except DeskError as problem:
            self._refuse([str(problem)])
            return
        finally:
            self.is_saving = False
        self.app.pop_screen()
        self.app.screen.query_one(Board).seek(saved)
        words = _("{id} is saved").format(id=saved)
        self.app.say("  ! ".join([words, *warnings]), "warn" if warnings else "good")

    def _save_now(self, typed: TypedOutage) -> tuple[str, tuple[str, ...]]:
        outages, now = self.app.desk.outages, self.app.desk.place.now()
        if self.outage is None:
            request = to_request(typed, now)
            opened = outages.open(request)
            return opened.outage.id, (*opened.warnings, *self._approve(opened.outage.id, typed, request.received_at))
        change = to_change(typed, self.outage, now)
        changed = outages.change(self.outage.id, change, seen=self.outage, foreseen=self._foreseen)
        return changed.id, ()

    def _approve(self, outage_id: str, typed: TypedOutage, at: datetime | None) -> tuple[str, ...]:
        """The approvals that came with the plan; one that is wrong is told, the outage is taken in all the same."""
        notices = self.app.desk.notices
        missing = [step for step in notices.approvals(outage_id) if step.at is None]
        try:
            for step, name in zip(missing, typed.approvers, strict=False):
                how, ref = typed.approved_how, typed.approved_ref.strip()
                notices.approve(outage_id, step.step, by=name, mode=how, at=at, ref=ref)
        except DeskError as problem:
            return (str(problem),)
        return ()

    async def _stale(self, problem: StaleWrite) -> None:
        """Someone else was quicker: their change comes into the form, and what it means now is shown again."""
        await self.others.follow()
        if not self.others.conflicts:
            self.others.tell(str(problem), _("F9 saves your change on top of it, Esc drops yours."))

    def _go_to(self, names: Iterable[str]) -> None:
        """To the first field that is wrong."""
        target = next((field for name in names if (field := self.fields.field_of(name))), None)
        if target is not None and target in self.fields.order():
            self.set_focus(target)

    def _refuse(self, problems: list[str]) -> None:
        self._problems = problems
        self._complete("")
        self.show_preview()


def _field_problem(field: str, problem: str) -> str:
    labels = {
        "planned_start": _("Starts at"),
        "planned_end": _("End / expected"),
        "cause": _("Cause"),
        "area": _("Area in words"),
        "type": _("Type"),
        "feeders": _("Scope"),
    }
    return f"{labels[field]}: {problem}" if field in labels else problem


def _is_no_time(text: str, now: datetime) -> bool:
    try:
        times.read_time(text, now)
    except DeskError:
        return True
    return False
