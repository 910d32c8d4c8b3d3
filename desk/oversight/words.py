"""The words of a proof beside those of the regulation: acts, fields, articles, moments, lengths of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from desk.i18n import N_, _
from desk.records import Recipient
from desk.regulation.words import PRACTICE, RECIPIENTS, word

ACTS: Mapping[str, str] = {
    "open": N_("opened"),
    "import": N_("imported"),
    "start": N_("supply off"),
    "change": N_("changed"),
    "restore": N_("supply back"),
    "cancel": N_("cancelled"),
    "close": N_("closed"),
    "approve": N_("approved"),
}
FIELDS: Mapping[str, str] = {
    "planned_start": N_("planned start"),
    "planned_end": N_("planned end"),
    "actual_start": N_("off since"),
    "actual_end": N_("back since"),
    "etr": N_("expected back"),
    "status": N_("status"),
    "scope": N_("scope"),
    "cause": N_("cause"),
    "area": N_("area"),
    "due": N_("deadline"),
    "not_before": N_("not before"),
}


def article(name: str) -> str:
    """An article in a table: its number, or that it is the desk's own practice."""
    return _(PRACTICE) if name == PRACTICE else name


def articles(names: tuple[str, ...]) -> str:
    """Articles as a heading."""
    numbered = [name for name in dict.fromkeys(names) if name != PRACTICE]
    heads = [_("Article {articles}").format(articles=_(" and ").join(numbered))] if numbered else []
    return ", ".join([*heads, _("Desk practice")] if PRACTICE in names else heads)


def recipient(who: Recipient) -> str:
    """What a recipient is called; departments, authorities and the public in the language spoken now."""
    known = who.id if who.kind == "public" else f"{who.kind}:{who.id}"
    return word(RECIPIENTS, known) if known in RECIPIENTS else who.name or who.id


def words(table: Mapping[str, str], names: tuple[str, ...], mode: str = "any_of") -> str:
    """Several at once: one of them, or all."""
    join = _(" and ") if mode == "all_of" else _(" or ")
    return join.join(word(table, name) for name in names)


def at(moment: datetime | None) -> str:
    """A moment in full; a dash where there is none."""
    if moment is None:
        return "–"
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def lapse(time: timedelta) -> str:
    """How long something took or was late: 2 d 3 h, 3 h 5 min, 40 s."""
    seconds = int(abs(time.total_seconds()))
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes = rest // 60
    if days:
        return _("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{minutes} min").format(minutes=minutes) if minutes else _("{seconds} s").format(seconds=seconds)


def value(thing: Any) -> str:
    """A value of a recorded change as a person reads it: times shortened, lists joined, nothing as a dash."""
    if thing in (None, "", [], {}):
        return "–"
    if isinstance(thing, Mapping):
        return ", ".join(value(one) for one in thing.values() if one)
    if isinstance(thing, list | tuple):
        return "、".join(map(value, thing))
    if isinstance(thing, str) and len(thing) > 15 and thing[10:11] == "T":
        try:
            return at(datetime.fromisoformat(thing))
        except ValueError:
            return thing
    return str(thing)
