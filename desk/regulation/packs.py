"""The packs in force at one desk, with the figures that the county's settings put in place of theirs.

regulation = Regulation.of(host.rule_packs, config.regulation)
regulation.used()                    # what an outage stores when it is opened
regulation.in_force(outage.packs)    # the rules that hold for that outage
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar

from desk.durations import Duration, parse_duration
from desk.errors import PackProblem
from desk.i18n import _
from desk.records import PackUsed
from desk.regulation.load import load_pack
from desk.regulation.moments import DAY_COUNTS, Moment
from desk.regulation.pack import ApprovalRule, CalendarRule, Entry, Limit, Pack, Rule

DAY_COUNT = "day_count"  # kept among an outage's figures beside those of the pack
EFFECTIVE_FROM = "effective_from"

Kind = TypeVar("Kind", bound=Entry)


class Settings(Protocol):
    """[regulation] of config.toml."""

    @property
    def off(self) -> Sequence[str]: ...
    @property
    def day_count(self) -> str: ...
    @property
    def overrides(self) -> Mapping[str, Mapping[str, str]]: ...


class PackFile(Protocol):
    """Where a pack is kept: what the plugin host knows of it."""

    @property
    def id(self) -> str: ...
    @property
    def path(self) -> Path: ...


class Regulation:
    """The packs in force, in order; the first is the county's. Immutable, so cheap to keep and to share."""

    def __init__(
        self,
        packs: Iterable[Pack],
        figures: Mapping[str, Mapping[str, str]] | None = None,
        day_count: str = "hours",
        problems: Iterable[str] = (),
    ) -> None:
        """`figures` are by pack, as text; raises BadInput for one that is no length of time."""
        self.packs = tuple(packs)
        self.day_count = day_count
        self.problems = tuple(problems)
        self._figures = {pack.id: dict((figures or {}).get(pack.id, {})) for pack in self.packs}
        self._lengths = {pack.id: pack.parameters | _lengths(self._figures[pack.id]) for pack in self.packs}

    @classmethod
    def of(cls, files: Mapping[str, PackFile], settings: Settings) -> Regulation:
        """The packs that were found, without those switched off. One with a mistake is left out, and told in
        `problems`; so is a setting that fits no pack."""
        packs, problems = _loaded(file for id, file in files.items() if id not in settings.off)
        figures, wrong = _checked(settings.overrides, packs, known=(*files, *settings.off))
        for id in settings.off:
            if id not in files:
                wrong.append(_('[regulation] off: there is no rule pack "{id}"').format(id=id))
        return cls(_ordered(packs), figures, settings.day_count, (*problems, *wrong))

    def used(self) -> tuple[PackUsed, ...]:
        """The packs as an outage stores them when it is opened."""
        return tuple(self._used(pack) for pack in self.packs)

    def in_force(self, used: Iterable[PackUsed]) -> Regulation:
        """The rules that held when an outage stored `used`, with its figures.

        Where that version is gone, the one there is is used, and `problems` says so. An outage that stored
        nothing was opened before there were packs: all hold.
        """
        stored = {pack.id: pack for pack in used}
        if not stored or tuple(stored.values()) == self.used():
            return self
        packs = [pack for pack in self.packs if pack.id in stored]
        figures = {id: _without_day_count(pack.figures) for id, pack in stored.items()}
        counts = [pack.figures[DAY_COUNT] for pack in stored.values() if DAY_COUNT in pack.figures]
        return Regulation(packs, figures, counts[0] if counts else "hours", self._gone(stored))

    def entries(self, kind: type[Kind]) -> Iterator[Kind]:
        """All entries of a kind, in the order of the packs."""
        return (entry for pack in self.packs for entry in pack.entries if isinstance(entry, kind))

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(self.entries(Rule))

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        return tuple(self.entries(Limit))

    @cached_property
    def approvals(self) -> tuple[ApprovalRule, ...]:
        return tuple(self.entries(ApprovalRule))

    @cached_property
    def calendar(self) -> tuple[CalendarRule, ...]:
        return tuple(self.entries(CalendarRule))

    @cached_property
    def by_name(self) -> Mapping[str, Entry]:
        """Every entry by its full name, like `county:A9.3`."""
        return {entry.full: entry for pack in self.packs for entry in pack.entries}

    def about(self, article: str) -> list[Entry]:
        """The entries of an article or of that name, in the order of the packs."""
        return [entry for pack in self.packs for entry in pack.about(article)]

    def lengths(self, pack: str) -> Mapping[str, Duration]:
        """The figures of a pack, those of the settings in place of its own."""
        return self._lengths[pack]

    def figure(self, moment: Moment, pack: str) -> Duration:
        """The length that a moment adds or takes away."""
        return self._lengths[pack][moment.offset] if isinstance(moment.offset, str) else moment.offset

    def effective_from(self, pack: Pack) -> str:
        """Since when a pack is in force, as far as anyone wrote it down."""
        return self._figures[pack.id].get(EFFECTIVE_FROM, pack.effective_from)

    def _used(self, pack: Pack) -> PackUsed:
        figures = {name: text for name, text in self._figures[pack.id].items() if name != EFFECTIVE_FROM}
        if self.day_count != DAY_COUNTS[0]:
            figures[DAY_COUNT] = self.day_count
        return PackUsed(
            id=pack.id,
            version=pack.version,
            hash=pack.hash,
            effective_from=self.effective_from(pack),
            figures=figures,
        )

    def _gone(self, stored: Mapping[str, PackUsed]) -> Iterator[str]:
        here = {pack.id: pack for pack in self.packs}
        for id, used in stored.items():
            words = {"id": id, "version": used.version}
            if id not in here:
                yield _("rule pack {id} {version} is gone; its rules are not applied").format(**words)
            elif here[id].hash != used.hash:
                text = _("rule pack {id} {version} is gone; {now} is used in its place")
                yield text.format(**words, now=here[id].version)


