"""Times as people type them, and countdowns as the board shows them. Pure."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desk.errors import BadInput
from desk.i18n import set_language
from desk.text import cell_width
from desk.tui import countdown, times

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", "2026-11-23T10:00"),
        ("现在", "2026-11-23T10:00"),
        ("8:00", "2026-11-23T08:00"),
        ("8：00", "2026-11-23T08:00"),
        ("0830", "2026-11-23T08:30"),
        ("8点半", None),
        ("下午3点", "2026-11-23T15:00"),
        ("12-01 8:00", "2026-12-01T08:00"),
        ("12月1日 8:00", "2026-12-01T08:00"),
        ("12.1 8:00", "2026-12-01T08:00"),
        ("1-5 8:00", "2027-01-05T08:00"),
        ("2026-12-01 08:00", "2026-12-01T08:00"),
        ("2026-12-01T08:00", "2026-12-01T08:00"),
        ("2026-12-01T08:00+08:00", "2026-12-01T08:00"),
        ("明天 8:00", "2026-11-24T08:00"),
        ("明天8点", "2026-11-24T08:00"),
        ("tomorrow 8:00", "2026-11-24T08:00"),
        ("+2h", "2026-11-23T12:00"),
        ("+90", "2026-11-23T11:30"),
        ("+1h30", "2026-11-23T11:30"),
        ("+2d", "2026-11-25T10:00"),
        ("+2小时", "2026-11-23T12:00"),
        ("25:00", None),
        ("13-01 8:00", None),
        ("2-30 8:00", None),
        ("soon", None),
        ("+", None),
        ("8", None),
    ],
)
def test_a_typed_time_is_read_as_a_person_means_it(typed: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(BadInput, match="is not a time"):
            times.read_time(typed, NOW)
    else:
        assert times.read_time(typed, NOW) == datetime.fromisoformat(f"{meant}+08:00")


def test_a_clock_time_that_has_passed_is_tomorrow_when_looking_ahead() -> None:
    assert times.read_time("8:00", NOW, ahead=True) == NOW + timedelta(hours=22)


@given(some.text(max_size=24))
def test_any_typed_text_is_a_time_or_one_sentence(typed: str) -> None:
    with suppress(BadInput):
        assert times.read_time(typed, NOW).tzinfo is not None


@given(some.timedeltas(min_value=timedelta(days=-3000), max_value=timedelta(days=3000)))
def test_what_a_form_shows_reads_back_as_the_same_minute(away: timedelta) -> None:
    moment = (NOW + away).replace(second=0, microsecond=0)
    shown = times.typed(moment, NOW)
    if moment.year != NOW.year or abs(away) < timedelta(days=180):
        assert times.read_time(shown, NOW) == moment


def row(stage: str, **moments: Any) -> Any:
    blank = dict.fromkeys(("planned_start", "planned_end", "actual_end", "etr"))
    return SimpleNamespace(stage=stage, **{**blank, **moments})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (row("upcoming", planned_start=NOW + timedelta(hours=3, minutes=12)), "off in 3h12"),
        (row("upcoming", planned_start=NOW + timedelta(days=2, hours=4)), "off in 2d04h"),
        (row("due_to_start", planned_start=NOW - timedelta(minutes=12)), "due 12m"),
        (row("off", etr=NOW + timedelta(minutes=45)), "on in 45m"),
        (row("off", etr=NOW + timedelta(minutes=9, seconds=41)), "on in 9:41"),
        (row("off"), "no time yet"),
        (row("overdue", planned_end=NOW - timedelta(hours=1, minutes=5)), "over 1h05"),
        (row("restored", actual_end=NOW - timedelta(hours=1)), "09:00"),
    ],
)
def test_a_countdown_says_what_it_counts_to(given: Any, words: str) -> None:
    assert countdown.text(given, NOW) == words


@given(some.integers(min_value=0, max_value=10**8))
def test_seconds_are_shown_only_in_the_last_ten_minutes(seconds: int) -> None:
    assert (":" in countdown.span(seconds)) == (seconds < 600)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@given(
    seconds=some.integers(min_value=-(10**7), max_value=10**7), stage=some.sampled_from(["off", "upcoming", "overdue"])
)
def test_a_countdown_column_is_always_as_wide_as_its_column(language: str, seconds: int, stage: str) -> None:
    from desk.tui.columns import COUNTDOWN

    set_language(language)
    moment = NOW + timedelta(seconds=seconds)
    given_row = row(stage, etr=moment, planned_start=moment)
    assert cell_width(countdown.column(given_row, NOW, COUNTDOWN)) == COUNTDOWN
