"""The county's channels as routing sees them: whom each serves and what it takes; and which duties it may carry. Pure.

A duty names families (`phone`, `sms`, `fax`, …). A channel carries it by its family, or by its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from desk.plugins.channels import Capabilities, Channel
from desk.records import Duty

FAMILIES = frozenset(
    {
        "phone",
        "sms",
        "fax",
        "written_notice",
        "face_to_face",
        "media_announcement",
        "internal",
        "filing",
        "report",
    }
)
# A call and a visit are a person's: no channel counts as one, whatever it says of itself.
PEOPLES = frozenset({"phone", "face_to_face"})
# kind of recipient → the families that are not for it: a robot in the office's chat tells no customer anything.
NOT_FOR: Mapping[str, frozenset[str]] = {
    "customer": frozenset({"internal", "report", "filing", "media_announcement"}),
    "branch": frozenset({"media_announcement"}),
    "department": frozenset({"media_announcement"}),
    "public": FAMILIES - {"media_announcement"},
    "authority": frozenset({"media_announcement", "internal"}),
}
# What a channel takes that did not say it.
USUAL_ADDRESS: Mapping[str, str] = {"sms": "mobile", "fax": "fax", "mail": "mail"}


class Line(Struct, frozen=True):
    """One channel: `name` is the county's, `serves` whom it is for (empty: anyone), `sign` stands before each text."""

    name: str
    can: Capabilities
    serves: tuple[str, ...] = ()
    sign: str = ""

    @property
    def family(self) -> str:
        return self.can.family

    @property
    def takes(self) -> str:
        """The kind of address it takes."""
        return self.can.address if self.can.address != "none" else USUAL_ADDRESS.get(self.family, "none")


def lines_of(channels: Mapping[str, Channel], configured: Sequence[str] = ()) -> tuple[Line, ...]:
    """Every channel as a line, in the county's order: those of config.toml first, as they stand there."""
    order = {name: place for place, name in enumerate(configured)}
    named = sorted(channels, key=lambda name: order.get(name, len(order)))
    return tuple(_line(name, channels[name]) for name in named)


def machines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines that need nobody."""
    return tuple(line for line in lines if not line.can.needs_human and line.family not in PEOPLES)


def carries(line: Line, wanted: Sequence[str], kind: str) -> bool:
    """Whether `line` may carry what is owed over `wanted` to a recipient of this kind."""
    if line.can.needs_human or line.family in PEOPLES or line.family in NOT_FOR.get(kind, ()):
        return False
    if kind == "customer" and line.takes in ("none", "group"):
        return False  # it reaches nobody in particular
    # The name of a family means the family: a text gateway called "phone" is no telephone.
    return line.family in wanted or (line.name in wanted and line.name not in FAMILIES)


def serves(line: Line, names: frozenset[str]) -> bool:
    """Whether `line` is for somebody of these names: kind, id, name, branch, group, sector."""
    return not line.serves or not names.isdisjoint(line.serves)


def wanted_now(duty: Duty) -> tuple[str, ...]:
    """Over what a duty is to be done: its channels, or the one that it has come to."""
    return (duty.next_channel,) if duty.next_channel and duty.channel_mode != "all_of" else duty.channels


def preferred(lines: Iterable[Line], prefer: Sequence[str], wanted: Sequence[str]) -> list[Line]:
    """The lines in the order of use: as the county prefers families, then as the duty names them, then who serves
    somebody by name before who serves anyone, then as they are configured."""

    def rank(line: Line) -> tuple[int, int, bool]:
        return _place(prefer, line), _place(wanted, line), not line.serves

    return sorted(lines, key=rank)


def _place(names: Sequence[str], line: Line) -> int:
    return next((place for place, name in enumerate(names) if name in (line.family, line.name)), len(names))


def _line(name: str, channel: Channel) -> Line:
    sign = getattr(channel.settings, "sign", "")
    return Line(name, channel.can, tuple(channel.serves), sign if isinstance(sign, str) else "")
