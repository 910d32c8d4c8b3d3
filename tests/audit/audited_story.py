"""Every verb of the desk that writes, done once, in an order in which it makes sense; and what its lines are.

`STEPS` is the table that docs/audit.md prints: verb → the acts of its lines, in their order. `QUIET` are the verbs that
leave none, with the reason. A verb that stands in neither fails the law: say what its line is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

sys.path.append(str(Path(__file__).parent.parent / "routing"))

from reachable import FakeHost, Texts

from desk.app import Desk
from desk.calls import CallRequest
from desk.clock import FixedClock
from desk.config import load_config
from desk.exports import export
from desk.imports.run import import_file
from desk.keeping.backup import back_up
from desk.orders import Kind, OrderRow
from desk.outages import OutageChange, OutageRequest
from desk.oversight.compliance import compliance
from desk.oversight.workbook import write_workbook
from desk.phone_numbers import read_phones
from desk.privacy.approvals import Approvals
from desk.privacy.persons import Persons
from desk.records import AttemptState, Call, Customer, Duty, Message, Outage, Recipient, Topic, TransformerArea

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NOW = datetime(2026, 12, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
AREAS = [
    TransformerArea(
        transformer_area=f"{feeder}{n}", feeder=f"{feeder}线", lateral=f"{feeder}支", service_branch="城关所"
    )
    for feeder in ("东", "西")
    for n in (1, 2)
]
NAMES = ("张晓东", "王秀兰", "李国强", "赵铁柱", "马金花", "白玉堂")
CUSTOMERS = [
    Customer(
        account_no=f"640010{index}{n:03d}",
        name=NAMES[n],
        transformer_area=area.transformer_area,
        meter_box=f"{area.transformer_area}-B{n % 4}",
        address=f"城关镇解放街{index}{n}号",
        special=n == 0,
        phones=read_phones(f"1380{index}13800{n}、0951-{index}55000{n}", "0951"),
    )
    for index, area in enumerate(AREAS)
    for n in range(6)
]
CONFIG = '[messages]\nrelease = "person"\n[notices]\ncontacts = { "城关所" = "0951-5550000" }\n'


class Step(NamedTuple):
    """One verb, done; `acts` are those of the lines that it leaves, in their order."""

    verb: str
    acts: tuple[str, ...]
    do: Callable[[Story], object]


class Story:
    """A desk and what has happened at it so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        file = folder / "config.toml"
        file.write_text(CONFIG, encoding="utf-8")
        self.clock = FixedClock(NOW)
        self.desk = Desk.create(load_config(file, folder / "data", {}), sandbox=True, clock=self.clock)
        self.place = self.desk.place
        self.place.network.put_many(AREAS)
        self.place.customers.put_many(CUSTOMERS)
        self.place.__dict__["plugins"] = FakeHost(self.place.plugins, Texts())
        self.outages: dict[str, Outage] = {}
        self.calls: list[Call] = []
        self.ids: dict[str, str] = {}

    # Shorthand

    def open(self, name: str, **more: Any) -> Outage:
        self.outages[name] = self.desk.outages.open(OutageRequest(**more)).outage
        return self.outages[name]

    def id(self, name: str) -> str:
        return self.outages[name].id

    def owed(self, name: str, channel: str = "phone") -> Duty:
        return next(one for one in self.desk.notices.of(self.id(name)) if channel in one.channels and not one.evidence)

    def call(self, account: str, **more: Any) -> Call:
        asked = {"topic": Topic.TROUBLE, "number": "13800138000", "account_no": account, "note": "家里没电 13800138000"}
        self.calls.append(self.desk.calls.log(CallRequest(**{**asked, **more})))
        return self.calls[-1]

    def predicted(self) -> list[Outage]:
        return self.desk.outages.listed("predicted")

    def messages(self, state: str) -> list[str]:
        return [one.message.id for one in self.desk.outbox.listed(state)]

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def wait(self, by: timedelta) -> None:
        self.clock.at += by


