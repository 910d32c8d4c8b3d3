"""Where messages are made: the county's lines, words, quiet hours and memory, put together for one outage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from desk.notices.book import DutyBook
from desk.outbox.lines import Line, lines_of, machines
from desk.outbox.making import Making
from desk.outbox.memory import Memory
from desk.outbox.quiet import Quiet
from desk.outbox.reaching import Reaching
from desk.outbox.sending import Sending
from desk.outbox.wording import Wordings
from desk.place import Place
from desk.records import Duty, Message, Outage


class Workshop:
    """What routing needs of one place."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.memory = Memory(place)
        self._reaching = Reaching(place, self.memory)
        self.wordings = Wordings(place)
        self._lines: tuple[object, tuple[Line, ...]] = (None, ())

    def lines(self) -> tuple[Line, ...]:
        """The county's channels, people's too, in its order; made anew when a channel was."""
        channels = self.place.plugins.channels
        now = tuple(channels.items())
        if self._lines[0] != now:
            self._lines = (now, lines_of(channels, tuple(self.place.config.channels)))
        return self._lines[1]

    def machines(self) -> tuple[Line, ...]:
        """Those that need nobody."""
        return machines(self.lines())

    def out_of_use(self) -> dict[str, str]:
        """The channels of config.toml that send nothing now → why."""
        rows = self.place.plugins.channel_states()
        return {row.name: row.reason for row in rows if row.state != "on" and row.name in self.place.config.channels}

    def making(self, outage: Outage, now: datetime) -> Making:
        """Who words the messages of an outage at one moment."""
        chosen, zone = self.place.config.messages, self.place.clock.zone
        quiet = Quiet.of(chosen.quiet_from, chosen.quiet_until, zone)
        return Making(outage, self.wordings.of(outage, now), quiet, now, training=chosen.training)

    def sending(self, making: Making, now: datetime) -> Sending:
        """Who routes the duties of that outage."""
        return Sending(self.place, making, self._reaching, self.machines(), now)

    def outage(self, id: str) -> Outage | None:
        return self.place.outages_table.get(id) if id else None

    def duties(self, messages: Iterable[Message]) -> Mapping[str, Duty]:
        """The duties of these messages, and those on the same sheets, by id."""
        held: dict[str, Duty] = {}
        DutyBook(self.place).several([message.duty for message in messages if message.duty], held)
        return held
