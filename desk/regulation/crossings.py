"""What is wrong between the entries of a pack: names used twice, rules and figures that are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from desk.i18n import _
from desk.regulation.moments import CONTRACT, Moment
from desk.regulation.pack import ApprovalRule, Entry, Limit, Rule
from desk.regulation.shapes import Mistake, Place

Placed = Sequence[tuple[Place, Entry]]


def crossings(entries: Placed, names: Mapping[str, Sequence[str]], figures: Sequence[str]) -> Iterator[Mistake]:
    """Every mistake that only shows when one entry is read beside the others.

    `names` are the ids by kind of entry and `figures` the parameters, also of what could not be read itself.
    """
    yield from _twins(entries)
    rules, approvals = names["rule"], names["approval"]
    for path, entry in entries:
        yield from _figures(path, entry, figures)
        if isinstance(entry, Rule):
            yield from _unknown_names(path, "must_follow", entry.must_follow, rules)
            yield from _unknown_names(path, "waits_for", entry.waits_for, [*approvals, "approvals"])
            if entry.id in entry.must_follow:
                yield Mistake((*path, "must_follow"), _("{id} cannot come after itself").format(id=entry.id))
    yield from _circles(entries)
    yield from _moving_steps(entries)


def _twins(entries: Placed) -> Iterator[Mistake]:
    seen: set[str] = set()
    for path, entry in entries:
        if entry.id in seen:
            yield Mistake((*path, "id"), _("there are two entries {id}; an id is used once").format(id=entry.id))
        seen.add(entry.id)


def _figures(path: Place, entry: Entry, parameters: Sequence[str]) -> Iterator[Mistake]:
    for key, moment in _moments(entry):
        name = moment.parameter
        if name and name not in parameters and (name != CONTRACT or key != "due_by_contract"):
            text = _("{key}: [parameters] has no {name}").format(key=key, name=name)
            yield Mistake((*path, key), text + _guess(name, parameters))


def _moments(entry: Entry) -> Iterator[tuple[str, Moment]]:
    if isinstance(entry, Limit) and entry.holds:
        yield from (("holds", moment) for moment in entry.holds.moments)
    for key in ("due", "not_before", "due_by_contract", "needed_by"):
        yield from ((key, moment) for moment in getattr(entry, key, ()))


def _unknown_names(path: Place, key: str, names: Iterable[str], known: Sequence[str]) -> Iterator[Mistake]:
    for name in names:
        # A rule of another pack is named with it, `county:A9.3`; that pack may be switched off: nobody looks for it.
        if ":" not in name and name not in known:
            text = _("{key}: there is no {name} in this pack").format(key=key, name=name)
            yield Mistake((*path, key), text + _guess(name, known))


def _circles(entries: Placed) -> Iterator[Mistake]:
    follows = {entry.id: set(entry.must_follow) for _path, entry in entries if isinstance(entry, Rule)}
    for path, entry in entries:
        if entry.id in _all_before(entry.id, follows) and entry.id not in follows[entry.id]:
            yield Mistake((*path, "must_follow"), _("{id} would have to come after itself").format(id=entry.id))


def _all_before(name: str, follows: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*follows.get(name, ())]
    while waiting:
        before = waiting.pop()
        if before not in found:
            found.add(before)
            waiting += follows.get(before, ())
    return found


def _moving_steps(entries: Placed) -> Iterator[Mistake]:
    """A step that two approvals share has one place: an outage that needs both asks for it once."""
    orders: dict[tuple[str, str], int] = {}
    for path, entry in entries:
        for number, step in enumerate(entry.steps if isinstance(entry, ApprovalRule) else ()):
            subject = getattr(entry, "subject", "")
            order = orders.setdefault((subject, step.step), step.order)
            if order != step.order:
                words = {"step": step.step, "order": step.order, "other": order}
                text = _("step {step} has order {order} here and {other} above; a step has one place")
                yield Mistake((*path, "step", str(number), "order"), text.format(**words))


def _guess(name: str, known: Iterable[str]) -> str:
    from desk.config.mistakes import guess

    return guess(name, known) if known else ""
