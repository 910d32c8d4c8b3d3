"""Hypothesis strategies for whoever tests a channel or what carries one; the only module here that needs Hypothesis.

@given(messages(), reports_of("g1"))
def test_…(message, reports): …
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from desk.plugins import AttemptState, Capabilities, Message, Report
from desk.plugins.messages import REPORTED
from desk.testing.bench import ADDRESSES

STATES = sorted(AttemptState)
# Signs that break splitting and encoding: both sides of GSM-7, its extension, Chinese, pairs, marks, joined emoji.
PIECES = (
    *("a", "Z", "9", " ", "\n", "@", "£", "é", "€", "[", "{", "~", "\\", "`"),
    *("电", "停", "，", "①", "￥", "𠮷"),
    *("😀", "👍🏽", "👨‍👩‍👧‍👦", "🇨🇳", "e\u0301", "\u200d", "\ufe0f"),
)


def states() -> st.SearchStrategy[AttemptState]:
    """Any state of an attempt."""
    return st.sampled_from(STATES)


def bodies(*, max_pieces: int = 400) -> st.SearchStrategy[str]:
    """Texts of a message: what is easily cut in the middle, and any text at all."""
    pieces = st.lists(st.sampled_from(PIECES), max_size=max_pieces).map("".join)
    return pieces | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=max_pieces)


def addresses(kind: str = "mobile") -> st.SearchStrategy[str]:
    """Addresses of the kind that `Capabilities.address` names."""
    return st.integers(0, 9999).map(lambda number: ADDRESSES[kind].format(number))


def messages(kind: str = "mobile", **fixed: Any) -> st.SearchStrategy[Message]:
    """Messages to addresses of one kind; `fixed` fields are as given."""
    numbers = st.integers(1, 10**6)
    fields: dict[str, st.SearchStrategy[Any]] = {
        "recipient": st.sampled_from(["县医院", "东街小学", "王五", "O'Brien & Söhne"]),
        "address": addresses(kind),
        "body": bodies(),
        "id": numbers.map("M{}".format),
        "key": numbers.map("key-{}".format),
        "reference": st.integers(0, 255),
        "language": st.sampled_from(["zh_CN", "en"]),
    }
    return st.builds(Message, **(fields | {name: st.just(value) for name, value in fixed.items()}))


def reports(ids: Sequence[str] = ("g1", "g2", "g3")) -> st.SearchStrategy[Report]:
    """What a gateway may say later about any of `ids`."""
    moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    return st.builds(
        Report,
        external_id=st.sampled_from(list(ids)),
        state=st.sampled_from(sorted(REPORTED)),
        at=st.none() | moments,
        words=st.text(max_size=20),
    )


def reports_of(id: str, *, max_size: int = 6) -> st.SearchStrategy[list[Report]]:
    """The reports about one message: in any order, some of them twice, perhaps none."""
    some = st.lists(reports([id]), max_size=max_size)
    return some.flatmap(lambda once: st.permutations([*once, *once[: len(once) // 2]]))


def payloads() -> st.SearchStrategy[dict[str, Any]]:
    """What anybody may call the desk with: any JSON object."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    inner = st.recursive(
        leaves, lambda sub: st.lists(sub, max_size=3) | st.dictionaries(st.text(max_size=8), sub, max_size=3)
    )
    return st.dictionaries(st.text(max_size=12), inner, max_size=6)


def capabilities() -> st.SearchStrategy[Capabilities]:
    """Channels of every kind, as far as the desk cares."""
    return st.builds(
        Capabilities,
        family=st.sampled_from(["sms", "phone", "fax", "written_notice", "internal"]),
        address=st.sampled_from(sorted(ADDRESSES)),
        needs_human=st.booleans(),
        receipts=st.sampled_from(["none", "gateway", "handset"]),
        encoding=st.sampled_from(["any", "sms"]),
        max_chars=st.sampled_from([0, 1, 70, 160, 500]),
        max_parts=st.integers(1, 5),
        overflow=st.sampled_from(["refuse", "split"]),
        intrusive=st.booleans(),
        idempotency=st.booleans(),
    )
