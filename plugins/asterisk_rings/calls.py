"""From Asterisk's events to words about calls: the several events of one call carry one Linkedid and are one ring.

Only calls that come in over a trunk count: what an agent's telephone began (a call out, a call to a colleague) is
nobody's ring. Source: docs.asterisk.org, AMI events of Asterisk 13 and later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from desk.plugins import Incoming

Event = Mapping[str, str]

KEPT = 5000  # calls whose end nobody told; the oldest is forgotten
_NUMBERED = re.compile(r"(-[0-9a-f]+)?(;\d)?$")
RINGING, UP = "5", "6"  # source: Newstate, ChannelState


@dataclass
class Call:
    """What is known of one call: `ringing` are the telephones that ring, by the id of their channel."""

    number: str
    first: str  # the name of the telephone or trunk that began it
    ringing: dict[str, str] = field(default_factory=dict)
    told: tuple[str, ...] | None = None  # the extensions last told; None: nobody was told yet
    answered: bool = False


class Calls:
    """The calls that are not over. `extensions`: what a telephone is called; everything else is a trunk."""

    def __init__(self, extensions: str, *, on_arrival: bool = False) -> None:
        self._is_extension = re.compile(extensions).fullmatch
        self._on_arrival = on_arrival
        self._calls: dict[str, Call] = {}

    def hear(self, event: Event) -> list[Incoming]:
        """What this event says of a call that comes in; mostly nothing."""
        take = EVENTS.get(event.get("event", "").lower())
        id = event.get("linkedid") or event.get("destlinkedid") or event.get("uniqueid", "")
        if take is None or not id:
            return []
        return take(self, id, event)

    # Each event

    def _begins(self, id: str, event: Event) -> list[Incoming]:
        """Newchannel: the first one of a call tells who calls."""
        if event.get("uniqueid") != id or id in self._calls:
            return []
        call = self._new(id, event)
        return self._tell(id, call) if self._on_arrival and self._comes_in(call) else []

    def _named(self, id: str, event: Event) -> list[Incoming]:
        """NewCallerid: the number came after the call."""
        call = self._calls.get(id)
        if call is None or event.get("uniqueid") != id or not event.get("calleridnum"):
            return []
        call.number = event["calleridnum"]
        return [self._word(id, call)] if call.told is not None and not call.answered else []

    def _dials(self, id: str, event: Event) -> list[Incoming]:
        """DialBegin, AgentCalled: a telephone begins to ring. Without a calling channel Asterisk dials by itself."""
        if not (event.get("uniqueid") or event.get("channel")):
            return []
        place = event.get("destchannel") or event.get("interface") or event.get("dialstring", "")
        call = self._calls.get(id) or self._new(id, event)
        return self._rings(id, call, event.get("destuniqueid") or place, device(place))

    def _changes(self, id: str, event: Event) -> list[Incoming]:
        """Newstate: a telephone of a known call rings, or is picked up."""
        call, own = self._calls.get(id), event.get("uniqueid", "")
        if call is None or own == id:
            return []
        if event.get("channelstate") == RINGING:
            return self._rings(id, call, own, device(event.get("channel", "")))
        return self._picked_up(id, call, call.ringing[own]) if _is_up(event) and own in call.ringing else []

    def _dialled(self, id: str, event: Event) -> list[Incoming]:
        """DialEnd: it was picked up, or rings no more."""
        call = self._calls.get(id)
        if call is None:
            return []
        place = device(event.get("destchannel", ""))
        if event.get("dialstatus") == "ANSWER" and self._is_extension(place):
            return self._picked_up(id, call, place)
        return self._stops(id, call, event.get("destuniqueid", ""))

    def _connected(self, id: str, event: Event) -> list[Incoming]:
        """AgentConnect: a member of the queue has the caller."""
        call = self._calls.get(id)
        place = device(event.get("destchannel") or event.get("interface", ""))
        return self._picked_up(id, call, place) if call and self._is_extension(place) else []

    def _ends(self, id: str, event: Event) -> list[Incoming]:
        """Hangup: of the first channel, the call is over; of another, that telephone rings no more."""
        call = self._calls.get(id)
        if call is None:
            return []
        if event.get("uniqueid") != id:
            return self._stops(id, call, event.get("uniqueid", ""))
        del self._calls[id]
        return [Incoming(number=call.number, call_id=id, state="ended")] if call.told is not None else []

    # What follows

    def _rings(self, id: str, call: Call, channel: str, extension: str) -> list[Incoming]:
        if call.answered or not self._comes_in(call) or not self._is_extension(extension):
            return []
        call.ringing[channel] = extension
        return self._tell(id, call)

    def _stops(self, id: str, call: Call, channel: str) -> list[Incoming]:
        """One telephone less; where it was the last, the next one rings in a moment, or the caller hangs up."""
        if call.ringing.pop(channel, None) is None or call.answered or not call.ringing:
            return []
        return self._tell(id, call)

    def _picked_up(self, id: str, call: Call, extension: str) -> list[Incoming]:
        if call.answered or not self._comes_in(call):
            return []
        call.answered, call.told = True, (extension,)
        return [self._word(id, call, "answered")]

    def _tell(self, id: str, call: Call) -> list[Incoming]:
        now = tuple(dict.fromkeys(call.ringing.values()))
        if now == call.told:
            return []
        call.told = now
        return [self._word(id, call)]

    def _word(self, id: str, call: Call, state: str = "ringing") -> Incoming:
        return Incoming(number=call.number, call_id=id, extensions=call.told or (), state=state)  # type: ignore[arg-type]

    def _comes_in(self, call: Call) -> bool:
        return not self._is_extension(call.first)

    def _new(self, id: str, event: Event) -> Call:
        while len(self._calls) >= KEPT:
            del self._calls[next(iter(self._calls))]
        call = self._calls[id] = Call(event.get("calleridnum", ""), device(event.get("channel", "")))
        return call


def device(channel: str) -> str:
    """The telephone or trunk in the name of a channel: PJSIP/8001-0000002a, Local/8001@from-queue-0007;1 → 8001."""
    return _NUMBERED.sub("", channel.partition("/")[2] or channel).partition("@")[0]


def _is_up(event: Event) -> bool:
    return event.get("channelstate") == UP


EVENTS: Mapping[str, Callable[[Calls, str, Event], list[Incoming]]] = {
    "newchannel": Calls._begins,
    "newcallerid": Calls._named,
    "newstate": Calls._changes,
    "dialbegin": Calls._dials,
    "agentcalled": Calls._dials,
    "dialend": Calls._dialled,
    "agentconnect": Calls._connected,
    "hangup": Calls._ends,
}
