"""Why a message could not be handed over: the closed set of errors that a channel may raise.

    SendError
    ├── ConfigProblem    the channel is set up wrongly: nothing will go until someone mends it
    ├── BadAddress       this recipient cannot be reached at this address; another number or channel may
    ├── OptedOut         the recipient wants nothing over this channel
    ├── Unsupported      this message cannot go over this channel at all (too long, a picture)
    ├── Refused          the gateway said no, in its own words
    ├── Throttled        too fast; after `retry_after` seconds again
    ├── NoConnection     the gateway was not reached: nothing went out
    ├── GatewayTrouble   the gateway answered that it is in trouble itself: nothing went out
    └── UnknownOutcome   the request went out and no answer came: nobody knows; the machine never sends it again

Each has a `code`, says whether the machine may try again (`retryable`), and reads as a sentence for an agent.
"""

from __future__ import annotations

from typing import ClassVar

from desk.errors import DeskError
from desk.i18n import N_, _


class SendError(DeskError):
    """The base. Without words of its own an error reads as its class's `sentence`; `why` keeps the gateway's text."""

    code: ClassVar[str]
    retryable: ClassVar[bool] = False
    sentence: ClassVar[str]

    def __init__(self, message: str = "", *, why: str = "") -> None:
        super().__init__(message or _(self.sentence), why=why)


class ConfigProblem(SendError):
    """The channel is set up wrongly; the channel pauses until someone mends it."""

    code = "config_problem"
    sentence = N_("the channel is not set up rightly; look at its settings")


class BadAddress(SendError):
    """This recipient cannot be reached at this address; another number or another channel may."""

    code = "bad_address"
    sentence = N_("this number or address cannot be reached; use another one")


class OptedOut(SendError):
    """The recipient wants nothing over this channel; the address is not used again over it."""

    code = "opted_out"
    sentence = N_("the recipient does not want messages this way; use another channel")


class Unsupported(SendError):
    """This message cannot go over this channel: too long, an attachment, signs it has not."""

    code = "unsupported"
    sentence = N_("this channel cannot carry this message; use another channel")


class Refused(SendError):
    """The gateway said no to this message, in the words kept in `why`."""

    code = "refused"
    sentence = N_("the gateway refused the message; use another channel")


class Throttled(SendError):
    """The gateway wants it slower: again after `retry_after` seconds."""

    code = "throttled"
    retryable = True
    sentence = N_("the gateway wants it slower; it is tried again by itself")

    def __init__(self, message: str = "", *, retry_after: float = 1.0, why: str = "") -> None:
        super().__init__(message, why=why)
        self.retry_after = retry_after


class NoConnection(SendError):
    """The gateway was not reached, and nothing went out: safe to try again."""

    code = "no_connection"
    retryable = True
    sentence = N_("the gateway was not reached; it is tried again by itself")


class GatewayTrouble(SendError):
    """The gateway answered that it cannot now, and nothing went out: safe to try again."""

    code = "gateway_trouble"
    retryable = True
    sentence = N_("the gateway is in trouble; it is tried again by itself")


class UnknownOutcome(SendError):
    """The request went out and no answer came. Never a failure, never tried again by the machine."""

    code = "unknown_outcome"
    sentence = N_("no answer came: nobody knows whether it arrived; ask, or decide")


SEND_ERRORS: tuple[type[SendError], ...] = (
    ConfigProblem,
    BadAddress,
    OptedOut,
    Unsupported,
    Refused,
    Throttled,
    NoConnection,
    GatewayTrouble,
    UnknownOutcome,
)
