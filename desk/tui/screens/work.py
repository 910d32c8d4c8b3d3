"""The work list: what is owed next, why, to whom and how; filtered by who does it, over what, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from desk import schema
from desk.errors import DeskError
from desk.i18n import N_, _, language, ngettext
from desk.regulation.words import CHANNELS, OWNERS
from desk.tui.cells import Line, Piece
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.context import InputContext
from desk.tui.countdown import span
from desk.tui.duty_lines import channels, duty_lines, recipient
from desk.tui.held_lines import is_held, sign_of, take_over_words, taken_words
from desk.tui.reasons import Reasons, articles
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.ask import Ask
from desk.tui.widgets.bars import Notice
from desk.tui.widgets.lines import Lines
from desk.tui.widgets.page import Page
from desk.tui.widgets.words_line import Words
from desk.tui.words import say

if TYPE_CHECKING:
    from desk.notices import Work
    from desk.records import Claim

WORK: tuple[Column, ...] = (
    Column("due", N_("Due"), 11),
    Column("article", N_("Article"), 9),
    Column("whom", N_("To whom"), 17),
    Column("how", N_("How"), 9),
    Column("outage", N_("Outage"), 6),
    Column("tries", N_("Tr."), 4, True),
    Column("gap", "", 2),
    Column("why", N_("Why"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "whom", 15), (100, "how", 7), (100, "gap", 1))
OWNER_CHOICES = (
    *("", "95598", "marketing", "office", "dispatch", "duty_dispatcher", "service_branch", "inspection"),
    *("work_unit", "receiving_department"),
)
STATES = {
    "open": N_("open"),
    "ready": N_("can be done now"),
    "overdue": N_("overdue"),
    "late": N_("done late"),
    "all": N_("all"),
}
TABLES = (schema.DUTIES, schema.APPROVALS, schema.OUTAGES, schema.CLAIMS)
LIMIT = 200
TALL = 30


class WorkLines(Lines["Work"]):
    """One line for each duty; the time left is repainted when its words move."""

    def __init__(self) -> None:
        super().__init__(id="work")
        self.now: datetime
        self.reasons: dict[str, str] = {}
        self.nothing = ""

    def row_id(self, row: Work) -> str:
        return row.duty.id

    def row_key(self, row: Work) -> Hashable:
        duty, whose = row.duty, is_held(row.held, self.now)
        return (due_cell(row, self.now), len(duty.evidence), duty.state, bool(row.obstacles), whose, language())

    def row_line(self, row: Work, width: int) -> Line:
        duty, over = row.duty, row.duty.due < self.now
        held = is_held(row.held, self.now)
        role = "overdue" if over else "dim" if row.obstacles or held else "text"
        texts = (
            (due_cell(row, self.now), role),
            (articles(duty.articles), "accent"),
            (recipient(duty), "strong"),
            (channels(row.channels[:1]) + ("+" if len(row.channels) > 1 else ""), "text"),
            (duty.outage, "off"),
            (str(duty.attempts or ""), "dim"),
            ("", "text"),
            (sign_of(row.held if held else None) + self.reasons.get(duty.id, ""), "text"),
        )
        return cells(WORK, widths(WORK, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(WORK, widths(WORK, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return self.nothing

    def tick(self, now: datetime) -> None:
        """Move the time on; repaint when the words of a row on screen have moved."""
        seen = self.rows[self.top : self.top + self.room]
        before = [due_cell(row, self.now) for row in seen]
        self.now = now
        if before != [due_cell(row, now) for row in seen]:
            self.refresh()


class WorkScreen(DeskSubscreen[None]):
    """`WorkScreen(outage)`: the duties of one outage; without one, those of all."""

    PLACE = "work"

    def __init__(self, outage: str = "") -> None:
        super().__init__()
        self.outage = outage
        self.chosen = {"owner": "", "channel": "", "state": "open"}
        self.list, self.page, self.filters = WorkLines(), Page(id="work-page"), Words(id="filters")
        self.ask = Ask()
        self._seen: tuple[int, ...] = ()
        self._why: dict[str, list[str]] = {}

    def title_words(self) -> str:
        return _("Duties of {id}").format(id=self.outage) if self.outage else _("Duties")

    def body(self) -> Iterable[Widget]:
        self.list.now = self.app.desk.place.now()
        self.reasons = Reasons(self.app.desk)
        yield self.filters
        yield self.list
        yield self.page
        yield self.ask

    def opened(self) -> None:
        self.set_focus(self.list)
        self.set_interval(1.0, self._beat)
        self.reload()

    def speak_again(self) -> None:
        super().speak_again()
        self._show_filters()

    def input_context(self) -> InputContext:
        work, access = self.list.current, self.app.desk.access
        if self.ask.display:
            return InputContext(where=self.PLACE, typing=True, asking=True)
        return InputContext(
            where=self.PLACE,
            duty=work.duty.id if work else "",
            outage=work.duty.outage if work else "",
            may_write=access.may("settle_duty"),
            held=bool(work and is_held(work.held, self.app.desk.now()) and access.may("take_over")),
        )

    def moves(self) -> WorkLines:
        return self.list

    def copied(self) -> str:
        work = self.list.current
        return f"{work.duty.id} {articles(work.duty.articles)} {recipient(work.duty)}" if work else ""

    # what is shown

    def reload(self) -> None:
        """Ask for the list again."""
        self.app.go_last("work", self._read)

    async def _read(self) -> None:
        works, reasons, said = await self.app.work.look(self._found)
        self._why = said
        self.list.reasons = reasons
        self.list.now = self.app.desk.place.now()
        self.list.nothing = self._nothing()
        self.list.repaint_all()
        self.list.show(works)
        self._show_filters(len(works))
        self.app.show_keys()

    def _found(self) -> tuple[list[Work], dict[str, str], dict[str, list[str]]]:
        self._seen = self._versions()
        works = self.app.desk.notices.work(outage=self.outage, limit=LIMIT, **self.chosen)
        duties = {work.duty.rules: work.duty for work in works}
        why = {rules: self.reasons.why(duty) for rules, duty in duties.items()}
        said = {" ".join(rules): self.reasons.sentences(duty) for rules, duty in duties.items()}
        return works, {work.duty.id: why[work.duty.rules] for work in works}, said

    def _versions(self) -> tuple[int, ...]:
        changes = self.app.desk.place.changes
        return tuple(changes.version(name) for name in TABLES)

    def _beat(self) -> None:
        self.list.tick(self.app.desk.place.now())
        if self.is_current and not self.ask.display and self._versions() != self._seen:
            self.reload()

    def on_screen_resume(self) -> None:
        if self.list.is_attached and hasattr(self, "reasons"):
            self.reload()

    def _show_filters(self, found: int | None = None) -> None:
        asked = {
            _("Which"): _(STATES[self.chosen["state"]]),
            _("Owner"): say(OWNERS, self.chosen["owner"]) if self.chosen["owner"] else _("everyone"),
            _("Channel"): say(CHANNELS, self.chosen["channel"]) if self.chosen["channel"] else _("every"),
        }
        pieces = [
            piece for label, words in asked.items() for piece in (Piece(f" {label} ", "dim"), Piece(f"[{words}]"))
        ]
        if found is not None:
            self._count = found
        self.filters.say(*pieces, Piece("  " + self._counted(), "strong"))
        self.strip.show([Notice(self.title_words(), "title")], [])

    _count = 0

    def _counted(self) -> str:
        count = f"{self._count}+" if self._count >= LIMIT else str(self._count)
        return ngettext("{count} duty", "{count} duties", self._count).format(count=count)

    def _nothing(self) -> str:
        if self.chosen["owner"] or self.chosen["channel"] or self.chosen["state"] != "open":
            return _("No duty is like that. `o`, `c` and `s` choose others, `x` shows all that are open.")
        if self.outage:
            return _("{id} owes nothing more.").format(id=self.outage)
        return _("Nothing is owed. Opening or changing an outage (F7 on the board) puts its duties here.")

    @on(Lines.Moved)
    def _moved(self) -> None:
        work, now = self.list.current, self.app.desk.place.now()
        if work is None:
            self.page.show(lambda _width: ())
            return
        why, said = self.list.reasons.get(work.duty.id, ""), self._why.get(" ".join(work.duty.rules), [])
        self.page.show(partial(duty_lines, work, why, said, now))
        self.app.show_keys()

    def on_resize(self) -> None:
        self.page.styles.height = 14 if self.size.height >= TALL else 8

    # commands

    def work_open(self) -> None:
        """Do the duty under the cursor: on the telephone, or by writing down what was done."""
        work = self.list.current
        if work is None:
            return
        if "phone" in work.channels:
            self.app.screens.screens_dial(work.duty.id, self._flow())
        else:
            self.work_settle()

    def work_dial(self) -> None:
        """The phone duties that can be done now, one after the other."""
        self.app.screens.screens_dial("", self._flow())

    def work_settle(self) -> None:
        """Write down what became of the duty under the cursor."""
        if self.list.current is not None:
            self.app.screens.open_settle(self.list.current.duty.id)

    def outage_approve(self) -> None:
        if self.list.current is not None and self.list.current.duty.outage:
            self.app.screens.open_approvals(self.list.current.duty.outage)

    def work_state(self) -> None:
        self._turn("state", tuple(STATES))

    def work_owner(self) -> None:
        self._turn("owner", OWNER_CHOICES)

    def work_channel(self) -> None:
        self._turn("channel", ("", *CHANNELS))

    def work_all(self) -> None:
        """Everything that is open, of every outage."""
        self.outage = ""
        self.chosen = {"owner": "", "channel": "", "state": "open"}
        self._show_filters()
        self.reload()

    def work_close(self) -> None:
        self.app.desk_back()

    # what other seats have taken on

    def claims_take_over(self) -> None:
        """Take the duty out of another seat's hands, with a reason."""
        work = self.list.current
        if work is not None and work.held is not None:
            take = partial(self.app.desk.seats.claims.take_over, work.held.id)
            question = [Piece(take_over_words(work.held), "title")]
            hint = self.ask.default_hint()
            self.ask.ask(question, lambda why: self.app.go(self._take_over, take, why), label=_("Why"), hint=hint)
            self.app.show_keys()

    async def _take_over(self, take: Callable[[str], Claim], why: str) -> None:
        try:
            taken = await self.app.work.do(take, why)
        except DeskError as problem:
            self.ask.refuse(str(problem))
            return
        self._close_ask()
        self.app.say(taken_words(taken))
        self.reload()

    def list_yes(self) -> None:
        """Enter in the question."""
        self.ask.on_yes(self.ask.answer())

    def _close_ask(self) -> None:
        self.ask.close()
        self.set_focus(self.list)
        self.app.show_keys()

    def desk_back(self) -> None:
        """First out of the question, then out of the list."""
        if self.ask.display:
            self._close_ask()
        else:
            self.app.desk_back()

    def _turn(self, name: str, values: Sequence[str]) -> None:
        self.chosen[name] = values[(values.index(self.chosen[name]) + 1) % len(values)]
        self._show_filters()
        self.reload()

    def _flow(self) -> dict[str, str]:
        return {"outage": self.outage, "owner": self.chosen["owner"]}


def due_cell(work: Work, now: datetime) -> str:
    """The time left: `!` is overdue, `~` waits for something."""
    seconds = int((work.duty.due - now).total_seconds())
    sign = "!" if seconds < 0 else "~" if work.obstacles else " "
    return f"{sign}{'-' if seconds < 0 else ' '}{span(abs(seconds))}"
