"""Who may do what at the desk, as one table: role → rights. Use cases ask it through `Access.require`."""

from __future__ import annotations

from collections.abc import Mapping

from desk.i18n import N_

AGENT = frozenset(
    {
        *("look_up", "log_call", "reveal_number", "open_outage", "act_on_outage", "settle_duty", "approve"),
        "send_messages",
    }
)
SUPERVISOR = AGENT | {
    "import",
    "export",
    "see_audit",
    "keep_orders",
    "trust_plugins",
    "set_up_channels",
    "see_misconduct",
    "approve_export",
    "answer_persons",
    "verify_audit",
    "lead_agents",
    "take_over",
}

DISPATCHER = frozenset({"look_up", "open_outage", "act_on_outage", "approve", "keep_orders", "import"})
AUDITOR = frozenset({"look_up", "see_audit", "verify_audit", "export", "see_misconduct"})
ADMINISTRATOR = frozenset(
    {
        *("manage_agents", "lead_agents", "back_up", "restore", "serve", "run_retention"),
        *("trust_plugins", "set_up_channels", "see_audit"),
    }
)
VIEWER = frozenset({"look_up"})

# role → rights. Nobody sees unmasked numbers in lists: `see_numbers` is for a role a county may add later.
ROLES: Mapping[str, frozenset[str]] = {
    "agent": AGENT,
    "supervisor": SUPERVISOR,
    "dispatcher": DISPATCHER,
    "auditor": AUDITOR,
    "administrator": ADMINISTRATOR,
    "viewer": VIEWER,
}
ROLE_WORDS: Mapping[str, str] = {
    "agent": N_("agent"),
    "supervisor": N_("supervisor"),
    "dispatcher": N_("dispatcher"),
    "auditor": N_("auditor"),
    "administrator": N_("administrator"),
    "viewer": N_("viewer"),
    "service": N_("service"),
}

# A machine of the desk's own (`desk work`, `desk ring`, `desk serve`), started by whoever owns the data folder; see
# services.py. It is no role an agent can be given.
SERVICE = frozenset({"look_up", "log_call", "open_outage", "act_on_outage", "settle_duty", "send_messages", "serve"})

# Whose sign-in one may deal with, by right: a supervisor helps the shift, and makes nobody an administrator.
MANAGED: Mapping[str, frozenset[str]] = {
    "manage_agents": frozenset(ROLES),
    "lead_agents": frozenset({"agent", "viewer"}),
}

RIGHTS: Mapping[str, str] = {
    "look_up": N_("look customers up"),
    "log_call": N_("log calls"),
    "reveal_number": N_("reveal a telephone number"),
    "see_numbers": N_("see telephone numbers in lists"),
    "open_outage": N_("open outages"),
    "act_on_outage": N_("act on outages"),
    "settle_duty": N_("write down what became of a duty"),
    "approve": N_("write down approvals"),
    "import": N_("import files"),
    "export": N_("export data"),
    "see_audit": N_("read the audit"),
    "keep_orders": N_("keep the order tables"),
    "trust_plugins": N_("approve plugins"),
    "send_messages": N_("send messages and decide what becomes of them"),
    "set_up_channels": N_("set up channels"),
    "approve_export": N_("give leave to export"),
    "answer_persons": N_("show a person what is held on them, and erase it"),
    "verify_audit": N_("verify the audit"),
    "manage_agents": N_("list agents and set their passwords"),
    "lead_agents": N_("deal with the sign-in of agents and viewers"),
    "back_up": N_("make backups"),
    "restore": N_("restore a backup"),
    "serve": N_("open the desk to browsers"),
    "run_retention": N_("delete what need not be kept any longer"),
    "take_over": N_("take work over from another seat"),
    "see_misconduct": N_("see reports of misconduct"),
}


def rights_of(role: str, *, alone: bool) -> frozenset[str]:
    """What a role may do. Where nobody signs in (`alone`) the supervisor is the desk's administrator too."""
    if role == "service":
        return SERVICE
    rights = ROLES.get(role, frozenset())
    return rights | ADMINISTRATOR if alone and role == "supervisor" else rights
