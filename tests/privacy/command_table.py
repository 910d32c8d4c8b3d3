"""Every command of the command line, sorted: what only reads, with how it is called, and what changes something."""

from __future__ import annotations

from collections.abc import Iterator

import click

from desk.cli import desk as whole

ACCOUNT = "6400100001"

# Command → its arguments on the marked county. All of them are run; none may print a number.
READING: dict[str, tuple[str, ...]] = {
    "lookup": ("王", "--limit", "5"),
    "outages": (),
    "outage show": ("O1",),
    "duties": (),
    "messages": (),
    "messages show": ("M1",),
    "messages preview": ("O1",),
    "orders list": (),
    "calls": (),
    "predicted": (),
    "workorders": (),
    "workorders show": ("W1",),
    "callbacks": ("--state", "all"),
    "cases": ("--state", "all"),
    "cases show": ("K1",),
    "shift": (),
    "shift show": (),
    "paper page": ("O2",),
    "paper rounds": ("O2",),
    "report compliance": ("--from", "2026-11-01", "--to", "2026-11-30"),
    "plugins list": (),
    "plugins check": ("smpp",),
    "plugins show": ("smpp",),
    "plugins try": ("phone", "--to", "95598"),
    "report briefing": ("--from", "2026-11-23", "--to", "2026-11-24"),
    "report reliability": ("--from", "2026-11-01", "--to", "2026-11-30"),
    "claims": (),
    "audit lines": (),
    "regulation list": (),
    "regulation show": ("9.3",),
    "regulation check": (),
    "agents list": (),
    "audit show": (),
    "audit verify": (),
    "audit key": (),
    "privacy approvals": (),
    "privacy person": (ACCOUNT,),
    "doctor": (),
}
# Command → its arguments; a viewer is refused each. `…` of the marked county where something must be named.
CHANGING: dict[str, tuple[str, ...]] = {
    "import": ("customers", "customers.csv"),
    "export": ("customers", "out.csv"),
    "outage open": ("-",),
    "outage approve": ("O2", "--step", "dispatch", "--by", "x", "--mode", "phone"),
    "outage cancel": ("O2",),
    "outage change": ("O2", "--reason", "x", "--end", "2026-11-24T20:00"),
    "outage close": ("O1",),
    "outage restore": ("O1",),
    "outage start": ("O2",),
    "duty settle": ("D1", "--result", "reached"),
    "messages decide": ("M1", "arrived"),
    "messages cancel": ("M2",),
    "messages confirm": ("S1",),
    "messages release": ("O1",),
    "work": ("--once",),
    "orders approve": ("X1", "--step", "leader", "--by", "x", "--mode", "phone"),
    "orders import": ("customers.csv", "--kind", "emergency", "--year", "2026"),
    "paper notices": ("O2", "--out", "notices"),
    "paper published": ("O2", "--medium", "x"),
    "paper returned": ("D1", "--result", "signed"),
    "call log": ("-",),
    "ring": ("13811112222",),
    "predicted confirm": ("O9", "--by", "x", "--source", "dispatch"),
    "predicted merge": ("O9", "O1"),
    "predicted move": ("O9", "feeder"),
    "predicted split": ("O9", "C1"),
    "storm": ("on",),
    "workorders open": ("--place", "x"),
    "workorders move": ("W1", "assigned", "--crew", "x"),
    "workorders expedite": ("W1",),
    "workorders close": ("W1", "--reason", "x"),
    "workorders cancel": ("W1", "--reason", "x"),
    "claims take-over": ("message:M1",),
    "callbacks take": ("B1",),
    "callbacks settle": ("B1", "no_answer"),
    "callbacks message": (),
    "callbacks drop": ("B1", "--reason", "x"),
    "cases open": ("complaint", "x"),
    "cases assign": ("K1", "x"),
    "cases answer": ("K1", "x"),
    "cases close": ("K1",),
    "shift hand-over": (),
    "shift accept": ("H1",),
    "plugins trust": ("x",),
    "plugins off": ("smpp",),
    "plugins on": ("smpp",),
    "audit checkpoint": (),
    "backup": ("x.backup",),
    "agents add": ("x", "--role", "agent"),
    "agents disable": ("x",),
    "agents enable": ("x",),
    "agents role": ("x", "agent"),
    "privacy ask": ("customers", "--purpose", "x"),
    "privacy approve": ("E1",),
    "privacy refuse": ("E1",),
    "privacy retention": (),
    "privacy erase": (ACCOUNT, "--reason", "x"),
}
# Makes a new desk, a file to edit, a blank form, a way in; lets go of what is one's own; or works between two stores
# that are named by whoever owns them (docs/backup.md).
BESIDE = frozenset(
    {
        *("init", "demo", "plugins new", "sign-in", "sign-out", "serve", "orders choose", "orders show"),
        *("restore", "store check", "store copy", "paper form", "agents passwd", "claims drop"),
    }
)


def commands() -> Iterator[str]:
    """Every command of the table by its words, groups that are commands themselves among them."""
    yield from _below(whole, "")


def _below(command: click.Command, path: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield path
        return
    if path and command.invoke_without_command:
        yield path
    context = click.Context(command, info_name=path)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if found is not None:
            yield from _below(found, f"{path} {name}".strip())