PLAN = {
    "type": "planned_maintenance",
    "feeders": ("东线",),
    "planned_start": NOW + 10 * DAY,
    "planned_end": NOW + 10 * DAY + 6 * HOUR,
    "cause": "更换导线",
    "area": "城东",
}
TODAY = {
    "type": "temporary_maintenance",
    "feeders": ("东线",),
    "planned_start": NOW + 12 * HOUR,
    "planned_end": NOW + 15 * HOUR,
    "cause": "消缺",
    "area": "城东",
}
FAULT = {"type": "grid_fault", "feeders": ("西线",), "cause": "树障", "area": "城西"}


def message(**more: Any) -> Message:
    asked: dict[str, Any] = {
        "id": "",
        "outage": "",
        "recipient": Recipient(kind="customer", id="6400100000", name=NAMES[0]),
        "channel": "texts",
        "family": "sms",
        "address": "13800138000",
        "body": "张晓东您好，明日停电",
        "made_at": NOW,
        "state": AttemptState.UNKNOWN,
    }
    return Message(**{**asked, **more})


def approved(story: Story, name: str) -> None:
    for one in story.desk.notices.approvals(story.id(name)):
        story.desk.notices.approve(story.id(name), one.step, by="李局长", mode="phone")


def first_call(story: Story) -> None:
    story.call(CUSTOMERS[12].account_no)


def point_to(story: Story, area: int) -> None:
    """Enough callers of one transformer area that it is taken for off."""
    for customer in CUSTOMERS[area * 6 : area * 6 + 4]:
        story.call(customer.account_no, callback=True)


def explained(story: Story) -> None:
    """What calls point to is known now."""
    story.open("known", **FAULT)


def callback(story: Story) -> str:
    return story.desk.callbacks.listed("all")[0].id


def imported(story: Story, what: str, text: str) -> None:
    import_file(story.place, what, story.file(f"{what}.csv", text))


