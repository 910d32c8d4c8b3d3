"""A county of which every text that a person or a machine wrote is an attack; its codes and times are as they were."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from desk import schema
from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import RunningClock
from desk.config import load_config
from desk.outages import OutageRequest
from desk.phone_numbers import read_phones
from desk.records import AttemptState as S
from desk.records import Customer, Message, Recipient, Topic, TransformerArea, WorkOrder

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
ESCAPES = "\x1b]0;PWNED\x07\x1b[2J\x1b[31m\x1b]52;c;UFdORUQ=\x07\x1bP+q\x1b\\\x9b31m\x9d0;PWNED\x9c\x08\x7f"
HIDDEN = "\u202eevil\u202c\u2066x\u2069\u200b\u200d\u2060\ufeff\u061c\U000e0041"
MARKUP = "[red]m[/red][@click=app.bell]k[/][link=file:///etc/passwd]l[/link][/]"
ATTACK = f"{ESCAPES}{HIDDEN}{MARKUP}\r\n\t\u2028\x85n" + "e" + "\u0301" * 40
STARTS = {"formula": "=cmd|' /C calc'!A0", "path": "../../../../tmp/pwned", "typst": '#read("/etc/passwd")'}

# The keys of documents that hold what somebody wrote.
WRITTEN = frozenset(
    (
        *(
            "name",
            "address",
            "transformer_name",
            "lateral",
            "feeder",
            "substation",
            "service_branch",
            "meter_box",
            "group",
        ),
        *("special_need", "cause", "area", "note", "reason", "reported_by", "by", "person", "words", "why", "body"),
        *(
            "subject",
            "place",
            "crew",
            "about",
            "answer",
            "owner",
            "customer_name",
            "post",
            "ref",
            "proof",
            "written_number",
        ),
        *("hazard", "outcome", "agent", "signed_by", "accepted_by", "writing", "title", "written", "source", "feeders"),
        *("laterals", "service_branches", "details", "what", "purpose", "external_id", "who"),
    )
)
AGENT = "wang"


def build(folder: Path) -> Desk:
    """The county's desk, opened anew after everything in it was rewritten."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text('[desk]\nlanguage = "en"\nseat = "3"\nagent = "wang"\n', encoding="utf-8")
    config = load_config(None, folder, environ={})
    with Desk.create(config, sandbox=True, clock=RunningClock(NOW)) as desk:
        _fill(desk)
        _poison(desk)
    return Desk.open(config, clock=RunningClock(NOW))


def attacked(text: str) -> str:
    """The text as an attacker would have written it; the same for the same."""
    return text + ATTACK


def bad_signs(text: str) -> list[str]:
    """What of `text` a terminal would obey or would not show, by name."""
    found = [
        f"U+{ord(char):04X}"
        for char in text
        if unicodedata.category(char) in ("Cc", "Cs")
        or (unicodedata.category(char) == "Cf" and char not in "\u0600\u06dd")
    ]
    return found + (["a heap of marks"] if re.search("\u0301{9}", text) else [])


def _fill(desk: Desk) -> None:
    desk.place.network.put_many(
        TransformerArea(
            transformer_area=f"T{number}", feeder=feeder, lateral="一支线", substation="城关变",
            service_branch="城关供电所", transformer_name=f"{number}号公变", kind="public",
        )
        for number, feeder in ((1, "东湖线"), (2, "东湖线"), (3, "南河线"))
    )  # fmt: skip
    desk.place.customers.put_many(
        Customer(
            account_no=f"64001{number:05d}", name=f"客户{number}", transformer_area=f"T{1 + number % 3}",
            address="幸福路", phones=read_phones(f"1380013{8000 + number}", "0951"), important=number == 1,
            special=number < 4, grade="一级" if number == 1 else "",
        )
        for number in range(1, 9)
    )  # fmt: skip
    now = desk.place.now()
    desk.outages.open(OutageRequest(type="grid_fault", feeders=("东湖线",), cause="树障", area="东湖镇"))
    desk.outages.open(
        OutageRequest(
            type="planned_maintenance", transformer_areas=("T3",), cause="检修", area="南河镇",
            received_at=now - timedelta(days=8), planned_start=now + timedelta(days=1),
            planned_end=now + timedelta(days=2),
        )
    )  # fmt: skip
    for number, topic in enumerate((Topic.TROUBLE, Topic.COMPLAINT, Topic.REPORT_OF_MISCONDUCT, Topic.PRAISE), 1):
        asked = CallRequest(
            topic=topic, account_no=f"64001{number:05d}", number="13800138000", note="备注", hazard="", callback=True
        )
        desk.taking.save(asked)
    for number in range(4, 9):
        desk.taking.save(
            CallRequest(topic=Topic.TROUBLE, account_no=f"64001{number:05d}", note="没电", trouble_code="whole_house")
        )
    desk.rings.ring("13800138004", seat="3", call_id="1.1")
    desk.rings.ring("anonymous", seat="3", call_id="1.2")
    desk.shift.hand_over("交班")
    whom = Recipient(kind="customer", id="6400100001", name="客户1")
    told = {"outage": "O1", "recipient": whom, "channel": "sms", "body": "停电通知", "made_at": now, "why": "等人"}
    messages = [Message(id=f"M{n}", state=state, **told) for n, state in enumerate((S.UNKNOWN, S.HELD, S.FAILED), 1)]
    desk.place.store.records(schema.MESSAGES, Message).put_many(messages)
    order = WorkOrder(id="W1", at=now, place="幸福路", outage="O1", hazard="火花", crew="一班", reason="说明")
    desk.place.store.records(schema.WORK_ORDERS, WorkOrder).put_many([order])


def _poison(desk: Desk) -> None:
    store: Any = desk.place.store
    for name in sorted(store.tables()):
        table = store.table(name)
        for document in table.all():
            changed = {key: _poisoned(key, value) for key, value in document.items()}
            table.update(changed, doc_ids=[document.doc_id])


def _poisoned(key: str, value: Any) -> Any:
    if isinstance(value, str):
        return attacked(value) if key in WRITTEN else value
    if isinstance(value, Mapping):
        return {inner: _poisoned(inner, one) for inner, one in value.items()}
    if isinstance(value, list):
        return [_poisoned(key, one) for one in value]
    return value
