"""How `desk plugins` tells what it found: findings, dry runs, what a channel can do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click
import msgspec

from desk.cli.base import flags
from desk.cli.show import print_json, print_table
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.plugins.authoring import DryRun, Finding, Shown

FAILED = 1
STATE_WORDS = {
    "on": N_("on"),
    "off": N_("not on"),
    "paused": N_("paused"),
    "not_approved": N_("not approved"),
    "not_configured": N_("not set up"),
}
RESULT_WORDS = {"ok": N_("right"), "failed": N_("wrong"), "skipped": N_("left out")}


def state_word(state: str) -> str:
    """The state of a message, in words."""
    from desk.outbox.states import WORDS
    from desk.records import AttemptState

    return _(WORDS[AttemptState(state)])


def code(findings: Iterable[Finding]) -> int:
    """The exit code: whether anything is wrong."""
    return FAILED if any(finding.result == "failed" for finding in findings) else 0


def tell_findings(findings: Iterable[Finding]) -> None:
    """A line for each thing that was looked at."""
    rows = [(found.part, found.what, _(RESULT_WORDS[found.result]), found.words) for found in findings]
    if rows:
        print_table((_("part"), _("looked at"), _("result"), _("reason")), rows)


def tell_dry_run(context: click.Context, tried: DryRun) -> int:
    """What would go out, and that nothing did."""
    if flags(context).json:
        print_json(tried)
        return 0
    rows = [(key, _plain(value)) for key, value in tried.request.items() if key != "steps"]
    if rows:
        print_table((_("item"), _("content")), rows)
    for number, step in enumerate(tried.steps, start=1):
        click.echo(f"{number}. {step}")
    if tried.objection:
        click.echo(_("it would not be sent: {reason}").format(reason=tried.objection))
    click.echo(_("nothing was sent; --really sends it, to a number among test_numbers"))
    return 0


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def tell(shown: Shown) -> None:
    """What a part is, can do, and takes."""
    rows: list[tuple[object, object]] = [(_("part"), shown.name), (_("kind"), shown.kind), (_("from"), shown.from_)]
    rows += [(_("state"), f"{_(STATE_WORDS[shown.state])} {shown.reason}".strip())]
    named = {_("label"): shown.label, _("meant for"): shown.about, _("channels"): " ".join(shown.channels)}
    rows += [(name, words) for name, words in named.items() if words]
    rows += [(key, _plain(value)) for key, value in shown.can.items()]
    print_table((_("item"), _("content")), rows)
    if shown.example:
        click.echo("\n" + shown.example.rstrip())


def tell_switched(context: click.Context, name: str, state: str, words: str) -> None:
    """That it is on or off now."""
    if flags(context).json:
        print_json({"name": name, "state": state})
    else:
        click.echo(words)
