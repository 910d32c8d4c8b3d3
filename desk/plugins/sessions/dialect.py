"""What one protocol says on the wire; everything else about a session is the same for all of them."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from desk.plugins.messages import Message, Receipt, Reply, Report
from desk.plugins.send_errors import SendError

# answer: to a login, submit or ping of ours, by its number; arrival: a receipt or a customer's reply; ping and bye:
# the gateway's own, to be answered; other: nothing to do.
Kind = Literal["answer", "arrival", "ping", "bye", "other"]


class Frame(NamedTuple):
    """One unit as it came: what it is for, its sequence number, and whatever the dialect read in it."""

    kind: Kind
    number: int
    body: Any = None


class Dialect:
    """One protocol. Frames begin with four bytes, big end first, that count the whole frame.

    Methods run on the session's thread, must not block, and are given the sequence number to use.
    """

    def login(self, number: int) -> bytes:
        """The first frame; raises ConfigProblem where the settings cannot make one."""
        raise NotImplementedError

    def logged_in(self, frame: Frame) -> SendError | None:
        """None for a good login. ConfigProblem stops the session; any other error is tried again later."""
        raise NotImplementedError

    def submit(self, message: Message, number: int) -> bytes:
        """The frame that hands `message` over; raises BadAddress or Unsupported where it cannot go."""
        raise NotImplementedError

    def submitted(self, frame: Frame) -> Receipt | SendError:
        """What the answer to a submit means; ValueError where nobody can read it."""
        raise NotImplementedError

    def ping(self, number: int) -> bytes:
        """Asks whether the gateway is there."""
        raise NotImplementedError

    def bye(self, number: int) -> bytes:
        """Ends the session."""
        raise NotImplementedError

    def read(self, data: bytes) -> Frame:
        """One whole frame; ValueError for junk, after which the connection is given up."""
        raise NotImplementedError

    def answer(self, frame: Frame) -> bytes:
        """The answer to the gateway's ping or bye; "got it" to an arrival."""
        raise NotImplementedError

    def busy(self, frame: Frame) -> bytes:
        """The answer to an arrival that says: not now, come again."""
        raise NotImplementedError

    def arrived(self, frame: Frame) -> Report | Reply | None:
        """What an arrival says; None for what says nothing."""
        raise NotImplementedError
