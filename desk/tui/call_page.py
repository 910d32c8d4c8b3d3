"""What stands on the card of an open call: who calls, what triage found, what to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from desk.tui.card import caller_lines, no_lines, nobody_lines
from desk.tui.triage_lines import triage_lines

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.tui.calls import OpenCall
    from desk.tui.cells import Line


def page_of(desk: Desk, call: OpenCall) -> Callable[[int], Sequence[Line]]:
    """The lines of the card for a width."""
    words = call.script.text if call.script else ""
    above = partial(triage_lines, call.seen.rows, call.seen.conclusion) if call.seen else no_lines
    if call.card is None:
        role = "number" if call.number_shown else "text"
        return partial(nobody_lines, call.number if call.number_shown else call.hidden_number, words, above, role=role)
    place, stage_of = desk.place, desk.outages.stage
    labels = {name: kind.label for name, kind in place.plugins.outage_types.items()}
    return partial(caller_lines, call.card, words, call.outage, place.now(), stage_of, labels, call.revealed, above)
