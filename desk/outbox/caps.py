"""How many may be told at once before a second person has to look: per outage, and per minute. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from desk.config.settings import MessageSettings
from desk.errors import Refused
from desk.i18n import _
from desk.records import Batch

MINUTE = timedelta(minutes=1)


def too_many(people: int, earlier: Iterable[Batch], outage: str, now: datetime, limits: MessageSettings) -> str:
    """Why `people` more need a second person's word; empty when they do not.

    `earlier` are the releases so far: those of this outage count for its cap, those of the last minute for the other.
    Nobody's word is asked for messages that were called off.
    """
    standing = [batch for batch in earlier if batch.cancelled_at is None]
    of_outage = people + sum(batch.people for batch in standing if batch.outage == outage)
    if of_outage > limits.most_per_outage:
        text = _("{count} people would be told of this outage; above {limit} a second person confirms")
        return text.format(count=of_outage, limit=limits.most_per_outage)
    of_minute = people + sum(batch.people for batch in standing if now - MINUTE < batch.at <= now)
    if of_minute > limits.most_per_minute:
        text = _("{count} people would be told within a minute; above {limit} a second person confirms")
        return text.format(count=of_minute, limit=limits.most_per_minute)
    return ""


def second_person(batch: Batch, by: str) -> None:
    """Raises Refused unless `by` is somebody other than who released the batch."""
    if not by.strip() or by.strip() == batch.by:
        words = {"id": batch.id, "by": batch.by or _("the machine")}
        raise Refused(_("{id} was released by {by}; another person confirms it").format(**words))
