"""What a try at a duty may come to, for every kind of evidence, and what each result makes of the duty.

Which results an evidence kind takes is the table `RESULTS`; what a duty may become from where it stands is `LEADS`.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from desk.errors import BadInput, Refused
from desk.i18n import N_, _
from desk.records import Duty, DutyState


class Result(Struct, frozen=True, kw_only=True):
    """One result: its words, what it makes of the duty, and what must be written down with it."""

    id: str
    words: str
    leads_to: DutyState
    needs: str = ""  # person | note: without it the result proves nothing
    again: bool = False  # the same address is worth another try


def _table(*results: Result) -> Mapping[str, Result]:
    return {result.id: result for result in results}


DONE, TRIED = DutyState.DONE, DutyState.ATTEMPTED
ALL: Mapping[str, Result] = _table(
    Result(id="reached", words=N_("reached, and read back"), leads_to=DONE),
    Result(id="left_with", words=N_("left with somebody"), leads_to=DONE, needs="person"),
    Result(id="busy", words=N_("busy"), leads_to=TRIED, again=True),
    Result(id="no_answer", words=N_("no answer"), leads_to=TRIED, again=True),
    Result(id="wrong_number", words=N_("wrong number"), leads_to=TRIED),
    Result(id="refused", words=N_("would not listen"), leads_to=DutyState.REFUSED),
    Result(id="sent", words=N_("sent, not yet confirmed"), leads_to=TRIED),
    Result(id="delivered", words=N_("delivered"), leads_to=DONE),
    Result(id="failed", words=N_("could not be sent"), leads_to=TRIED, again=True),
    Result(id="signed", words=N_("signed for"), leads_to=DONE, needs="person"),
    Result(
        id="signed_refused_with_witness",
        words=N_("would not sign, before a witness"),
        leads_to=DutyState.REFUSED,
        needs="person",
    ),
    Result(id="absent", words=N_("nobody was there"), leads_to=TRIED, again=True),
    Result(id="told", words=N_("told face to face"), leads_to=DONE),
    Result(id="published", words=N_("published"), leads_to=DONE),
    Result(id="received", words=N_("received"), leads_to=DONE),
    Result(id="filed", words=N_("filed"), leads_to=DONE),
    Result(id="reported", words=N_("reported"), leads_to=DONE),
    Result(id="done", words=N_("done"), leads_to=DONE),
    Result(id="unreachable", words=N_("given up: cannot be reached"), leads_to=DutyState.UNREACHABLE, needs="note"),
    Result(id="exempt", words=N_("not owed"), leads_to=DutyState.EXEMPT, needs="note"),
)

# What anybody may write down of any duty: that it was done, that it cannot be, that it need not be.
ALWAYS = ("done", "unreachable", "exempt")

# channel → the results that a try over it may have.
CHANNEL_RESULTS: Mapping[str, tuple[str, ...]] = {
    "phone": ("reached", "left_with", "busy", "no_answer", "wrong_number", "refused"),
    "sms": ("delivered", "sent", "failed", "wrong_number"),
    "fax": ("delivered", "received", "sent", "busy", "no_answer", "failed", "wrong_number"),
    "written_notice": ("signed", "signed_refused_with_witness", "left_with", "delivered", "absent", "refused"),
    "face_to_face": ("told", "reached", "signed", "signed_refused_with_witness", "left_with", "absent", "refused"),
    "media_announcement": ("published", "failed"),
    "internal": ("received", "delivered", "reached", "left_with", "no_answer", "busy", "sent", "failed"),
    "filing": ("filed", "received", "refused", "failed"),
    "report": ("reported", "received", "reached", "delivered", "left_with", "no_answer", "busy"),
}

# The proof that an article asks for → the results that give it, whatever the channel.
EVIDENCE_RESULTS: Mapping[str, tuple[str, ...]] = {
    "receipt_time": ("received",),
    "report_time": ("reported",),
    "change_report": ("reported", "reached"),
    "call_outcome": ("reached", "left_with"),
    "transmission_report": ("delivered", "received"),
    "call_or_delivery": ("reached", "delivered"),
    "publication": ("published",),
    "delivery_proof": ("signed", "signed_refused_with_witness", "delivered"),
    "filing_reference": ("filed",),
    "approved_table": ("filed",),
    "signed_receipt": ("signed", "signed_refused_with_witness"),
}

# Where a duty stands → what a result may make of it. Whatever is not here is refused: it was settled already.
LEADS: Mapping[DutyState, frozenset[DutyState]] = {
    DutyState.PENDING: frozenset(DutyState) - {DutyState.PENDING, DutyState.WITHDRAWN},
    DutyState.ATTEMPTED: frozenset(DutyState) - {DutyState.PENDING, DutyState.WITHDRAWN},
    # Who was given up, or would not hear, may be told after all; a try that fails is written down and changes nothing.
    DutyState.UNREACHABLE: frozenset({DutyState.DONE, DutyState.REFUSED, DutyState.ATTEMPTED}),
    DutyState.REFUSED: frozenset({DutyState.DONE, DutyState.ATTEMPTED}),
    DutyState.DONE: frozenset(),
    DutyState.EXEMPT: frozenset(),
    DutyState.WITHDRAWN: frozenset(),
}
SETTLED = (DutyState.REFUSED, DutyState.UNREACHABLE)  # a failed try leaves these as they are

STATE_WORDS: Mapping[DutyState, str] = {
    DutyState.PENDING: N_("pending"),
    DutyState.ATTEMPTED: N_("tried"),
    DutyState.DONE: N_("done"),
    DutyState.REFUSED: N_("refused"),
    DutyState.UNREACHABLE: N_("unreachable"),
    DutyState.EXEMPT: N_("exempt"),
    DutyState.WITHDRAWN: N_("withdrawn"),
}


def possible(duty: Duty, channel: str = "") -> tuple[Result, ...]:
    """The results that may be written down for this duty, over this channel or any of its own, the usual first."""
    channels = (channel,) if channel else duty.channels or tuple(CHANNEL_RESULTS)
    proofs = EVIDENCE_RESULTS.get(duty.evidence_kind, ())
    names = dict.fromkeys((*proofs, *(name for one in channels for name in CHANNEL_RESULTS.get(one, ()))))
    return tuple(ALL[name] for name in (*names, *(name for name in ALWAYS if name not in names)))


def named(duty: Duty, name: str, channel: str = "") -> Result:
    """The result called `name`; raises BadInput with those that this duty can have."""
    choices = possible(duty, channel)
    found = next((result for result in choices if result.id == name), None)
    if found is not None:
        return found
    words = {"id": duty.id, "result": name, "choices": ", ".join(result.id for result in choices)}
    raise BadInput(_("{id} cannot come to “{result}”; choose one of: {choices}").format(**words))


def leads_to(duty: Duty, result: Result) -> DutyState:
    """The state that `result` brings the duty to; raises Refused, with who was first, when it is settled already."""
    if result.leads_to in LEADS[duty.state]:
        stays = result.leads_to is DutyState.ATTEMPTED and duty.state in SETTLED
        return duty.state if stays else result.leads_to
    words = {"id": duty.id, "state": _(STATE_WORDS[duty.state])}
    if not duty.evidence:
        raise Refused(_("{id} is {state} already").format(**words))
    last = duty.evidence[-1]
    words |= {"by": last.by or last.person, "at": last.at.strftime("%Y-%m-%d %H:%M")}
    raise Refused(_("{id} is {state} already, since {at}, by {by}").format(**words))
