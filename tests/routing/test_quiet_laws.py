"""Laws of the quiet hours: what waits is never dropped, and never rings within them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from desk.errors import BadInput
from desk.outbox.quiet import Quiet, is_home, waits_until
from desk.records import Customer, Outage, Recipient, Scope, Status

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/New_York", "UTC")]
minutes = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
quiets = st.builds(Quiet, minutes, minutes, st.sampled_from(ZONES))
seconds = st.integers(0, 4 * 366 * 86400)
moments = seconds.map(lambda passed: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=passed))
DAY = timedelta(hours=25)  # the longest there is
SHANGHAI = ZONES[0]
RESIDENT = Recipient(kind="customer", id="1", name="张三")


@given(moments, quiets)
def test_what_waits_goes_within_a_day_and_never_before(at: datetime, quiet: Quiet) -> None:
    assert at <= quiet.over(at) <= at + DAY


@given(moments, quiets)
def test_nothing_goes_within_the_hours(at: datetime, quiet: Quiet) -> None:
    assert not quiet.holds(quiet.over(at))


@given(moments, quiets)
def test_outside_the_hours_nothing_waits(at: datetime, quiet: Quiet) -> None:
    assert quiet.holds(at) or quiet.over(at) == at


@given(moments, quiets)
def test_waiting_twice_is_waiting_once(at: datetime, quiet: Quiet) -> None:
    assert quiet.over(quiet.over(at)) == quiet.over(at)


@given(moments, st.sampled_from(ZONES), minutes)
def test_the_same_hour_twice_means_never(at: datetime, zone: ZoneInfo, hour: time) -> None:
    assert Quiet(hour, hour, zone).over(at) == at


@pytest.mark.parametrize(
    ("clock", "until"),
    [("21:59", "01 21:59"), ("22:00", "02 07:00"), ("23:59", "02 07:00"), ("06:59", "01 07:00"), ("07:00", "01 07:00")],
    ids=["before", "first minute", "before midnight", "after midnight", "over"],
)
def test_the_hours_lie_across_midnight_in_the_countys_time(clock: str, until: str) -> None:
    quiet = Quiet.of("22:00", "07:00", SHANGHAI)
    at = datetime.combine(date(2026, 12, 1), time.fromisoformat(clock), SHANGHAI)
    assert quiet.over(at.astimezone(UTC)).astimezone(SHANGHAI).strftime("%d %H:%M") == until


def test_what_is_no_hour_of_the_day_is_named() -> None:
    with pytest.raises(BadInput, match="25:00"):
        Quiet.of("25:00", "07:00", SHANGHAI)


def outage(*, danger: bool = False) -> Outage:
    return Outage(
        id="O1",
        type="grid_fault",
        status=Status.CONFIRMED,
        scope=Scope(),
        received_at=datetime(2026, 12, 1, tzinfo=UTC),
        opened_at=datetime(2026, 12, 1, tzinfo=UTC),
        danger_to_life=danger,
    )


def person(**more: object) -> Customer:
    return Customer(account_no="1", name="张三", transformer_area="T1", **more)  # type: ignore[arg-type]


NIGHT = datetime(2026, 12, 1, 23, 0, tzinfo=SHANGHAI)
QUIET = Quiet.of("22:00", "07:00", SHANGHAI)


@pytest.mark.parametrize(
    ("about", "intrusive", "danger", "waits"),
    [
        ({}, True, False, True),
        ({}, False, False, False),
        ({}, True, True, False),
        ({"important": True}, True, False, False),
        ({"special": True}, True, False, False),
        ({"special_need": "制氧机"}, True, False, False),
        ({"sector": "mine"}, True, False, False),
        ({"sector": "residential_tower"}, True, False, True),
        ({"medal": "gold"}, True, False, True),
    ],
    ids=["home", "silent channel", "danger to life", "important", "special", "device", "mine", "tower", "medal"],
)
def test_at_night_nothing_rings_at_homes_but_danger_to_life(
    about: dict[str, object], intrusive: bool, danger: bool, waits: bool
) -> None:
    at = waits_until(NIGHT, QUIET, outage(danger=danger), RESIDENT, person(**about), intrusive)
    assert (at > NIGHT) is waits


@pytest.mark.parametrize("kind", ["branch", "department", "public", "authority"])
def test_who_is_on_duty_is_no_home(kind: str) -> None:
    assert not is_home(Recipient(kind=kind, id="x"), None)


@pytest.mark.parametrize(("status", "waits"), [(Status.SCHEDULED, True), (Status.CONFIRMED, False)])
def test_a_home_that_lives_by_a_machine_is_woken_for_what_is_off_and_not_for_a_plan(
    status: Status, waits: bool
) -> None:
    known = replace(outage(danger=False), status=status)
    at = waits_until(NIGHT, QUIET, known, RESIDENT, person(special_need="呼吸机"), True)
    assert (at > NIGHT) is waits
