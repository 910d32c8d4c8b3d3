"""The duties of one outage as sections of a page: article by article, each with its proof; what deadlines moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from desk.i18n import _
from desk.notices.results import ALL, STATE_WORDS
from desk.notices.tally import NOT_OWED
from desk.oversight.compliance import article_order
from desk.oversight.coverage import coverage
from desk.oversight.dossier import Dossier
from desk.oversight.page import Cells, Section, wrong
from desk.oversight.signatures import unsigned
from desk.oversight.words import FIELDS, articles, at, lapse, recipient, words
from desk.phone_numbers import hidden
from desk.records import OPEN_DUTIES, Duty, Evidence, Replan
from desk.regulation.words import CHANNELS, OWNERS, POSTS, word

SITES = 12  # names of a group's sites that are listed


def duty_sections(dossier: Dossier, most: int) -> Iterator[Section]:
    """A section for each rule, in the order of the articles, with at most `most` duties, those that failed first."""
    if not dossier.duties:
        yield Section(heading=_("Duties"), note=_("Nothing was owed to anybody."))
    by_rule = sorted(dossier.duties, key=lambda duty: ([article_order(one) for one in duty.articles], duty.rules))
    for rules, group in groupby(by_rule, key=lambda duty: duty.rules):
        yield _duty_section(dossier, rules, list(group), most)


def _duty_section(dossier: Dossier, rules: tuple[str, ...], duties: list[Duty], most: int) -> Section:
    first, now = duties[0], dossier.made_at
    said = [text for rule in rules if (text := dossier.rules.get(rule, ""))]
    count = coverage(duties, now)
    words_ = {
        "channels": words(CHANNELS, first.channels, first.channel_mode) or "–",
        "owner": word(OWNERS, first.owner) or "–",
        "told": count.told,
        "owed": count.owed,
    }
    facts = [(_("owed"), "\n".join(said))] if said else []
    facts.append((_("by"), _("{owner}, over {channels}").format(**words_)))
    facts.append((_("done"), _("{told} of {owed}").format(**words_)))
    listed = sorted(duties, key=lambda duty: (not _failed(duty, dossier), duty.due, _number(duty)))[:most]
    left = len(duties) - len(listed)
    return Section(
        heading=articles(first.articles),
        facts=tuple(facts),
        head=(_("no."), _("to whom"), _("deadline"), _("outcome"), _("proof")),
        rows=tuple(_duty(duty, dossier) for duty in sorted(listed, key=lambda duty: (duty.due, _number(duty)))),
        widths=(0.9, 2.6, 2.3, 2.2, 5),
        note=_("{count} more are in the full list (.md).").format(count=left) if left else "",
    )


def _failed(duty: Duty, dossier: Dossier) -> bool:
    return duty.late or unsigned(duty) or (duty.state in OPEN_DUTIES and duty.due < dossier.made_at)


def _number(duty: Duty) -> int:
    digits = duty.id[1:]
    return int(digits) if digits.isdigit() else 0


def _duty(duty: Duty, dossier: Dossier) -> Cells:
    return duty.id, _whom(duty, dossier), _due(duty), _outcome(duty, dossier), _proof(duty)


def _whom(duty: Duty, dossier: Dossier) -> str:
    who = duty.recipient
    named = recipient(who)
    text = f"{named}\n{who.id}" if who.kind == "customer" and named != who.id else named
    if duty.sites:
        sites = [dossier.names.get(site, site) for site in duty.sites]
        more = _(" and {count} more").format(count=len(sites) - SITES) if len(sites) > SITES else ""
        text += "\n" + _("for {sites}").format(sites="、".join(sites[:SITES]) + more)
    return text


def _due(duty: Duty) -> str:
    if duty.not_before is None:
        return at(duty.due)
    return _("from {start}\nto {due}").format(due=at(duty.due), start=at(duty.not_before))


def _outcome(duty: Duty, dossier: Dossier) -> str:
    text = _(STATE_WORDS[duty.state])
    if duty.closed_at:
        text += "\n" + at(duty.closed_at)
    if duty.late and duty.closed_at:
        text += wrong(_("late by {lapse}").format(lapse=lapse(duty.closed_at - duty.due)))
    elif duty.state in OPEN_DUTIES and duty.due < dossier.made_at:
        text += wrong(_("overdue by {lapse}").format(lapse=lapse(dossier.made_at - duty.due)))
    if unsigned(duty):
        text += wrong(_("not signed for"))
    return text


def _proof(duty: Duty) -> str:
    if duty.evidence:
        return "\n".join(map(_evidence, duty.evidence))
    return "–" if duty.state in NOT_OWED else _("none")


def _evidence(line: Evidence) -> str:
    result = _(ALL[line.result].words) if line.result in ALL else line.result
    said = f"{line.template} {line.hash[:8]}".strip()
    parts = (
        at(line.at),
        word(CHANNELS, line.channel),
        hidden(line.number),
        result,
        line.person,
        _("entered by {by}").format(by=line.by) if line.by else "",
        _("ref. {ref}").format(ref=line.ref) if line.ref else "",
        line.note,
        _("wording {said}").format(said=said) if said else "",
    )
    return _(", ").join(part for part in parts if part)


# Deadlines that moved


def replan_section(dossier: Dossier) -> Section:
    """Every deadline that moved, why and by whom."""
    rows = tuple(_replans(dossier.duties))
    return Section(
        heading=_("Deadlines that moved"),
        head=(_("at"), _("duties"), _("item"), _("before"), _("after"), _("reason"), _("by")),
        rows=rows,
        widths=(2, 2.2, 1.4, 2, 2, 3, 1.2),
        note="" if rows else _("None moved."),
    )


def _replans(duties: Iterable[Duty]) -> Iterator[Cells]:
    """One line for all duties that moved alike."""
    alike: dict[Replan, list[int]] = {}
    for duty in duties:
        for one in duty.replans:
            alike.setdefault(one, []).append(_number(duty))
    for one, numbers in sorted(alike.items(), key=lambda item: item[0].at):
        field = word(FIELDS, one.field)
        yield at(one.at), spans(numbers), field, at(one.before), at(one.after), _reason(one), one.by


def _reason(one: Replan) -> str:
    """Why it moved; the last approval is named by whose it was."""
    return _("approved by {post}").format(post=word(POSTS, one.reason)) if one.reason in POSTS else _(one.reason)


def spans(numbers: Sequence[int]) -> str:
    """D3–D7, D9: numbers in a row as one span."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return ", ".join(f"D{first}" if first == last else f"D{first}–D{last}" for first, last in found)
