"""The order tables: versions and their approvals, and which feeders to cut until a load is reached."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual import on
from textual.widget import Widget

from desk.errors import DeskError
from desk.i18n import N_, _, language
from desk.orders import KIND_WORDS, MODES, STATES, STEP_WORDS, Kind, next_step
from desk.text import clean, fit, fit_right
from desk.tui import times
from desk.tui.cells import Line, Piece, heading, line, wrap
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.context import InputContext
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.ask import Ask
from desk.tui.widgets.field import Field
from desk.tui.widgets.lines import Lines
from desk.tui.widgets.page import Page
from desk.tui.words import GRADES, say

if TYPE_CHECKING:
    from datetime import datetime

    from desk.orders import Choice, OrderTable

ORDERS: tuple[Column, ...] = (
    Column("id", N_("No."), 6),
    Column("kind", N_("Kind"), 24),
    Column("version", N_("Ver."), 6, True),
    Column("year", N_("Year"), 6, True),
    Column("load", "MW", 9, True),
    Column("gap", "", 2),
    Column("state", N_("State"), 0),
)
NAMED = 40

Done = TypeVar("Done")


class OrderLines(Lines[tuple["OrderTable", str]]):
    """One line for each version, with where it stands."""

    def row_id(self, row: tuple[OrderTable, str]) -> str:
        return row[0].id

    def row_key(self, row: tuple[OrderTable, str]) -> Hashable:
        return (len(row[0].consents), row[1], language())

    def row_line(self, row: tuple[OrderTable, str], width: int) -> Line:
        table, state = row
        texts = (
            (f" {table.id}", "dim"),
            (_(KIND_WORDS[table.kind]), "strong"),
            (str(table.version), "text"),
            (str(table.year), "text"),
            (f"{table.load:g}", "text"),
            ("", "text"),
            (_(STATES[state]), "good" if state == "in_force" else "warn" if state.startswith("waits") else "dim"),
        )
        return cells(ORDERS, widths(ORDERS, width), texts)

    def head(self) -> list[Line]:
        return [titles(ORDERS, widths(ORDERS, self.outer_size.width))]

    def empty(self) -> str:
        return _("No order table yet. `desk orders import FILE --kind capacity` takes one in; it is approved here.")


class OrdersScreen(DeskSubscreen[None]):
    """Versions above, the one under the cursor below; `c` asks for a load, `a` for the next consent."""

    PLACE = "orders"

    def __init__(self) -> None:
        super().__init__()
        self.list, self.page, self.ask = OrderLines(), Page(id="work-page"), Ask()

    def title_words(self) -> str:
        return _("Order tables")

    def body(self) -> Iterable[Widget]:
        yield self.list
        yield self.page
        yield self.ask

    def opened(self) -> None:
        self.set_focus(self.list)
        self.reload()

    def on_resize(self) -> None:
        self.page.styles.height = max(8, self.size.height * 2 // 3)

    def input_context(self) -> InputContext:
        return InputContext(where=self.PLACE, typing=isinstance(self.focused, Field), asking=bool(self.ask.display))

    def moves(self) -> OrderLines | Page:
        return self.page if self.page.has_focus else self.list

    def copied(self) -> str:
        return self.list.current[0].id if self.list.current else ""

    def reload(self) -> None:
        self.app.go_last("orders", self._read)

    async def _read(self) -> None:
        orders = self.app.desk.orders
        found = await self.app.work.look(lambda: [(table, orders.state(table)) for table in orders.listed()])
        self.list.show(list(reversed(found)))

    @on(Lines.Moved)
    def _moved(self) -> None:
        row, now = self.list.current, self.app.desk.place.now()
        self.page.show(partial(table_lines, row[0], now) if row else lambda _width: ())

    # consents and choosing

    def orders_consent(self) -> None:
        """The next step of Article 19 for the table under the cursor: its name first, then how."""
        row = self.list.current
        if row is None or not (step := next_step(row[0])):
            return
        question = [Piece(f"{row[0].id}: {_(STEP_WORDS[step])}", "title")]
        hint = _("Type the name, and the reference after a comma; Enter goes on")
        self._ask(question, partial(self._how, row[0], step), label=_("Name"), hint=hint)

    def _how(self, table: OrderTable, step: str, typed: str) -> None:
        by, _comma, ref = typed.replace("，", ",").partition(",")
        if not by.strip():
            self.ask.refuse(_("Type the name of who agreed, or Esc"))
            return
        choices = [(name, _(words)) for name, words in MODES.items()]
        question = [Piece(f"{table.id}: {_(STEP_WORDS[step])}  {by}", "title")]
        go = partial(self._consent, table, step, by.strip(), ref.strip())
        self._ask(question, lambda mode: self.app.go(go, mode), label=_("How"), choices=choices)

    async def _consent(self, table: OrderTable, step: str, by: str, ref: str, mode: str) -> None:
        orders = self.app.desk.orders
        done = await self._tried(partial(orders.consent, table.id, step, by=by, mode=mode, ref=ref))
        if done is not None:
            self.app.say(_("{id}: {state}").format(id=done.id, state=_(STATES[orders.state(done)])))
            await self._read()

    def orders_choose(self) -> None:
        """Which feeders to cut for a load, by the table of the kind under the cursor."""
        kind = self.list.current[0].kind if self.list.current else Kind.CAPACITY
        question = [Piece(_("How much must go, by the {kind}?").format(kind=_(KIND_WORDS[kind])), "title")]
        self._ask(question, lambda typed: self.app.go(self._choose, kind, typed), label="MW")

    async def _choose(self, kind: Kind, typed: str) -> None:
        try:
            needed = float(typed)
        except ValueError:
            self.ask.refuse(_("“{text}” is no load; type a number of MW").format(text=typed))
            return
        choice = await self._tried(partial(self.app.desk.orders.choose, kind, needed))
        if choice is not None:
            self.page.show(partial(choice_lines, choice))
            self.set_focus(self.page)

    async def _tried(self, act: Callable[[], Done]) -> Done | None:
        try:
            done = await self.app.work.do(act)
        except DeskError as problem:
            self.ask.refuse(str(problem))
            return None
        self._close_ask()
        return done

    def _ask(self, question: Sequence[Piece], on_yes: Callable[[str], None], **how: object) -> None:
        self.ask.ask(question, on_yes, **{"hint": self.ask.default_hint(), **how})  # type: ignore[arg-type]
        self.app.show_keys()

    def _close_ask(self) -> None:
        self.ask.close()
        self.set_focus(self.list)
        self.app.show_keys()

    def orders_yes(self) -> None:
        self.ask.on_yes(self.ask.answer())

    def desk_back(self) -> None:
        """First out of the question, then out of the feeders that were chosen, then out of the screen."""
        if self.ask.display:
            self._close_ask()
        elif self.page.has_focus:
            self.set_focus(self.list)
            self._moved()
        else:
            self.app.pop_screen()

    def orders_close(self) -> None:
        self.app.pop_screen()


def table_lines(table: OrderTable, now: datetime, width: int) -> list[Line]:
    """One version: who agreed, then its feeders in order."""
    lines: list[Line] = []
    for one in table.consents:
        parts = (_(STEP_WORDS[one.step]), one.by, _(MODES[one.mode]), times.shown(one.at, now), one.ref)
        lines += [line(Piece(row, "good")) for row in wrap("+ " + "  ".join(part for part in parts if part), width)]
    if step := next_step(table):
        lines.append(line(Piece("~ " + _(STEP_WORDS[step]), "warn")))
    if table.in_force_from:
        lines.append(line(Piece(_("in force from {time}").format(time=times.shown(table.in_force_from, now)), "text")))
    lines.append(heading(_("Feeders in order")))
    for row in table.rows:
        beside = _("protected") if row.protected else clean(row.notes)
        lines.append(
            line(
                Piece(fit_right(str(row.position), 5) + "  ", "dim"),
                Piece(fit(clean(row.feeder), 24), "dim" if row.protected else "strong"),
                Piece(fit_right(f"{row.load:g} MW", 10) + "  "),
                Piece(beside, "warn" if row.protected else "dim"),
                copy=row.feeder,
            )
        )
    return lines


def choice_lines(choice: Choice, width: int) -> list[Line]:
    """What to cut: feeders in order with whom each touches, those passed over, and the names to know."""
    return [*_reached(choice), *_taken(choice), *_passed(choice, width), *_named(choice)]


def _reached(choice: Choice) -> list[Line]:
    cut = choice.cut
    words = _("{load} MW of {needed} MW by {table}, version {version}").format(
        load=f"{cut.load:g}", needed=f"{cut.needed:g}", table=choice.table.id, version=choice.table.version
    )
    more = "" if cut.enough else "  " + _("! not enough feeders are left")
    touched = _("{count} customers").format(count=f"{choice.touched('customers'):,}")
    return [
        line(Piece(words, "title"), Piece(more, "bad")),
        line(
            Piece(touched, "strong"),
            Piece("  " + _("special {count}").format(count=choice.touched("special")), "off"),
            Piece("  " + _("important {count}").format(count=choice.touched("important")), "overdue"),
        ),
    ]


def _taken(choice: Choice) -> Iterator[Line]:
    for row in choice.cut.taken:
        below = choice.below[row.feeder]
        yield line(
            Piece(fit_right(str(row.position), 5) + "  ", "dim"),
            Piece(fit(clean(row.feeder), 24), "strong"),
            Piece(fit_right(f"{row.load:g} MW", 10)),
            Piece(fit_right(f"{below.customers:,}", 9)),
            Piece(fit_right(str(below.special or ""), 6), "off"),
            Piece(fit_right(str(below.important or ""), 6), "overdue"),
            copy=row.feeder,
        )


def _passed(choice: Choice, width: int) -> list[Line]:
    from desk.orders.choosing import WHY

    if not choice.cut.skipped:
        return []
    passed = "、".join(f"{one.row.feeder} ({_(WHY[one.why])})" for one in choice.cut.skipped)
    return [line(Piece(row, "dim")) for row in wrap(_("passed over: {feeders}").format(feeders=passed), width)]


def _named(choice: Choice) -> Iterator[Line]:
    if choice.named:
        yield heading(_("Special and important customers below"))
    for one in choice.named[:NAMED]:
        tiers = (_("important") if one.important else "", say(GRADES, one.grade), _("special") if one.special else "")
        tier = " ".join(filter(None, tiers))
        yield line(Piece(fit(clean(one.name), 30), "strong"), Piece(f"  {tier}", "overdue"), copy=one.account_no)
