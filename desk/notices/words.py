"""Duties in the words of a person: where one stands."""

from __future__ import annotations

from datetime import datetime

from desk.i18n import _
from desk.notices.results import STATE_WORDS
from desk.notices.work import is_overdue
from desk.records import Duty


def state_words(duty: Duty, now: datetime) -> str:
    """Where a duty stands; that it is overdue, or was late, stands beside it."""
    word = _(STATE_WORDS[duty.state])
    if duty.late:
        return _("{state}, late").format(state=word)
    return _("{state}, overdue").format(state=word) if is_overdue(duty, now) else word
