"""What comes out of calls, from the command line: predicted outages, storms, work orders, callbacks, cases, shifts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from commands import Run

STREET = "户号,户名,用电地址,联系电话,台区编号,表箱\n" + "".join(
    f"2000{n:02d},住户{n},城关镇和平路{n}号,139000000{n:02d},T{1 + n // 30},B{n % 3}-{n // 30}\n" for n in range(60)
)
LEVELS = ("feeders", "laterals", "transformer_areas", "meter_boxes")
ROW = {
    "id",
    "reference",
    "type",
    "status",
    "planned_start",
    "planned_end",
    "actual_start",
    "actual_end",
    "etr",
    "cause",
    "area",
    "feeders",
    "transformer_areas",
    "customers_affected",
    "special_affected",
    "important_affected",
    "calls",
    "duties",
    "laterals",
    "meter_boxes",
    "reason",
}


@pytest.fixture
def street(county: Run, data: Path) -> Run:
    """The small county with sixty houses more, below two transformers of one lateral."""
    file = data.parent / "street.csv"
    file.write_text(STREET, encoding="utf-8-sig")
    ran = county("import", "customers", str(file))
    assert ran.code == 0, ran
    return county


def call(run: Run, account: str, **more: Any) -> dict[str, Any]:
    ran = run("call", "log", "-", given={"account_no": account, "topic": "trouble", **more})
    assert ran.code == 0, ran
    logged: dict[str, Any] = ran.json
    return logged


def called(run: Run, *accounts: str, **more: Any) -> list[dict[str, Any]]:
    return [call(run, account, **more) for account in accounts]


def predicted(run: Run) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run("outages", "--predicted", "--json").json
    return rows


def english(data: Path, *more: str) -> tuple[str, ...]:
    """Settings in English, as an option."""
    file = data.parent / "english.toml"
    file.write_text("\n".join(['[desk]\nlanguage = "en"', *more]), encoding="utf-8")
    return ("--config", str(file))


# predicted


def test_the_call_that_points_to_an_outage_is_told_which(street: Run) -> None:
    first, second, third = called(street, "200000", "200001", "200002")
    assert first == {"id": "C1", "outage": None, "predicted": None}
    assert second == {"id": "C2", "outage": None, "predicted": None}
    assert third == {"id": "C3", "outage": None, "predicted": "O1"}


def test_a_predicted_row_has_every_key_and_names_its_device_once(street: Run) -> None:
    called(street, "200000", "200001", "200002")
    (row,) = predicted(street)
    assert set(row) == ROW
    assert [row[level] for level in LEVELS] == [[], [], ["T1"], []]
    assert (row["status"], row["calls"], row["customers_affected"]) == ("predicted", 3, 31)
    assert row["duties"] == {"owed": 0, "done": 0, "overdue": 0, "late": 0}


def test_two_houses_on_one_box_are_the_box(street: Run) -> None:
    called(street, "200000", "200003")
    (row,) = predicted(street)
    assert [row[level] for level in LEVELS] == [[], [], [], ["B0-0"]]


def test_two_areas_are_their_lateral(street: Run) -> None:
    called(street, *(f"2000{n:02d}" for n in (0, 1, 2, 30, 31, 32)))
    (row,) = predicted(street)
    assert [row[level] for level in LEVELS] == [[], ["一支线"], [], []]


def test_the_reason_is_in_the_language_of_the_settings(street: Run, data: Path) -> None:
    called(street, "200000", "200001", "200002")
    assert "3 户" in predicted(street)[0]["reason"]
    (row,) = street("outages", "--predicted", "--json", *english(data)).json
    assert row["reason"].startswith("transformer area T1, 3 customers, in 3 meter boxes, within 1 min")


def test_a_dedicated_customer_is_its_own_transformer_at_once(street: Run) -> None:
    assert call(street, "100003")["predicted"] == "O1"
    assert [predicted(street)[0][level] for level in LEVELS] == [[], [], ["T3"], []]


def test_confirming_it_owes_duties_and_takes_it_off_the_list(street: Run) -> None:
    called(street, "200000", "200001", "200002")
    ran = street("predicted", "confirm", "O1", "--by", "调度王工", "--json")
    assert (ran.code, ran.json["status"]) == (0, "confirmed")
    assert predicted(street) == []
    assert street("duties", "O1", "--json").json
    assert call(street, "200009") == {"id": "C4", "outage": "O1", "predicted": None}


def test_it_is_moved_split_and_merged(street: Run) -> None:
    called(street, "200000", "200001", "200002", "100003")
    assert street("predicted", "move", "O1", "lateral", "--reason", "调度", "--json").json["laterals"] == ["一支线"]
    assert street("predicted", "split", "O1", "C1", "--reason", "自家", "--json").json["calls"] == 2
    assert street("predicted", "merge", "O2", "O1", "--reason", "一处", "--json").json["calls"] == 3
    assert [row["id"] for row in predicted(street)] == ["O1"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("confirm", "O1"),
        ("confirm", "O1", "--by", "王工", "--source", "rumour"),
        ("confirm", "O9", "--by", "王工"),
        ("move", "O1", "lateral"),
        ("move", "O1", "street", "--reason", "x"),
        ("split", "O1", "C99", "--reason", "x"),
        ("merge", "O1", "O1", "--reason", "x"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_refused_in_one_sentence(street: Run, arguments: tuple[str, ...]) -> None:
    called(street, "200000", "200001", "200002")
    before = predicted(street)
    ran = street("predicted", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert predicted(street) == before


def test_without_more_words_predicted_lists_with_the_reason(street: Run) -> None:
    called(street, "200000", "200001", "200002")
    ran = street("predicted")
    assert "T1" in ran.out
    assert "3 户" in ran.out


def test_storm_mode_is_a_persons(street: Run) -> None:
    assert street("storm", "--json").json["on"] is False
    assert street("storm", "on", "--json").json["on"] is True
    assert street("storm", "off", "--json").json["on"] is False
    assert street("storm", "perhaps").code == 2


def test_many_calls_propose_storm_mode(street: Run) -> None:
    called(street, *(f"2000{n:02d}" for n in range(20)))
    stands = street("storm", "--json").json
    assert (stands["proposed"], stands["calls"]) == (True, 20)


# empty lists

EMPTY = {
    ("predicted",): "desk call log",
    ("outages",): "desk outage open",
    ("workorders",): "desk workorders open",
    ("callbacks",): "supply is back",
    ("cases",): "desk cases open",
    ("shift",): "Nothing is open",
    ("shift", "accept"): "desk shift hand-over",
}


@pytest.mark.parametrize("arguments", EMPTY, ids=" ".join)
def test_an_empty_list_says_what_would_fill_it(county: Run, data: Path, arguments: tuple[str, ...]) -> None:
    ran = county(*arguments, *english(data))
    assert ran.code == 0
    assert EMPTY[arguments] in ran.out


@pytest.mark.parametrize("what", ["predicted", "workorders", "callbacks", "cases"])
def test_an_empty_list_is_an_empty_list_for_programs(county: Run, what: str) -> None:
    assert county(what, "--json").json == []


# work orders


def test_a_work_order_goes_from_call_to_signature(county: Run) -> None:
    call(county, "100001", hazard="wire_down")
    made = county("workorders", "open", "--call", "C1", "--json").json
    assert (made["id"], made["urgency"], made["state"]) == ("W1", "danger_to_life", "awaiting_assignment")
    for state, more in (("assigned", ["--crew", "一班"]), ("en_route", []), ("arrived", []), ("field_complete", [])):
        assert county("workorders", "move", "W1", state, *more, "--json").json["state"] == state
    done = county("workorders", "close", "W1", "--reason", "接好", "--signed-by", "张三", "--json").json
    assert (done["state"], done["signed_by"]) == ("closed", "张三")
    assert county("workorders", "--json").json == []
    assert [row["id"] for row in county("workorders", "--state", "closed", "--json").json] == ["W1"]
    assert county("workorders", "show", "W1").out.count("\n") > 5


def test_hurrying_is_counted_and_goes_up(county: Run) -> None:
    county("workorders", "open", "--account", "100001")
    county("workorders", "expedite", "W1", "--by", "客户")
    again = county("workorders", "expedite", "W1", "--json").json
    assert (again["expedites"], again["escalated"]) == (2, 1)


@pytest.mark.parametrize(
    "arguments",
    [("open",), ("move", "W1", "arrived"), ("close", "W1"), ("cancel", "W1"), ("show", "W9"), ("move", "W1", "flying")],
    ids=" ".join,
)
def test_an_order_out_of_turn_is_refused(county: Run, arguments: tuple[str, ...]) -> None:
    county("workorders", "open", "--account", "100001")
    ran = county("workorders", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1


# callbacks


@pytest.fixture
def restored(county: Run) -> Run:
    """A fault, a caller who is to be called back, and supply is back."""
    county("outage", "open", "-", given={"type": "grid_fault", "feeders": ["城东线"], "cause": "树障"})
    call(county, "100001", callback=True)
    assert county("outage", "restore", "O1").code == 0
    return county


def test_a_callback_is_taken_and_settled(restored: Run) -> None:
    assert restored("callbacks", "take", "--json").json["id"] == "B1"
    done = restored("callbacks", "settle", "B1", "restored", "--person", "本人", "--json").json
    assert (done["state"], done["attempts"][0]["person"]) == ("done", "本人")
    assert restored("callbacks", "take").out.strip()
    assert restored("callbacks", "take", "--json").json is None


def test_no_number_is_shown_in_a_list(restored: Run) -> None:
    assert "13800138001" not in restored("callbacks", "--json").out
    assert "13800138001" not in restored("callbacks").out
    restored("cases", "open", "complaint", "没有通知", "--call", "C1")
    assert "13800138001" not in restored("cases", "--json").out


def test_still_out_opens_a_case(restored: Run) -> None:
    case = restored("callbacks", "settle", "B1", "still_out", "--json").json["case"]
    shown = restored("cases", "show", case, "--json").json
    assert (shown["kind"], shown["outage"], shown["linked"]) == ("still_out", "O1", ["B1", "C1"])


def test_a_message_in_place_of_a_call_is_shown_before_it_is_sent(restored: Run) -> None:
    dry = restored("callbacks", "message", "--dry-run", "--json").json
    assert set(dry) == {"messages", "left", "price", "confirm"}
    assert dry["messages"] == []
    assert list(dry["left"]) == ["B1"]
    assert restored("callbacks", "message", "B1").code == 0
    assert [row["state"] for row in restored("callbacks", "--json").json] == ["owed"]


def test_a_callback_is_dropped_with_its_reason(restored: Run) -> None:
    assert restored("callbacks", "drop", "B1").code == 2
    assert restored("callbacks", "drop", "B1", "--reason", "已来电", "--json").json["state"] == "dropped"


@pytest.mark.parametrize("outcome", ["", "reached", "RESTORED"])
def test_an_outcome_there_is_not_is_refused(restored: Run, outcome: str) -> None:
    ran = restored("callbacks", "settle", "B1", outcome)
    assert (ran.code, ran.err.count("\n")) == (2, 1)


# cases


def test_a_case_is_taken_in_assigned_answered_and_closed(county: Run) -> None:
    made = county("cases", "open", "complaint", "停电没有通知", "--article", "9.3", "--json").json
    assert (made["id"], made["state"], made["article"]) == ("K1", "open", "9.3")
    assert made["due"]
    assert county("cases", "assign", "K1", "营销部", "--json").json["owner"] == "营销部"
    assert county("cases", "answer", "K1", "已致歉", "--json").json["state"] == "answered"
    assert county("cases", "close", "K1", "--json").json["state"] == "closed"
    assert county("cases", "--json").json == []
    assert "已致歉" in county("cases", "show", "K1").out


def test_reports_of_misconduct_are_not_there_for_ordinary_agents(county: Run, data: Path) -> None:
    county("cases", "open", "report_of_misconduct", "抄表员索要财物")
    assert len(county("cases", "--json").json) == 1
    ordinary = english(data, 'role = "agent"')
    assert county("cases", "--json", *ordinary).json == []
    assert county("cases", "--state", "all", "--json", *ordinary).json == []
    assert county("cases", "show", "K1", *ordinary).code == 2


@pytest.mark.parametrize(
    "arguments",
    [("open", "gossip", "x"), ("open", "complaint", " "), ("close", "K1"), ("show", "K9"), ("answer", "K1", "")],
    ids=" ".join,
)
def test_a_case_that_cannot_be_is_refused(county: Run, arguments: tuple[str, ...]) -> None:
    county("cases", "open", "complaint", "停电没有通知")
    ran = county("cases", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1


# the shift


def test_the_shift_shows_what_is_open_and_what_callers_ask(restored: Run) -> None:
    shown = restored("shift", "--json").json
    assert set(shown) == {"items", "since", "calls", "in_hand", "topics", "waiting"}
    assert {"kind": "callbacks_ripe", "count": 1, "named": ["B1 张三 O1"], "wrong": True} in shown["items"]
    assert shown["topics"] == [{"topic": "trouble", "outage": "O1", "calls": 1}]
    assert shown["waiting"] is None
    assert "B1" in restored("shift", "show").out


def test_a_note_is_left_by_one_and_accepted_by_another(restored: Run, data: Path) -> None:
    note = restored("shift", "hand-over", "--words", "雷雨，城东线多户报修", "--json").json
    assert (note["id"], note["note"].splitlines()[0]) == ("H1", "雷雨，城东线多户报修")
    assert restored("shift", "--json").json["waiting"]["id"] == "H1"
    assert restored("shift", "accept").code == 2  # one's own
    other = english(data, 'agent = "next"')
    taken = restored("shift", "accept", "--json", *other).json
    assert (taken["id"], taken["accepted_by"]) == ("H1", "next")
    assert restored("shift", "accept", "H1", *other).code == 2
    assert restored("shift", "accept", "--json", *other).json is None


def test_the_call_log_says_the_topic_in_words_and_in_json_by_its_name(street: Run) -> None:
    call(street, "3100000001")
    assert "故障报修" in street("calls").out
    assert street("calls", "--json").json[0]["topic"] == "trouble"
