"""What could not be stored because the store is out of reach: kept on this machine, and stored once when it is back.

    kept = KeptHere(place, calls, taking)
    kept.draft(call.key, draft)                       # what is typed: in the store, or else here
    kept.call(Kept(request=request, order=MAKE))      # an ended call: the agent takes the next one
    kept.store_all()                                  # the store answers again

A file a call below `kept/` of the data folder, for this user alone; a call carries a key, by which it is stored once
however often it is tried (`CallRequest.key`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from desk.calls import CallRequest, Calls
from desk.errors import NotAllowed, Refused, StoreProblem, StoreUnreachable
from desk.i18n import _
from desk.place import Place
from desk.records import Draft
from desk.taking import NO_ORDER, Taken, Taking

if TYPE_CHECKING:
    from desk.errors import DeskError

__all__ = ["Kept", "KeptHere", "StoredNow"]

FOLDER = "kept"
CALL, DRAFT = ".call.json", ".draft.json"


class Kept(Struct, frozen=True, kw_only=True):
    """An ended call that waits for the store, as it is to be saved. `fields`: the same as a draft, should it be
    refused then."""

    request: CallRequest
    at: datetime
    seat: str = ""
    order: str = NO_ORDER
    told_customer_side: bool = False
    ring: str = ""
    fields: dict[str, Any] = {}


class StoredNow(NamedTuple):
    """What came of the calls that waited: stored, and refused for what changed meanwhile (they are drafts now)."""

    stored: list[Taken]
    refused: list[str]


class KeptHere:
    """The calls of this machine that the store has not seen yet."""

    def __init__(self, place: Place, calls: Calls, taking: Taking) -> None:
        self._place = place
        self._calls = calls
        self._taking = taking
        self._folder = place.config.data / FOLDER

    def call(self, kept: Kept) -> None:
        """Keep an ended call, which has a key and a time, until the store is back; raises StoreProblem when this
        machine cannot keep it either."""
        self._write(kept.request.key + CALL, kept)
        self._forget(kept.request.key + DRAFT)

    def draft(self, key: str, draft: Draft) -> Draft:
        """Keep what was typed so far: in the store, or on this machine while the store is out of reach."""
        try:
            stored = self._calls.keep_draft(draft)
        except StoreUnreachable:
            self._write(key + DRAFT, replace(draft, agent=draft.agent or self._place.agent))
            return draft
        self._forget(key + DRAFT)
        return stored

    def drop_draft(self, key: str) -> None:
        """The call is saved or discarded: what was kept here of it goes."""
        self._forget(key + DRAFT)

    def take_over_drafts(self) -> None:
        """What was typed at this seat while the store was out of reach goes into the store."""
        for file in self._files(DRAFT):
            draft = _read(file, Draft)
            if draft is not None and draft.seat == self._place.seat:
                self._calls.keep_draft(draft)
                self._forget(file.name)

    def count(self) -> int:
        """How many ended calls wait here."""
        return sum(1 for _file in self._files(CALL))

    def store_all(self) -> StoredNow:
        """Store what waits, oldest first, each once; raises StoreUnreachable where the store is away again."""
        done = StoredNow([], [])
        waiting = [(file, kept) for file in self._files(CALL) if (kept := _read(file, Kept)) is not None]
        for file, kept in sorted(waiting, key=lambda one: one[1].at):
            try:
                done.stored.append(self._store(kept))
            except NotAllowed:
                continue  # whoever sits here now logs no calls: it waits for somebody who does
            except Refused as problem:
                done.refused.append(self._back_to_draft(kept, problem))
            self._forget(file.name)
        return done

    def _store(self, kept: Kept) -> Taken:
        return self._taking.save(
            kept.request, order=kept.order, told_customer_side=kept.told_customer_side, ring=kept.ring
        )

    def _back_to_draft(self, kept: Kept, problem: DeskError) -> str:
        """The world went on meanwhile (an outage was cancelled, say): the agent completes it."""
        agent = kept.request.agent  # whoever took it, not whoever sits here now
        self._calls.keep_draft(
            Draft(id=kept.request.draft, seat=kept.seat, agent=agent, at=kept.at, fields=kept.fields)
        )
        return str(problem)

    def _files(self, ending: str) -> Iterator[Path]:
        with suppress(OSError):
            yield from sorted(self._folder.glob(f"*{ending}"))

    def _write(self, name: str, what: Struct) -> None:
        """Whole or not at all, durable, and for this user alone."""
        part = self._folder / f".{name}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(msgspec.json.encode(what))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._folder / name)
        except OSError as error:
            words = _("neither the store nor {folder} takes the call: leave it open and write it down")
            raise StoreProblem(words.format(folder=self._folder), why=str(error)) from None

    def _forget(self, name: str) -> None:
        with suppress(OSError):
            (self._folder / name).unlink()


def _read(file: Path, shape: type[Any]) -> Any:
    """None for a file that went meanwhile or is none of ours: it is left where it is."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=shape)
    except (OSError, msgspec.MsgspecError):
        return None
