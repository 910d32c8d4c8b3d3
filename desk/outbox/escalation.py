"""What comes after a failure: another number, another channel, or people. Pure.

The code of the failure says what was at fault. A number that is wrong is left for the next one of the same kind; a
gateway that does not work is left for another gateway, with the same number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from desk.outbox.lines import Line
from desk.outbox.routing import Advice, Fits, Reach, Route, always, no_advice, routes
from desk.records import Duty, Message

# Failures of a channel, whatever the number: nothing more goes over it for this message.
CHANNEL_FAULTS = frozenset(
    {"config_problem", "no_connection", "gateway_trouble", "throttled", "fault", "no_channel", "unsupported"}
)
# A person said to leave it, or its time has passed: nobody is told by a machine any more.
NO_MORE = frozenset({"given_up", "expired"})


def place_of(channel: str, address: str) -> str:
    """How a try is written down in `Message.tried`."""
    return f"{channel} {address}".rstrip()


def tried_places(message: Message) -> tuple[str, ...]:
    """Where a message went, with where it went last."""
    return tuple(dict.fromkeys((*message.tried, place_of(message.channel, message.address))))


def next_route(
    message: Message,
    code: str,
    duty: Duty,
    reach: Reach,
    lines: Sequence[Line],
    prefer: Sequence[str],
    *,
    advice: Advice = no_advice,
    fits: Fits = always,
) -> Route | None:
    """The next way to tell `message`, after it failed for `code`; None: people do it."""
    if code in NO_MORE:
        return None
    tried = frozenset(_apart(place) for place in tried_places(message))
    left = [line for line in lines if not (code in CHANNEL_FAULTS and line.name == message.channel)]
    if code == "opted_out":
        left = [line for line in left if line.family != message.family]
    found = routes(duty, _elsewhere(message, code, reach), left, prefer, advice=advice, fits=fits, tried=tried)
    return next((way for way in found if way.line and way.wanted in ("", message.family, message.channel)), None)


def _elsewhere(message: Message, code: str, reach: Reach) -> Reach:
    """Without the address at fault: no other channel of the family is tried with a number that reached nobody."""
    if code in CHANNEL_FAULTS or code == "refused":
        return reach
    bad: Collection[tuple[str, str]] = {*reach.bad, (message.family, message.address)}
    return Reach(reach.names, reach.contact, reach.sites, bad)


def _apart(place: str) -> tuple[str, str]:
    channel, _space, address = place.partition(" ")
    return channel, address
