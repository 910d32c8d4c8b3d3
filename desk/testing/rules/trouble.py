"""Rules for a gateway that is away, silent, slow or says no: what the channel must make of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import monotonic

from desk.i18n import N_, _
from desk.plugins import Channel, GatewayTrouble, NoConnection, Receipt, Refused, SendError, Throttled, UnknownOutcome
from desk.testing.bench import Bench, Mode
from desk.testing.findings import Broken, Rule
from desk.testing.trying import SLACK, asked, handed, named, opened, short

SILENT = ("stall", "lose")


def answers(mode: Mode, expected: type[SendError], bench: Bench) -> SendError:
    """`send` raises `expected` when the gateway plays `mode`; and nothing was sent that is said not to be."""
    expected = bench.expects.get(mode, expected)
    bench.play(mode)
    with opened(bench) as channel:
        answer = handed(bench, channel, bench.message(), bench.deadline if mode == "stall" else bench.patience)
        if isinstance(answer, Receipt):
            text = _("the gateway {does}, and send() returned a Receipt; {error} is expected")
            raise Broken(text.format(does=DOES[mode](), error=expected.__name__))
        if not isinstance(answer, expected):
            text = _("the gateway {does}: {error} is expected, not {got}")
            raise Broken(text.format(does=DOES[mode](), error=expected.__name__, got=named(answer)))
        if len(bench.heard()) > 1:
            raise Broken(_("no answer came, and the channel sent it again: the customer gets it twice"))
        if mode not in SILENT and bench.heard():
            raise Broken(_("{error} was raised, and the gateway has the message").format(error=expected.__name__))
    return answer


def keeps_the_words(bench: Bench) -> None:
    """A refusal carries the gateway's own text."""
    error = answers("reject", Refused, bench)
    if bench.refusal not in f"{error} {error.why}":
        raise Broken(
            _("the gateway said “{text}”, and the error does not: {got}").format(text=bench.refusal, got=named(error))
        )


def waits_its_turn(bench: Bench) -> None:
    """A gateway that wants it slower is Throttled, with seconds to wait."""
    error = answers("throttle", Throttled, bench)
    after = getattr(error, "retry_after", None)
    if isinstance(after, bool) or not isinstance(after, int | float) or not 0 < after <= 86400:
        raise Broken(_("retry_after must be seconds, not {got}").format(got=short(after)))


def comes_back(bench: Bench) -> None:
    """Every method that takes a deadline is back within it when the gateway is silent."""
    bench.play("stall")
    with opened(bench) as channel:
        timeout = bench.deadline
        for what, call in (
            ("send()", lambda: channel.send(bench.message(), timeout)),
            ("check()", lambda: channel.check(timeout)),
            ("poll()", lambda: channel.poll(["g1"], timeout)),
            ("cancel()", lambda: channel.cancel("g1", timeout)),
        ):
            _back(channel, what, call, timeout)


def _back(channel: Channel, what: str, call: Callable[[], object], timeout: float) -> None:
    started = monotonic()
    with suppress(SendError):
        asked(channel, what, call, timeout)
    spent = monotonic() - started
    if spent > timeout + SLACK:
        text = _("{what} had {timeout} seconds and took {spent}")
        raise Broken(text.format(what=what, timeout=f"{timeout:g}", spent=f"{spent:.1f}"))


def reads_junk(bench: Bench) -> None:
    """An answer that nobody can read is a SendError or a Receipt, no crash."""
    bench.play("junk")
    with opened(bench) as channel:
        answer = handed(bench, channel, bench.message())
        if channel.can.receipts != "none" and isinstance(answer, Receipt) and not answer.external_id:
            raise Broken(_("the answer was junk, and it was taken as a Receipt"))
        if isinstance(answer, SendError) and answer.retryable:
            text = _("the answer was junk, so nobody knows what became of it; {error} would send it again")
            raise Broken(text.format(error=type(answer).__name__))


def finds_it_away(bench: Bench) -> None:
    """`check` says so when the gateway is not there."""
    bench.play("closed")
    with opened(bench) as channel:
        try:
            problem = asked(channel, "check()", lambda: channel.check(bench.patience), bench.patience)
        except SendError:
            return
        if problem is None:
            raise Broken(_("the gateway is not there, and check() finds nothing wrong"))


DOES: dict[str, Callable[[], str]] = {
    "closed": lambda: _("is not there"),
    "stall": lambda: _("does not answer"),
    "lose": lambda: _("hung up without an answer"),
    "throttle": lambda: _("wants it slower"),
    "reject": lambda: _("said no"),
    "trouble": lambda: _("says that it is in trouble"),
}

RULES = (
    Rule(
        id="no_connection",
        sentence=N_("A gateway that is not there is NoConnection"),
        keep=partial(answers, "closed", NoConnection),  # type: ignore[arg-type]
        plays=("closed",),
    ),
    Rule(id="away", sentence=N_("Checking says when the gateway is not there"), keep=finds_it_away, plays=("closed",)),
    Rule(
        id="no_answer",
        sentence=N_("No answer within the deadline is UnknownOutcome"),
        keep=partial(answers, "stall", UnknownOutcome),  # type: ignore[arg-type]
        plays=("stall",),
    ),
    Rule(
        id="lost_answer",
        sentence=N_("A connection lost after the message went out is UnknownOutcome, and it is sent once"),
        keep=partial(answers, "lose", UnknownOutcome),  # type: ignore[arg-type]
        plays=("lose",),
    ),
    Rule(id="deadline", sentence=N_("Every call is back within its deadline"), keep=comes_back, plays=("stall",)),
    Rule(
        id="throttled",
        sentence=N_("A gateway that wants it slower is Throttled, with seconds to wait"),
        keep=waits_its_turn,
        plays=("throttle",),
    ),
    Rule(
        id="refused",
        sentence=N_("A refusal is Refused, with the gateway's own words"),
        keep=keeps_the_words,
        plays=("reject",),
    ),
    Rule(
        id="gateway_trouble",
        sentence=N_("A gateway in trouble is GatewayTrouble"),
        keep=partial(answers, "trouble", GatewayTrouble),  # type: ignore[arg-type]
        plays=("trouble",),
    ),
    Rule(id="junk_answer", sentence=N_("An answer that nobody can read is no crash"), keep=reads_junk, plays=("junk",)),
)
