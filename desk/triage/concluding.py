"""From what the sources found to one sentence, the outage to propose and what to do. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from desk.i18n import N_, _
from desk.plugins.sources import Finding

# What a finding means, the weightiest first, and what to do about it: a suspension explains no supply before any
# outage does, what is known before what is probable, what is probable before what only hints.
MEANING: Mapping[str, str] = {
    "suspended": N_("Supply is suspended: say why, and who gives it back."),
    "off": N_("A known outage: read the script, offer a callback."),
    "due": N_("A planned outage was to begin: ask whether it is off, tell dispatch."),
    "predicted": N_("A probable outage: add this call, do not name a cause."),
    "restored": N_("Supply was restored lately: still out, or the caller's own side. Ask for the neighbours."),
    "crew": N_("A crew is on its way: say by when, and note the wish to hurry."),
    "neighbours": N_("Neighbours report it too: probably more than one house. Ask for the hazard."),
    "own_side": N_("Probably the caller's own side: breaker, balance, meter."),
    "ahead": N_("Nothing is off now; an outage is planned."),
}
PROPOSES = frozenset({"suspended", "off", "due", "restored"})  # the call joins these


class Conclusion(Struct, frozen=True, kw_only=True):
    """`words` in a sentence or two; `outage` is proposed for the call (may be empty), `bearing` why."""

    words: str
    bearing: str = "none"
    outage: str = ""
    is_stale: bool = False


def concluded(findings: Iterable[Finding], now: datetime, data_at: datetime | None, stale: timedelta) -> Conclusion:
    """The conclusion from what has answered; that nothing is known, and that the data is old, are two sentences."""
    found = [one for one in findings if one.state == "found" and one.bearing in MEANING]
    found.sort(key=lambda one: list(MEANING).index(one.bearing))
    is_stale = data_at is None or now - data_at > stale
    if found:
        first = found[0]
        words = _("{found}. {meaning}").format(found=first.said, meaning=_(MEANING[first.bearing]))
        outage = first.outage if first.bearing in PROPOSES else ""
        return Conclusion(words=words, bearing=first.bearing, outage=outage, is_stale=is_stale)
    if data_at is None:
        return Conclusion(
            words=_("No outage was ever entered here: ask dispatch before you say anything."), is_stale=True
        )
    if is_stale:
        minutes = int((now - data_at).total_seconds() // 60)
        text = _("The outage data is {minutes} minutes old: do not say that nothing is known, ask dispatch.")
        return Conclusion(words=text.format(minutes=minutes), is_stale=True)
    text = _("No outage is known here: ask for the whole building, breaker, balance, smell, a wire down.")
    return Conclusion(words=text)
