"""What to say to a caller now: a template of the county's, filled with this customer and this outage.

Templates are Jinja2 files, `NAME.zh.j2` and `NAME.en.j2`, looked for in the county's folder
(`[call] script_folder`, else `scripts` in the data folder) and then among those that ship
(`plugins/scripts`). They run in a sandbox and know `customer`, `outage`, `now`, `county` and the filter `when`.
A template of the county's that fails falls back to the shipped one: a call never waits for a template.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from desk.i18n import _, language
from desk.outages.board import expected_end, stage_of
from desk.place import Place
from desk.records import Customer, Outage, Phase
from desk.text import clean

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

SUFFIX = {"zh_CN": "zh", "en": "en"}
NO_OUTAGE = "no_outage"
OTHERWISE = "fault"  # for a type whose template is nowhere
LONGEST = 8000  # characters; nobody reads out more


class Script(Struct, frozen=True, kw_only=True):
    """The words to read out, the template they came from, and the hash of the words."""

    text: str
    template: str
    hash: str
    warning: str = ""


class Told(Struct, frozen=True, kw_only=True):
    """An outage as a template sees it. `sure` says how sure the end is: planned, estimated, unknown, over;
    `private`: its cause is the account holder's own business."""

    id: str
    type: str
    label: str
    stage: str
    cause: str
    area: str
    start: datetime | None
    end: datetime | None
    sure: str
    facts: dict[str, Any]
    phases: tuple[Phase, ...]
    private: bool
    danger_to_life: bool


class Scripts:
    """The scripts of one place. The template engine is loaded for the first script, not before."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._environments: dict[Path, SandboxedEnvironment] = {}

    def script(self, customer: Customer | None, outage: Outage | None) -> Script:
        """What to say now; never raises."""
        names = (self._template(outage), OTHERWISE) if outage else (NO_OUTAGE,)
        found = self._first_that_works(names, customer, outage, {})
        if found.template:
            return found
        return _script(_("Say what the board shows, and when we call back."), "", found.warning)

    def piece(self, name: str, customer: Customer | None, outage: Outage | None, **facts: Any) -> Script:
        """What the template `name` adds for this call, knowing `facts` too; empty where there is nothing to add."""
        return self._first_that_works((name,), customer, outage, facts)

    def _first_that_works(
        self, names: Iterable[str], customer: Customer | None, outage: Outage | None, facts: Mapping[str, Any]
    ) -> Script:
        warning = ""
        for folder, name in self._candidates(names):
            try:
                text = self._filled(folder, name, customer, outage, facts)
            except Exception as problem:  # whatever a template does, the caller is on the line
                words = {"file": folder / name, "problem": clean(str(problem) or type(problem).__name__)}
                warning = warning or _("{file} cannot be used: {problem}").format(**words)
                continue
            return _script(text, name, warning)
        return _script("", "", warning)

    def _candidates(self, names: Iterable[str]) -> Iterator[tuple[Path, str]]:
        suffix = SUFFIX[language()]
        for name in dict.fromkeys(names):
            for folder in self._folders():
                file = f"{name}.{suffix}.j2"
                if (folder / file).is_file():
                    yield folder, file

    def _template(self, outage: Outage) -> str:
        if outage.actual_end or stage_of(outage, self._place.now()) == "":
            return "restored" if outage.actual_end else "cancelled"
        kind = self._place.plugins.outage_types.get(outage.type)
        return kind.script if kind else OTHERWISE

    def _folders(self) -> tuple[Path, ...]:
        from desk.plugins.folders import shipped_folder

        config = self._place.config
        own = Path(config.call.script_folder) if config.call.script_folder else config.data / "scripts"
        return own, shipped_folder() / "scripts"

    def _filled(
        self, folder: Path, name: str, customer: Customer | None, outage: Outage | None, facts: Mapping[str, Any]
    ) -> str:
        now = self._place.now()
        template = self._environment(folder).get_template(name)
        text = template.render(
            customer=customer,
            outage=self._told(outage, now) if outage else None,
            now=now,
            county=self._place.config.county.name,
            **facts,
        )
        lines = (clean(line).rstrip() for line in text.strip().splitlines())
        return "\n".join(lines)[:LONGEST]

    def _told(self, outage: Outage, now: datetime) -> Told:
        kind = self._place.plugins.outage_types.get(outage.type)
        end = outage.actual_end or expected_end(outage)
        return Told(
            id=outage.id,
            type=outage.type,
            label=kind.label if kind else outage.type,
            stage=stage_of(outage, now),
            cause=outage.cause or (kind.cause if kind else ""),
            area=outage.area or "、".join((*outage.scope.feeders, *outage.scope.laterals)),
            start=outage.actual_start or outage.planned_start,
            end=end,
            sure=_how_sure(outage, end, planned=bool(kind and kind.planned)),
            facts=outage.facts,
            phases=outage.phases,
            private=bool(kind and kind.private),
            danger_to_life=outage.danger_to_life,
        )

    def _environment(self, folder: Path) -> SandboxedEnvironment:
        if folder not in self._environments:
            self._environments[folder] = _environment(self._place, folder, self._folders()[-1])
        return self._environments[folder]


def _environment(place: Place, folder: Path, shipped: Path) -> SandboxedEnvironment:
    environment = sandbox(folder, shipped)
    environment.filters["when"] = lambda moment: when(moment, place.now())
    return environment


def sandbox(folder: Path, shipped: Path) -> SandboxedEnvironment:
    """An environment for the templates of `folder`, whose pieces may be its own or those that ship."""
    from desk.bounded import environment_of

    return environment_of([folder, shipped])


def when(moment: datetime | None, now: datetime) -> str:
    """A moment as it is said on the telephone: today 18:30, tomorrow 08:00, 3 December 08:00."""
    if moment is None:
        return ""
    moment = moment.astimezone(now.tzinfo)
    days = (moment.date() - now.date()).days
    clock = moment.strftime("%H:%M")
    near = {-1: _("yesterday {time}"), 0: _("today {time}"), 1: _("tomorrow {time}")}.get(days)
    if near:
        return near.format(time=clock)
    return _("{month}/{day} {time}").format(month=moment.month, day=moment.day, time=clock)


def joined(pieces: Iterable[Script]) -> Script:
    """Several scripts as one, read out one after the other; the templates' names are joined with `+`."""
    used = [piece for piece in pieces if piece.text]
    return _script(
        "\n".join(piece.text for piece in used),
        "+".join(piece.template for piece in used if piece.template),
        next((piece.warning for piece in used if piece.warning), ""),
    )


def _how_sure(outage: Outage, end: datetime | None, *, planned: bool) -> str:
    if outage.actual_end:
        return "over"
    if end is None:
        return "unknown"
    return "planned" if planned and end == outage.planned_end else "estimated"


def _script(text: str, template: str, warning: str) -> Script:
    return Script(text=text, template=template, hash=sha256(text.encode()).hexdigest(), warning=warning)
