"""The page of one outage for an inspector: what was owed under which article, what was done, by whom, with which proof.

Pure: a dossier in, a page out. `write_proof` puts it into a file and leaves a line in the audit.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from desk.i18n import _, language
from desk.orders import MODES
from desk.outages.acts import STATUS_WORDS
from desk.oversight.coverage import coverage
from desk.oversight.dossier import Dossier
from desk.oversight.page import Cells, Page, Section, wrong
from desk.oversight.proof_duties import duty_sections, replan_section
from desk.oversight.words import ACTS, FIELDS, at, lapse, value
from desk.phone_numbers import Masks
from desk.records import Approval, Change, Outage
from desk.regulation.words import STEPS, word

MOST = 1000  # duties of one rule that a printed page names one by one


def proof_page(dossier: Dossier, most: int = MOST) -> Page:
    """The page; of each rule at most `most` duties are listed, those that failed first."""
    outage = dossier.outage
    page = Page(
        language=language(),
        over=dossier.county,
        title=_("Proof of notice and approval: outage {id}").format(id=outage.id),
        under=_("{type}, {status}").format(type=dossier.type_label, status=_(STATUS_WORDS[outage.status])),
        summary=_summary(dossier),
        sections=(
            _outage_section(dossier),
            _approval_section(dossier),
            _violation_section(dossier),
            *duty_sections(dossier, most),
            replan_section(dossier),
            _history_section(dossier),
        ),
        signatures=(_("prepared by"), _("checked by"), _("inspector, date")),
        foot="",
    )
    # Reasons and notes may hold a telephone number that somebody typed.
    page = msgspec.convert(Masks().of(msgspec.to_builtins(page)), Page)
    mark = sha256(msgspec.json.encode(page)).hexdigest()
    foot = _("Made by the 95598 desk from its records, {at}, by {by}.")
    return replace(page, foot=foot.format(at=at(dossier.made_at), by=dossier.made_by or "–"), mark=mark)


def _summary(dossier: Dossier) -> tuple[tuple[str, str], ...]:
    count = coverage(dossier.duties, dossier.made_at)
    missing = sum(one.at is None for one in dossier.approvals)
    return (
        (_("owed"), str(count.owed)),
        (_("told"), f"{count.told} ({count.share:.0%})"),
        (_("late"), str(count.late)),
        (_("overdue"), str(count.overdue)),
        (_("unreachable"), str(count.unreachable)),
        (_("still open"), str(count.open)),
        (_("approvals missing"), str(missing)),
        (_("violations"), str(len(dossier.violations))),
    )


# The outage itself


def _outage_section(dossier: Dossier) -> Section:
    outage, affected = dossier.outage, dossier.outage.affected
    scope = outage.scope
    devices = (*scope.feeders, *scope.laterals, *scope.transformer_areas, *scope.meter_boxes, *scope.accounts)
    counts = _("{customers}, of them {special} special, {important} important, {medal} with a medal")
    known = (
        (_("reference"), outage.reference),
        (_("taken off"), "、".join(devices)),
        (_("area"), outage.area),
        (_("cause"), outage.cause),
        (_("received"), at(outage.received_at)),
        (_("entered"), _entered(outage)),
        (_("planned"), f"{at(outage.planned_start)} – {at(outage.planned_end)}" if outage.planned_start else ""),
        (_("off since"), at(outage.actual_start) if outage.actual_start else ""),
        (_("back since"), at(outage.actual_end) if outage.actual_end else ""),
        (
            _("customers"),
            counts.format(
                customers=affected.customers,
                special=affected.special,
                important=affected.important,
                medal=affected.medal,
            ),
        ),
        (_("service branches"), "、".join(affected.service_branches)),
        (_("rules in force"), _packs(dossier)),
    )
    return Section(heading=_("The outage"), facts=tuple((name, text) for name, text in known if text))


def _entered(outage: Outage) -> str:
    lag = outage.opened_at - outage.received_at
    return _("{at} ({lapse} after receipt)").format(at=at(outage.opened_at), lapse=lapse(lag))


def _packs(dossier: Dossier) -> str:
    named = (
        f"{dossier.packs.get(pack.id, pack.id)} {pack.version} ({pack.hash[:12]})" if pack.hash else pack.id
        for pack in dossier.outage.packs
    )
    return "; ".join(named)


# Approvals


def _approval_section(dossier: Dossier) -> Section:
    return Section(
        heading=_("Approvals, in their order"),
        head=(_("article"), _("step"), _("needed by"), _("given"), _("by"), _("how"), _("document")),
        rows=tuple(_approval(number, one) for number, one in enumerate(dossier.approvals, 1)),
        widths=(1, 2.6, 2, 2.6, 1.6, 1.4, 1.8),
        note="" if dossier.approvals else _("This outage needs none."),
    )


def _approval(number: int, one: Approval) -> Cells:
    given = at(one.at) if one.at else wrong(_("not given")).strip()
    if one.at and one.needed_by and one.at > one.needed_by:
        given += wrong(_("{lapse} after the last moment").format(lapse=lapse(one.at - one.needed_by)))
    how = _(MODES[one.mode]) if one.mode in MODES else one.mode
    return (
        ", ".join(one.articles),
        f"{number}. {word(STEPS, one.step)}",
        at(one.needed_by),
        given,
        one.by,
        how,
        one.ref,
    )


# What was against the order, what was done


def _violation_section(dossier: Dossier) -> Section:
    rows = ((at(one.at), one.article, _(one.what), one.reason or "–", one.by or "–") for one in dossier.violations)
    return Section(
        heading=_("Against the order"),
        head=(_("at"), _("article"), _("what was wrong"), _("reason given"), _("by")),
        rows=tuple(rows),
        widths=(2, 1, 4, 4, 1.4),
        note="" if dossier.violations else _("Nothing was done out of order."),
    )


def _history_section(dossier: Dossier) -> Section:
    return Section(
        heading=_("What was done, in order"),
        head=(_("at"), _("act"), _("changed"), _("reason"), _("by")),
        rows=tuple(_change(line) for line in dossier.outage.history),
        widths=(2, 1.4, 5, 3, 1.6),
    )


def _change(line: Change) -> Cells:
    shown = ((name, pair) for name, pair in line.values.items() if name in FIELDS)
    moved = "\n".join(f"{word(FIELDS, name)}: {_moved(name, pair)}" for name, pair in shown)
    reported = ""
    if line.reported_by:
        reported = _("reported by {by}").format(by=line.reported_by)
        reported += f", {at(line.reported_at)}" if line.reported_at else ""
    reason = "\n".join(filter(None, (line.reason, reported)))
    return at(line.at), word(ACTS, line.act), moved, reason, line.by


def _moved(name: str, pair: Sequence[object]) -> str:
    before, after = pair
    if name == "status":
        known = {str(status): _(text) for status, text in STATUS_WORDS.items()}
        before, after = known.get(str(before), before), known.get(str(after), after)
    return f"{value(before)} → {value(after)}"
