"""Which calls count towards a predicted outage, and why the others do not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desk.i18n import N_
from desk.outages.live import is_due
from desk.records import ACTIVE, Call, Customer, Outage, Topic, TransformerArea

# Trouble codes, and whether the caller is without supply altogether (only then does a call count).
TROUBLE_CODES: Mapping[str, str] = {
    "no_supply": N_("no supply"),
    "customer_side_fault": N_("own breaker tripped, neighbours have power"),
    "partial_supply": N_("part of the supply"),
    "low_voltage": N_("low voltage"),
    "flicker": N_("flicker"),
    "wire_down": N_("wire down"),
    "pole_or_equipment": N_("pole or equipment damaged"),
    "meter": N_("meter or meter box"),
    "other": N_("other trouble"),
}
OWN_CLASS = frozenset({"partial_supply", "low_voltage", "flicker"})
CUSTOMER_SIDE = frozenset({"customer_side_fault"})
SUSPENSIONS = frozenset({"arrears", "theft_violation"})

# Why a call is not counted; kept with the call.
REASONS: Mapping[str, str] = {
    "topic": N_("not about missing supply"),
    "nobody": N_("no customer is known for it"),
    "attached": N_("belongs to a known outage"),
    "suspended": N_("supply is suspended for arrears or theft"),
    "scheduled": N_("a scheduled outage covers the customer now"),
    "customer_side": N_("the caller's own breaker, the neighbours have power"),
    "own_class": N_("flicker, low voltage or partial supply: a class of its own"),
    "apart": N_("taken out by a person"),
}


def why_not_counted(call: Call, customer: Customer | None, touching: Iterable[Outage]) -> str:
    """The key of the reason for which a call does not count; empty when it does."""
    if not _about_missing_supply(call):
        return "topic"
    if customer is None:
        return "nobody"
    if call.trouble_code in CUSTOMER_SIDE and not call.multiple_premises:
        return "customer_side"
    if call.trouble_code in OWN_CLASS:
        return "own_class"
    known = list(touching)
    if any(outage.type in SUSPENSIONS and outage.status in ACTIVE for outage in known):
        return "suspended"
    if any(is_due(outage, call.at) for outage in known):
        return "scheduled"
    return "attached" if call.outage else ""


def predicts_own_transformer(customer: Customer, area: TransformerArea | None) -> bool:
    """Whether one call is enough for the customer's transformer: it is a dedicated one, or the customer important."""
    return customer.important or (area is not None and area.kind == "dedicated")


def _about_missing_supply(call: Call) -> bool:
    return call.topic is Topic.TROUBLE or (
        call.topic is Topic.OUTAGE_INQUIRY and (call.multiple_premises or call.trouble_code == "no_supply")
    )
