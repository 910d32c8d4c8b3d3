"""Who may do what at the desk, as one table, and the line that is left when it must be answerable later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.errors import NotAllowed, NotFound
from desk.i18n import N_, _
from desk.place import Place
from desk.records import AuditLine, Customer

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
    "verify_audit",
}

DISPATCHER = frozenset({"look_up", "open_outage", "act_on_outage", "approve", "keep_orders", "import"})
AUDITOR = frozenset({"look_up", "see_audit", "verify_audit", "export", "see_misconduct"})
ADMINISTRATOR = frozenset(
    {
        *("manage_agents", "back_up", "restore", "serve", "run_retention"),
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
    "verify_audit": N_("verify the audit"),
    "manage_agents": N_("list agents and set their passwords"),
    "back_up": N_("make backups"),
    "restore": N_("restore a backup"),
    "serve": N_("open the desk to browsers"),
    "run_retention": N_("delete what need not be kept any longer"),
    "see_misconduct": N_("see reports of misconduct"),
}


class Access:
    """The rights of whoever sits at this place."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def may(self, right: str) -> bool:
        return right in ROLES.get(self._place.role, frozenset())

    def require(self, right: str) -> None:
        """Raises NotAllowed unless the role at this place has `right`."""
        if not self.may(right):
            words = {"role": self._place.role, "right": _(RIGHTS[right])}
            raise NotAllowed(_("the role {role} may not {right}; ask a supervisor").format(**words))

    def reveal(self, account_no: str) -> Customer:
        """The customer with telephone numbers in full; leaves a line in the audit."""
        self.require("reveal_number")
        customer = self._place.customers.get(account_no)
        if customer is None:
            raise NotFound(_("there is no customer {account}").format(account=account_no))
        self.note("number.reveal", account_no)
        return customer

    def note(self, act: str, about: str = "", details: dict[str, Any] | None = None) -> AuditLine:
        """Leave a line in the audit; inside a transaction it is kept or dropped with it."""
        place = self._place
        return place.audit_table.add(
            lambda number: AuditLine(
                id=f"A{number}", at=place.now(), by=place.agent, act=act, about=about, details=details or {}
            )
        )
