"""Records in the shape of the stable face: the JSON that `desk … --json` prints, every key always there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from desk.notices import counts, is_overdue
from desk.outages.board import why_predicted
from desk.phone_numbers import hidden
from desk.records import Approval, Attempt, Call, Customer, Duty, Evidence, Outage, Replan, Ring, Status, Violation

if TYPE_CHECKING:
    from desk.calls import Found
    from desk.outbox import MessageView


def outage_json(outage: Outage, now: datetime) -> dict[str, Any]:
    """One row of `desk outages --json`; a predicted outage names its device and its reason too."""
    affected, scope = outage.affected, outage.scope
    row = {
        "id": outage.id,
        "reference": outage.reference or None,
        "type": outage.type,
        "status": outage.status.value,
        "planned_start": moment(outage.planned_start),
        "planned_end": moment(outage.planned_end),
        "actual_start": moment(outage.actual_start),
        "actual_end": moment(outage.actual_end),
        "etr": moment(outage.etr),
        "cause": outage.cause,
        "area": outage.area,
        "feeders": _union(scope.feeders, affected.feeders),
        "transformer_areas": _union(scope.transformer_areas, affected.transformer_areas),
        "customers_affected": affected.customers,
        "special_affected": affected.special,
        "important_affected": affected.important,
        "calls": outage.calls,
        "duties": msgspec.structs.asdict(counts(outage.duties, now)),
    }
    return row | _device(outage) if outage.status is Status.PREDICTED else row


def outage_in_full(outage: Outage, now: datetime) -> dict[str, Any]:
    """What `desk outage show --json` prints: the row, and beyond it all that is known."""
    more = {
        "laterals": list(outage.scope.laterals),
        "accounts": list(outage.scope.accounts),
        "meter_boxes": list(outage.scope.meter_boxes),
        "received_at": moment(outage.received_at),
        "opened_at": moment(outage.opened_at),
        "danger_to_life": outage.danger_to_life,
        "facts": outage.facts,
        "phases": msgspec.to_builtins(outage.phases),
        "history": [history_json(line) for line in outage.history],
    }
    return more | outage_json(outage, now)


def history_json(line: msgspec.Struct) -> dict[str, Any]:
    """One recorded act, every key there."""
    return {name: msgspec.to_builtins(getattr(line, name)) for name in line.__struct_fields__}


def in_full(record: object) -> Any:
    """A record, or a list of them, as JSON with every key there, also of what is inside."""
    if isinstance(record, msgspec.Struct):
        return {name: in_full(getattr(record, name)) for name in record.__struct_fields__}
    if isinstance(record, list | tuple):
        return [in_full(one) for one in record]
    return msgspec.to_builtins(record)


def duty_json(duty: Duty, now: datetime) -> dict[str, Any]:
    """One row of `desk duties --json`."""
    recipient = duty.recipient
    return {
        "id": duty.id,
        "outage": duty.outage or None,
        "rules": duty.rules,
        "articles": duty.articles,
        "recipient": {"kind": recipient.kind, "id": recipient.id, "name": recipient.name},
        "channels": duty.channels,
        "channel_mode": duty.channel_mode,
        "not_before": moment(duty.not_before),
        "due": moment(duty.due),
        "owner": duty.owner,
        "evidence_kind": duty.evidence_kind,
        "notice": duty.notice,
        "trigger": duty.trigger,
        "state": duty.state.value,
        "late": duty.late,
        "overdue": is_overdue(duty, now),
        "after": duty.after,
        "waits_for": duty.waits_for,
        "sites": duty.sites,
        "evidence": [evidence_json(line) for line in duty.evidence],
        "replans": [replan_json(line) for line in duty.replans],
        "next_try": moment(duty.next_try),
    }


def evidence_json(line: Evidence) -> dict[str, Any]:
    """What one try came to. The number dialled is left out: whose it is, is in the customer's record."""
    return {
        "at": moment(line.at),
        "channel": line.channel,
        "result": line.result,
        "person": line.person,
        "by": line.by,
        "ref": line.ref,
        "note": line.note,
    }


def replan_json(line: Replan) -> dict[str, Any]:
    """Why a deadline moved."""
    return {
        "at": moment(line.at),
        "field": line.field,
        "before": moment(line.before),
        "after": moment(line.after),
        "reason": line.reason,
        "by": line.by,
    }


