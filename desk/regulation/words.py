"""Rules and duties in words, in the language spoken now: `9.4: second notice, 24 hours before the planned start`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from desk.durations import Duration
from desk.i18n import N_, _, ngettext
from desk.records import Duty
from desk.regulation.facts import DutyDraft
from desk.regulation.moments import CONTRACT, Moment
from desk.regulation.pack import ANY, ApprovalRule, CalendarRule, Entry, Limit, Principle, Rule
from desk.regulation.packs import Regulation

PRACTICE = N_("desk practice")

ANCHORS: Mapping[str, str] = {
    "planned_start": N_("the planned start"),
    "planned_end": N_("the planned end"),
    "received_at": N_("the time of receipt"),
    "opened_at": N_("the entry"),
    "started_at": N_("the start"),
    "restored_at": N_("the return of supply"),
    "cause_cleared_at": N_("the cause being cleared"),
    "change_effective_at": N_("the changed moment"),
    "changed_at": N_("the change being known"),
    "calendar": N_("the calendar day"),
}
RECIPIENTS: Mapping[str, str] = {
    "customers": N_("every customer"),
    "special": N_("special customers"),
    "important": N_("important customers"),
    "medal": N_("medal customers"),
    "high_voltage": N_("10 kV customers"),
    "low_voltage": N_("0.4 kV customers"),
    "branches": N_("the service branches"),
    "public": N_("the public"),
    "told": N_("everyone who was told"),
    "fallen_out": N_("who was told and is no longer affected"),
    "department:office": N_("office"),
    "department:marketing": N_("marketing"),
    "department:95598": N_("95598"),
    "department:leader": N_("the leader in charge"),
    "department:dispatch": N_("dispatch"),
    "department:production_technology": N_("production technology"),
    "authority:power_authority": N_("the power authority"),
    "authority:fire_service": N_("the fire service"),
    "authority:government": N_("the government"),
}
CHANNELS: Mapping[str, str] = {
    "phone": N_("telephone"),
    "sms": N_("text message"),
    "fax": N_("fax"),
    "written_notice": N_("written notice"),
    "face_to_face": N_("in person"),
    "media_announcement": N_("media announcement"),
    "internal": N_("internal message"),
    "filing": N_("filing"),
    "report": N_("report"),
}
OWNERS: Mapping[str, str] = {
    "dispatch": N_("dispatch"),
    "duty_dispatcher": N_("duty dispatcher"),
    "office": N_("office"),
    "marketing": N_("marketing"),
    "95598": N_("95598"),
    "work_unit": N_("work unit"),
    "service_branch": N_("service branch"),
    "inspection": N_("inspection"),
    "receiving_department": N_("receiving department"),
    "production_technology": N_("production technology"),
}
POSTS: Mapping[str, str] = {
    "applicant": N_("applying department"),
    "production_technology": N_("production technology"),
    "marketing": N_("marketing"),
    "marketing_director": N_("director or deputy of marketing"),
    "dispatch_director": N_("dispatch director"),
    "leader": N_("the leader in charge"),
    "government": N_("the government"),
}
STEPS: Mapping[str, str] = {
    "application": N_("application"),
    "production_technology_review": N_("review by production technology"),
    "dispatch_director_approval": N_("approval by the dispatch director"),
    "marketing_review": N_("review by marketing"),
    "marketing_director_approval": N_("approval by the director of marketing"),
    "leader_approval": N_("approval by the leader in charge"),
    "government_approval": N_("approval by the government"),
    "leader_consent": N_("consent of the leader in charge"),
}
EVIDENCE: Mapping[str, str] = {
    "log": N_("a line in the log"),
    "result": N_("the result for each customer"),
    "receipt_time": N_("the time of receipt"),
    "report_time": N_("the time of the report"),
    "change_report": N_("who reported, when, why"),
    "call_outcome": N_("the outcome of the call"),
    "transmission_report": N_("the transmission report"),
    "call_or_delivery": N_("the outcome of the call, or the delivery report"),
    "publication": N_("medium, time and reference"),
    "delivery_proof": N_("proof of delivery"),
    "filing_reference": N_("the filing's number"),
    "approved_table": N_("the approved table"),
    "signed_receipt": N_("a signature, or the refusal with its witness"),
}
TRIGGERS: Mapping[str, str] = {
    "opened": N_("when it is entered"),
    "approved": N_("once it is approved"),
    "started": N_("when it begins"),
    "changed": N_("when its times change"),
    "restored": N_("when supply is back"),
    "cancelled": N_("when it is cancelled"),
    "scope_changed": N_("when its scope changes"),
    "customer_added": N_("when a customer is added"),
}


def word(table: Mapping[str, str], name: str) -> str:
    """The name as a person reads it; the name itself where a county wrote one of its own."""
    return _(table[name]) if name in table else name


def listing(table: Mapping[str, str], names: Iterable[str]) -> str:
    return _(", ").join(word(table, name) for name in names)


def length(of: Duration) -> str:
    """A length of time: days, hours, minutes, as many as there are."""
    hours, minutes, seconds = of.seconds // 3600, of.seconds % 3600 // 60, of.seconds % 60
    parts = [
        ngettext("{count} day", "{count} days", of.days).format(count=of.days) if of.days else "",
        ngettext("{count} hour", "{count} hours", hours).format(count=hours) if hours else "",
        ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes) if minutes else "",
        ngettext("{count} second", "{count} seconds", seconds).format(count=seconds) if seconds else "",
    ]
    return " ".join(part for part in parts if part) or _("no time")


def stretch(time: timedelta) -> str:
    """A stretch between two moments; seconds are left out where there is anything longer."""
    seconds = int(abs(time).total_seconds())
    short = seconds % 86400
    return length(Duration(seconds // 86400, short - short % 60 if seconds >= 60 else short))


def moment(of: Moment, pack: str, regulation: Regulation) -> str:
    """A moment as a rule writes it: `7 days before the planned start`."""
    anchor = word(ANCHORS, of.anchor)
    if of.parameter == CONTRACT:
        return _("as many days before {anchor} as the contract says").format(anchor=anchor)
    offset = regulation.figure(of, pack)
    if not offset.days and not offset.seconds:
        return anchor
    words = {"length": length(offset), "anchor": anchor}
    return (_("{length} before {anchor}") if of.sign < 0 else _("{length} after {anchor}")).format(**words)


def moments(of: Iterable[Moment], pack: str, regulation: Regulation) -> str:
    return _(", or sooner ").join(moment(each, pack, regulation) for each in of)


def article(of: Entry) -> str:
    """The number of an entry's article; a practice of the desk's own stands in none."""
    return cited(of.articles, ", ")


def articles(of: Entry) -> str:
    """Where an entry stands, for a heading: `Article 9.1`."""
    return article(of) if PRACTICE in of.articles else _("Article {article}").format(article=article(of))


def cited(numbers: Iterable[str], between: str = "+") -> str:
    """The articles of a duty: `9.1+28.1`."""
    return between.join(_(PRACTICE) if number == PRACTICE else number for number in numbers)


def duty(of: Duty | DutyDraft, regulation: Regulation) -> str:
    """Why a duty is owed, on one line: its articles, and what the first of its rules is called."""
    rules = of.rules if isinstance(of, Duty) else of.terms.rules
    numbers = of.articles if isinstance(of, Duty) else of.terms.articles
    first = regulation.by_name.get(rules[0]) if rules else None
    if not isinstance(first, Rule):
        return cited(numbers)
    text = _("{articles}: {name}, due {due}")
    return text.format(articles=cited(numbers), name=first.title, due=moments(first.due, first.pack, regulation))


def entry(of: Entry, regulation: Regulation, types: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Everything an entry says, as (what, words), for one who checks it beside the text; `types` are the names of
    the outage types by id."""
    lines = [(_("says"), of.sentence)]
    if of.outage_types != ANY:
        lines.append((_("for outages"), _(", ").join((types or {}).get(name, name) for name in of.outage_types)))
    lines += DETAILS[type(of)](of, regulation)
    if of.owner:
        lines.append((_("done by"), word(OWNERS, of.owner)))
    if of.source:
        lines.append((_("source"), of.source))
    if not of.verified:
        lines.append((_("verified"), _("not yet compared with the text")))
    return [(name, words) for name, words in lines if words]


