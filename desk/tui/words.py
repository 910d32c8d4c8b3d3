"""The words the screens share: topics, outcomes, stages, grades, reasons, as tables marked for the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from desk.i18n import N_, _
from desk.records import Customer

OUTCOMES: Mapping[str, str] = {
    "answered": N_("Answered"),
    "passed_on": N_("Passed on"),
    "callback_promised": N_("Callback promised"),
    "not_resolved": N_("Not resolved"),
    "cut_off": N_("Cut off"),
}
NEIGHBOURS: Mapping[str, str] = {
    "only": N_("only here"),
    "too": N_("they too"),
    "unknown": N_("not known"),
}
ORDER_WORDS: Mapping[str, str] = {
    "make": N_("make one"),
    "none": N_("none"),
    "hurry": N_("hurry {id}"),
}
STAGES: Mapping[str, str] = {
    "upcoming": N_("PLAN"),
    "due_to_start": N_("DUE"),
    "off": N_("OFF"),
    "overdue": N_("LATE"),
    "restored": N_("BACK"),
    "predicted": N_("PRED"),
}
STAGE_SENTENCES: Mapping[str, str] = {
    "upcoming": N_("Planned, not begun"),
    "due_to_start": N_("Due to start: not yet confirmed off"),
    "off": N_("Off"),
    "overdue": N_("Off, past the time told"),
    "restored": N_("Restored"),
    "predicted": N_("Predicted from calls"),
}
ACTS: Mapping[str, str] = {
    "open": N_("opened"),
    "import": N_("imported"),
    "start": N_("supply off"),
    "change": N_("changed"),
    "restore": N_("supply back"),
    "cancel": N_("cancelled outage"),
    "close": N_("closed outage"),
}
TABS: Mapping[str, str] = {
    "active": N_("Active"),
    "scheduled": N_("Scheduled"),
    "predicted": N_("Predicted"),
    "restored": N_("Restored"),
}
EMPTY_TABS: Mapping[str, str] = {
    "active": N_("No outage is on. F7 opens one; a fault or a plan that has begun shows here."),
    "scheduled": N_("Nothing is planned. F7 opens a plan; `i` imports a list from dispatch."),
    "predicted": N_("No outage is suspected. Several calls below one device would show here."),
    "restored": N_("Nothing was restored in the last {hours} hours. Restored outages stay here that long."),
}
DISCARD_REASONS: Mapping[str, str] = {
    "wrong_number": N_("Wrong number"),
    "silent": N_("Nobody spoke"),
    "cut_off": N_("Cut off"),
    "duplicate": N_("Logged already"),
    "looked_up": N_("Only looked up"),
}
MATCHED: Mapping[str, str] = {
    "account": N_("acct"),
    "meter": N_("meter"),
    "phone": N_("phone"),
    "name": N_("name"),
    "pinyin": N_("piny"),
    "address": N_("addr"),
}
MEDALS: Mapping[str, str] = {"gold": N_("gold"), "silver": N_("silver"), "bronze": N_("bronze")}
GRADES: Mapping[str, str] = {
    "special": N_("special grade"),
    "first": N_("first grade"),
    "second": N_("second grade"),
    "third": N_("third grade"),
    "temporary": N_("temporary grade"),
}
AREA_KINDS: Mapping[str, str] = {"public": N_("public"), "dedicated": N_("dedicated")}
STATES: Mapping[str, str] = {
    "on": N_("on"),
    "off": N_("not on"),
    "paused": N_("paused"),
    "not_approved": N_("not approved"),
    "not_configured": N_("not set up"),
}
SECTORS: Mapping[str, str] = {
    "mine": N_("Mine"),
    "hospital": N_("Hospital"),
    "special_need": N_("Medical need at home"),
    "water": N_("Water"),
    "sewage": N_("Sewage"),
    "chemical": N_("Chemical"),
    "metallurgy": N_("Metallurgy"),
    "residential_tower": N_("Residential tower"),
    "residential": N_("Residential"),
    "crowd_place": N_("Crowded place"),
    "fire_service": N_("Fire service"),
    "telecom": N_("Telecom"),
    "broadcast": N_("Broadcast"),
    "government": N_("Government"),
    "data_centre": N_("Data centre"),
    "school": N_("School"),
    "farm": N_("Farm"),
    "commerce": N_("Commerce"),
    "industry": N_("Industry"),
}


def hazards() -> Mapping[str, str]:
    """What may be dangerous at the place; the first is that nothing is."""
    from desk.work_orders import HAZARDS

    return {"none": N_("none"), **HAZARDS}


def trouble_codes() -> Mapping[str, str]:
    """What is wrong with the supply."""
    from desk.predicting import TROUBLE_CODES

    return TROUBLE_CODES


def say(table: Mapping[str, str], key: str) -> str:
    """The word for `key` in the language on screen; a key without a word is shown as it is."""
    return _(table[key]) if key in table else key


def flags(customer: Customer) -> list[tuple[str, str]]:
    """The tier flags of a customer as (words, role), the gravest first."""
    found = []
    if customer.special_need:
        found.append((_("Medical: {need}").format(need=customer.special_need), "danger"))
    if customer.important:
        found.append((_("Important {grade}").format(grade=say(GRADES, customer.grade)).strip(), "overdue"))
    if customer.special:
        found.append((_("Special"), "off"))
    if customer.medal:
        found.append((_("{medal} medal").format(medal=say(MEDALS, customer.medal)), "upcoming"))
    return found


def marks(special: bool, important: bool) -> str:
    """Four cells that flag a customer in a list: `SI`, `S`, `I` or nothing."""
    return (_("S") if special else "") + (_("I") if important else "")