def approval_json(one: Approval) -> dict[str, Any]:
    """One step of an outage's approvals, given or not."""
    return {
        "id": one.id,
        "outage": one.outage,
        "step": one.step,
        "post": one.post,
        "order": one.order,
        "articles": one.articles,
        "needed_by": moment(one.needed_by),
        "at": moment(one.at),
        "by": one.by or None,
        "mode": one.mode or None,
        "ref": one.ref or None,
    }


def violation_json(one: Violation) -> dict[str, Any]:
    """Something done out of order or too late."""
    return {
        "outage": one.outage,
        "article": one.article,
        "what": one.what,
        "at": moment(one.at),
        "reason": one.reason,
        "by": one.by,
    }


def found_json(found: Found) -> dict[str, Any]:
    """One row of `desk lookup --json`. Numbers come as the use case gives them: masked, or not."""
    customer = found.customer
    return {
        "account_no": customer.account_no,
        "name": customer.name,
        "address": customer.address,
        "phones": phones_shown(customer),
        "transformer_area": customer.transformer_area,
        "feeder": found.feeder,
        "special": customer.special,
        "important": customer.important,
        "grade": customer.grade,
        "medal": customer.medal,
        "sector": customer.sector,
        "outages": list(found.outages),
        "matched": found.matched,
    }


def phones_shown(customer: Customer) -> list[str]:
    """The customer's numbers as they are read."""
    from desk.phone_numbers import shown

    return [shown(phone) for phone in customer.phones]


def logged_json(call: Call) -> dict[str, Any]:
    """What `desk call log` answers."""
    return {"id": call.id, "outage": call.outage or None, "predicted": call.predicted or None}


def call_json(call: Call) -> dict[str, Any]:
    """One row of `desk calls --json`."""
    return {
        "id": call.id,
        "at": moment(call.at),
        "number": call.number or call.written_number,
        "account_no": call.account_no or None,
        "customer_name": call.customer_name,
        "transformer_area": call.transformer_area or None,
        "topic": call.topic.value,
        "trouble_code": call.trouble_code,
        "multiple_premises": call.multiple_premises,
        "hazard": call.hazard,
        "note": call.note,
        "outcome": call.outcome,
        "outage": call.outage or None,
        "predicted": call.predicted or None,
        "callback": call.callback,
        "agent": call.agent,
        "seat": call.seat,
    }


def ring_json(ring: Ring) -> dict[str, Any]:
    """What `desk ring --json` answers; the caller's number is masked: whoever rings the desk knows it."""
    return {
        "id": ring.id,
        "at": moment(ring.at),
        "state": ring.state.value,
        "written_number": hidden(ring.written_number),
        "number": hidden(ring.number) or None,
        "seats": [seat for seat in (ring.seat, *ring.also) if seat],
        "call_id": ring.call_id or None,
        "source": ring.source,
        "agent": ring.agent or None,
        "call": ring.call or None,
    }


def message_json(view: MessageView) -> dict[str, Any]:
    """One row of `desk messages --json`."""
    message = view.message
    recipient = message.recipient
    return {
        "id": message.id,
        "outage": message.outage or None,
        "duty": message.duty or None,
        "recipient": {"kind": recipient.kind, "id": recipient.id, "name": recipient.name},
        "channel": message.channel,
        "state": message.state.value,
        "valid_until": moment(message.valid_until),
        "not_before": moment(message.not_before),
        "body": message.body,
        "attempts": [attempt_json(attempt) for attempt in view.attempts],
    }


def attempt_json(one: Attempt) -> dict[str, Any]:
    """One try at a message; the number it went to is in the customer's record."""
    return {
        "at": moment(one.at),
        "channel": one.channel,
        "state": one.state.value,
        "external_id": one.external_id or None,
        "error": one.words or one.error or None,
    }


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _union(declared: tuple[str, ...], expanded: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys((*declared, *expanded)))


def _device(outage: Outage) -> dict[str, Any]:
    """A predicted outage is its device: nothing above or below it is claimed."""
    scope = outage.scope
    return {
        "feeders": list(scope.feeders),
        "laterals": list(scope.laterals),
        "transformer_areas": list(scope.transformer_areas),
        "meter_boxes": list(scope.meter_boxes),
        "reason": why_predicted(outage) or outage.cause,
    }
