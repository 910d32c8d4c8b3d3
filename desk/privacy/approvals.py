"""Leave to export: one agent asks with a purpose, another gives it for some hours, and it is used once.

    approvals = Approvals(place)
    leave = approvals.ask("customers", "yearly check of addresses")
    approvals.give(leave.id)                          # somebody else
    leave = approvals.valid("customers")              # before the file is written
    approvals.use(leave)                              # in the transaction in which the file appears

On a desk of one seat, where nobody signs in, whoever exports gives the leave; it is written down all the same.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from msgspec.structs import replace

from desk import schema
from desk.access import Access
from desk.errors import BadInput, NotAllowed, NotFound, Refused
from desk.i18n import N_, _
from desk.place import Place
from desk.records import ExportApproval
from desk.text import clean

# What leave is asked for: tables as `desk export` names them, and all that is held on one person.
DATA = ("customers", "outages", "calls", "duties", "person")
ALONE = N_("a desk of one seat")  # the purpose of who asks for none
LONGEST = 200  # characters of a purpose


class Standing(StrEnum):
    """Where a leave stands; that it expired is asked of the clock."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    EXPIRED = "expired"
    USED = "used"


WORDS: dict[Standing, str] = {
    Standing.ASKED: N_("asked for"),
    Standing.GIVEN: N_("granted"),
    Standing.REFUSED: N_("refused"),
    Standing.EXPIRED: N_("expired"),
    Standing.USED: N_("used"),
}
# Why a leave cannot be used now.
CLOSED: dict[Standing, str] = {
    Standing.ASKED: N_("{id} was not given yet; somebody else gives it: desk privacy approve {id}"),
    Standing.REFUSED: N_("{id} was refused by {by}; ask again with: desk privacy ask {what}"),
    Standing.EXPIRED: N_("{id} expired {at}; ask again with: desk privacy ask {what}"),
    Standing.USED: N_("{id} was used {at}, and leave holds for one export; ask again with: desk privacy ask {what}"),
}


