"""kind = "command": a message is one run of a program; its exit code says whether it was taken.

    [command]
    argv = ["/usr/local/bin/page", "--to", "{address}", "--", "{body}"]
    [answer]
    exits = { 0 = "sent", 2 = "bad_address", 75 = "throttled" }
    pattern = "id=(?P<id>\\\\w+)"

There is no shell: every item of `argv` is one argument, whatever is in it. The program gets a clean environment and a
process group of its own, which is killed at the deadline: nobody knows then whether the message went out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from desk.i18n import _
from desk.plugins.declared import answers, shapes
from desk.plugins.declared.channel import HUMAN, DeclaredChannel
from desk.plugins.declared.processes import Ended, program, run
from desk.plugins.declared.shapes import Field
from desk.plugins.declared.templates import Template, fill_value
from desk.plugins.messages import Message, Receipt
from desk.plugins.outage_types import Problem
from desk.plugins.send_errors import ConfigProblem, SendError, UnknownOutcome, Unsupported

# Exit codes that have a meaning of their own (sysexits.h, the shell's), where the file does not say otherwise.
EXITS: Mapping[int, str] = {
    64: "config_problem",  # usage
    68: "bad_address",  # no such host or user
    69: "no_connection",  # service unavailable
    75: "gateway_trouble",  # temporary failure
    77: "config_problem",  # no permission
    78: "config_problem",  # configuration
    126: "config_problem",
    127: "config_problem",
}


class CommandChannel(DeclaredChannel):
    """A channel that runs a program for each message."""

    kind = "command"
    NEEDED = ("command",)
    SECTIONS: ClassVar[Mapping[str, Mapping[str, Field]]] = {
        "command": {
            "argv": Field(shapes.templates, needed=True),
            "stdin": Field(shapes.template),
            "environment": Field(shapes.lines),
            "folder": Field(shapes.template),
        },
        "human": HUMAN,
        "answer": {**answers.FIELDS, "exits": Field(shapes.outcomes)},
    }

    def send(self, message: Message, timeout: float) -> Receipt:
        self.need_address(message)
        told, blanks = self.table("command"), self.blanks(message)
        ended = run(
            self._argv(blanks),
            stdin=told["stdin"].filled(blanks) if "stdin" in told else "",
            environment=fill_value(dict(told.get("environment", {})), blanks),
            folder=told["folder"].filled(blanks) if "folder" in told else "",
            timeout=timeout,
        )
        return self.taken(self.heard(ended, message))

    def heard(self, ended: Ended, message: Message) -> Receipt:
        """What the program's end amounts to; raises the SendError it stands for."""
        told = self.table("answer")
        words = self.scrubbed(ended.errors or ended.output)
        if ended.exit < 0:
            raise UnknownOutcome(_("the program was killed; nobody knows whether it arrived"), why=answers.short(words))
        named = told.get("exits", {}).get(str(ended.exit)) or (
            "" if ended.exit == 0 else EXITS.get(ended.exit, "refused")
        )
        if named and named not in shapes.STATES:
            raise answers.made(named, words)
        try:
            receipt = answers.taken(told, ended.output, self.blanks(message))
        except SendError as error:
            error.args, error.why = tuple(map(self.scrubbed, error.args)), self.scrubbed(error.why)
            raise
        return Receipt(state=named, external_id=receipt.external_id) if named else receipt  # type: ignore[arg-type]

    def understood(self, answer: Mapping[str, Any], message: Message) -> Receipt:
        written = {**answer, "output": answer.get("text", "")}
        written.pop("text", None)
        return self.heard(msgspec.convert(written, Ended), message)

    def outgoing(self, message: Message, *, hidden: bool = False) -> Mapping[str, Any]:
        told, blanks = self.table("command"), self.blanks(message, hidden=hidden)
        found: dict[str, Any] = {"argv": self._argv(blanks)}
        if "stdin" in told:
            found["stdin"] = told["stdin"].filled(blanks)
        environment = fill_value(dict(told.get("environment", {})), blanks)
        return found | ({"environment": environment} if environment else {})

    def check(self, timeout: float) -> Problem | None:
        name = self._argv(self.blanks(Message(recipient="", address="", body="")))[0]
        if program(name):
            return None
        return Problem(_("there is no program {name} that may be run").format(name=name))

    def _argv(self, blanks: Mapping[str, str]) -> list[str]:
        """The arguments; raises Unsupported where a value would be read as an option of the program."""
        found: list[str] = []
        for template in self.table("command")["argv"]:
            if template.is_left_out(blanks):
                continue
            argument = template.filled(blanks)
            if argument.startswith("-") and _starts_filled(template) and "--" not in found:
                text = _('"{value}" would be read as an option of the program')
                raise Unsupported(text.format(value=answers.short(argument)))
            if "\0" in argument:
                raise Unsupported(_("a program takes no text with a zero character in it"))
            found.append(argument)
        if not found:
            raise ConfigProblem(_("no program is named; give it in [channels.{name}]").format(name=self.name))
        return found


def _starts_filled(template: Template) -> bool:
    return bool(template.pieces) and not isinstance(template.pieces[0], str)
