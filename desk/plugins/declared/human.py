"""kind = "human": a person does the telling; the file says what to do, step by step.

[human]
steps = ["dial {address}", "read out: {body}", "note who listened, or that nobody did"]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from desk.plugins.declared.channel import HUMAN, DeclaredChannel
from desk.plugins.declared.shapes import Field
from desk.plugins.messages import Message, Receipt


class HumanChannel(DeclaredChannel):
    """A channel that is a person's work."""

    kind = "human"
    NEEDED = ("human",)
    CAN: ClassVar[Mapping[str, Any]] = {"needs_human": True}
    SECTIONS: ClassVar[Mapping[str, Mapping[str, Field]]] = {"human": HUMAN}

    def send(self, message: Message, timeout: float) -> Receipt:
        self.need_address(message)
        return Receipt(state="with_agent")

    def outgoing(self, message: Message, *, hidden: bool = False) -> Mapping[str, Any]:
        return {"steps": self.steps_in(message.language, message)}