class Approvals:
    """The leaves of one county."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._access = Access(place)
        self._table = place.store.records(schema.EXPORT_APPROVALS, ExportApproval)

    def ask(self, what: str, purpose: str) -> ExportApproval:
        """Ask for leave to export `what`. Raises NotAllowed without the right to export, BadInput without a purpose."""
        self._access.require("export")
        if what not in DATA:
            raise BadInput(
                _("there is no export of {what}; choose {choices}").format(what=what, choices=", ".join(DATA))
            )
        if not purpose.strip():
            raise BadInput(_("say what the export is for: --purpose TEXT"))
        with self._place.store.transaction():
            leave = self._added(what, purpose)
            self._access.note("export_approval.ask", leave.id, {"what": what, "purpose": leave.purpose})
        return leave

    def give(self, id: str) -> ExportApproval:
        """Give leave. Raises NotAllowed without the right, and for one's own where agents sign in."""
        self._access.require("approve_export")
        with self._place.store.transaction():
            leave = self._open(id)
            if self.needs_another and leave.agent == self._place.agent:
                raise NotAllowed(_("{id} is your own; somebody else gives it").format(id=leave.id))
            return self._given(leave)

    def refuse(self, id: str) -> ExportApproval:
        """Refuse leave, also after it was given and before it was used."""
        self._access.require("approve_export")
        with self._place.store.transaction():
            leave = self._open(id, or_given=True)
            refused = replace(leave, refused_by=self._place.agent)
            self._table.put(refused)
            self._access.note("export_approval.refuse", leave.id, {"what": leave.what, "for": leave.agent})
        return refused

    def get(self, id: str) -> ExportApproval:
        """The leave with this number; raises NotFound."""
        leave = self._table.get(id.strip().upper())
        if leave is None:
            raise NotFound(_("there is no leave {id}; `desk privacy approvals` lists them").format(id=id))
        return leave

    def listed(self, standing: str = "", limit: int = 200) -> list[ExportApproval]:
        """Leaves, the latest first: those of one standing, or all. Who may not give any sees their own."""
        sees_all = self._access.may("approve_export") or self._access.may("see_audit")
        if not sees_all:
            self._access.require("export")
        found = self._table.range("asked_at", None, None, newest_first=True)
        rows = [one for one in found if sees_all or one.agent == self._place.agent]
        return [one for one in rows if not standing or self.standing(one) == standing][:limit]

    def standing(self, leave: ExportApproval) -> Standing:
        """Where a leave stands now."""
        if leave.used_at:
            return Standing.USED
        if leave.refused_by:
            return Standing.REFUSED
        if leave.approved_at is None:
            return Standing.ASKED
        expired = leave.expires_at is not None and leave.expires_at <= self._place.now()
        return Standing.EXPIRED if expired else Standing.GIVEN

    def valid(self, what: str, id: str = "", purpose: str = "") -> ExportApproval:
        """The leave by which this agent may export `what` now: the one named, or the agent's own.

        Where nobody signs in it is given by oneself, with `purpose`. Raises NotAllowed with one sentence that says
        what is missing.
        """
        self._access.require("export")
        if id:
            return self._usable(self.get(id), what)
        mine = (one for one in self.listed(Standing.GIVEN) if (one.what, one.agent) == (what, self._place.agent))
        if self.needs_another:
            if (found := next(mine, None)) is None:
                words = _("leave to export {what} is missing; ask for it with: desk privacy ask {what} --purpose TEXT")
                raise NotAllowed(words.format(what=what))
            return found
        with self._place.store.transaction():
            return self._given(self._added(what, purpose or _(ALONE)))

    def use(self, leave: ExportApproval) -> None:
        """Use a leave up; inside the transaction in which the file appears. Raises NotAllowed when it was used."""
        now = self._usable(self.get(leave.id), leave.what)
        self._table.put(replace(now, used_at=(*now.used_at, self._place.now())))

    def taken(self, what: str, purpose: str) -> ExportApproval:
        """The number of a report that needs no leave: written down as used; inside the report's transaction."""
        at, by = self._place.now(), self._place.agent
        return self._table.add(
            lambda number: ExportApproval(
                id=f"E{number}",
                what=what,
                agent=by,
                purpose=purpose,
                asked_at=at,
                approved_by=by,
                approved_at=at,
                expires_at=at,
                used_at=(at,),
            )
        )

    @property
    def needs_another(self) -> bool:
        """Whether leave is given by somebody else: wherever agents sign in."""
        return self._place.signs_in

    def _added(self, what: str, purpose: str) -> ExportApproval:
        words = " ".join(clean(purpose).split())[:LONGEST]
        return self._table.add(
            lambda number: ExportApproval(
                id=f"E{number}", what=what, agent=self._place.agent, purpose=words, asked_at=self._place.now()
            )
        )

    def _given(self, leave: ExportApproval) -> ExportApproval:
        now = self._place.now()
        until = now + timedelta(hours=self._place.config.privacy.approval_hours)
        given = replace(leave, approved_by=self._place.agent, approved_at=now, expires_at=until)
        self._table.put(given)
        details = {"what": leave.what, "for": leave.agent, "purpose": leave.purpose, "until": until.isoformat()}
        self._access.note("export_approval.give", leave.id, details)
        return given

    def _open(self, id: str, *, or_given: bool = False) -> ExportApproval:
        leave = self.get(id)
        standing = self.standing(leave)
        if standing is Standing.ASKED or (or_given and standing is Standing.GIVEN):
            return leave
        raise Refused(_("{id} is {standing} already").format(id=leave.id, standing=_(WORDS[standing])))

    def _usable(self, leave: ExportApproval, what: str) -> ExportApproval:
        if leave.what != what:
            raise NotAllowed(_("{id} is leave to export {what}").format(id=leave.id, what=leave.what))
        if leave.agent != self._place.agent:
            raise NotAllowed(_("{id} is leave for {agent}").format(id=leave.id, agent=leave.agent))
        if (standing := self.standing(leave)) is Standing.GIVEN:
            return leave
        at = leave.used_at[-1] if leave.used_at else leave.expires_at
        words = {"id": leave.id, "by": leave.refused_by, "what": what, "at": f"{at:%Y-%m-%d %H:%M}" if at else ""}
        raise NotAllowed(_(CLOSED[standing]).format(**words))
