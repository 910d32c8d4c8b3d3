"""The words a rule pack is written in: triggers, recipients, conditions, channels, owners, proofs.

Where a list is open, a county may write words of its own; one that looks like a slip of a known word is a mistake.
"""

from __future__ import annotations

TRIGGERS = (
    "opened",
    "approved",
    "started",
    "changed",
    "restored",
    "cancelled",
    "scope_changed",
    "customer_added",
)

# Selectors: which of the affected customers, and who besides customers.
CUSTOMERS = ("customers", "special", "important", "medal", "high_voltage", "low_voltage")
OTHERS = ("branches", "public", "told", "fallen_out")
DEPARTMENTS = ("office", "marketing", "95598", "leader", "dispatch", "production_technology")
AUTHORITIES = ("power_authority", "fire_service", "government")
PREFIXED = {"department": DEPARTMENTS, "authority": AUTHORITIES, "sector": ()}

# Conditions of a rule: about the change, or about who is affected (`affects:important`).
CHANGES = ("starts_earlier", "ends_later")
AFFECTS = "affects:"

CHANNELS = (
    "phone",
    "sms",
    "fax",
    "written_notice",
    "face_to_face",
    "media_announcement",
    "internal",
    "filing",
    "report",
)
# What can be used for the public, and what only for it.
PUBLIC_CHANNELS = frozenset({"media_announcement"})

OWNERS = (
    "dispatch",
    "duty_dispatcher",
    "office",
    "marketing",
    "95598",
    "work_unit",
    "service_branch",
    "inspection",
    "receiving_department",
    "production_technology",
)
POSTS = (
    "applicant",
    "production_technology",
    "marketing",
    "marketing_director",
    "dispatch_director",
    "leader",
    "government",
)

# What proves that a duty was done, the weaker first: where two rules are one duty, the stronger is asked for.
EVIDENCE = (
    "log",
    "result",
    "receipt_time",
    "report_time",
    "change_report",
    "call_outcome",
    "transmission_report",
    "call_or_delivery",
    "publication",
    "delivery_proof",
    "filing_reference",
    "approved_table",
    "signed_receipt",
)

OUTAGE_TYPES = (
    "planned_maintenance",
    "temporary_maintenance",
    "grid_fault",
    "supply_shortage",
    "arrears",
    "theft_violation",
    "unforeseeable",
    "hazard_removal",
    "account_closure",
)
SUBJECTS = ("outage", "order_table")
