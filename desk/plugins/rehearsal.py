"""Training: a channel that looks like another and sends nothing.

What the county's channel can do, how it words its steps and what it costs stay as they are; only the way out is
taken away, so that everything before it is as on a real day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desk.plugins.channels import Channel
from desk.plugins.messages import Message, Receipt


class Rehearsal(Channel):
    """Takes every message, and hands none over."""

    def __init__(self, real: Channel) -> None:
        super().__init__(real.settings)
        self.name = real.name
        self.can = real.can
        self.serves = real.serves
        self.__dict__["labels"] = real.labels
        self._real = real

    def send(self, message: Message, timeout: float) -> Receipt:
        return Receipt(state="with_agent" if self.can.needs_human else "sent")

    def steps(self, message: Message) -> Sequence[str]:
        return self._real.steps(message)

    def price(self, message: Message) -> float:
        return self._real.price(message)

    def receipt(self, payload: Mapping[str, Any]) -> Sequence[Any]:
        return self._real.receipt(payload)
