"""What the reviewers of the county say of messages before they go: the strictest word of all plugins holds."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from desk.place import Place
from desk.plugins import messages as handed
from desk.records import AttemptState, Message


def reviewed(place: Place, messages: Sequence[Message]) -> Sequence[Message]:
    """The messages as they may go: unchanged, held for a person, or stopped.

    What a person let go is not asked again, and what tells of no outage has nobody to ask.
    """
    asked = [message for message in messages if message.outage and not message.cleared_by]
    if not asked:
        return messages
    outages = {one.id: one for one in place.outages_table.where(id=sorted({one.outage for one in asked}))}
    accounts = sorted({one.account_no for one in asked if one.account_no})
    customers = {one.account_no: one for one in place.customers.where(account_no=accounts)} if accounts else {}
    after = []
    for message in messages:
        outage = outages.get(message.outage)
        if message.cleared_by or outage is None:
            after.append(message)
            continue
        said = place.plugins.review(_shown(message), outage, customers.get(message.account_no))
        after.append(_after(message, said))
    return after


def _after(message: Message, said: handed.Review) -> Message:
    if said.verdict == "send":
        return message
    state = AttemptState.HELD if said.verdict == "hold" else AttemptState.SKIPPED
    return replace(message, state=state, why=said.why, due="")


def _shown(message: Message) -> handed.Message:
    return handed.Message(
        recipient=message.recipient.name or message.recipient.id,
        address=message.address,
        body=message.body,
        id=message.id,
        subject=message.subject,
        language=message.language,
        outage=message.outage,
        account_no=message.account_no,
        valid_until=message.valid_until,
    )
