"""One call of a channel, as a rule makes it: with a deadline, and with its answer looked at."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from desk.i18n import _
from desk.plugins import Channel, Message, Receipt, Report, SendError
from desk.plugins.faults import told
from desk.plugins.messages import REPORTED
from desk.testing.bench import Bench
from desk.testing.findings import Broken, Skip
from desk.testing.watch import Reached, within

T = TypeVar("T")

SLACK = 0.5  # seconds after its deadline in which a call may still come back
TAKEN = ("with_agent", "accepted", "sent", "delivered")


@contextmanager
def opened(bench: Bench) -> Iterator[Channel]:
    """A new channel, let go of at the end."""
    channel = within(bench.patience, _("making the object"), bench.make)
    try:
        yield channel
    finally:
        asked(channel, "close()", channel.close, bench.patience)


def handed(bench: Bench, channel: Channel, message: Message, timeout: float | None = None) -> Receipt | SendError:
    """What `send` answers to `message`: its receipt or its error, both looked at."""
    if not bench.sends:
        raise Skip(_("there is no fake gateway for it: whatever it reaches may be real"))
    timeout = bench.patience if timeout is None else timeout
    try:
        answer = asked(channel, "send()", lambda: channel.send(message, timeout), timeout)
    except SendError as error:
        return error
    if not isinstance(answer, Receipt):
        raise Broken(_("send() returned {got}, not a Receipt").format(got=short(answer)))
    if answer.state not in TAKEN:
        raise Broken(
            _("a Receipt is not {state}; allowed: {states}").format(state=answer.state, states=", ".join(TAKEN))
        )
    if not isinstance(answer.external_id, str):
        raise Broken(_("external_id must be text, not {got}").format(got=short(answer.external_id)))
    return answer


def taken(bench: Bench, channel: Channel, message: Message) -> Receipt:
    """The receipt of `message`, which must be handed over."""
    answer = handed(bench, channel, message)
    if isinstance(answer, SendError):
        raise Broken(_("the gateway takes messages, and send() raised {error}").format(error=named(answer)))
    return answer


def asked(channel: Channel, what: str, call: Callable[[], T], timeout: float) -> T:
    """What a method answers; anything raised but a SendError is Broken, with its line."""
    try:
        return within(timeout + SLACK, what, call)
    except (SendError, Broken):
        raise
    except Reached as reached:
        text = _("{what} reaches out ({seen}), and there is no fake gateway for it")
        raise Skip(text.format(what=what, seen=short(str(reached)))) from None
    except BaseException as error:
        raise Broken(_("{what} raised {words}").format(what=what, words=_blamed(channel, error))) from error


def reports(answer: object, what: str) -> Sequence[Report]:
    """`answer` as reports; Broken when it is anything else."""
    if not isinstance(answer, list | tuple) or not all(isinstance(report, Report) for report in answer):
        raise Broken(_("{what} returned {got}, not a list of Report").format(what=what, got=short(answer)))
    for report in answer:
        if report.state not in REPORTED:
            raise Broken(_("{what} reports {state}, which no gateway can").format(what=what, state=report.state))
    return answer


def named(error: SendError) -> str:
    """An error as a rule shows it."""
    return f"{type(error).__name__}: {short(str(error))}"


def short(thing: Any) -> str:
    """`thing` on one line of sixty signs."""
    text = thing if isinstance(thing, str) else repr(thing)
    return text if len(text) <= 60 else text[:57] + "…"


def _blamed(channel: Channel, error: BaseException) -> str:
    file = getattr(sys.modules.get(type(channel).__module__), "__file__", None)
    return told(error, Path(file) if file else None)
