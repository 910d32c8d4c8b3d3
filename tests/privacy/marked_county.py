"""A county whose telephone numbers are marked: wherever one of them is shown, it is known whose it is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

from desk import schema
from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import FixedClock
from desk.config import load_config
from desk.outages import OutageRequest
from desk.phone_numbers import read_phones
from desk.plugins.feeds import Incoming
from desk.records import (
    Attempt,
    AttemptState,
    Customer,
    Draft,
    Message,
    Recipient,
    Topic,
    TransformerArea,
)

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
MOBILE, LANDLINE, FAX = "13811112222", "09516667771", "09516667772"
CALLER, TYPED, CONTACT, NEIGHBOUR = "13933334444", "13955556666", "09516667773", "13877778888"
MARKS = {
    "the customer's mobile": MOBILE,
    "the customer's landline": LANDLINE,
    "the customer's fax": FAX,
    "the caller's number": CALLER,
    "a number somebody typed": TYPED,
    "a branch's number": CONTACT,
    "another customer's mobile": NEIGHBOUR,
}
CONFIG = f"""
[county]
name = "Qingshan"
area_code = "0951"
[desk]
language = "en"
seat = "3"
agent = "wang"
[notices.contacts]
"城关供电所" = "0951-{CONTACT[4:]}"
"""
ACCOUNT = "6400100001"


def shown(text: str) -> list[str]:
    """Whose numbers stand in clear in a text, however they are grouped."""
    joined = re.sub(r"(?<=\d)[\s\-—()]+(?=\d)", "", text)
    return [f"{whose}: {number}" for whose, number in MARKS.items() if _is_in(number, joined)]


def _is_in(number: str, text: str) -> bool:
    return number in text or (number.startswith("0951") and number[4:] in text)


def build(folder: Path) -> Desk:
    """The county: two customers, a fault, a plan, calls, rings, callbacks, cases, messages and their tries."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    desk = Desk.create(load_config(None, folder), sandbox=True, clock=FixedClock(NOW))
    place = desk.place
    place.network.put(
        TransformerArea(transformer_area="T1", feeder="东湖线", substation="城关变", service_branch="城关供电所")
    )
    place.customers.put_many([_customer(ACCOUNT, "王建国", MOBILE), _customer("6400100002", "李秀英", NEIGHBOUR)])
    fault = desk.outages.open(OutageRequest(type="grid_fault", feeders=("东湖线",), cause="树障", area="东湖镇"))
    desk.outages.open(
        OutageRequest(
            type="planned_maintenance",
            transformer_areas=("T1",),
            cause="检修",
            received_at=NOW - timedelta(days=8),
            planned_start=NOW + timedelta(days=1),
            planned_end=NOW + timedelta(days=1, hours=4),
        )
    )
    _calls(desk)
    _messages(desk, fault.outage.id)
    return desk


def _customer(account: str, name: str, mobile: str) -> Customer:
    return Customer(
        account_no=account,
        name=name,
        transformer_area="T1",
        address="东湖镇幸福路1号",
        phones=read_phones(f"{mobile}；0951-{LANDLINE[4:]}", "0951"),
        fax=f"0951-{FAX[4:]}",
        meter_no="M000001",
        important=True,
        grade="一级",
        sector="hospital",
    )


def _calls(desk: Desk) -> None:
    note = f"请改打{TYPED}"
    known = CallRequest(topic=Topic.TROUBLE, number=MOBILE, account_no=ACCOUNT, note=note, callback=True)
    stranger = CallRequest(topic=Topic.COMPLAINT, number=CALLER, note=note, callback=True)
    local = CallRequest(topic=Topic.TROUBLE, number=LANDLINE[4:], note=note, callback=True)
    logged = [desk.calls.log(one) for one in (known, stranger, local)]
    desk.work_orders.open(call=logged[0].id)
    desk.cases.open("complaint", f"服务态度，回电{TYPED}", call=logged[1].id)
    for number in (CALLER, MOBILE, LANDLINE[4:]):
        desk.rings.hear(Incoming(number=number, call_id=f"c{number}", state="ringing"), "command")
    fields = {"number": CALLER, "account_no": ACCOUNT, "note": note}
    desk.calls.keep_draft(Draft(id="", seat="3", at=NOW, fields=fields))
    desk.shift.hand_over(f"{TYPED} 等回电")


def _messages(desk: Desk, outage: str) -> None:
    store = desk.place.store
    recipient = Recipient(kind="customer", id=ACCOUNT, name="王建国")
    told = {"outage": outage, "recipient": recipient, "channel": "sms", "body": "停电通知", "made_at": NOW}
    for number, state in enumerate((AttemptState.UNKNOWN, AttemptState.HELD, AttemptState.FAILED), 1):
        message = Message(id=f"M{number}", state=state, address=MOBILE, account_no=ACCOUNT, family="sms", **told)
        store.records(schema.MESSAGES, Message).put(message)
        attempt = Attempt(
            id=f"M{number}.1.1",
            message=message.id,
            channel="sms",
            at=NOW,
            state=state,
            key=f"k{number}",
            address=MOBILE,
            words=f"the gateway refuses {MOBILE}",
        )
        store.records(schema.ATTEMPTS, Attempt).put(attempt)
    duty = next(iter(desk.notices.all(channel="phone")), None)
    if duty is not None:
        desk.notices.settle(duty.id, "no_answer", channel="phone", note=f"also {TYPED}")
