"""From a duty to where its message goes: over which channel, to which number; or to people, and why. Pure.

    route(duty, reach, lines, preferences)   → the first way
    routes(…)                                → one for each channel that the duty asks for (all of them, or any)

A way is a channel and an address. What was tried and what is known to be wrong is left out; when nothing is left the
duty is people's work, on their work list as always. A duty that only a call or a visit fulfils never gets further.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from desk.i18n import N_
from desk.outbox.addresses import Contact, of_group
from desk.outbox.lines import Line, carries, preferred, serves, wanted_now
from desk.records import Duty

PEOPLE = ""  # the channel of a route that a person walks

# Why people do it; told in the preview.
BY_CALL = N_("by telephone or in person only")
NO_CHANNEL = N_("no channel sends it by itself")
NO_ADDRESS = N_("no number or address for it")
ALL_TRIED = N_("everything was tried in vain")
ADVISED = N_("a plugin leaves it to people")
TOO_LONG = N_("the text is too long for every channel")
PAST = N_("its time has passed")


class Reach(Struct, frozen=True):
    """Everything that decides where one recipient is told: by which names channels may serve it, and its contacts.

    `sites` are the contacts of a group's sites, in their order; `bad` the (family, address) known to reach nobody, and
    the ("", address) at which people found somebody else.
    """

    names: frozenset[str]
    contact: Contact
    sites: tuple[Contact, ...] = ()
    bad: Collection[tuple[str, str]] = ()


class Route(Struct, frozen=True):
    """One way to tell: over `line`, at `address`, which is `account_no`'s. Without a line people do it, for `why`."""

    line: Line | None = None
    address: str = ""
    account_no: str = ""
    why: str = ""
    wanted: str = ""  # the channel asked for, where a duty wants each of several


Advice = Callable[[Sequence[str]], Sequence[str] | None]  # the names of what is possible → those to use, in order
Fits = Callable[[Line], bool]


def no_advice(_names: Sequence[str]) -> None:
    return None


def always(_line: Line) -> bool:
    return True


def routes(
    duty: Duty,
    reach: Reach,
    lines: Sequence[Line],
    prefer: Sequence[str],
    *,
    advice: Advice = no_advice,
    fits: Fits = always,
    tried: Collection[tuple[str, str]] = (),
) -> list[Route]:
    """The ways to do a duty now: one, or one for each channel where it asks for all of them.

    `tried` are (channel, address); `fits` says whether the text goes over a line at all.
    """
    wanted = wanted_now(duty)
    each = [(one,) for one in wanted] if duty.channel_mode == "all_of" and len(wanted) > 1 else [wanted]
    return [_first(duty, one, reach, lines, prefer, advice, fits, tried) for one in each]


def ways(
    wanted: Sequence[str], kind: str, reach: Reach, lines: Iterable[Line], prefer: Sequence[str]
) -> Iterator[Route]:
    """Every way that is open, the best first."""
    able = [line for line in lines if carries(line, wanted, kind) and serves(line, reach.names)]
    for line in preferred(able, prefer, wanted):
        for address, account in _addresses(line, reach):
            if (line.family, address) not in reach.bad and ("", address) not in reach.bad:
                yield Route(line, address, account)


def _first(
    duty: Duty,
    wanted: Sequence[str],
    reach: Reach,
    lines: Sequence[Line],
    prefer: Sequence[str],
    advice: Advice,
    fits: Fits,
    tried: Collection[tuple[str, str]],
) -> Route:
    kind = duty.recipient.kind
    mark = wanted[0] if len(wanted) == 1 else ""
    if not any(carries(line, wanted, kind) for line in lines):
        return Route(why=BY_CALL if _peoples(wanted) else NO_CHANNEL, wanted=mark)
    found = list(ways(wanted, kind, reach, lines, prefer))
    if not found:
        return Route(why=NO_ADDRESS, wanted=mark)
    advised = _advised(found, advice)
    if not advised:
        return Route(why=ADVISED, wanted=mark)
    left = [way for way in advised if way.line and (way.line.name, way.address) not in tried]
    if not left:
        return Route(why=ALL_TRIED, wanted=mark)
    chosen = next((way for way in left if way.line and fits(way.line)), None)
    if chosen is None:
        return Route(why=TOO_LONG, wanted=mark)
    return Route(chosen.line, chosen.address, chosen.account_no, wanted=mark)


def _advised(found: list[Route], advice: Advice) -> list[Route]:
    """The ways as a plugin orders them; names that are not possible are not listened to."""
    names = list(dict.fromkeys(way.line.name for way in found if way.line))
    said = advice(names)
    if said is None:
        return found
    return [way for name in dict.fromkeys(said) for way in found if way.line and way.line.name == name]


def _addresses(line: Line, reach: Reach) -> tuple[tuple[str, str], ...]:
    if reach.sites:
        return of_group(reach.contact, reach.sites, line.takes)
    return tuple((address, reach.contact.account_no) for address in reach.contact.of(line.takes))


def _peoples(wanted: Sequence[str]) -> bool:
    from desk.outbox.lines import PEOPLES

    return bool(wanted) and PEOPLES.issuperset(wanted)
