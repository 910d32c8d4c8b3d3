"""Phone duties one after the other: the number, what to say, what is said back, and one key for what it came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual.widget import Widget

from desk import schema
from desk.errors import BadInput, DeskError, Refused, StaleWrite
from desk.i18n import _
from desk.notices.results import ALL
from desk.records import Spoken
from desk.seats import HeldElsewhere
from desk.tui.cells import Piece, join
from desk.tui.context import InputContext
from desk.tui.dial_line import SECONDS, DialLine
from desk.tui.duty_lines import call_lines, recipient
from desk.tui.reasons import Reasons
from desk.tui.screens.base import DeskSubscreen
from desk.tui.widgets.field import Field
from desk.tui.widgets.page import Page
from desk.tui.widgets.row import Row
from desk.tui.widgets.words_line import Words
from desk.tui.words import flags

if TYPE_CHECKING:
    from desk.notices import Work
    from desk.notices.calling import PhoneCall

FIELDS = ("person", "note", "reason")
LABELS = 18
WATCHES = 1.0  # seconds between two looks at what other seats have taken on
KEEPS = 60  # so often the duty is kept in hand while it is on the screen
UNTOUCHED = 1800.0  # seconds without a key after which it is not: nobody is here


class DialScreen(DeskSubscreen[None]):
    """`DialScreen(duty_id, filters)`: that duty first, then the next phone duties that can be done now."""

    PLACE = "dial"

    def __init__(self, duty_id: str, filters: Mapping[str, str]) -> None:
        super().__init__()
        self._first, self._filters = duty_id, dict(filters)
        self.page = Page(id="dial-page")
        self.texts = {name: Field(id=f"dial-{name}") for name in FIELDS}
        self.labels = {name: Words() for name in FIELDS}
        self.rows = {name: Row(self.labels[name], self.texts[name]) for name in FIELDS}
        self.call: PhoneCall | None = None
        self.work: Work | None = None
        self.pending = ""  # a result that waits for a name or a reason
        self._flags: list[Piece] = []
        self._why = ""
        self._skipped: set[str] = set()
        self._busy = False
        self._claims, self._watched, self._touched = 0, 0, 0.0

    def title_words(self) -> str:
        return _("Phone duties")

    def body(self) -> Iterable[Widget]:
        self.reasons = Reasons(self.app.desk)
        self.line = DialLine(self.app, self._heard)
        for name, label in self.labels.items():
            label.styles.width = LABELS
            self.rows[name].display = name != "reason"
        yield self.page
        yield from self.rows.values()

    def opened(self) -> None:
        self.set_focus(self.page)
        self.set_interval(SECONDS, self.line.beat)
        self.set_interval(WATCHES, self._watch)
        self._busy = True
        self.app.go(self._begin)

    def speak_again(self) -> None:
        super().speak_again()
        words = {"person": _("Who was reached"), "note": _("Note"), "reason": _("Why all the same")}
        for name, label in self.labels.items():
            label.say(Piece(f" {words[name]}", "dim"))

    def input_context(self) -> InputContext:
        return InputContext(
            where=self.PLACE,
            typing=isinstance(self.focused, Field),
            duty=self.call.duty.id if self.call else "",
            outage=self.call.outage.id if self.call else "",
            results=tuple(result.id for result in self.call.results) if self.call else (),
            asking=bool(self.pending),
        )

    def moves(self) -> Page:
        return self.page

    def move(self, command: str) -> None:
        step = {"up": -1, "down": 1, "page_up": -8, "page_down": 8}
        self.page.scroll_by(step.get(command, 0) or (-999 if command == "first" else 999))

    def copied(self) -> str:
        return self.call.number if self.call else ""

    # from one duty to the next

    async def _begin(self) -> None:
        try:
            found = await self.app.work.do(self._named, self._first) if self._first else None
        except HeldElsewhere as problem:
            self.app.pop_screen()
            self.app.say(str(problem), "bad")
            return
        self._touched = monotonic()
        self._take(found or await self.app.work.do(self._next))

    def _next(self) -> tuple[PhoneCall, Work] | None:
        """The phone duty that is due first, can be done now and is nobody else's, made ready; none of those skipped."""
        call = self.app.desk.notices.next_to_call(self._skipped, **self._filters)
        return self._made_ready(call) if call else None

    def _named(self, duty_id: str) -> tuple[PhoneCall, Work]:
        return self._made_ready(self.app.desk.notices.take_call(duty_id))

    def _made_ready(self, call: PhoneCall) -> tuple[PhoneCall, Work]:
        notices = self.app.desk.notices
        customer = notices.contact(call.duty)
        tags = [Piece(f"[{words}]", role) for words, role in flags(customer)] if customer else []
        self._flags, self._why = list(join(tags, " ")), self.reasons.why(call.duty)
        return call, notices.as_work(call.duty)

    def _take(self, found: tuple[PhoneCall, Work] | None) -> None:
        self._busy = False
        if found is None:
            self.app.pop_screen()
            self.app.say(_("No phone duty can be done now. The list shows what waits, and for what."))
            return
        self.call, self.work = found
        self.line.turn_to(self.call.duty.id)
        self._clear()
        self._show()

    def _clear(self) -> None:
        self.pending = ""
        for name, text in self.texts.items():
            text.set_text("")
            self.rows[name].display = name != "reason"
        self.set_focus(self.page)

    def _show(self, *, keep: bool = False) -> None:
        if self.call is not None and self.work is not None:
            now = self.app.desk.place.now()
            lines = partial(call_lines, self.call, self.work, self._why, self._flags, self.line.lines, now)
            self.page.show(lines, keep=keep)
        self.app.show_keys()

    def _heard(self) -> None:
        """The exchange has said something: the page stays where it was scrolled to."""
        if self.is_attached:
            self._show(keep=True)

    # what it came to

    def dial_dial(self) -> None:
        """Show the number in full, which is written into the audit; and dial it, where the county has a way to."""
        if self.call is not None and not self._busy:
            self.app.go(self._dial, self.call.duty.id)

    async def _dial(self, duty_id: str) -> None:
        call = await self.app.work.do(self.app.desk.notices.dial, duty_id)
        if self.call is not None and self.call.duty.id == duty_id:
            self.call = call
            self._show()
            await self.line.dial(call)

    def dial_reached(self) -> None:
        self._came_to("reached")

    def dial_left_with(self) -> None:
        self._came_to("left_with")

    def dial_busy(self) -> None:
        self._came_to("busy")

    def dial_no_answer(self) -> None:
        self._came_to("no_answer")

    def dial_wrong_number(self) -> None:
        self._came_to("wrong_number")

    def dial_refused(self) -> None:
        self._came_to("refused")

    def dial_save(self) -> None:
        """The name was typed: save what it came to; reached, when nothing else was said."""
        self._came_to(self.pending or "reached")

    def _came_to(self, result: str) -> None:
        if self._busy or self.call is None:
            return
        if ALL[result].needs == "person" and not self.texts["person"].value.strip():
            self._ask_for("person", result, _("Left with whom? Type the name, Enter saves."))
            return
        self._busy = True
        self.app.go(self._settle, result)

    def _ask_for(self, name: str, result: str, sentence: str, role: str = "warn") -> None:
        self.pending = result
        self.rows[name].display = True
        self.set_focus(self.texts[name])
        self.app.say(sentence, role)
        self.app.show_keys()

    async def _settle(self, result: str) -> None:
        call = self.call
        assert call is not None
        said = {name: field.value.strip() for name, field in self.texts.items()} | {"ref": self.line.ref}
        try:
            found = await self.app.work.do(partial(self._settle_now, call, result, said))
        except StaleWrite as problem:
            self._take(await self.app.work.do(self._named, call.duty.id))
            self.app.say(str(problem), "bad")
            return
        except BadInput as problem:
            self.app.say(str(problem), "bad")
            return
        except Refused as problem:
            self._refused(result, str(problem))
            return
        except DeskError as problem:
            self.app.say(str(problem), "bad")
            return
        finally:
            self._busy = False
        words = _("{who}: {result}").format(who=recipient(call.duty), result=_(ALL[result].words))
        self.app.say(words)
        self._take(found)

    def _refused(self, result: str, problem: str) -> None:
        """Something comes first: ask why it is done all the same, when it is."""
        if self.work is not None and self.work.obstacles and not self.texts["reason"].value.strip():
            self._ask_for("reason", result, _("This is a violation: type why it is done, Enter records it."), "bad")
        else:
            self.app.say(problem, "bad")

    def _settle_now(self, call: PhoneCall, result: str, said: Mapping[str, str]) -> tuple[PhoneCall, Work] | None:
        spoken = Spoken(template=call.template, hash=call.hash) if call.template else None
        notices = self.app.desk.notices
        notices.settle(
            call.duty.id,
            result,
            channel=call.channel,
            person=said["person"],
            ref=said["ref"],
            note=said["note"],
            reason=said["reason"],
            spoken=spoken,
            seen=call.duty,
        )
        self._skipped.discard(call.duty.id)
        return self._next()

    def dial_skip(self) -> None:
        """Leave this one for later; nothing is written down."""
        if self.call is not None and not self._busy:
            self._skipped.add(self.call.duty.id)
            self._busy = True
            self.app.go(self._leave_for_later, self.call.duty.id)

    async def _leave_for_later(self, duty_id: str) -> None:
        await self.app.work.do(self.app.desk.notices.let_go, duty_id)
        await self._go_on()

    async def _go_on(self) -> None:
        self._take(await self.app.work.do(self._next))

    def dial_settle(self) -> None:
        """Write down something that the six keys do not say."""
        if self.call is not None:
            self.app.screens.open_settle(self.call.duty.id, self._settled)

    def _settled(self, done: bool | None) -> None:
        if done:
            self.app.go(self._go_on)

    # fields

    def dial_next_field(self) -> None:
        self._step(1)

    def dial_previous_field(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        order: list[Widget] = [self.page, *(self.texts[name] for name in FIELDS if self.rows[name].display)]
        at = order.index(self.focused) if self.focused in order else 0
        self.set_focus(order[(at + by) % len(order)])

    def desk_back(self) -> None:
        """First out of a name or a reason that is asked for, then out of the telephone."""
        if self.pending:
            self._clear()
            self.app.show_keys()
        elif isinstance(self.focused, Field):
            self.set_focus(self.page)
        else:
            self.app.pop_screen()

    def dial_close(self) -> None:
        self.app.pop_screen()

    # the other seats

    def open_card(self) -> tuple[str, bool]:
        return (f"duty:{self.call.duty.id}" if self.call else "", False)

    def on_key(self) -> None:
        self._touched = monotonic()

    def on_unmount(self) -> None:
        """Whoever leaves the telephone leaves its duty to the others."""
        if self.call is not None and self.app.is_running:
            self.app.go(self._let_go, self.call.duty.id)

    async def _let_go(self, duty_id: str) -> None:
        await self.app.work.do(self.app.desk.notices.let_go, duty_id)

    def _watch(self) -> None:
        """Keep the duty in hand while somebody is here, and see who else comes to its customer."""
        version, self._watched = self.app.desk.place.changes.version(schema.CLAIMS), self._watched + 1
        here = monotonic() - self._touched < UNTOUCHED and not self.app.desk.needs_sign_in
        if self.call is not None and here and (version != self._claims or self._watched % KEEPS == 0):
            self._claims = version
            self.app.go_last("in-hand", self._keep, self.call)

    async def _keep(self, call: PhoneCall) -> None:
        kept = await self.app.work.look(self.app.desk.notices.keep_in_hand, call)
        if self.call is call and kept.elsewhere != call.elsewhere:
            self.call = kept
            self._show(keep=True)