def _rule(of: Rule, regulation: Regulation) -> list[tuple[str, str]]:
    conjunction = _(" or ") if of.channel_mode == "any_of" else _(" and ")
    lines = [
        (_("begins"), word(TRIGGERS, of.trigger)),
        (_("owed to"), listing(RECIPIENTS, of.recipients)),
        (_("by way of"), conjunction.join(word(CHANNELS, name) for name in of.channels)),
        (_("deadline"), moments(of.due, of.pack, regulation)),
        (_("due by contract"), moments(of.due_by_contract, of.pack, regulation)),
        (_("not earlier than"), moments(of.not_before, of.pack, regulation)),
        (_("comes after"), _(", ").join(of.must_follow)),
        (_("waits for"), _("the approvals") if "approvals" in of.waits_for else _(", ").join(of.waits_for)),
        (_("only if"), _(", ").join(_condition(name) for name in of.only_if)),
        (_("not for"), _(", ").join(of.exempt_causes)),
    ]
    return [*lines, (_("proof"), word(EVIDENCE, of.evidence_kind))]


def _condition(name: str) -> str:
    known = {"starts_earlier": N_("it starts earlier"), "ends_later": N_("it ends later")}
    if name in known:
        return _(known[name])
    return _("it affects {who}").format(who=word(RECIPIENTS, name.removeprefix("affects:")))


