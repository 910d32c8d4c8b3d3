"""What a feed brought, stored: calls become rings, outages are opened, or changed where their reference is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace as replaced
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from desk import schema
from desk.errors import BadInput, NotFound, Refused
from desk.i18n import _, ngettext
from desk.imports.outage_import import change_of, differing_from
from desk.outages import OutageRequest, Outages, read_request
from desk.outages.facts import as_stored
from desk.plugins.feeds import Incoming
from desk.records import LIVE, Outage

if TYPE_CHECKING:
    from desk.place import Place
    from desk.rings import Rings


class Taking:
    """Takes in what one feed brings; what is refused is said in `trouble`, and the rest is stored all the same."""

    def __init__(self, place: Place, rings: Rings, name: str, brings: str) -> None:
        self.trouble = ""
        self._rings = rings
        self._name = name
        self._brings = brings
        # The feed itself is who opens and changes, whoever sits at this seat.
        self._place = replaced(place, load_plugins=lambda: place.plugins, agent=name, role="supervisor", seat="")
        self._outages = Outages(self._place)

    def take(self, items: Sequence[Any]) -> None:
        """Store each; raises StoreProblem when nothing can be stored now: take the same again later."""
        refused: list[str] = []
        for item in items:
            try:
                self._one(item)
            except Refused as problem:
                refused.append(f"{_called(item)}: {problem}")
        if self._brings == "outages":
            self._place.mark(schema.OUTAGES)  # nothing new is news too: what is known is true
        if items or not self.trouble:
            self.trouble = _told(refused)

    def _one(self, item: Any) -> None:
        if isinstance(item, Incoming):
            try:
                self._rings.hear(_checked(item), self._name)
            except NotFound:
                return  # the end of a call that began before anyone listened
        elif isinstance(item, Mapping):
            self._outage(item)
        else:
            text = _("a feed brings objects and Incoming, not {got}").format(got=type(item).__name__)
            raise BadInput(text)

    def _outage(self, document: Mapping[str, Any]) -> None:
        try:
            digest = sha256(msgspec.json.encode(document, order="sorted")).hexdigest()
        except (TypeError, ValueError, RecursionError) as problem:
            raise BadInput(_("this is not a JSON object"), why=str(problem)) from None
        request = replace(read_request(document, self._place.clock.zone), fingerprint=digest)
        known = self._known(request)
        if known is None:
            self._outages.open(request)
        elif known.fingerprint != request.fingerprint:
            self._change(request, known)

    def _known(self, request: OutageRequest) -> Outage | None:
        table = self._place.outages_table
        if request.reference:
            return next(iter(table.where(reference=request.reference)), None)
        return next((one for one in table.where(status=list(LIVE)) if one.fingerprint == request.fingerprint), None)

    def _change(self, request: OutageRequest, known: Outage) -> None:
        request = replace(request, facts=as_stored(self._place, known.type, request.facts))
        differing = differing_from(request, known)
        if fixed := [name for name in ("type", "phases") if name in differing]:
            words = {"field": fixed[0], "id": known.id}
            raise BadInput(_("{field} differs from outage {id} and cannot be changed by a feed").format(**words))
        done = self._outages.change(known.id, change_of(request, known), known) if differing else known
        self._place.outages_table.put(replace(done, fingerprint=request.fingerprint))


def _checked(item: Incoming) -> Incoming:
    """Making a record checks nothing: what a plugin put into it is looked at here."""
    try:
        return msgspec.convert(msgspec.structs.asdict(item), Incoming)
    except msgspec.ValidationError as problem:
        raise BadInput(_("this is no call: {problem}").format(problem=problem)) from None


def _called(item: Any) -> str:
    """How the thing is named where it was refused."""
    if isinstance(item, Mapping):
        return str(item.get("reference") or _("an outage"))[:40]
    return _("a call")


def _told(refused: Sequence[str]) -> str:
    if not refused:
        return ""
    text = ngettext("{count} was not taken: {first}", "{count} were not taken, the first: {first}", len(refused))
    return text.format(count=len(refused), first=refused[0])