STEPS: list[Step] = [
    Step("outages.open", ("outage.open",), lambda it: it.open("plan", **PLAN)),
    Step("notices.approve", ("outage.approve",) * 4, lambda it: approved(it, "plan")),
    Step(
        "outages.change",
        ("duties.follow", "outage.change"),
        lambda it: it.desk.outages.change(
            it.id("plan"), OutageChange(reason="天气", start=NOW + 11 * DAY, end=NOW + 11 * DAY + HOUR)
        ),
    ),
    Step(
        "outages.cancel",
        ("duties.follow", "outage.cancel"),
        lambda it: it.desk.outages.cancel(it.id("plan"), reason="雨"),
    ),
    Step("outages.close", ("outage.close",), lambda it: it.desk.outages.close(it.id("plan"))),
    Step("outages.open", ("outage.open",), lambda it: it.open("fault", **FAULT)),
    Step(
        "notices.settle",
        ("duty.settle",),
        lambda it: it.desk.notices.settle(
            it.owed("fault").id, "reached", channel="phone", person="王秀兰", reason="急"
        ),
    ),
    Step("notices.dial", ("number.reveal",), lambda it: it.desk.notices.dial(it.owed("fault").id)),
    Step("calls.log", ("call.log",), first_call),
    Step("outages.restore", ("duties.lapse", "outage.restore"), lambda it: it.desk.outages.restore(it.id("fault"))),
    Step("audit.checkpoint", ("audit.key",), lambda it: it.desk.audit.checkpoint()),
    Step("time passes", (), lambda it: it.wait(5 * HOUR)),
    Step(
        "calls.predicting",
        ("call.log", "outage.predict", "call.log", "call.log", "call.log"),
        lambda it: point_to(it, 0),
    ),
    Step("calls.log", ("call.log", "outage.predict", "call.log", "call.log", "call.log"), lambda it: point_to(it, 2)),
    Step(
        "predicting.move",
        ("outage.move",),
        lambda it: it.desk.calls.predicting.move(it.predicted()[0].id, "lateral", "问过"),
    ),
    Step(
        "predicting.split",
        ("outage.split",),
        lambda it: it.desk.calls.predicting.split(it.predicted()[0].id, [it.calls[1].id], "张晓东那里"),
    ),
    Step(
        "predicting.merge",
        ("outage.take_back", "outage.merge"),
        lambda it: it.desk.calls.predicting.merge(it.predicted()[1].id, it.predicted()[0].id, "同一处"),
    ),
    Step(
        "predicting.confirm",
        ("outage.start",),
        lambda it: it.desk.calls.predicting.confirm(it.predicted()[0].id, by="调度王工"),
    ),
    Step("calls.log", ("call.log", "outage.predict", "call.log", "call.log", "call.log"), lambda it: point_to(it, 3)),
    Step("outages.open", ("outage.open", "outage.take_back"), explained),
    Step("predicting.begin_storm", ("storm.begin",), lambda it: it.desk.calls.predicting.begin_storm()),
    Step("predicting.end_storm", ("storm.end",), lambda it: it.desk.calls.predicting.end_storm()),
    Step("callbacks.number", ("number.reveal",), lambda it: it.desk.callbacks.number(callback(it))),
    Step("callbacks.drop", ("callback.drop",), lambda it: it.desk.callbacks.drop(callback(it), "不用了")),
    Step(
        "callbacks.settle",
        ("callback.settle",),
        lambda it: it.desk.callbacks.settle(it.desk.callbacks.listed()[0].id, "no_answer"),
    ),
    Step("work_orders.open", ("work_order.open",), lambda it: it.desk.work_orders.open(call=it.calls[0].id)),
    Step(
        "work_orders.move", ("work_order.assigned",), lambda it: it.desk.work_orders.move("W1", "assigned", crew="甲")
    ),
    Step("work_orders.expedite", ("work_order.escalated",), lambda it: it.desk.work_orders.expedite("W1", by="张晓东")),
    Step("work_orders.cancel", ("work_order.cancelled",), lambda it: it.desk.work_orders.cancel("W1", reason="重复")),
    Step("cases.open", ("case.open",), lambda it: it.desk.cases.open("complaint", "张晓东说 13800138000 没人回")),
    Step("cases.assign", ("case.assigned",), lambda it: it.desk.cases.assign("K1", "王班长")),
    Step("cases.answer", ("case.answered",), lambda it: it.desk.cases.answer("K1", "已解释")),
    Step("cases.close", ("case.closed",), lambda it: it.desk.cases.close("K1")),
    Step("shift.hand_over", ("shift.hand_over",), lambda it: it.desk.shift.hand_over("雷雨")),
    Step(
        "taking.save",
        ("call.log", "case.open"),
        lambda it: it.desk.taking.save(CallRequest(topic=Topic.COMPLAINT, number="13800138000", note="张晓东投诉")),
    ),
    Step(
        "taking.discard",
        ("call.discard",),
        lambda it: it.desk.taking.discard("", "", "13800138000", "打错了，是 0951-5550003"),
    ),
    Step(
        "outbox.decide",
        ("message.decide",),
        lambda it: (it.desk.outbox.add([message(), message()]), it.desk.outbox.decide("M1", "leave", "问过张晓东")),
    ),
    Step("outbox.cancel", ("message.cancel",), lambda it: it.desk.outbox.cancel("M2", "13800138000 不对")),
    Step("outages.open", ("outage.open",), lambda it: it.open("next", **{**PLAN, "feeders": ("西线",)})),
    Step("notices.approve", ("outage.approve",) * 4, lambda it: approved(it, "next")),
    Step("outages.open", ("outage.open",), lambda it: it.open("today", **TODAY)),
    Step("notices.approve", ("outage.approve",) * 2, lambda it: approved(it, "today")),
    Step("outbox.release", ("messages.release",), lambda it: it.desk.outbox.release(it.id("today"))),
    Step(
        "paper.print_notices",
        ("paper.print",),
        lambda it: it.desk.paper.print_notices(it.id("next"), it.folder / "out"),
    ),
    Step("paper.rounds_pdf", ("paper.rounds",), lambda it: it.desk.paper.rounds_pdf(it.desk.paper.rounds())),
    Step(
        "paper.returned",
        ("duty.settle",),
        lambda it: it.desk.paper.returned(it.owed("next", "written_notice").id, "signed", person="张晓东"),
    ),
    Step(
        "orders.take",
        ("orders.import",),
        lambda it: it.desk.orders.take(Kind.CAPACITY, [OrderRow(position=1, feeder="东线", load=3.0)]),
    ),
    Step(
        "orders.consent",
        ("orders.approve",),
        lambda it: it.desk.orders.consent("capacity", "government", by="县发改局", ref="8号"),
    ),
    Step(
        "imports customers",
        ("import.customers",),
        lambda it: imported(it, "customers", "户号,户名,台区编号,联系电话\n6400200001,周大福,东1,13800138111\n"),
    ),
    Step(
        "imports network",
        ("import.network",),
        lambda it: imported(it, "network", "台区编号,线路\n北1,北线\n"),
    ),
    Step(
        "imports outages",
        ("outage.import", "import.outages"),
        lambda it: imported(it, "outages", "停电类型,停电线路,停电原因\ngrid_fault,北线,树障\n"),
    ),
    Step(
        "exports",
        ("export_approval.give", "export.calls"),
        lambda it: export(it.place, "calls", it.folder / "calls.csv", purpose="核对"),
    ),
    Step("approvals.ask", ("export_approval.ask",), lambda it: Approvals(it.place).ask("outages", "月报")),
    Step(
        "approvals.refuse",
        ("export_approval.refuse",),
        lambda it: Approvals(it.place).refuse(Approvals(it.place).listed("asked")[0].id),
    ),
    Step(
        "report compliance",
        ("report.compliance",),
        lambda it: write_workbook(it.place, compliance(it.place, NOW, NOW + DAY), it.folder / "check.xlsx"),
    ),
    Step("access.reveal", ("number.reveal",), lambda it: it.desk.access.reveal(CUSTOMERS[0].account_no)),
    Step("parts.turn_off", ("plugins.off",), lambda it: it.desk.parts.turn_off("phone")),
    Step("parts.turn_on", ("plugins.on",), lambda it: it.desk.parts.turn_on("phone")),
    Step("parts.set_up", ("channels.set_up",), lambda it: it.desk.parts.set_up("sms-a", {"type": "smpp"})),
    Step("audit.checkpoint", (), lambda it: it.desk.audit.checkpoint()),
    Step("keeping.back_up", ("backup.make",), lambda it: back_up(it.place, it.folder / "kept.desk")),
    Step("persons.held", ("person.show",), lambda it: Persons(it.place).held(CUSTOMERS[0].account_no)),
    Step(
        "persons.erase",
        ("person.delete", "person.erase"),
        lambda it: Persons(it.place).erase(CUSTOMERS[1].account_no, "本人来电 13800138000"),
    ),
    Step("agents.add", ("agent.add",), lambda it: it.desk.agents.add("周管理", "administrator")),
    Step("agents.add", ("agent.add",), lambda it: it.desk.agents.add("钱坐席", "agent")),
    Step("agents.set_password", ("agent.passwd",), lambda it: it.desk.agents.set_password("钱坐席", "long enough 1")),
    Step("agents.give_role", ("agent.role",), lambda it: it.desk.agents.give_role("钱坐席", "dispatcher")),
    Step("agents.disable", ("agent.disable",), lambda it: it.desk.agents.disable("钱坐席")),
    Step("agents.enable", ("agent.enable",), lambda it: it.desk.agents.enable("钱坐席")),
]

