"""How those who owe something behave: most in time, some late, some in vain, a few not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from desk.notices import Notices, possible
from desk.notices.results import CHANNEL_RESULTS
from desk.records import Duty, DutyState

# What becomes of a duty, with how many of a thousand.
FATES: Mapping[str, int] = {"on_time": 900, "late": 50, "unreachable": 20, "refused": 15, "never": 15}
NAMES = ("王建国", "李卫东", "张秀英", "赵志强", "马淑芬", "陈主任", "孙院长")
STEP_LATE = 0.06  # of approvals come after their last moment
STEP_NEVER = 0.01
AGAINST_ORDER = 0.02  # of duties that must wait are done all the same, with a reason


class People:
    """Everyone who owes something, drawn from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(f"people {seed}")

    def fate(self) -> str:
        return self.rng.choices(tuple(FATES), weights=tuple(FATES.values()))[0]

    def when(self, duty: Duty, fate: str, now: datetime) -> datetime:
        """When this duty is taken up for the first time."""
        ready = max(now, duty.not_before or now)
        room = (duty.due - ready).total_seconds()
        if fate == "late" or room <= 0:
            return max(duty.due, ready) + timedelta(seconds=int(60 + self.rng.expovariate(1 / 7200)))
        return ready + timedelta(seconds=int(room * self.rng.uniform(0.05, 0.97)))

    def approves(self, needed_by: datetime | None, now: datetime) -> datetime | None:
        """When somebody approves; None for never."""
        draw = self.rng.random()
        if draw < STEP_NEVER:
            return None
        room = (needed_by - now).total_seconds() if needed_by else 3600.0
        if draw < STEP_NEVER + STEP_LATE or room <= 0:
            return max(now, needed_by or now) + timedelta(minutes=self.rng.randint(5, 600))
        return now + timedelta(seconds=int(room * self.rng.uniform(0.02, 0.3)))

    def settle(self, notices: Notices, duty: Duty, fate: str, reason: str = "") -> Duty:
        """One try at a duty, over the channel it has come to; raises Refused where something comes first."""
        if fate == "unreachable":
            return self._in_vain(notices, duty, reason)
        wanted = DutyState.REFUSED if fate == "refused" else DutyState.DONE
        after = duty
        for channel in self._channels(duty):
            usual = CHANNEL_RESULTS.get(channel, ())
            fitting = [one for one in possible(duty, channel) if one.leads_to is wanted and one.id in usual]
            result = fitting[0] if fitting else next(one for one in possible(duty, channel) if one.id == "done")
            after = notices.settle(
                duty.id,
                result.id,
                channel=channel,
                person=self.rng.choice(NAMES),
                ref=f"R{self.rng.randrange(10**6):06d}",
                reason=reason,
            )
            if after.state is not DutyState.ATTEMPTED:
                break
        return after

    def _in_vain(self, notices: Notices, duty: Duty, reason: str) -> Duty:
        if duty.attempts < 3:
            channel = self._channels(duty)[0]
            tries = [one for one in possible(duty, channel) if one.leads_to is DutyState.ATTEMPTED]
            if tries:
                return notices.settle(duty.id, self.rng.choice(tries).id, channel=channel, reason=reason)
        return notices.settle(duty.id, "unreachable", note="多次联系未果", reason=reason)

    def _channels(self, duty: Duty) -> tuple[str, ...]:
        if duty.next_channel:
            return (duty.next_channel,)
        if duty.channel_mode == "all_of":
            return duty.channels or ("",)
        return (self.rng.choice(duty.channels) if duty.channels else "",)