def _loaded(files: Iterable[PackFile]) -> tuple[list[Pack], list[str]]:
    packs: list[Pack] = []
    problems: list[str] = []
    for file in files:
        try:
            pack = load_pack(file.path)
        except PackProblem as problem:
            problems += problem.problems
            continue
        if pack.id == file.id:
            packs.append(pack)
        else:
            text = _('{file}: the pack is called "{id}", its plugin says "{other}"')
            problems.append(text.format(file=file.path, id=pack.id, other=file.id))
    return packs, problems


def _ordered(packs: Iterable[Pack]) -> list[Pack]:
    """The county's own first, the nation's next: where two rules are one duty, they are named in this order."""
    first = ("county", "national")
    last = ("desk",)
    rank = {id: place for place, id in enumerate(first)} | dict.fromkeys(last, len(first) + 1)
    return sorted(packs, key=lambda pack: rank.get(pack.id, len(first)))


def _checked(
    overrides: Mapping[str, Mapping[str, str]], packs: Iterable[Pack], known: Sequence[str]
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """The figures that fit a parameter of their pack, and a sentence for each that fits none."""
    from desk.config.mistakes import guess

    by_id = {pack.id: pack for pack in packs}
    fitting: dict[str, dict[str, str]] = {}
    problems = []
    for id, figures in overrides.items():
        if id not in known:
            problems.append(_('[regulation.overrides]: there is no rule pack "{id}"').format(id=id) + guess(id, known))
        for name, text in figures.items() if id in by_id else ():
            if name in by_id[id].parameters or name == EFFECTIVE_FROM:
                fitting.setdefault(id, {})[name] = text
            else:
                words = _('[regulation.overrides.{id}]: the pack has no figure "{name}"').format(id=id, name=name)
                problems.append(words + guess(name, by_id[id].parameters or (EFFECTIVE_FROM,)))
    return fitting, problems


def _lengths(figures: Mapping[str, str]) -> dict[str, Duration]:
    return {name: parse_duration(text) for name, text in figures.items() if name != EFFECTIVE_FROM}


def _without_day_count(figures: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in figures.items() if name != DAY_COUNT}
