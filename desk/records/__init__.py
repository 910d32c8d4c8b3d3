"""The desk's nouns: what a county, its customers, its outages and its calls are, as frozen records.

Records carry no behaviour that needs a store, a clock or a network. Times are aware `datetime`s,
stored as ISO 8601 with offset. Identifiers follow IEC CIM (61968/61970) and MultiSpeak where those
have a word.
"""

from __future__ import annotations

from desk.records.agents import Agent, AgentState, Session
from desk.records.audit import AuditLine, Checkpoint
from desk.records.base import Record
from desk.records.calls import Call, Draft, Spoken, Topic
from desk.records.cases import (
    Callback,
    CallbackState,
    Case,
    CaseState,
    Handover,
    Step,
    Urgency,
    WorkOrder,
    WorkOrderState,
)
from desk.records.customers import Customer, Phone, TransformerArea
from desk.records.duties import OPEN_DUTIES, Approval, Duty, DutyState, Evidence, Recipient, Replan, Violation
from desk.records.messages import ENDS, IN_HAND, RANK, WAITING, Attempt, AttemptState, Batch, Message, merged
from desk.records.outages import ACTIVE, LIVE, OVER, Affected, Change, DutyTally, Outage, PackUsed, Phase, Scope, Status
from desk.records.privacy import Deletion, ExportApproval
from desk.records.rings import Ring, RingState
from desk.records.seats import Claim, Presence

__all__ = [
    "ACTIVE",
    "ENDS",
    "IN_HAND",
    "LIVE",
    "OPEN_DUTIES",
    "OVER",
    "RANK",
    "WAITING",
    "Affected",
    "Agent",
    "AgentState",
    "Approval",
    "Attempt",
    "AttemptState",
    "AuditLine",
    "Batch",
    "Call",
    "Callback",
    "CallbackState",
    "Case",
    "CaseState",
    "Change",
    "Checkpoint",
    "Claim",
    "Customer",
    "Deletion",
    "Draft",
    "Duty",
    "DutyState",
    "DutyTally",
    "Evidence",
    "ExportApproval",
    "Handover",
    "Message",
    "Outage",
    "PackUsed",
    "Phase",
    "Phone",
    "Presence",
    "Recipient",
    "Record",
    "Replan",
    "Ring",
    "RingState",
    "Scope",
    "Session",
    "Spoken",
    "Status",
    "Step",
    "Topic",
    "TransformerArea",
    "Urgency",
    "Violation",
    "WorkOrder",
    "WorkOrderState",
    "merged",
]