# Verbs that write and leave no line, each with its reason.
QUIET: dict[str, str] = {
    "calls.keep_draft": "a draft is nothing yet",
    "calls.drop_draft": "a draft is nothing yet",
    "rings.ring": "the ring itself keeps who called when; its call is a line",
    "rings.hear": "the ring itself keeps who called when; its call is a line",
    "rings.answer": "the ring keeps who took it",
    "rings.end": "the ring keeps whose call it became",
    "callbacks.take": "a claim ends by itself",
    "callbacks.let_go": "a claim ends by itself",
    "callbacks.promise": "part of the logged call",
    "callbacks.follow_up": "part of the closed work order",
    "callbacks.regrouped": "follows calls, of which each is a line",
    "callbacks.restored": "part of the outage's restoring",
    "notices.take_call": "a claim ends by itself",
    "notices.next_to_call": "a claim ends by itself",
    "notices.let_go": "a claim ends by itself",
    "notices.keep_in_hand": "a claim ends by itself",
    "notices.keep_calendar": "a duty of the calendar that is met is a line: duties.calendar",
    "outages.recount": "part of an import",
    "outbox.take": "a claim ends by itself",
    "outbox.let_go": "a claim ends by itself",
    "outbox.add": "messages of a release, of which each is a line",
    "outbox.receive": "what a report proves is a line: duties.tell",
    "outbox.ended": "tells listeners",
    "outbox.work_once": "what it proves is a line: duties.tell",
    "outbox.worker": "makes a worker",
    "outbox.start_worker": "what it proves is a line: duties.tell",
    "outbox.stop_worker": "ends a thread",
    "parts.reload": "reads what was written down",
    "calls.predicting.followed": "part of the logged call",
}
# Verbs that leave lines and are shown by another test, with where.
ELSEWHERE: dict[str, str] = {
    "notices.settle_many": "tests/audit/test_bulk.py",
    "notices.begin": "a violation is a line: tests/audit/test_bulk.py",
    "notices.followed": "inside each act of an outage",
    "notices.heard": "inside each change of an outage",
    "outages.start": "confirmed predictions, above",
    "callbacks.message": "tests/callbacks/test_told_by_message.py",
    "callbacks.heard": "tests/callbacks/test_told_by_message.py",
    "work_orders.close": "as work_orders.cancel, by the same door",
    "cases.still_out": "as cases.open, by the same door",
    "shift.accept": "tests/shift/test_shift.py",
    "outbox.confirm": "tests/outbox/test_people.py",
    "outbox.call_off": "tests/outbox/test_people.py",
    "paper.all_returned": "as paper.returned, by the same door",
    "paper.published": "as notices.settle, by the same door",
    "parts.trust": "tests/plugins/test_trust.py",
    "parts.new": "tests/declared/test_new_channels.py",
    "agents.change_own": "as agents.set_password, by the same door",
    "feeds.start": "what it brings are outages and rings",
    "audit.note": "makes the lines",
    "audit.close": "as audit.checkpoint",
}
# What only reads.
READS: dict[str, tuple[str, ...]] = {
    "outages": ("board", "listed", "get", "stage", "affected", "touching", "preview", "check", "foresee", "seen"),
    "notices": (
        *("get", "of", "each_of", "all", "ever", "work", "as_work", "counts", "approvals", "approvals_open"),
        *("violations", "several", "next_phone", "contact", "phones", "speak"),
    ),
    "calls": ("find", "caller", "card", "propose", "script", "search", "drafts", "stored_as"),
    "calls.predicting": ("still_out", "of", "storm"),
    "taking": ("script",),
    "callbacks": ("get", "listed", "counts", "foresee", "elsewhere"),
    "work_orders": ("get", "listed", "counts"),
    "cases": ("get", "listed", "counts"),
    "shift": ("items", "draft", "waiting", "get", "listed", "topics", "view"),
    "outbox": ("listed", "get", "counts", "batches", "strays", "preview", "held"),
    "paper": (
        *("notices", "notice_pdf", "notice_png", "approval_form", "blank", "blank_png", "rounds", "rounds_png"),
        *("scans", "announcement", "page", "page_png", "forms", "fax_page"),
    ),
    "orders": (*("listed", "get", "in_force", "needed", "state", "choose", "off_at", "broken_by", "advice"),),
    "parts": (),
    "agents": ("listed", "get", "roles"),
    "rings": ("waiting", "missed", "unlogged", "get", "candidates"),
    "feeds": ("close", "states", "check"),
    "audit": ("listed", "verify"),
}
