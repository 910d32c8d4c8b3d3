"""An outage with everything that may happen to its duties, for looking at its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from oversight_county import DAY, HOUR, NOW

from desk.oversight.dossier import Dossier
from desk.records import (
    Affected,
    Approval,
    Change,
    Duty,
    DutyState,
    Evidence,
    Outage,
    PackUsed,
    Recipient,
    Replan,
    Scope,
    Status,
    Violation,
)

START = NOW + 10 * DAY
MINUTE = timedelta(minutes=1)


@dataclass
class Duties:
    """Numbers duties as they are made."""

    made: list[Duty] = field(default_factory=list)

    def owe(self, rule: str, who: Recipient, **more: Any) -> None:
        article = rule.partition(":A")[2]
        known: dict[str, Any] = {
            "id": f"D{len(self.made) + 1}",
            "outage": "O17",
            "key": f"{rule} {who.id}",
            "rules": (rule,),
            "articles": (article,),
            "recipient": who,
            "due": START - 7 * DAY,
            "owner": "marketing",
            "channels": ("written_notice",),
            "evidence_kind": "signed_receipt",
        }
        self.made.append(Duty(**{**known, **more}))


def customer(number: int, name: str) -> Recipient:
    return Recipient(kind="customer", id=f"10{number:04d}", name=name)


def done(at: Any, **more: Any) -> dict[str, Any]:
    line = Evidence(at=at, by="李婷", **{"result": "reached", "channel": "phone", **more})
    return {"state": DutyState.DONE, "evidence": (line,), "closed_at": at}


def duties(many: int = 12) -> tuple[Duty, ...]:
    book = Duties()
    office = Recipient(kind="department", id="office", name="office")
    book.owe(
        "county:A9.1",
        office,
        due=NOW + 2 * HOUR,
        channels=("internal", "fax"),
        owner="dispatch",
        evidence_kind="receipt",
        **done(NOW + 20 * MINUTE, result="received", channel="internal", person="赵主任"),
    )
    book.owe(
        "county:A9.1",
        Recipient(kind="public", id="public"),
        channels=("media_announcement",),
        owner="office",
        rules=("county:A9.1d", "national:N28.1"),
        articles=("9.1", "28.1"),
        evidence_kind="publication",
        waits_for=("P1",),
        **done(NOW + 2 * DAY, result="published", channel="media_announcement", ref="县电视台 第118期"),
    )
    book.owe(
        "county:A9.3",
        customer(8, "人民医院"),
        **done(
            NOW + 2 * DAY + HOUR, result="signed", channel="written_notice", person="孙院长", ref="回执 2026-118-01"
        ),
    )
    refusal = Evidence(
        at=NOW + 3 * DAY,
        by="周强",
        result="signed_refused_with_witness",
        channel="written_notice",
        person="见证人 马主任",
    )
    book.owe(
        "county:A9.3", customer(9, "北河煤矿"), state=DutyState.REFUSED, evidence=(refusal,), closed_at=NOW + 3 * DAY
    )
    book.owe(
        "county:A9.3",
        customer(10, "第一中学"),
        late=True,
        **done(NOW + 4 * DAY, result="signed", channel="written_notice", person="校办 何静"),
    )
    book.owe(
        "county:A9.3",
        Recipient(kind="customer", id="移动公司", name="移动公司"),
        sites=("100005", "100006"),
        **done(NOW + 2 * DAY, result="signed", channel="written_notice", person="刘经理"),
    )
    moved = Replan(
        at=NOW + 5 * DAY,
        field="due",
        before=START - DAY,
        after=START + 2 * HOUR - DAY,
        reason="the planned start moved",
        by="王敏",
    )
    tries = tuple(
        Evidence(
            at=START - DAY - 10 * HOUR + number * 15 * MINUTE,
            by="李婷",
            result="no_answer",
            channel="phone",
            number="15780000009",
        )
        for number in range(3)
    )
    for number in range(many):
        told = done(
            START - DAY - 12 * HOUR + number * MINUTE,
            number=f"157800001{number % 100:02d}",
            template="planned",
            hash="5f1c22aa9e",
        )
        book.owe(
            "county:A9.4",
            customer(100 + number, f"特殊客户{number + 1}"),
            due=START - DAY + 2 * HOUR,
            not_before=START - 2 * DAY,
            channels=("phone", "sms"),
            owner="95598",
            evidence_kind="call_outcome",
            replans=(moved,),
            **told,
        )
    book.owe(
        "county:A9.4",
        customer(9, "北河煤矿"),
        due=START - DAY + 2 * HOUR,
        channels=("phone", "sms"),
        owner="95598",
        evidence_kind="call_outcome",
        state=DutyState.ATTEMPTED,
        evidence=tries,
        replans=(moved,),
        attempts=3,
    )
    return tuple(book.made)


def dossier(many: int = 12) -> Dossier:
    outage = Outage(
        id="O17",
        type="planned_maintenance",
        status=Status.SCHEDULED,
        scope=Scope(feeders=("城东线",)),
        received_at=NOW,
        opened_at=NOW + 6 * MINUTE,
        reference="TD20261211001",
        planned_start=START,
        planned_end=START + 8 * HOUR,
        cause="更换 12–18 号杆导线",
        area="柳河镇王家庄、李家湾一带",
        affected=Affected(customers=1312, special=9, important=3, medal=2, service_branches=("柳河供电所",)),
        history=(
            Change(at=NOW + 6 * MINUTE, act="open", by="王敏"),
            Change(
                at=NOW + 5 * DAY,
                act="change",
                by="王敏",
                reason="吊车晚到",
                reported_by="检修班 高峰",
                reported_at=NOW + 5 * DAY - HOUR,
                values={"planned_start": [START.isoformat(), (START + 2 * HOUR).isoformat()]},
            ),
        ),
        packs=(PackUsed(id="county", version="1", hash="9f86d081884c7d65"), PackUsed(id="national", version="2")),
    )
    approvals = (
        Approval(
            id="P1",
            outage="O17",
            rule="county:A17",
            step="review",
            post="review",
            order=1,
            articles=("17",),
            needed_by=START - 7 * DAY,
            at=NOW + 3 * HOUR,
            by="钱主任",
            mode="written",
            ref="审〔2026〕31号",
        ),
        Approval(
            id="P2",
            outage="O17",
            rule="county:A17",
            step="leader",
            post="leader in charge",
            order=2,
            articles=("17",),
            needed_by=START - 7 * DAY,
        ),
    )
    wrong = Violation(
        id="V1",
        outage="O17",
        article="17",
        what="announced before the approval",
        at=NOW + 2 * DAY,
        reason="主管领导出差，电话未接通",
        by="王敏",
    )
    return Dossier(
        county="青山县供电公司",
        type_label="planned maintenance",
        outage=outage,
        duties=duties(many),
        approvals=approvals,
        violations=(wrong,),
        rules={"county:A9.3": "special and important customers, written notice, 7 days before the planned start"},
        packs={"county": "客户停电管理办法(试行)"},
        names={"100005": "移动公司东站", "100006": "移动公司西站"},
        made_at=START,
        made_by="王敏",
    )
