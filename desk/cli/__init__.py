"""The command line, the stable face for scripts: each command a few lines over `Desk`.

Modules are loaded for the command that is called: `desk lookup` must not pay for imports and exports.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import click

from desk import __version__
from desk.cli.base import Flags, LazyGroup, report, screen_options, usage_sentence
from desk.errors import DeskError
from desk.i18n import N_, _

INTERRUPTED = 130

COMMANDS = {
    "init": "desk.cli.data:init",
    "demo": "desk.cli.demo:demo",
    "import": "desk.cli.data:import_",
    "export": "desk.cli.data:export",
    "lookup": "desk.cli.lookup:lookup",
    "outages": "desk.cli.outages:outages",
    "outage": "desk.cli.outages:outage",
    "duties": "desk.cli.duties:duties",
    "duty": "desk.cli.duties:duty",
    "messages": "desk.cli.messages:messages",
    "work": "desk.cli.work:work",
    "orders": "desk.cli.orders:orders",
    "paper": "desk.cli.paper:paper",
    "report": "desk.cli.reports:report",
    "call": "desk.cli.calls:call",
    "calls": "desk.cli.calls:calls",
    "ring": "desk.cli.ring:ring",
    "predicted": "desk.cli.predicted:predicted",
    "storm": "desk.cli.predicted:storm",
    "workorders": "desk.cli.work_orders:work_orders",
    "callbacks": "desk.cli.callbacks:callbacks",
    "claims": "desk.cli.claims:claims",
    "cases": "desk.cli.callbacks:cases",
    "shift": "desk.cli.shift:shift",
    "plugins": "desk.cli.plugins:plugins",
    "regulation": "desk.cli.regulation:regulation",
    "agents": "desk.cli.agents:agents",
    "sign-in": "desk.cli.sign_in:sign_in",
    "sign-out": "desk.cli.sign_in:sign_out",
    "audit": "desk.cli.audit:audit",
    "privacy": "desk.cli.privacy:privacy",
    "doctor": "desk.cli.doctor:doctor",
    "serve": "desk.cli.serve:serve",
    "backup": "desk.cli.backup:backup",
    "restore": "desk.cli.backup:restore",
    "store": "desk.cli.store:store",
}


@click.group("desk", cls=LazyGroup, commands_at=COMMANDS, invoke_without_command=True, help=N_("The 95598 desk."))
@click.version_option(__version__, message="%(version)s", help=N_("Show the version and exit."))
@click.pass_context
@screen_options
def desk(context: click.Context, mouse: bool, color: bool) -> int:
    if context.invoked_subcommand is not None:
        return 0
    from desk.cli.base import loaded
    from desk.cli.screen import open_desk

    return open_desk(loaded(context), mouse=mouse, color=color)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code and never raises."""
    _speak_utf8()
    flags = Flags()
    try:
        given = [_whole(word) for word in (sys.argv[1:] if arguments is None else arguments)]
        code = desk.main(given, prog_name="desk", standalone_mode=False, obj=flags)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (BrokenPipeError, SystemExit):  # which is how click puts the same
        # The reader has gone (`desk outages | head`): nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyboardInterrupt, click.Abort):
        click.echo("", err=True)
        return INTERRUPTED
    except click.ClickException as problem:
        return report(usage_sentence(problem), "", flags)
    except DeskError as problem:
        return report(*sentences(problem), flags=flags)
    except Exception as problem:
        import traceback

        words = _("something went wrong that the desk did not expect ({problem}); --why shows where")
        return report(words.format(problem=type(problem).__name__), traceback.format_exc(), flags)


def sentences(problem: DeskError) -> tuple[str, str]:
    """What a person reads of an error, and the technical rest."""
    several = getattr(problem, "problems", ())
    lines = [str(line) for line in several if isinstance(line, str)]
    return "\n".join(lines) or str(problem), problem.why


def _whole(word: str) -> str:
    """An argument with Chinese in it, also where the locale says ASCII and Python could not read it."""
    if word.isascii() or not any("\udc80" <= char <= "\udcff" for char in word):
        return word
    content = os.fsencode(word)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _speak_utf8() -> None:
    """Chinese comes out whole even where the locale says ASCII."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
