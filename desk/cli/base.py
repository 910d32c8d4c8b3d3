"""What all commands share: the flags that stand before or after a command, how a desk is opened, how errors read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.i18n import N_, _, set_language

if TYPE_CHECKING:
    from desk.app import Desk
    from desk.config import Config

REFUSED = 2
CLICKS_OWN = (N_("Show this message and exit."),)  # click's sentence, marked for our catalogue


@dataclass
class Flags:
    """What was asked of every command."""

    data: Path | None = None
    config: Path | None = None
    json: bool = False
    why: bool = False
    safe: bool = False


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value:
        setattr(context.find_root().obj, str(parameter.name), value)


def common_options() -> list[click.Parameter]:
    """--data, --config, --json, --why and --safe, which every command takes before or after its name."""
    folder, file = click.Path(path_type=Path), click.Path(path_type=Path)
    kept: dict[str, Any] = {"expose_value": False, "callback": _keep}
    return [
        click.Option(["--data"], type=folder, metavar="DIR", help=N_("The data folder."), **kept),
        click.Option(["--config"], type=file, metavar="FILE", help=N_("The file with the settings."), **kept),
        click.Option(["--json"], is_flag=True, help=N_("Print one JSON document."), **kept),
        click.Option(["--why"], is_flag=True, help=N_("Show the technical side of an error."), **kept),
        click.Option(["--safe"], is_flag=True, help=N_("Load only the plugins that ship."), **kept),
    ]


def screen_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """--no-mouse and --no-color, of a command that opens the screen; passed on as `mouse` and `color`."""

    def called(context: click.Context, *, no_mouse: bool, no_color: bool, **asked: Any) -> Any:
        return function(context, mouse=not no_mouse, color=not no_color, **asked)

    mouse = click.option("--no-mouse", is_flag=True, help=N_("Leave the mouse to the terminal."))
    color = click.option("--no-color", is_flag=True, help=N_("Paint without colours; NO_COLOR does the same."))
    return mouse(color(called))


class _Translated(click.Command):
    """Help in the language of the settings, worded when it is shown."""

    def format_help(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        _speak_as_configured(context)
        super().format_help(context, formatter)

    def get_short_help_str(self, limit: int = 60) -> str:  # noqa: ARG002
        return _(self.help) if self.help else ""

    def format_usage(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(context)
        formatter.write_usage(context.command_path, " ".join(pieces), prefix=_("Usage: "))

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_(self.help) if self.help else "")

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        records = [record for option in self.get_params(context) if (record := option.get_help_record(context))]
        with formatter.section(_("Options")):
            formatter.write_dl([(names, _(words)) for names, words in records])
        if isinstance(self, click.Group):
            self.format_commands(context, formatter)


class DeskCommand(_Translated):
    """A command that takes the common flags."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.params += common_options()


class DeskGroup(_Translated, click.Group):
    """A group whose commands take the common flags, and that takes them itself."""

    command_class = DeskCommand

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"no_args_is_help": False, **settings})
        self.params += common_options()

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        commands = [(name, self.get_command(context, name)) for name in self.list_commands(context)]
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, command.get_short_help_str()) for name, command in commands if command])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not self.invoke_without_command:
            names = ", ".join(self.list_commands(ctx))
            raise click.UsageError(_("name what to do: {names}").format(names=names), ctx)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), 1)
            words = _("there is no command {name}").format(name=args[0])
            raise click.UsageError(words + (_("; did you mean {names}?").format(names=near[0]) if near else ""), ctx)
        return super().resolve_command(ctx, args)


class LazyGroup(DeskGroup):
    """A group that imports a command's module when the command is called."""

    def __init__(self, *arguments: Any, commands_at: Mapping[str, str], **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._places = commands_at

    def list_commands(self, context: click.Context) -> list[str]:  # noqa: ARG002
        return list(self._places)

    def get_command(self, context: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self._places:
            return None
        module, _colon, name = self._places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


def command(name: str, help: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command called `name`; its function is given the context first."""

    def made(function: Callable[..., Any]) -> click.Command:
        return click.command(name, cls=DeskCommand, help=help)(click.pass_context(function))

    return made


def flags(context: click.Context) -> Flags:
    """What was asked of every command, in this call."""
    found = context.find_root().obj
    assert isinstance(found, Flags)
    return found


def loaded(context: click.Context) -> Config:
    """The settings in force for this call; raises ConfigProblem."""
    config = settings(context)
    set_language(config.desk.language)
    return config


def settings(context: click.Context) -> Config:
    """The settings as the file, the environment and the flags of this call say; raises ConfigProblem."""
    from msgspec.structs import replace

    from desk.config import load_config

    asked = flags(context)
    config = load_config(asked.config, asked.data)
    return replace(config, safe=True) if asked.safe else config


@contextmanager
def opened(context: click.Context) -> Iterator[Desk]:
    """The desk this call is about, who runs it signed in where the desk asks for that; closed afterwards."""
    from desk.app import Desk
    from desk.opening import standing_clock

    config = loaded(context)
    with Desk.open(config, clock=standing_clock(config)) as desk:
        if desk.needs_sign_in or os.environ.get("DESK_SESSION"):
            from desk.cli.who import sign_in_here

            sign_in_here(desk)
        yield desk


@contextmanager
def opened_by_machine(context: click.Context, name: str) -> Iterator[Desk]:
    """The same for what runs without a person: its own few rights, unless the environment says who runs it."""
    from desk.app import Desk
    from desk.opening import standing_clock

    config = loaded(context)
    with Desk.open(config, clock=standing_clock(config)) as desk:
        seat_machine(desk, name)
        yield desk


def seat_machine(desk: Desk, name: str) -> None:
    """Put the machine called `name` at this desk; raises SignInNeeded where it may not run."""
    if not desk.needs_sign_in:
        return
    from desk.access.services import as_service
    from desk.cli.who import signed_by_environment

    if not signed_by_environment(desk):
        as_service(desk.place, name)


def report(sentence: str, why: str, flags: Flags) -> int:
    """Tell a person on stderr what is wrong; returns the exit code."""
    from desk.phone_numbers import without_numbers

    click.echo(without_numbers(sentence), err=True)
    if why and flags.why:
        click.echo(without_numbers(why), err=True)
    return REFUSED


def usage_sentence(problem: click.ClickException) -> str:
    """What is wrong with how the command was written, in one line."""
    context = getattr(problem, "ctx", None)
    hint = _("; {command} --help shows how").format(command=context.command_path) if context else ""
    return _usage(problem) + hint


def _usage(problem: click.ClickException) -> str:
    match problem:
        case click.NoSuchOption():
            near = _("; did you mean {names}?").format(names=", ".join(problem.possibilities or ()))
            words = _("there is no option {name}").format(name=problem.option_name)
            return words + (near if problem.possibilities else "")
        case click.MissingParameter():
            return _("{name} is missing").format(name=_named(problem))
        case click.FileError():
            return _("{file} cannot be read").format(file=problem.ui_filename)
    first = problem.format_message().strip().splitlines()
    return first[0] if first else _("this cannot be understood")


def _named(problem: click.MissingParameter) -> str:
    parameter = problem.param
    if parameter is None:
        return ""
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.metavar or str(parameter.name).upper()


def _speak_as_configured(context: click.Context) -> None:
    from desk.errors import DeskError

    try:
        loaded(context)
    except DeskError:
        return  # help is shown all the same; the command itself will name the mistake