def _limit(of: Limit, regulation: Regulation) -> list[tuple[str, str]]:
    effect = _("the outage is refused") if of.refuses else _("recorded as a violation")
    if of.holds:
        earlier, later = (moment(side, of.pack, regulation) for side in of.holds.moments)
        bound = _("{earlier} no later than {later}").format(earlier=earlier, later=later)
    elif of.more_than is not None:
        bound = _("{fact} more than {figure}").format(fact=of.fact, figure=of.more_than)
    else:
        bound = _("{fact} one of: {words}").format(fact=of.fact, words=_(", ").join(of.one_of))
    return [(_("bound"), bound), (_("if not kept"), effect)]


def _approval(of: ApprovalRule, regulation: Regulation) -> list[tuple[str, str]]:
    steps = " → ".join(word(STEPS, step.step) for step in of.steps)
    lines = [(_("in order"), steps), (_("no later than"), moments(of.needed_by, of.pack, regulation))]
    if of.customers != ("customers",):
        lines.append((_("where it affects"), listing(RECIPIENTS, of.customers)))
    if of.except_customers:
        lines.append((_("but not"), listing(RECIPIENTS, of.except_customers)))
    return lines


def _calendar(of: CalendarRule, _regulation: Regulation) -> list[tuple[str, str]]:
    by = (_("every year by"), of.every)
    return [by, (_("owed to"), listing(RECIPIENTS, of.recipients)), (_("proof"), word(EVIDENCE, of.evidence_kind))]


def _principle(of: Principle, _regulation: Regulation) -> list[tuple[str, str]]:
    watched = (_("watched"), _("the desk looks for it by itself") if of.check else "")
    return [watched, (_("kept with the outage"), _(", ").join(of.facts))]


DETAILS: Mapping[type[Entry], Callable[[Any, Regulation], list[tuple[str, str]]]] = {
    Rule: _rule,
    Limit: _limit,
    ApprovalRule: _approval,
    CalendarRule: _calendar,
    Principle: _principle,
}

KINDS: Mapping[str, str] = {
    "rule": N_("duty"),
    "limit": N_("limit"),
    "approval": N_("approval"),
    "calendar": N_("calendar"),
    "principle": N_("principle"),
}
