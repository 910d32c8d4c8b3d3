"""The made-up county: alive, the same for the same seed, and nobody in it can be rung up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import msgspec
import pytest

from desk import demo
from desk.app import Desk
from desk.cases import KINDS
from desk.clock import FixedClock, parse_time, zone_named
from desk.config import load_config
from desk.demo import events
from desk.demo.stories import STORIES
from desk.errors import BadInput, Refused
from desk.imports.values import SECTORS
from desk.phone_numbers import read_phones
from desk.records import Status, Urgency, WorkOrderState

NOW = parse_time("2026-11-23T10:00:30", zone_named("Asia/Shanghai"))
COUNT = 7000  # below fewer every feeder has its outage, and no call is unexplained


def built(folder: Path, count: int = COUNT, seed: int = 1, now: datetime = NOW) -> Desk:
    demo.prepare(folder)
    desk = Desk.create(load_config(None, folder), sandbox=True, clock=FixedClock(now))
    demo.build(desk.place, count, seed)
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with built(tmp_path_factory.mktemp("demo") / "data") as desk:
        yield desk


def whole(desk: Desk) -> bytes:
    place = desk.place
    tables = (place.network, place.customers, place.outages_table, place.calls_table)
    rows: list[object] = [list(table.all()) for table in tables]  # type: ignore[attr-defined]
    rows += [desk.outbox.listed(limit=0), desk.work_orders.listed("all"), desk.callbacks.listed("all")]
    rows += [desk.cases.listed("all"), desk.shift.listed()]
    return msgspec.json.encode(rows)


def test_the_same_seed_in_the_same_minute_makes_the_same_county(desk: Desk, tmp_path: Path) -> None:
    with built(tmp_path / "again") as again:
        assert whole(again) == whole(desk)
    with built(tmp_path / "other", seed=2) as other:
        assert whole(other) != whole(desk)


class SameNumber(Random):
    """Chance that gives every plan the number 419."""

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        if (start, stop) == (1000, None):
            return 419
        return super().randrange(start, stop, step)


def test_two_plans_that_draw_the_same_number_are_two_plans_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "Random", SameNumber)
    with built(tmp_path / "data", count=300) as made:
        numbers = [outage.reference for outage in made.place.outages_table.all() if outage.reference]
    assert len(set(numbers)) == len(numbers) > 1


def test_there_are_as_many_customers_as_asked_for(desk: Desk, tmp_path: Path) -> None:
    assert desk.place.customers.count() == COUNT
    for count in (1, 7, 150):
        with built(tmp_path / str(count), count) as small:
            assert small.place.customers.count() == count


def test_every_customer_hangs_on_the_network_and_is_one_of_a_kind(desk: Desk) -> None:
    areas = {area.transformer_area: area for area in desk.place.network.all()}
    people = list(desk.place.customers.all())
    assert {person.transformer_area for person in people} == set(areas)
    assert len({person.meter_no for person in people}) == len(people)
    sizes = Counter(person.transformer_area for person in people)
    assert all(sizes[name] == 1 for name, area in areas.items() if area.kind == "dedicated")
    boxes = Counter(person.meter_box for person in people if person.meter_box)
    assert max(boxes.values()) <= 12


def test_a_feeder_has_about_a_thousand_customers() -> None:
    areas = demo.network(50_000, 1)
    feeders = {area.feeder for area in areas}
    assert 1000 <= 50_000 / len(feeders) <= 1600
    assert len({area.transformer_area for area in areas}) == len(areas)


def test_every_sector_and_flag_is_there() -> None:
    people = list(demo.customers(10_000, 1, demo.network(10_000, 1)))
    assert {person.sector for person in people} >= set(SECTORS.values()) - {""}
    assert {person.grade for person in people} == {"", "first", "second", "temporary"}
    assert {person.medal for person in people} == {"", "gold", "silver", "bronze"}
    assert any(person.special_need for person in people)
    assert any(person.group for person in people)


@pytest.mark.parametrize("area_code", ["0951", "010", "0572"])
def test_telephone_numbers_are_understood_and_ring_nowhere(area_code: str) -> None:
    from phonenumbers import geocoder, parse

    for person in islice(demo.customers(3000, 3, demo.network(3000, 3), area_code), 0, 3000, 7):
        for phone in person.phones:
            assert read_phones(phone.written, area_code) == (phone,)
            local = phone.number.removeprefix(area_code)
            assert phone.kind == "mobile" or local.startswith("200")
            if phone.kind == "mobile":
                assert phone.number.startswith("1578")
                assert geocoder.description_for_number(parse(phone.number, "CN"), "zh") == "中国"


def test_outages_of_every_type_and_in_every_status_are_there(desk: Desk) -> None:
    outages = list(desk.place.outages_table.all())
    assert {outage.type for outage in outages} == set(desk.place.plugins.outage_types)
    assert {outage.status for outage in outages} == set(Status)
    assert {story.type for story in STORIES} == set(desk.place.plugins.outage_types)
    for kind in desk.place.plugins.outage_types:
        here = {outage.status for outage in outages if outage.type == kind}
        assert here >= {Status.SCHEDULED, Status.CONFIRMED, Status.RESTORED, Status.CLOSED, Status.CANCELLED}


def test_something_happens_within_three_minutes(desk: Desk) -> None:
    outages = list(desk.place.outages_table.all())
    soon = NOW + timedelta(minutes=3)
    starts = [o for o in outages if o.status == "scheduled" and o.planned_start and NOW <= o.planned_start <= soon]
    ends = [o for o in outages if o.status == "confirmed" and o.planned_end and NOW <= o.planned_end <= soon]
    assert len(starts) >= 2
    assert ends


def test_every_tab_of_the_board_has_rows(desk: Desk) -> None:
    rows = desk.outages.board().rows
    assert all(rows[tab] for tab in rows)
    assert any(row.stage == "overdue" for row in rows["active"])
    assert any(row.stage == "due_to_start" for row in rows["scheduled"])


def test_calls_belong_to_customers_and_outages_count_them(desk: Desk) -> None:
    calls = list(desk.place.calls_table.all())
    assert 300 <= len(calls) <= 500
    assert all(call.at <= NOW for call in calls)
    assert [call.id for call in calls] == [f"C{number}" for number in range(1, len(calls) + 1)]
    counted = Counter(call.outage or call.predicted for call in calls if call.outage or call.predicted)
    assert counted == {outage.id: outage.calls for outage in desk.place.outages_table.all() if outage.calls}


def test_a_county_that_has_customers_is_not_overwritten(desk: Desk) -> None:
    before = desk.place.customers.count()
    with pytest.raises(Refused):
        demo.build(desk.place, 10, 1)
    assert desk.place.customers.count() == before


def test_no_customers_at_all_are_refused(tmp_path: Path) -> None:
    with (
        Desk.create(load_config(None, tmp_path), sandbox=True, clock=FixedClock(NOW)) as desk,
        pytest.raises(BadInput),
    ):
        demo.build(desk.place, 0, 1)


def test_nothing_leaves_the_made_up_county(desk: Desk) -> None:
    assert desk.place.config.messages.training
    before = desk.outbox.counts()["sent"]
    assert desk.outbox.work_once(wait=10).sent
    sent = [view.message for view in desk.outbox.listed(state="sent")][before:]
    assert sent
    assert all(message.training for message in sent)
    assert not list(desk.place.config.data.glob("spool/**/*.txt"))


def test_training_cannot_be_switched_off_in_the_settings(tmp_path: Path) -> None:
    demo.prepare(tmp_path)
    other = tmp_path / "other.toml"
    other.write_text("[messages]\ntraining = false\n", encoding="utf-8")
    assert load_config(other, tmp_path).messages.training
    (tmp_path / "config.toml").write_text("[messages]\ntraining = false\n", encoding="utf-8")
    assert load_config(None, tmp_path).messages.training


def test_the_channel_of_the_training_county_is_in_order(desk: Desk) -> None:
    states = {row.name: row.state for row in desk.place.plugins.channel_states()}
    assert states["sms"] == "on"


def test_messages_stand_in_every_state_that_people_deal_with(desk: Desk) -> None:
    assert desk.outbox.counts().keys() >= {"held", "sent", "delivered", "failed", "unknown"}
    assert [batch.by for batch in desk.outbox.batches()] == ["王敏"]


def test_at_night_a_resident_is_not_woken_by_a_message(tmp_path: Path) -> None:
    with built(tmp_path / "night", now=NOW.replace(hour=23)) as night:
        waits = [view.message for view in night.outbox.listed(state="queued")]
        assert any(message.not_before and message.not_before.hour == 7 for message in waits)


def test_predicted_outages_come_from_calls_that_were_logged(desk: Desk) -> None:
    rows = desk.outages.board().rows["predicted"]
    assert [len(desk.calls.predicting.of(row.id)) for row in rows] == [row.calls for row in rows]
    assert sorted(row.calls for row in rows) == [2, 3, 6]


def test_work_orders_stand_in_every_state_and_one_is_late(desk: Desk) -> None:
    orders = desk.work_orders.listed("all")
    assert {order.state for order in orders} == set(WorkOrderState)
    assert [order.expedites for order in desk.work_orders.listed("late")] == [2]
    assert any(order.urgency is Urgency.DANGER_TO_LIFE for order in orders)


def test_callbacks_are_owed_ripe_and_tried(desk: Desk) -> None:
    counts = desk.callbacks.counts()
    assert counts["owed"] > counts["ripe"] > 0
    assert {one.kind for one in desk.callbacks.listed("ripe")} == {"restored", "follow_up"}
    assert any(one.attempts for one in desk.callbacks.listed("open"))


def test_cases_of_each_kind_and_one_is_overdue(desk: Desk) -> None:
    assert {case.kind for case in desk.cases.listed("all")} == set(KINDS)
    assert [case.kind for case in desk.cases.listed("overdue")] == ["complaint"]


def test_a_note_waits_for_the_next_agent(desk: Desk) -> None:
    note = desk.shift.waiting()
    assert note is not None
    assert note.by == "王敏"
    assert note.open["work_orders_late"] == 1
    assert note.open["predicted"] == 3


def test_its_audit_holds_with_all_documents_that_lines_tell_of(desk: Desk) -> None:
    found = desk.verify_audit(documents=True)
    assert (found.ok, found.faults) == (True, ())
    assert found.documents
