"""Releases: messages that go out together, with how many they are, and whether a second person must confirm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from desk import schema
from desk.i18n import N_, _
from desk.outbox.caps import MINUTE, too_many
from desk.outbox.preview import Tally
from desk.place import Place
from desk.records import AttemptState, Batch, Message, Outage

WAITS = N_("waits for a second person: {why}")
CALLED_OFF = N_("the release was called off")
FILLS_FOR = timedelta(hours=1)  # a release that was not made in full by then was cut short: what is left is a new one


class Count:
    """A release that is being counted: its sheets of duties, and those that are left."""

    def __init__(self, sheets: Sequence[str]) -> None:
        self.sheets = list(sheets)
        self.left = self.sheets[::-1]
        self.tally = Tally()


class Releases:
    """The releases of one place. `counting` and `filling`: outage → the one that is being counted, and the one whose
    messages are being made."""

    def __init__(self, place: Place) -> None:
        self.counting: dict[str, Count] = {}
        self.filling: dict[str, Batch] = {}
        self._limits = place.config.messages
        self._batches = place.store.records(schema.BATCHES, Batch)
        self._messages = place.store.records(schema.MESSAGES, Message)
        self._now = place.now

    def too_many(self, outage: Outage, people: int, now: datetime) -> str:
        """Why so many people more need a second person's word; empty when they do not."""
        recent = self._batches.range("at", now - MINUTE, None)
        earlier = {batch.id: batch for batch in (*self._batches.where(outage=outage.id), *recent)}
        return too_many(people, earlier.values(), outage.id, now, self._limits)

    def made(self, outage: Outage, tally: Tally, by: str, now: datetime) -> Batch:
        """A release of what was counted, not stored."""
        confirm = self.too_many(outage, tally.people, now)
        counted = tally.preview(outage.id, confirm=confirm, training=self._limits.training, by_itself=True)
        number = self._batches.count(outage=outage.id) + 1
        return Batch(
            id=f"{outage.id}-{number}",
            outage=outage.id,
            at=now,
            by=by,
            people=tally.people,
            parts=counted.parts,
            price=counted.price,
            channels=counted.channels,
            needs_confirmation=bool(confirm),
            why=confirm,
        )

    def now(self, batch: Batch) -> Batch:
        """The release as it is stored now: it may have been confirmed, or called off."""
        return self._batches.get(batch.id) or batch

    def still_filling(self, outage: Outage) -> Batch | None:
        """The release of an outage that is not made in full yet; of this process, or of one that was ended."""
        known = self.filling.get(outage.id)
        if known is not None:
            return self.now(known)
        latest = max(self._batches.where(outage=outage.id), key=lambda batch: batch.at, default=None)
        if latest is None or latest.cancelled_at or self._now() - latest.at > FILLS_FOR:
            return None
        return latest if self._messages.count(batch=latest.id) < latest.people else None


def in_batch(message: Message, batch: Batch) -> Message:
    """The message as one of a release: held while a second person must confirm, ended when it was called off."""
    if batch.cancelled_at:
        return replace(message, batch=batch.id, state=AttemptState.CANCELLED, why=_(CALLED_OFF), due="")
    if batch.needs_confirmation and batch.confirmed_at is None:
        return replace(message, batch=batch.id, state=AttemptState.HELD, why=_(WAITS).format(why=batch.why), due="")
    return replace(message, batch=batch.id)
