"""What becomes of messages that are made: looked at again before they go, handed over in parts, sent on after a
failure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from desk.i18n import N_, _
from desk.outbox.escalation import tried_places
from desk.outbox.refreshing import refreshed
from desk.outbox.splitting import cut, signed
from desk.outbox.workshop import Workshop
from desk.plugins.send_errors import Unsupported
from desk.records import OPEN_DUTIES, Duty, Message

NO_CHANNEL = N_("the channel {name} is not there any more; use another one")


class Following:
    """Follows messages of one place up. Nothing here writes."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    def refreshed(self, messages: Sequence[Message], now: datetime) -> list[Message]:
        """Each message as it should be now, just before it is sent: as it was (the same object), in other words,
        held by the quiet hours, or ended because it is no longer true."""
        duties = self._workshop.duties(messages)
        lines = {line.name: line for line in self._workshop.machines()}
        done: dict[str, Message] = {}
        for id in {message.outage for message in messages}:
            outage = self._workshop.outage(id)
            if outage is None:
                continue
            some = [message for message in messages if message.outage == id]
            making = self._workshop.making(outage, now)
            known = self._workshop.sending(making, now).known([duties[one.duty] for one in some if one.duty in duties])
            for one in some:
                duty, line = duties.get(one.duty), lines.get(one.channel)
                done[one.id] = refreshed(one, duty, known.get(one.duty), making, line, now)
        return [done.get(message.id, message) for message in messages]

    def escalated(self, failed: Sequence[tuple[Message, str]], now: datetime) -> list[Message | None]:
        """For each message that failed for good, with the code of why: the same message on its next way, another
        number or another channel; None where people do it."""
        duties = self._workshop.duties([message for message, _code in failed])
        return [self._next(message, code, duties.get(message.duty), now) for message, code in failed]

    def cutter(self) -> Callable[[Message], tuple[str, ...]]:
        """Gives the pieces in which a message is handed over, with the county's sign; raises Unsupported where it
        would not go whole. For many messages of one moment: the channels are looked at once."""
        lines = {line.name: line for line in self._workshop.lines()}

        def pieces(message: Message) -> tuple[str, ...]:
            line = lines.get(message.channel)
            if line is None:
                raise Unsupported(_(NO_CHANNEL).format(name=message.channel))
            return cut(signed(message.body, line.sign), line.can).pieces

        return pieces

    def _next(self, message: Message, code: str, duty: Duty | None, now: datetime) -> Message | None:
        outage = self._workshop.outage(message.outage)
        if duty is None or outage is None or duty.state not in OPEN_DUTIES:
            return None
        making = self._workshop.making(outage, now)
        found = self._workshop.sending(making, now).elsewhere(message, code, duty)
        if found is None:
            return None
        known, route, said = found
        new = making.message(duty, known, route, said, message.language)
        kept = {"id": message.id, "made_at": message.made_at, "batch": message.batch, "tried": tried_places(message)}
        return replace(new, **kept)
