"""What a call is about, in words."""

from __future__ import annotations

from collections.abc import Mapping

from desk.i18n import N_

TOPICS: Mapping[str, str] = {
    "outage_inquiry": N_("Outage inquiry"),
    "trouble": N_("Trouble report"),
    "expedite": N_("Expedite"),
    "inquiry": N_("Inquiry"),
    "complaint": N_("Complaint"),
    "report_of_misconduct": N_("Report of misconduct"),
    "suggestion": N_("Suggestion"),
    "opinion": N_("Opinion"),
    "praise": N_("Praise"),
    "other": N_("Other"),
}
