"""Rules for channels that a person works: what to do is said, and what cannot be done is refused."""

from __future__ import annotations

from desk.i18n import LANGUAGES, N_, _, language, set_language
from desk.plugins import Capabilities, Channel, Message, Receipt
from desk.testing.bench import Bench
from desk.testing.findings import Broken, Rule
from desk.testing.trying import asked, handed, opened, short


def says_what_to_do(bench: Bench) -> None:
    """In each language at least one step, with the words to be said, and where to."""
    before = language()
    try:
        with opened(bench) as channel:
            for spoken in sorted(
                LANGUAGES, key=lambda one: one != before
            ):  # what is wrong is told as the reader speaks
                set_language(spoken)
                _steps_say(bench, channel)
    finally:
        set_language(before)


def _steps_say(bench: Bench, channel: Channel) -> None:
    message = bench.message(body="今晚{22点}停电 100%")
    steps = asked(channel, "steps()", lambda: channel.steps(message), bench.patience)
    if (
        not isinstance(steps, list | tuple)
        or not steps
        or not all(isinstance(step, str) and step.strip() for step in steps)
    ):
        raise Broken(_("steps() must give at least one line of text, not {got}").format(got=short(steps)))
    said = "\n".join(steps)
    if message.body not in said and not channel.can.attachments:  # else they stand on what is handed over
        raise Broken(_("no step shows the words of the message"))
    if message.address and message.address not in said:
        raise Broken(_("no step shows the number or address"))


def gives_to_a_person(bench: Bench) -> None:
    """Sending hands the message to a person at once; nothing is claimed to have gone out."""
    with opened(bench) as channel:
        answer = handed(bench, channel, bench.message())
    if not isinstance(answer, Receipt) or answer.state != "with_agent":
        raise Broken(_("a person's channel answers with_agent, not {got}").format(got=short(answer)))


def says_it_cannot(bench: Bench) -> None:
    """A recipient without an address is refused, so that another way is taken."""
    with opened(bench) as channel:
        _refuses(bench, channel, bench.message(address=""))


def _refuses(bench: Bench, channel: Channel, message: Message) -> None:
    answer = handed(bench, channel, message)
    if isinstance(answer, Receipt):
        raise Broken(_("a recipient without an address is accepted: nobody would learn that nothing was sent"))


def _machine(can: Capabilities) -> str:
    return "" if can.needs_human else _("no person is needed")


def _nowhere(can: Capabilities) -> str:
    return _("it takes no address") if can.address in ("none", "group") else ""


RULES = (
    Rule(
        id="steps",
        sentence=N_("A person's channel says what to do, step by step, with the words and where to"),
        keep=says_what_to_do,
        unless=_machine,
    ),
    Rule(
        id="with_agent",
        sentence=N_("A person's channel hands the message to a person, and claims no more"),
        keep=gives_to_a_person,
        unless=_machine,
    ),
    Rule(
        id="no_address",
        sentence=N_("A recipient without an address is refused, so that another way is taken"),
        keep=says_it_cannot,
        unless=_nowhere,
    ),
)
