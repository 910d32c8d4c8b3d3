"""How a telephone duty is worked off: which number next, when to come back, and when to try something else.

Pure: a duty, what was tried so far and the numbers that are known, in; the next step, out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from desk.notices.results import ALL
from desk.records import Duty, Phone

VISIT = "face_to_face"

# Whom to ask for first where a number carries a role: who is awake at night, then who may decide, then the office.
ROLES = ("值班", "调度", "duty", "联系", "contact", "停电", "负责", "经理", "主任", "电工", "办")


class Step(Struct, frozen=True, kw_only=True):
    """What to do next for a duty: over which channel, to which number (none for other channels), how often tried."""

    channel: str
    phone: Phone | None = None
    tries: int = 0

    @property
    def number(self) -> str:
        return address(self.phone) if self.phone else ""


def dialling_order(phones: Sequence[Phone]) -> list[Phone]:
    """The numbers that can be dialled, those of a useful role first, otherwise as they were written."""
    known: dict[str, Phone] = {}
    for phone in phones:
        if phone.number and "传真" not in phone.role:
            known.setdefault(address(phone), phone)
    return sorted(known.values(), key=_role_rank)


def address(phone: Phone) -> str:
    """What a number is told apart by: the digits with the extension behind them."""
    return f"{phone.number}转{phone.extension}" if phone.extension else phone.number


def next_step(duty: Duty, phones: Sequence[Phone], tries: int) -> Step:
    """The next step after what was tried: each number `tries` times, then the rule's other channels, then a visit."""
    failed, wrong = _tried(duty)
    if duty.channels and "phone" not in duty.channels:
        return Step(channel=_least_tried(duty, failed, tries))
    for phone in dialling_order(phones):
        number = address(phone)
        if number not in wrong and failed[number] < tries:
            return Step(channel="phone", phone=phone, tries=failed[number])
    # The number of a branch or a department is in the county's settings.
    if not phones and "" not in wrong and failed[""] < tries:
        return Step(channel="phone", tries=failed[""])
    return Step(channel=_least_tried(duty, failed, tries, but="phone"))


def _least_tried(duty: Duty, failed: Counter[str], tries: int, but: str = "") -> str:
    others = [channel for channel in duty.channels if channel not in (but, VISIT)]
    return next((channel for channel in others if failed[f"over {channel}"] < tries), VISIT)


def _tried(duty: Duty) -> tuple[Counter[str], set[str]]:
    """How often each number, and each other channel, was tried in vain; and the numbers found to be wrong."""
    failed: Counter[str] = Counter()
    wrong: set[str] = set()
    for line in duty.evidence:
        result = ALL.get(line.result)
        if result and result.again:
            failed[line.number if line.channel in ("", "phone") else f"over {line.channel}"] += 1
        if line.result == "wrong_number":
            wrong.add(line.number)
    return failed, wrong


def comes_back(duty: Duty, before: Step, after: Step, at: datetime, minutes: int) -> datetime | None:
    """When to try again: after some minutes where it is the same number or channel again, at once where it is not."""
    same = (before.channel, before.number) == (after.channel, after.number)
    return at + timedelta(minutes=minutes) if same and duty.evidence else None


def _role_rank(phone: Phone) -> int:
    return next((rank for rank, word in enumerate(ROLES) if word in phone.role), len(ROLES))
