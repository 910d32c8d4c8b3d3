"""Whether a duty that only a signature proves was signed for. Pure."""

from __future__ import annotations

from desk.records import Duty, DutyState

# Evidence that is a signature, or a witness of its refusal: who left it with somebody has neither.
SIGNED = frozenset({"signed_receipt"})
RESULTS = frozenset({"signed", "signed_refused_with_witness"})


def unsigned(duty: Duty) -> bool:
    """Whether the duty counts as settled and nobody's signature, nor a witness, stands behind it."""
    if duty.evidence_kind not in SIGNED or duty.state not in (DutyState.DONE, DutyState.REFUSED):
        return False
    return not any(line.result in RESULTS and line.person for line in duty.evidence)
