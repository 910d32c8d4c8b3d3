"""What stands in the strip besides the board: messages that people must decide, channels that are off, training.

Read beside the screen when the tables it comes from have moved; each source is a line of `SOURCES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct

from desk import schema
from desk.i18n import _, ngettext
from desk.records import AttemptState
from desk.text import clean, cut
from desk.tui.widgets.bars import Notice

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.tui.app import DeskApp

Read = Callable[["Desk"], Sequence[Notice]]
TROUBLE_CELLS = 40  # of the sentence that says why nothing is sent, or nobody heard
BEATS = 20  # what no table tells of (a channel that paused) is looked at every five seconds


class Source(Struct, frozen=True):
    """Where notices come from: how they are read, and which tables move them."""

    read: Read
    tables: frozenset[str]


class Standing:
    """Keeps the notices of each source; `beat` is called four times a second and mostly does nothing."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._found: dict[str, Sequence[Notice]] = {}

    def notices(self) -> list[Notice]:
        """Everything to be shown now."""
        return list(chain.from_iterable(self._found.get(name, ()) for name in SOURCES))

    def beat(self, moved: frozenset[str], beats: int) -> None:
        """Read again what has moved."""
        names = [name for name, source in SOURCES.items() if moved & source.tables or beats % BEATS == 1]
        if names:
            self._app.go_last("standing", self._read, names)

    async def _read(self, names: Sequence[str]) -> None:
        found = await self._app.work.look(_all, self._app.desk, names)
        if any(self._found.get(name) != notices for name, notices in found.items()):
            self._found.update(found)
            show = getattr(self._app.screen_stack[0], "show_strip", None)
            if show is not None:
                show()


def _all(desk: Desk, names: Sequence[str]) -> Mapping[str, Sequence[Notice]]:
    return {name: SOURCES[name].read(desk) for name in names}


def _training(desk: Desk) -> Sequence[Notice]:
    return [Notice(_("TRAINING: nothing leaves the desk"), "sandbox", 1)] if desk.place.config.messages.training else ()


def _messages(desk: Desk) -> Sequence[Notice]:
    counts, found = desk.outbox.counts(), []
    if unknown := counts.get(AttemptState.UNKNOWN, 0):
        words = ngettext("? {count} message unknown", "? {count} messages unknown", unknown)
        found.append(Notice(words.format(count=unknown), "bad", 2))
    if waiting := len(desk.outbox.batches()):
        words = ngettext("~ {count} sending to confirm", "~ {count} sendings to confirm", waiting)
        found.append(Notice(words.format(count=waiting), "warn", 3))
    return found


def _channels(desk: Desk) -> Sequence[Notice]:
    if "plugins" not in desk.place.__dict__:
        return ()  # nobody has needed a plugin yet: not loaded for the strip's sake
    states = [row for row in desk.place.plugins.channel_states() if row.state == "paused" or _is_broken(row)]
    if not states:
        return ()
    names = ", ".join(row.name for row in states[:2])
    return [Notice("! " + _("Channel paused: {names}").format(names=names), "warn", 2)]


def _following(desk: Desk) -> Sequence[Notice]:
    """Callbacks to be made now, work orders that nobody reached in time, a storm."""
    found = []
    if ripe := desk.callbacks.counts()["ripe"]:
        words = ngettext("{count} callback now", "{count} callbacks now", ripe)
        found.append(Notice(words.format(count=ripe), "due_to_start", 3))
    if late := desk.work_orders.counts()["late"]:
        words = ngettext("! {count} work order late", "! {count} work orders late", late)
        found.append(Notice(words.format(count=late), "overdue", 3))
    storm = desk.calls.predicting.storm()
    if storm.on or storm.proposed:
        found.append(Notice(_("STORM") if storm.on else _("storm mode?"), "sandbox" if storm.on else "warn", 2))
    return found


def _listening(desk: Desk) -> Sequence[Notice]:
    """Telephones and other systems that should be heard and are not."""
    found = desk.deaf_to()
    words = cut(clean(found[0]), TROUBLE_CELLS) if found else ""
    return [Notice("! " + _("Not heard: {what}").format(what=words), "warn", 2)] if found else ()


def _is_broken(row: object) -> bool:
    return getattr(row, "section", False) and getattr(row, "state", "") == "off"


def _trouble(desk: Desk) -> Sequence[Notice]:
    """Why the worker of this desk sends nothing; the Messages screen says it in full."""
    words = cut(clean(desk.outbox.trouble), TROUBLE_CELLS)
    return [Notice("! " + _("Sending stopped: {problem}").format(problem=words), "bad", 2)] if words else ()


SOURCES: Mapping[str, Source] = {
    "training": Source(_training, frozenset()),
    "trouble": Source(_trouble, frozenset()),
    "messages": Source(_messages, frozenset({schema.MESSAGES, schema.BATCHES})),
    "following": Source(_following, frozenset({schema.CALLBACKS, schema.WORK_ORDERS, schema.CALLS, schema.MARKS})),
    "channels": Source(_channels, frozenset()),
    "listening": Source(_listening, frozenset()),
}
