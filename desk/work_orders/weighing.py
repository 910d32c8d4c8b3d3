"""How urgent a work order is, and by when somebody must be there. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from desk.config.settings import WorkOrderSettings
from desk.durations import parse_duration
from desk.i18n import N_
from desk.records import Customer, TransformerArea, Urgency

# What a caller sees at the place; the first ones are danger to life.
HAZARDS: Mapping[str, str] = {
    "person_hurt": N_("somebody hurt or shocked"),
    "trapped": N_("people trapped in a lift"),
    "wire_down": N_("a wire down or within reach"),
    "fire": N_("fire, smoke or smell of burning"),
    "pole_down": N_("a pole or a tower down or leaning"),
    "flooded": N_("equipment in water"),
    "open_equipment": N_("a cabinet or a well open"),
    "crowd": N_("a crowd at the place"),
    "other": N_("another danger"),
}
DANGER_TO_LIFE = frozenset({"person_hurt", "trapped", "wire_down", "fire", "pole_down", "flooded"})
CROWD = frozenset({"crowd"})
CROWD_SECTORS = frozenset({"crowd_place", "school", "hospital"})
HIGH_RISK_SECTORS = frozenset({"mine", "chemical", "metallurgy"})


def urgency_of(hazard: str, customer: Customer | None) -> Urgency:
    """Danger to life before a crowd, a crowd before high-risk customers, those before important ones.

    A hazard in words of the caller's own counts as danger to life: nobody at the desk can see the place.
    """
    if hazard and (hazard in DANGER_TO_LIFE or hazard not in HAZARDS):
        return Urgency.DANGER_TO_LIFE
    if customer is not None and customer.special_need:
        return Urgency.DANGER_TO_LIFE
    if hazard in CROWD or (customer is not None and customer.sector in CROWD_SECTORS):
        return Urgency.CROWD
    if customer is not None and customer.sector in HIGH_RISK_SECTORS:
        return Urgency.HIGH_RISK
    return Urgency.IMPORTANT if customer is not None and customer.important else Urgency.NORMAL


def area_kind(area: TransformerArea | None, chosen: WorkOrderSettings) -> str:
    """urban, rural or remote: as the county set for the branch; the strictest where it set nothing."""
    return chosen.area_kinds.get(area.service_branch, chosen.otherwise) if area else chosen.otherwise


def arrive_by(at: datetime, kind: str, chosen: WorkOrderSettings) -> datetime | None:
    """By when a crew must be at the place: 45 minutes in town, 90 in the country, 2 hours far out (the service
    commitment of the grid companies), or as the county set; None for a kind without a limit."""
    limit = chosen.arrival.get(kind)
    return at + parse_duration(limit).length if limit else None


def is_similar(one_at: datetime, other_at: datetime, chosen: WorkOrderSettings) -> bool:
    """Whether two orders at one place are close enough in time to be one matter."""
    return abs(one_at - other_at) <= timedelta(minutes=chosen.similar_minutes)
