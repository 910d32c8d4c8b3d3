"""A list of outages: new ones are opened, known ones changed, through the same doors as at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.errors import Refused
from desk.i18n import _
from desk.imports.outage_rows import outage_readers, request_of
from desk.imports.report import Report
from desk.imports.run import Run
from desk.outages import BadRequest, FieldProblem, OutageChange, OutageRequest, Outages
from desk.outages.acts import By, changed
from desk.outages.checks import scope_problems
from desk.outages.facts import as_stored, read_change
from desk.place import Place
from desk.records import Outage

REASON = "import"


class Step(Struct, frozen=True):
    """What a row comes to: an outage to open, or one to change."""

    row: int
    request: OutageRequest
    outage: Outage | None = None


class _StrictStop(Exception):
    """Takes back what was written when the last check of a strict import fails."""


def take_outages(place: Place, run: Run) -> Report:
    """Take in a list of outages; see `import_file`."""
    taking = _Taking(place, run)
    steps = list(taking.steps())
    if run.may_write():
        taking.write(steps)
    return run.report()


class _Taking:
    def __init__(self, place: Place, run: Run) -> None:
        self._place = place
        self._run = run
        self._outages = Outages(place)
        self._by_reference: dict[str, Outage] = {}
        self._by_fingerprint: dict[str, Outage] = {}
        for outage in place.outages_table.all():
            # An export writes the id of an outage that has no reference of its own.
            self._by_reference.setdefault(outage.id, outage)
            if outage.reference:
                self._by_reference[outage.reference] = outage
            if outage.fingerprint:
                self._by_fingerprint[outage.fingerprint] = outage

    def steps(self) -> Iterator[Step]:
        """What has to be done; each row checked as far as it can be without writing."""
        place, tally = self._place, self._run.tally
        readers = outage_readers(place.plugins.outage_types, place.grid, place.clock.zone)
        seen: dict[str, int] = {}
        for row, values in self._run.rows(readers):
            request = request_of(values)
            first = seen.setdefault(request.reference or request.fingerprint, row)
            if first != row:
                problem = _("is already in row {row} of this file").format(row=first)
                tally.reject(row, "reference", request.reference, problem)
                continue
            try:
                step = self._step(row, request)
            except BadRequest as refused:
                self._reject(row, values, refused.problems)
            except Refused as refused:
                tally.reject(row, "reference", request.reference, str(refused))
            else:
                if step is None:
                    tally.unchanged += 1
                else:
                    tally.created += step.outage is None
                    tally.updated += step.outage is not None
                    yield step

    def _step(self, row: int, request: OutageRequest) -> Step | None:
        known = self._known(request)
        if known is None:
            self._outages.check(request)
            return Step(row, request)
        if known.fingerprint == request.fingerprint:
            return None
        request = replace(request, facts=as_stored(self._place, known.type, request.facts))
        if not differing_from(request, known):
            return None
        self._check_change(request, known)
        return Step(row, request, known)

    def _known(self, request: OutageRequest) -> Outage | None:
        if request.reference:
            return self._by_reference.get(request.reference)
        return self._by_fingerprint.get(request.fingerprint)

    def _check_change(self, request: OutageRequest, known: Outage) -> None:
        differing = differing_from(request, known)
        fixed = [name for name in ("type", "phases") if name in differing]
        if fixed:
            problem = _("differs from outage {id} and cannot be changed by an import").format(id=known.id)
            raise BadRequest(FieldProblem(name, str(differing[name]), problem) for name in fixed)
        if "scope" in differing and (problems := scope_problems(self._place, request.scope)):
            raise BadRequest(problems)
        by = By(agent=self._place.agent, now=self._place.now())
        changed(known, read_change(self._place, known, change_of(request, known)), None, by)

    def _reject(self, row: int, values: dict[str, Any], problems: tuple[FieldProblem, ...]) -> None:
        for problem in problems:
            value = problem.value or values.get(problem.field) or ""
            self._run.tally.reject(row, problem.field, value, problem.problem)

    def write(self, steps: list[Step]) -> None:
        run, total = self._run, self._run.source.total
        try:
            with self._place.store.transaction():
                for done, step in enumerate(steps):
                    run.check_cancelled()
                    run.pace.at(total + total * done // len(steps))
                    self._take(step)
                if not run.may_write():
                    raise _StrictStop
                tally = self._run.tally
                counts = {"created": tally.created, "updated": tally.updated, "rejected": len(tally.rejected)}
                Access(self._place).note("import.outages", run.path.name, counts)
                # An import that brings nothing new still says that the plans are up to date.
                self._place.mark(schema.OUTAGES)
        except _StrictStop:
            return

    def _take(self, step: Step) -> None:
        """Do one step; a colleague may have acted on the same outage a moment ago, then the row is refused."""
        tally = self._run.tally
        try:
            if step.outage is None:
                self._outages.open(step.request)
                return
            done = self._outages.change(step.outage.id, change_of(step.request, step.outage), step.outage)
            self._place.outages_table.put(replace(done, fingerprint=step.request.fingerprint))
        except Refused as refused:
            tally.created -= step.outage is None
            tally.updated -= step.outage is not None
            tally.reject(step.row, "reference", step.request.reference, str(refused))


def differing_from(request: OutageRequest, known: Outage) -> dict[str, Any]:
    """What the row gives and the outage has not: field -> the row's value. What the row leaves empty stays."""
    given: dict[str, Any] = {
        name: getattr(request, name) for name in ("type", "planned_start", "planned_end", "cause", "area", "phases")
    }
    given["scope"] = request.scope or known.scope
    given["facts"] = {**known.facts, **request.facts}
    return {name: value for name, value in given.items() if value and value != getattr(known, name)}


def change_of(request: OutageRequest, known: Outage) -> OutageChange:
    differing = differing_from(request, known)
    return OutageChange(
        reason=REASON,
        start=differing.get("planned_start"),
        end=differing.get("planned_end"),
        scope=differing.get("scope"),
        cause=differing.get("cause"),
        area=differing.get("area"),
        facts=differing.get("facts"),
        reported_at=request.received_at,
    )
