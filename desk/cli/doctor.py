"""`desk doctor`: config, store, plugins, channels, clock and terminal, each looked at; nothing is changed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from desk.cli.base import command, flags, settings
from desk.cli.show import print_json
from desk.errors import ConfigProblem, DeskError
from desk.i18n import N_, _, language, set_language

if TYPE_CHECKING:
    from desk.config import Config
    from desk.plugins.host import PluginHost
    from desk.plugins.switchboard import ChannelRow
    from desk.store.postgres_facts import ServerFacts


class Finding(Struct, frozen=True):
    """One thing that was looked at: whether it is well, and what was seen."""

    check: str
    ok: bool
    text: str


FAR_MS = 50.0  # a server whose answers take longer makes every key late
SECONDS = 5.0  # for whatever is asked whether it is there
Looked = Callable[["Config"], Iterator[Finding]]


@command("doctor", help=N_("Look at config, store, plugins, channels, clock and terminal."))
def doctor(context: click.Context) -> None:
    found = list(_examined(context))
    if flags(context).json:
        print_json(found)
    for finding in [] if flags(context).json else found:
        word = _("ok") if finding.ok else _("problem")
        click.echo(f"{word}  {finding.check}: {finding.text}")
    context.exit(0 if all(finding.ok for finding in found) else 1)


def _examined(context: click.Context) -> Iterator[Finding]:
    try:
        config = settings(context)
    except ConfigProblem as problem:
        yield from (Finding("config", False, text) for text in problem.problems or (str(problem),))
        return
    set_language(config.desk.language)
    yield Finding("config", True, str(config.path or _("no file; the defaults hold")))
    for name, look in LOOKS.items():
        try:
            yield from look(config)
        except DeskError as problem:
            yield Finding(name, False, str(problem))


def _store(config: Config) -> Iterator[Finding]:
    from desk.app import Desk
    from desk.opening import desk_place, standing_clock

    with Desk.open(config, clock=standing_clock(config)) as desk:
        words = {"customers": desk.place.customers.count(), "outages": desk.place.outages_table.count()}
        text = _("{customers} customers, {outages} outages in {url}").format(**words, url=desk_place(config))
        yield Finding("store", True, text)


def _server(config: Config) -> Iterator[Finding]:
    """A store on a server: its version, how far away it is, and what would go wrong later."""
    from desk.opening import store_password
    from desk.store import is_server, server_facts

    if not is_server(config.store_url):
        return
    facts = server_facts(config.store_url, store_password(config))
    yield Finding("server", True, _("PostgreSQL {version} at {address}").format(**_words(facts)))
    yield Finding(
        "server", facts.round_trip_ms < FAR_MS, _("an answer takes {round_trip_ms} ms").format(**_words(facts))
    )
    if facts.encoding != "UTF8":
        yield Finding(
            "server", False, _("its encoding is {encoding}; make the database anew with UTF8").format(**_words(facts))
        )
    if facts.replica:
        yield Finding("server", False, _("it is a replica: nothing can be saved there"))
    if not facts.made:
        text = _("it has no county called {county} yet; make it with: desk init")
        yield Finding("server", False, text.format(**_words(facts)))
    crowded = facts.lines > facts.lines_allowed * 0.9
    text = _("{lines} of {lines_allowed} lines are in use (max_connections)")
    yield Finding("server", not crowded, text.format(**_words(facts)))
    if not facts.encrypted and not facts.local:
        yield Finding("server", False, _("the line is not encrypted; add sslmode=verify-full to [store] url"))


def _words(facts: ServerFacts) -> dict[str, object]:
    return {
        **{name: getattr(facts, name) for name in facts.__struct_fields__},
        "round_trip_ms": f"{facts.round_trip_ms:.1f}",
    }


def _audit(config: Config) -> Iterator[Finding]:
    """How far the audit is signed; whether its lines hold is for `desk audit verify`, which reads them all."""
    from desk.app import Desk
    from desk.opening import standing_clock

    with Desk.open(config, clock=standing_clock(config)) as desk:
        last, signed = desk.audit.lines.newest(), desk.audit.checkpoints.last()
        if desk.audit.checkpoints.has_key():
            desk.audit.checkpoints.key()  # raises when it cannot be used
        words = {"lines": last.number if last else 0, "number": signed.number if signed else 0}
        yield Finding("audit", True, _("{lines} lines, signed up to line {number}").format(**words))


def _plugins(config: Config) -> Iterator[Finding]:
    from desk.plugins.host import PluginHost

    host = PluginHost.open(config)
    rows = host.listed()
    channels = {row.name: row.reason for row in host.channel_states()}  # these are looked at below
    broken = [row for row in rows if row.state != "on" and channels.get(row.name) != row.reason]
    yield Finding("plugins", True, _("{count} are on").format(count=sum(row.state == "on" for row in rows)))
    yield from (Finding("plugins", False, f"{row.name} ({row.from_}): {row.reason or row.state}") for row in broken)
    for name in host.checks:
        problem = host.run_check(name, SECONDS)
        yield Finding(name, problem is None, problem.text if problem else _("well"))
    yield from _channels(host)


def _channels(host: PluginHost) -> Iterator[Finding]:
    """Those the county has set up: usable, and there. What merely ships and waits for a section is no problem."""
    rows = host.channel_states()
    usable = [row for row in rows if row.state == "on"]
    yield Finding("channels", True, _("{count} may be used: {names}").format(count=len(usable), names=_names(usable)))
    waiting = [row for row in rows if row.state == "not_configured" and not row.section]
    if waiting:
        yield Finding("channels", True, _("not set up: {names}").format(names=_names(waiting)))
    yield from (
        Finding(f"channel {row.name}", False, row.reason) for row in rows if row.state != "on" and row not in waiting
    )
    asked = [(row, host.runner(row.name).check(SECONDS)) for row in usable]  # all at once: each has its own thread
    for row, answer in asked:
        problem = answer.result()
        if row.section or problem:  # nobody asked for one that is merely there
            yield Finding(f"channel {row.name}", not (problem and row.section), problem.text if problem else _("well"))
    host.close()


def _names(rows: Iterable[ChannelRow]) -> str:
    return ", ".join(row.name for row in rows) or _("none")


def _listening(config: Config) -> Iterator[Finding]:
    """Telephone systems and feeds: the token is there, the sections are right, and who tells of calls lets us in."""
    from desk.app import Desk
    from desk.opening import standing_clock

    with Desk.open(config, clock=standing_clock(config)) as desk:
        if config.ring.port:
            trouble = desk.endpoint.mistake()
            text = trouble or _("telephone systems may call 127.0.0.1:{port}").format(port=config.ring.port)
            yield Finding("ring", not trouble, text)
        for row in desk.feeds.states():
            problem = row.reason or desk.feeds.check(row.name, SECONDS)
            yield Finding(f"feed {row.name}", row.state == "off" or not problem, problem or _("well"))


def _clock(config: Config) -> Iterator[Finding]:
    from desk.opening import named_now, standing_clock

    now = standing_clock(config).now()
    named = _("set by DESK_NOW") if named_now(config) else _("this machine's clock")
    yield Finding("clock", True, f"{now.isoformat()} ({named})")


def _terminal(config: Config) -> Iterator[Finding]:  # noqa: ARG001
    from locale import getpreferredencoding

    if not sys.stdout.isatty():
        yield Finding("terminal", True, _("none; the board is printed as text"))
        return
    encoding, size = getpreferredencoding(False), shutil.get_terminal_size()
    utf8 = encoding.lower().replace("-", "") == "utf8"
    text = f"{os.environ.get('TERM', '?')} {size.columns}×{size.lines} {encoding} {language()}"
    yield Finding("terminal", utf8, text if utf8 else _("{text}: the screen needs UTF-8").format(text=text))
    if size.columns < 80 or size.lines < 24:
        yield Finding("terminal", False, _("the screen needs 80×24 at least"))


LOOKS: dict[str, Looked] = {
    "server": _server,
    "store": _store,
    "audit": _audit,
    "plugins": _plugins,
    "listening": _listening,
    "clock": _clock,
    "terminal": _terminal,
}
