"""From the duties of a real outage to messages: what is ripe, what is held, what is left to people."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from noticed_county import DAY, GOLD, HOSPITAL, HOUR, MINE, MINUTE, NOW, approve_all, fault, opened, owed, plan
from reachable import FakeHost, Texts

from desk.app import Desk
from desk.clock import FixedClock
from desk.errors import NotFound
from desk.outbox.planning import Planning
from desk.outbox.preview import SendPreview
from desk.outbox.routing import BY_CALL
from desk.plugins import Capabilities
from desk.records import AttemptState, Message, Outage

TODAY = {"planned_start": NOW + 2 * HOUR, "planned_end": NOW + 6 * HOUR}


def temporary(desk: Desk, **more: object) -> Outage:
    outage = opened(desk, plan(type="temporary_maintenance", **{**TODAY, **more}))
    approve_all(desk, outage)
    return outage


def stored(desk: Desk, limit: int = 500) -> list[Message]:
    found = desk.outbox.planning.route_ready(desk.place.now(), limit)
    return desk.outbox.add(found.messages, found.batches)


def to(messages: list[Message], recipient: str) -> Message:
    return next(message for message in messages if message.recipient.id == recipient)


def test_each_recipient_is_told_over_what_can_reach_it(desk: Desk) -> None:
    temporary(desk)
    ways = {(one.recipient.id, one.channel, one.address) for one in stored(desk)}
    assert ways >= {
        (HOSPITAL, "texts", "13800138001"),
        (MINE, "texts", "13800138002"),
        (GOLD, "texts", "13800138004"),
        ("移动公司", "texts", "13700137000"),
        ("城关所", "faxes", "09515550099"),
        ("95598", "robot", ""),
    }


def test_what_was_made_is_not_made_again(desk: Desk) -> None:
    temporary(desk)
    assert stored(desk)
    assert not stored(desk)
    desk.outbox.planning.forget()
    assert not stored(desk)


def test_slices_come_to_the_same_as_one_call(desk: Desk) -> None:
    temporary(desk)
    expected = desk.outbox.preview("O1").people
    made = [message for _slice in range(20) for message in stored(desk, limit=2)]
    assert len(made) == len({message.duty for message in made}) == expected
    assert {message.batch for message in made} == {"O1-1"}


def test_a_large_release_is_counted_in_stretches_and_keeps_nobody_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary(desk)
    people = desk.outbox.preview("O1").people
    monkeypatch.setattr("desk.outbox.planning.STRETCH", -1.0)
    assert not desk.outbox.planning.route_ready(NOW, 500).messages
    monkeypatch.setattr("desk.outbox.planning.STRETCH", 5.0)
    found = desk.outbox.planning.route_ready(NOW, 500)
    assert len(found.messages) == found.batches[0].people == people


def test_a_small_release_overtakes_one_that_is_being_made(desk: Desk) -> None:
    temporary(desk)
    stored(desk, limit=1)
    temporary(desk, feeders=("城西线",))
    assert {message.outage for message in stored(desk, limit=1)} == {"O2"}


def test_a_fault_is_told_by_telephone_only(desk: Desk) -> None:
    outage = opened(desk, fault())
    preview = desk.outbox.preview(outage.id)
    assert preview.left_count[BY_CALL] == 4
    assert not [one for one in stored(desk) if one.recipient.kind == "customer"]


def test_nobody_is_told_before_the_approval_and_all_are_at_once_after_it(desk: Desk) -> None:
    outage = opened(desk, plan(type="temporary_maintenance", **TODAY))
    assert not [one for one in stored(desk) if one.recipient.kind == "customer"]
    approve_all(desk, outage)
    assert [one for one in stored(desk) if one.recipient.kind == "customer"]


def test_the_second_notice_waits_for_its_hour_and_for_the_first(desk: Desk, clock: FixedClock) -> None:
    outage = opened(desk, plan())
    approve_all(desk, outage)
    stored(desk)
    second = owed(desk, outage, "county:A9.4", MINE)
    clock.at = NOW + 8 * DAY + HOUR
    assert not [one for one in stored(desk) if one.duty == second.id]
    desk.notices.settle(owed(desk, outage, "county:A9.2c", MINE).id, "reached", person="矿调度")
    assert [one.address for one in stored(desk) if one.duty == second.id] == ["13800138002"]


def test_a_group_is_told_once_with_the_list_of_its_sites(desk: Desk) -> None:
    temporary(desk)
    group = [one for one in stored(desk) if one.recipient.id == "移动公司"]
    assert len(group) == 1
    assert "移动一站" in group[0].body
    assert "移动二站" in group[0].body


def test_the_order_of_the_customers_changes_nothing(desk: Desk) -> None:
    temporary(desk)
    before = desk.outbox.preview("O1")
    everyone = list(desk.place.customers.all())
    for customer in everyone:
        desk.place.customers.remove(customer.account_no)
    desk.place.customers.put_many(reversed(everyone))
    assert desk.outbox.preview("O1") == before


def test_a_text_too_long_for_the_channel_goes_elsewhere_or_to_people(desk: Desk) -> None:
    temporary(desk, cause="更换导线" * 60)
    short = Texts()
    short.can = replace(Texts.can, max_parts=1)
    desk.place.__dict__["plugins"] = FakeHost(desk.place.plugins, short)
    preview = desk.outbox.preview("O1")
    assert preview.people == 0
    assert preview.left_count["the text is too long for every channel"] == 5


class TestAtNight:
    """Mobiles are silent at homes between ten and seven."""

    @pytest.fixture
    def clock(self) -> FixedClock:
        return FixedClock(NOW.replace(hour=23))

    def test_homes_wait_for_the_morning_and_nobody_else(self, desk: Desk) -> None:
        night = desk.place.now()
        temporary(desk, planned_start=night + 12 * HOUR, planned_end=night + 14 * HOUR)
        made = stored(desk)
        assert to(made, GOLD).not_before == night + 8 * HOUR
        assert to(made, HOSPITAL).not_before is None
        assert desk.outbox.preview("O1").held == 0  # they are made already

    def test_what_would_be_untrue_by_morning_is_a_persons_decision(self, desk: Desk) -> None:
        night = desk.place.now()
        temporary(desk, planned_start=night + 2 * HOUR, planned_end=night + 3 * HOUR)
        held = to(stored(desk), GOLD)
        assert (held.state, held.due) == (AttemptState.HELD, "")

    def test_danger_to_life_does_not_wait(self, desk: Desk) -> None:
        night = desk.place.now()
        temporary(desk, danger_to_life=True, planned_start=night + 12 * HOUR, planned_end=night + 14 * HOUR)
        assert to(stored(desk), GOLD).not_before is None

    def test_what_became_ripe_by_day_is_held_when_its_turn_comes_at_night(self, desk: Desk) -> None:
        night = desk.place.now()
        temporary(desk, planned_start=night + 12 * HOUR, planned_end=night + 14 * HOUR)
        waiting = replace(to(stored(desk), GOLD), state=AttemptState.QUEUED)
        (held,) = desk.outbox.planning.refreshed([waiting], night)
        assert (held.state, held.due) == (AttemptState.HELD, (night + 8 * HOUR).isoformat())


class TestAboveTheCaps:
    """A county where three people at once are many."""

    @pytest.fixture
    def settings(self) -> str:
        return "[messages]\nmost_per_outage = 3\n"

    def test_messages_are_held_until_a_second_person_confirms(self, desk: Desk) -> None:
        temporary(desk)
        assert "3" in desk.outbox.preview("O1").needs_confirmation
        found = desk.outbox.planning.route_ready(NOW, 500)
        assert {message.state for message in found.messages} == {AttemptState.HELD}
        assert [batch.needs_confirmation for batch in found.batches] == [True]

    def test_what_is_confirmed_while_it_is_made_goes(self, desk: Desk) -> None:
        temporary(desk)
        stored(desk, limit=2)
        desk.place.agent = "李四"
        desk.outbox.confirm("O1-1")
        assert {message.state for message in stored(desk)} == {AttemptState.QUEUED}


class TestAPersonReleases:
    """Nothing goes by itself."""

    @pytest.fixture
    def settings(self) -> str:
        return '[messages]\nrelease = "person"\n'

    def test_nothing_goes_until_somebody_says_so(self, desk: Desk) -> None:
        temporary(desk)
        assert not stored(desk)
        people = desk.outbox.preview("O1").people
        assert desk.outbox.release("O1") == people
        assert desk.outbox.release("O1") == 0

    def test_a_release_leaves_a_line_in_the_audit(self, desk: Desk) -> None:
        temporary(desk)
        desk.outbox.release("O1")
        assert [line.about for line in desk.place.audit_table.all() if line.act == "messages.release"] == ["O1"]


def test_training_marks_every_message(desk: Desk) -> None:
    config = desk.place.config
    desk.place.config = replace(config, messages=replace(config.messages, training=True))
    temporary(desk)
    made = desk.outbox.planning.route_ready(NOW, 500).messages
    assert made
    assert all(message.training for message in made)
    assert desk.outbox.preview("O1").training


def test_the_preview_counts_people_parts_and_cost(desk: Desk) -> None:
    temporary(desk)
    preview = desk.outbox.preview("O1")
    assert sum(over.people for over in preview.over) == preview.people
    texts = next(over for over in preview.over if over.channel == "texts")
    assert texts.price == pytest.approx(texts.parts * 0.05)
    assert {"mine", "group", ""} <= {sample.sector for sample in preview.samples if sample.channel == "texts"}
    assert isinstance(preview, SendPreview)


def test_counting_tells_how_far_it_is_and_can_be_ended(desk: Desk) -> None:
    temporary(desk)
    seen: list[int] = []
    people = desk.outbox.planning.preview("O1", seen.append).people
    assert seen == sorted(seen)
    assert seen[-1] == people

    def enough(_people: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.outbox.planning.preview("O1", enough)


def test_an_unknown_outage_is_named(desk: Desk) -> None:
    with pytest.raises(NotFound, match="O99"):
        desk.outbox.preview("O99")


class TestJustBeforeItIsSent:
    def test_what_is_still_true_comes_back_as_it_was(self, desk: Desk, planning: Planning) -> None:
        temporary(desk)
        made = stored(desk)
        again = planning.refreshed(made, NOW + MINUTE)
        assert all(one is other for one, other in zip(again, made, strict=True))

    def test_who_was_told_by_somebody_else_is_not_told_again(self, desk: Desk, planning: Planning) -> None:
        temporary(desk)
        made = to(stored(desk), MINE)
        desk.notices.settle(made.duty, "reached", channel="phone", person="矿调度")
        (after,) = planning.refreshed([made], NOW)
        assert after.state is AttemptState.SKIPPED

    def test_an_outage_called_off_supersedes_its_messages(self, desk: Desk, planning: Planning) -> None:
        outage = temporary(desk)
        made = [one for one in stored(desk) if one.recipient.kind == "customer"]
        desk.outages.cancel(outage.id, reason="不停了")
        assert {one.state for one in planning.refreshed(made, NOW)} == {AttemptState.SKIPPED}

    def test_what_was_true_until_the_start_is_reworded_once_it_is_off(
        self, desk: Desk, planning: Planning, clock: FixedClock
    ) -> None:
        outage = temporary(desk)
        made = to(stored(desk), MINE)
        clock.at = NOW + 2 * HOUR
        desk.outages.start(outage.id)
        (after,) = planning.refreshed([made], clock.at)
        assert "将于" in made.body
        assert "已于" in after.body
        assert after.hash != made.hash

    def test_after_its_last_moment_it_is_too_late(self, desk: Desk, planning: Planning, clock: FixedClock) -> None:
        temporary(desk)
        made = to(stored(desk), MINE)
        clock.at = NOW + 7 * HOUR
        (after,) = planning.refreshed([made], clock.at)
        assert after.state is AttemptState.EXPIRED

    def test_words_that_a_person_wrote_stay(self, desk: Desk, planning: Planning) -> None:
        temporary(desk)
        mine = replace(to(stored(desk), MINE), body="请回电", template="", hash="x")
        (after,) = planning.refreshed([mine], NOW)
        assert after is mine


class TestAfterAFailure:
    def test_the_next_channel_is_worded_anew(self, desk: Desk, planning: Planning) -> None:
        temporary(desk)
        branch = to(stored(desk), "城关所")
        (after,) = planning.escalated([(branch, "no_connection")], NOW)
        assert after is not None
        assert (after.id, after.channel, after.tried) == (branch.id, "robot", ("faxes 09515550099",))
        assert after.body != branch.body

    def test_the_last_failure_is_peoples_work(self, desk: Desk, planning: Planning) -> None:
        temporary(desk)
        assert planning.escalated([(to(stored(desk), MINE), "bad_address")], NOW) == [None]

    def test_a_wrong_number_is_remembered_for_the_next_outage(self, desk: Desk, planning: Planning) -> None:
        planning.note_address("sms", "13800138002", "wrong_number", "空号")
        temporary(desk)
        assert MINE not in {one.recipient.id for one in stored(desk)}
        planning.forget_address("sms", "13800138002")
        planning.forget()
        assert MINE in {one.recipient.id for one in stored(desk)}

    def test_a_wrong_number_is_forgotten_after_a_season_and_a_no_is_not(
        self, desk: Desk, planning: Planning, clock: FixedClock
    ) -> None:
        planning.note_address("sms", "13800138002", "wrong_number")
        planning.note_address("sms", "13800138004", "opted_out")
        clock.at = later = NOW + 100 * DAY
        temporary(desk, planned_start=later + HOUR, planned_end=later + 2 * HOUR)
        reached = {one.recipient.id for one in stored(desk)}
        assert MINE in reached
        assert GOLD not in reached


class TestTheCountysOwnWords:
    def test_a_template_of_the_countys_comes_first(self, desk: Desk) -> None:
        write(desk, "sms.mine.zh.j2", "{{ customer.name }}调度室：{{ span(news.start, news.end) }}停电。")
        temporary(desk)
        made = stored(desk)
        assert to(made, MINE).body == "煤矿调度室：12月1日10:00至14:00停电。"
        assert to(made, GOLD).template == "sms.zh.j2"

    @pytest.mark.parametrize(
        "text",
        ["{{ nobody.knows }}", "{% if %}", "{{ customer.__class__.__mro__ }}", "", "{{ 1 / 0 }}"],
        ids=["unknown name", "syntax", "out of the sandbox", "empty", "raises"],
    )
    def test_one_that_fails_gives_way_to_the_shipped_one_and_is_named(self, desk: Desk, text: str) -> None:
        write(desk, "sms.zh.j2", text)
        temporary(desk)
        preview = desk.outbox.preview("O1")
        assert all("sms.zh.j2" in sample.warning for sample in preview.samples if sample.channel == "texts")
        assert to(stored(desk), GOLD).body.startswith("尊敬的客户")

    def test_words_that_name_their_reader_are_each_readers_own(self, desk: Desk) -> None:
        write(desk, "sms.zh.j2", "{% if news.area %}{{ recipient.name }}{% endif %}您好")
        temporary(desk)
        bodies = [one.body for one in stored(desk) if one.channel == "texts"]
        assert len(set(bodies)) == len(bodies)

    def test_pieces_carry_the_countys_sign_and_are_cut_between_characters(self, desk: Desk, planning: Planning) -> None:
        desk.place.plugins.channels["texts"].settings = Texts.Settings(sign="县供电")
        temporary(desk)
        mine = to(stored(desk), MINE)
        pieces = planning.cutter()(mine)
        assert "".join(pieces) == "【县供电】" + mine.body
        assert len(pieces) == mine.parts == 2


def write(desk: Desk, name: str, text: str) -> None:
    folder = Path(desk.place.config.data) / "wording"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_a_plugin_may_choose_the_channel(desk: Desk) -> None:
    host = desk.place.plugins
    host.route = lambda _outage, customer, _names: [] if customer and customer.account_no == MINE else None
    temporary(desk)
    assert MINE not in {one.recipient.id for one in stored(desk)}


def test_all_channels_of_a_duty_are_used_where_it_asks_for_all(desk: Desk) -> None:
    outage = temporary(desk)
    mine = owed(desk, outage, "county:A10.3", MINE)
    book = desk.place.store.records("duties", type(_sheet(desk, mine.id)))
    sheet = _sheet(desk, mine.id)
    lines = tuple(sheet.lines)
    book.put(replace(sheet, channel_mode="all_of", channels=("sms", "phone"), lines=lines))
    made = [one for one in stored(desk) if one.duty == mine.id]
    assert [one.channel for one in made] == ["texts"]
    assert not stored(desk)


def _sheet(desk: Desk, duty: str) -> object:
    from desk.notices.sheets import Sheet

    number = int(duty[1:])
    found = desk.place.store.records("duties", Sheet).all()
    return next(sheet for sheet in found if sheet.first <= number < sheet.first + len(sheet.lines))


def test_only_machines_capabilities_are_asked(desk: Desk) -> None:
    human = Texts()
    human.can = Capabilities(family="sms", address="mobile", needs_human=True)
    desk.place.__dict__["plugins"] = FakeHost(desk.place.plugins, human)
    temporary(desk)
    assert not stored(desk)
