"""The call log, searched newest first without reading more of it than is asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from desk.place import Place
from desk.records import Call

PAGE = 500
_OUTAGE_ID = re.compile(r"[Oo]\d+")


def search_log(place: Place, text: str, account_no: str, since: datetime | None, limit: int) -> list[Call]:
    """Calls, newest first, that hold every word of `text`."""
    words = folded(text).split()
    found = (call for call in _candidates(place, text.strip(), account_no, since) if _holds(call, words))
    return list(islice(found, limit))


def _candidates(place: Place, text: str, account_no: str, since: datetime | None) -> Iterable[Call]:
    """The calls among which to look: by index where an account or an outage is named, else the log backwards."""
    table = place.calls_table
    if account_no:
        found = table.where(account_no=account_no)
    elif _OUTAGE_ID.fullmatch(text):
        found = table.where(outage=text.upper())
    else:
        return newest(place, since)
    recent = (call for call in found if since is None or call.at >= since)
    return sorted(recent, key=lambda call: (call.at, call.id), reverse=True)


def newest(place: Place, since: datetime | None = None) -> Iterator[Call]:
    """Every call, newest first, read a page at a time."""
    low, high, size = since.isoformat() if since else None, None, PAGE
    seen: set[str] = set()
    while True:
        page = place.calls_table.range("at", low, high, newest_first=True, limit=size)
        fresh = [call for call in page if call.id not in seen]
        yield from fresh
        if len(page) < size:
            return
        # The next page begins in the very second in which this one ended: what was seen is left out.
        last = page[-1].at
        seen = {call.id for call in page if call.at == last} | (seen if not fresh else set())
        high = (last + timedelta(seconds=1)).isoformat()
        size = PAGE if fresh else size * 2


def folded(text: str) -> str:
    """Text as it is compared: full-width made plain, small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def _holds(call: Call, words: list[str]) -> bool:
    if not words:
        return True
    said = (call.note, call.outcome, call.hazard, call.customer_name, call.account_no, call.outage, call.agent)
    text = folded("\n".join((*said, call.number, call.written_number, call.topic, call.id)))
    return all(word in text for word in words)
