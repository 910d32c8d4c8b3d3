"""The parts of the desk and its channels: what is on, off, paused or waits for approval, and why; and what to do."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct

from desk.i18n import N_, _, language
from desk.plugins.host import PluginHost, PluginRow
from desk.plugins.switchboard import ChannelRow
from desk.text import clean
from desk.tui.cells import Line, Piece, field, heading, line, wrap
from desk.tui.columns import Column, cells, titles, widths
from desk.tui.screens.listed import ListScreen
from desk.tui.widgets.lines import Lines
from desk.tui.words import STATES, say

PLUGINS: tuple[Column, ...] = (
    Column("state", N_("State"), 12),
    Column("name", N_("Name"), 24),
    Column("kind", N_("Kind"), 14),
    Column("from", N_("From"), 18),
    Column("why", N_("Brings / why it is off"), 0),
)
NARROWER: tuple[tuple[int, str, int], ...] = ((100, "from", 0), (100, "name", 20))
ROLE_BY_STATE = {"on": "good", "off": "bad", "not_configured": "dim"}
SHOWN = {"parts": N_("parts"), "channels": N_("channels")}
RESULTS: Mapping[str, tuple[str, str]] = {"ok": ("+", "good"), "failed": ("!", "bad"), "skipped": ("-", "dim")}


class Part(Struct, frozen=True, kw_only=True):
    """One line: a part (a file or a package) or a channel of the county."""

    name: str
    kind: str
    from_: str
    state: str
    words: str
    reason: str = ""


class PluginList(Lines[Part]):
    """One line for each part, or each channel."""

    def row_id(self, row: Part) -> str:
        return f"{row.from_}/{row.kind}/{row.name}"

    def row_key(self, row: Part) -> Hashable:
        return (row.state, row.reason, language())

    def row_line(self, row: Part, width: int) -> Line:
        role = ROLE_BY_STATE.get(row.state, "warn")
        texts = (
            (" " + say(STATES, row.state), role),
            (clean(row.name), "strong"),
            (row.kind, "dim"),
            (clean(row.from_), "dim"),
            (clean(row.reason or row.words), role if row.reason else "text"),
        )
        return cells(PLUGINS, widths(PLUGINS, width, NARROWER), texts)

    def head(self) -> list[Line]:
        return [titles(PLUGINS, widths(PLUGINS, self.outer_size.width, NARROWER))]

    def empty(self) -> str:
        return _("Nothing here. `n` makes a new channel from five answers; a .py file goes into plugins/ of the data.")


class PluginsScreen(ListScreen[Part]):
    """What `desk plugins list | check | show | try | trust | off | on` do, for people who never open a shell."""

    PLACE = "plugins"

    def __init__(self) -> None:
        super().__init__(PluginList())
        self.shown = "parts"
        self._about: Mapping[str, list[Line]] = {}

    def title_words(self) -> str:
        return _("Plugins and channels")

    @property
    def host(self) -> PluginHost:
        return self.app.desk.place.plugins

    def found(self) -> Sequence[Part]:
        if self.shown == "channels":
            return [_channel(row) for row in self.host.channel_states()]
        rows = self.host.listed()
        self.app.plugin_rows = rows
        return [_part(row) for row in rows]

    def sums(self) -> Sequence[Piece]:
        return [Piece(" " + _("Which") + " ", "dim"), Piece(f"[{_(SHOWN[self.shown])}]")]

    def context_of(self, row: Part | None) -> dict[str, object]:
        return {
            "part": row.name if row else "",
            "stage": row.state if row else "",
            "may_write": self.app.desk.access.may("set_up_channels"),
            "has_customer": self.shown == "channels",
        }

    def about(self, row: Part, now: datetime, width: int) -> list[Line]:  # noqa: ARG002
        return [line(Piece(f"{row.name} ", "title"), Piece(say(STATES, row.state)), copy=row.name), *_why(row, width)]

    def copied(self) -> str:
        row = self.list.current
        return f"{row.name} {row.state} {row.reason}".strip() if row else ""

    # commands

    def plugins_which(self) -> None:
        """The parts, or the channels of the county."""
        self.shown = "channels" if self.shown == "parts" else "parts"
        self.reload()

    def plugins_show(self) -> None:
        """What it can do, which settings it takes, the lines for config.toml."""
        from desk.plugins.authoring import show

        if self.list.current is not None:
            self.app.go(self._tell, partial(show, self.host, self.list.current.name), shown_lines)

    def plugins_check(self) -> None:
        """The file, its example, its settings and the contract that every channel keeps."""
        if self.list.current is not None:
            self.app.go(self._tell, partial(_checked, self.host, self.list.current.name), finding_lines)

    def plugins_trust(self) -> None:
        """Answer for a part as it is now; it is on at once."""
        row, desk = self.list.current, self.app.desk
        if row is not None:
            question = _("{name} is code with full power over this desk. Do you answer for it?").format(name=row.name)
            verb = partial(desk.parts.trust, row.name)
            done = lambda _a: self.act(verb, lambda _d: _("{name} is approved").format(name=row.name))  # noqa: E731
            self.question(question, done)

    def plugins_turn(self) -> None:
        """Switch a part off, or on again."""
        row, desk = self.list.current, self.app.desk
        if row is not None:
            verb = partial(desk.parts.turn_off if row.state in ("on", "paused") else desk.parts.turn_on, row.name)
            self.act(verb, lambda _d: _("{name} is switched").format(name=row.name))

    def plugins_try(self) -> None:
        """Exactly what would go out to a number; nothing leaves."""
        row = self.list.current
        if row is not None:
            self.question(_("Try {name}: to which number?").format(name=row.name), self._try, label=_("To"))

    def _try(self, to: str) -> None:
        from desk.plugins.authoring import dry_run

        row = self.list.current
        if row is not None:
            self.close_question()
            self.app.go(self._tell, partial(dry_run, self.host, row.name, to), dry_lines)

    def plugins_really(self) -> None:
        """Send one test message, to a number that is listed for that."""
        row, numbers = self.list.current, self.app.desk.place.config.messages.test_numbers
        if row is None:
            return
        if not numbers:
            self.app.say(_("List the numbers for tests first: test_numbers in [messages] of config.toml"), "bad")
            return
        question = _("Really send a test over {name}?").format(name=row.name)
        self.question(question, self._really, label=_("To"), choices=[(number, number) for number in numbers])

    def _really(self, to: str) -> None:
        from desk.plugins.authoring import try_really

        row, allowed = self.list.current, self.app.desk.place.config.messages.test_numbers
        if row is not None:
            self.close_question()
            self.app.go(self._tell, partial(try_really, self.host, row.name, to, allowed), tried_lines)

    def plugins_new(self) -> None:
        """A new channel from five answers."""
        self.app.screens.open_new_channel()

    def plugins_set_up(self) -> None:
        """The settings of the channel, as a form."""
        if self.list.current is not None:
            self.app.screens.open_channel_settings(self.list.current.name)

    async def _tell(self, ask: Any, lines: Any) -> None:
        answer = await self.app.work.alone(ask)
        self.page.show(partial(lines, answer))


def _checked(host: PluginHost, name: str) -> Any:
    from desk.plugins.authoring import check_part
    from desk.testing import check_channel

    return check_part(host, name, check_channel)


def _part(row: PluginRow) -> Part:
    return Part(
        name=row.name,
        kind=row.kind,
        from_=row.from_,
        state=row.state,
        words="、".join(row.parts),
        reason=row.reason,
    )


def _channel(row: ChannelRow) -> Part:
    return Part(name=row.name, kind=row.family, from_=row.type, state=row.state, words=row.type, reason=row.reason)


def _why(row: Part, width: int) -> list[Line]:
    role = "bad" if row.state == "off" else "text"
    words = row.reason or row.words
    return [
        *(line(Piece(part, role)) for part in wrap(clean(words), width)),
        *field(_("From"), clean(row.from_), width),
        line(Piece(_("Enter shows its settings, `c` checks it, `v` shows what would go out."), "dim")),
    ]


def shown_lines(found: Any, width: int) -> list[Line]:
    """What a channel is and takes: `desk plugins show`."""
    lines = [line(Piece(f"{found.name}  ", "title"), Piece(clean(found.label), "strong"))]
    for words in filter(None, (found.about, found.reason)):
        lines += [line(Piece(row, "dim")) for row in wrap(clean(words), width)]
    if found.settings:
        lines.append(heading(_("Settings")))
    for one in found.settings:
        sign = "!" if one.needed else " "
        lines += [line(Piece(f"{sign} {row}")) for row in wrap(f"{one.name}  {clean(one.words)}", width - 2)]
    if found.example:
        lines.append(heading(_("For config.toml")))
        lines += [line(Piece(row, "script"), copy=found.example) for row in found.example.splitlines()]
    return lines


def finding_lines(found: Sequence[Any], width: int) -> list[Line]:
    """What was looked at and what came of it: what is wrong first."""
    lines = []
    for one in sorted(found, key=lambda one: ("failed", "ok", "skipped").index(one.result)):
        sign, role = RESULTS[one.result]
        words = f"{sign} {one.part}  {_(one.what)}  {clean(one.words)}"
        lines += [line(Piece(row, role)) for row in wrap(words, width)]
    return lines


def dry_lines(found: Any, width: int) -> list[Line]:
    """Exactly what would go out, secrets starred."""
    lines = [line(Piece(_("This would go out; nothing did."), "title"))]
    if found.objection:
        lines += [line(Piece(row, "warn")) for row in wrap(f"! {clean(found.objection)}", width)]
    for name, value in found.request.items():
        lines += field(str(name), clean(str(value)), width)
    lines += [line(Piece(f"{at}. {clean(step)}")) for at, step in enumerate(found.steps, 1)]
    return lines


def tried_lines(found: Any, width: int) -> list[Line]:
    """What became of a test message."""
    words = f"{found.channel} → {found.to}: {found.state or found.error} {found.external_id} {clean(found.words)}"
    return [line(Piece(row, "bad" if found.error else "good")) for row in wrap(words, width)]
