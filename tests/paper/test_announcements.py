"""What the media carry, where it appeared, and the two channels of paper as plugins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from paper_county import DAY, NOW, approved, arrears, opened, plan

from desk.app import Desk
from desk.errors import NotFound, OutOfOrder, Refused
from desk.i18n import set_language
from desk.outages import OutageChange, OutageRequest
from desk.plugins import BadAddress, Message
from desk.records import DutyState

HOSPITAL = Message(recipient="人民医院", address="和平路12号", body="明日 8:00 停电", outage="O1")


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("zh_CN", "停电公告", ("更换导线", "城关镇和平路以东", "2026年12月11日（星期五）08:00至18:00", "95598")),
        ("en", "Power Outage", ("更换导线", "城关镇和平路以东", "Friday 11 December 2026, 08:00 to 18:00", "95598")),
    ],
)
def test_an_announcement_holds_reason_area_and_time(
    make: Callable[[str], Desk], language: str, title: str, words: tuple[str, ...]
) -> None:
    desk = make(language)
    found = desk.paper.announcement(approved(desk, plan()).id)
    assert found.title == title
    assert [word for word in words if word not in found.text] == []


def test_the_phases_are_announced(desk: Desk) -> None:
    assert "14:00至18:00为单回路供电（由城西线转供）" in desk.paper.announcement(approved(desk, plan()).id).text


def test_a_shortage_names_the_order_table(desk: Desk) -> None:
    request = OutageRequest(
        type="supply_shortage",
        feeders=("城东线",),
        planned_start=NOW + DAY,
        planned_end=NOW + DAY + DAY / 8,
        cause="电力紧缺",
        area="城东",
        facts={"order_list": "超供电能力限电序位表（2026年版）"},
    )
    found = desk.paper.announcement(opened(desk, request).id)
    assert found.title == "限电公告"
    assert "超供电能力限电序位表（2026年版）" in found.text


def test_without_an_area_it_is_not_announced(desk: Desk) -> None:
    desk.place.outages_table.put(_without_end(desk))
    with pytest.raises(Refused, match=r"lacks the times \(Art\. 9\.1\)"):
        desk.paper.announcement("O1")


def _without_end(desk: Desk) -> object:
    from msgspec.structs import replace

    return replace(approved(desk, plan()), planned_start=None, planned_end=None)


def test_a_changed_and_a_cancelled_plan_are_announced_by_the_duty_to_the_public(desk: Desk) -> None:
    outage = approved(desk, plan(phases=()))
    desk.paper.published(outage.id, "县电视台")
    desk.outages.change(outage.id, OutageChange(reason="雨", start=NOW + 12 * DAY, end=NOW + 12 * DAY + DAY / 4))
    changed = _news(desk, outage.id, "times_changed")
    found = desk.paper.announcement(changed)
    assert found.title == "停电时间变更公告"
    assert "原定于2026年12月11日（星期五）08:00至18:00" in found.text
    assert "2026年12月13日（星期日）08:00至14:00" in found.text
    assert len(desk.paper.page_png(changed, 40)) == 1
    desk.paper.published(changed, "县电视台")
    desk.outages.cancel(outage.id)
    found = desk.paper.announcement(_news(desk, outage.id, "cancellation"))
    assert (found.title, "供电照常进行" in found.text) == ("取消停电公告", True)


def _news(desk: Desk, outage: str, notice: str) -> str:
    to_public = [duty for duty in desk.notices.of(outage) if duty.recipient.kind == "public"]
    return next(duty.id for duty in to_public if duty.notice == notice)


def test_what_could_not_be_announced_is_explained_afterwards(desk: Desk) -> None:
    request = OutageRequest(
        type="unforeseeable", feeders=("城东线",), cause="吊车碰线", area="城东", facts={"cause_code": "third_party"}
    )
    outage = opened(desk, request)
    found = desk.paper.announcement(outage.id)
    assert found.title == "停电情况说明"
    assert "供电于2026年12月1日（星期二）08:00中断。抢修正在进行" in found.text
    assert len(desk.paper.page_png(outage.id, 40)) == 1


def test_what_concerns_one_customer_is_not_announced(desk: Desk) -> None:
    with pytest.raises(Refused, match="concerns one customer alone"):
        desk.paper.announcement(opened(desk, arrears()).id)


def test_a_publication_closes_the_duty_with_medium_time_and_reference(desk: Desk, slip: Path) -> None:
    outage = approved(desk, plan())
    done = desk.paper.published(outage.id, "县电视台", at=NOW, ref="19:30 新闻", scan=slip)
    line = done.evidence[-1]
    assert done.state is DutyState.DONE
    assert (line.result, line.person, line.at) == ("published", "县电视台", NOW)
    assert line.ref.startswith("19:30 新闻 attachments/")
    assert line.hash == desk.paper.announcement(outage.id).hash


def test_publishing_before_the_approval_is_out_of_order(desk: Desk) -> None:
    with pytest.raises(OutOfOrder):
        desk.paper.published(opened(desk, plan()).id, "县电视台")


def test_where_the_public_is_owed_nothing_there_is_nothing_to_publish(desk: Desk) -> None:
    outage = opened(
        desk,
        OutageRequest(
            type="temporary_maintenance",
            feeders=("城东线",),
            planned_start=NOW,
            planned_end=NOW + DAY,
            cause="缺陷",
            area="城东",
        ),
    )
    with pytest.raises(NotFound, match="owes the public no announcement"):
        desk.paper.published(outage.id, "县电视台")


def test_the_countys_own_words_are_used_and_broken_ones_are_named(desk: Desk) -> None:
    outage = approved(desk, plan())
    forms = desk.place.config.data / "forms"
    forms.mkdir()
    own = forms / "announcement.zh.j2"
    own.write_text("请注意：{{ outage.area }}停电。", encoding="utf-8")
    assert desk.paper.announcement(outage.id).paragraphs == ("请注意：城关镇和平路以东停电。",)
    own.write_text("{{ outage.aera }}", encoding="utf-8")
    found = desk.paper.announcement(outage.id)
    assert "更换导线" in found.text
    assert "announcement.zh.j2 cannot be used" in found.warning


# The channels


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("name", ["written_notice", "media_announcement"])
def test_a_persons_channel_says_what_to_do_step_by_step(desk: Desk, name: str, language: str) -> None:
    set_language(language)
    channel = desk.place.plugins.channels[name]
    assert channel.send(HOSPITAL, 1.0).state == "with_agent"
    steps = channel.steps(HOSPITAL)
    assert len(steps) == 5
    assert "O1" in steps[0]
    assert not any("{" in step for step in steps)


def test_without_an_address_nothing_can_be_delivered(desk: Desk) -> None:
    channel = desk.place.plugins.channels["written_notice"]
    with pytest.raises(BadAddress, match="人民医院"):
        channel.send(Message(recipient="人民医院", address="", body="x"), 1.0)
