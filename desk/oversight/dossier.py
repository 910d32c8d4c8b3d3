"""Everything the desk has stored of one outage, gathered for its proof."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from desk import schema
from desk.access import Access
from desk.errors import NotFound
from desk.i18n import _, in_language
from desk.notices.book import DutyBook
from desk.records import Approval, Customer, Duty, Outage, Violation
from desk.regulation import Regulation

if TYPE_CHECKING:
    from desk.place import Place


class Dossier(Struct, frozen=True, kw_only=True):
    """One outage with all that was owed, done, approved and violated; as it stood when it was gathered.

    `names` are those of groups' sites; `rules` holds for each rule what it says, in the reader's language.
    """

    county: str
    type_label: str
    outage: Outage
    duties: tuple[Duty, ...]
    approvals: tuple[Approval, ...]
    violations: tuple[Violation, ...]
    rules: dict[str, str]
    packs: dict[str, str]
    names: dict[str, str]
    made_at: datetime
    made_by: str


def gathered(place: Place, outage_id: str) -> Dossier:
    """The dossier of the outage called `outage_id`; raises NotFound."""
    Access(place).require("look_up")
    outage = place.outages_table.get(outage_id.strip().upper())
    if outage is None:
        raise NotFound(_("there is no outage {id}; `desk outages` lists them").format(id=outage_id))
    store, types = place.store, place.plugins.outage_types
    duties = tuple(DutyBook(place).of(outage.id))
    # As they were when the outage was opened: that is what was owed.
    regulation = Regulation.of(place.plugins.rule_packs, place.config.regulation).in_force(outage.packs)
    approvals = store.records(schema.APPROVALS, Approval).where(outage=outage.id)
    return Dossier(
        county=place.config.county.name,
        type_label=types[outage.type].label if outage.type in types else outage.type,
        outage=outage,
        duties=duties,
        approvals=tuple(sorted(approvals, key=lambda one: (one.order, one.id))),
        violations=tuple(store.records(schema.VIOLATIONS, Violation).where(outage=outage.id)),
        rules=_sentences(regulation, duties),
        packs={pack.id: in_language(pack.title) for pack in regulation.packs},
        names=_site_names(place, duties),
        made_at=place.now(),
        made_by=place.agent,
    )


def _sentences(regulation: Regulation, duties: tuple[Duty, ...]) -> dict[str, str]:
    """Each rule that the duties come from, and what it says."""
    named = {rule for duty in duties for rule in duty.rules}
    return {rule: regulation.by_name[rule].sentence for rule in named if rule in regulation.by_name}


def _site_names(place: Place, duties: tuple[Duty, ...]) -> dict[str, str]:
    accounts = Counter(site for duty in duties for site in duty.sites)
    found: list[Customer] = place.customers.where(account_no=list(accounts)) if accounts else []
    return {customer.account_no: customer.name for customer in found}
