"""Which record is kept in which table, for the laws over all of them."""

from __future__ import annotations

from msgspec import Struct

from desk import schema
from desk.notices.sheets import Sheet
from desk.orders.tables import OrderTable
from desk.outbox.claims import Pace
from desk.outbox.memory import AddressNote
from desk.outbox.parked import ParkedReceipt
from desk.paper.kept import PrintedNotice
from desk.records import (
    Agent,
    Approval,
    Attempt,
    AuditLine,
    Batch,
    Call,
    Callback,
    Case,
    Checkpoint,
    Claim,
    Customer,
    Deletion,
    Draft,
    ExportApproval,
    Handover,
    Message,
    Outage,
    Presence,
    Ring,
    Session,
    TransformerArea,
    Violation,
    WorkOrder,
)
from desk.tui.looks import Look

TYPES: dict[str, type[Struct]] = {
    schema.CUSTOMERS: Customer,
    schema.NETWORK: TransformerArea,
    schema.OUTAGES: Outage,
    schema.DUTIES: Sheet,
    schema.APPROVALS: Approval,
    schema.VIOLATIONS: Violation,
    schema.PAPERS: PrintedNotice,
    schema.CALLS: Call,
    schema.RINGS: Ring,
    schema.DRAFTS: Draft,
    schema.WORK_ORDERS: WorkOrder,
    schema.CALLBACKS: Callback,
    schema.CASES: Case,
    schema.HANDOVERS: Handover,
    schema.MESSAGES: Message,
    schema.ATTEMPTS: Attempt,
    schema.BATCHES: Batch,
    schema.ADDRESSES: AddressNote,
    schema.PARKED_RECEIPTS: ParkedReceipt,
    schema.AGENTS: Agent,
    schema.SESSIONS: Session,
    schema.STRANGERS: Agent,
    schema.CLAIMS: Claim,
    schema.PRESENCES: Presence,
    schema.EXPORT_APPROVALS: ExportApproval,
    schema.DELETIONS: Deletion,
    schema.AUDIT: AuditLine,
    schema.CHECKPOINTS: Checkpoint,
    schema.MARKS: schema.Mark,
    schema.SEATS: Look,
    schema.ORDER_TABLES: OrderTable,
    schema.PACES: Pace,
}
