"""Running the table: each rule over one bench, under guard, so that no channel can hang or end who asks."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from time import monotonic

from desk.i18n import _
from desk.plugins import Channel
from desk.plugins.declared import DeclaredChannel
from desk.plugins.faults import told
from desk.testing.bench import Bench
from desk.testing.findings import Broken, Finding, Rule, Skip
from desk.testing.rules import RULES
from desk.testing.watch import sealed, silenced

MOST_HUNG = 2  # each costs the bench's patience


def check_channel(
    thing: Bench | Channel | type[Channel], rules: Iterable[Rule] = RULES, *, only: Iterable[str] = ()
) -> list[Finding]:
    """What the kit finds about a channel: one finding a rule, in the order of the table. Never raises.

    Of an object only its class is taken: the kit never uses a county's own settings. A class is tried with the bench
    that its module brings (a function `bench()`), one made from its TOML file, or else without a gateway.
    Where it cannot even hand over one message, what needs a gateway is skipped. `only`: ids of the rules to run.
    """
    wanted = set(only)
    try:
        bench = thing if isinstance(thing, Bench) else bench_of(thing)
    except (Exception, SystemExit) as error:
        return [Finding(rule="bench", result="failed", words=told(error))]
    found = _findings(bench, [rule for rule in rules if rule.id in wanted or not wanted])
    try:
        return list(found)
    finally:
        if bench is not thing:
            bench.close()


def keep(rule: Rule, bench: Bench) -> Finding:
    """One rule over one bench."""
    try:
        if why := rule.unless(bench.can) or _missing(rule, bench):
            return Finding(rule=rule.id, result="skipped", words=why)
        bench.reset()
        # Without a gateway of the bench's own, whatever the channel reaches is real: it reaches nothing.
        with silenced(), nullcontext() if "accept" in bench.plays else sealed():
            rule.keep(bench)
    except Skip as reason:
        return Finding(rule=rule.id, result="skipped", words=str(reason))
    except Broken as mistake:
        return Finding(rule=rule.id, result="failed", words=str(mistake))
    except (Exception, SystemExit) as error:
        return Finding(rule=rule.id, result="failed", words=told(error, file_of(bench.type)))
    return Finding(rule=rule.id, result="ok")


def bench_of(thing: Channel | type[Channel]) -> Bench:
    """The bench that the channel's own module brings, one made from a declared channel's file, or a bare one."""
    type_ = thing if isinstance(thing, type) else type(thing)
    if issubclass(type_, DeclaredChannel):
        from desk.testing.declared import declared_bench  # an HTTP server: only for them

        return declared_bench(type_)
    own = getattr(sys.modules.get(type_.__module__), "bench", None)
    if callable(own):
        found = own()
        if isinstance(found, Bench):
            return found
        raise TypeError(_("bench() returned {got}, not a Bench").format(got=type(found).__name__))
    return Bench(type_)


def file_of(type: type[Channel]) -> Path | None:
    """The file that a channel's class is written in."""
    file = getattr(sys.modules.get(type.__module__), "__file__", None)
    return Path(file) if file else None


def _findings(bench: Bench, rules: Iterable[Rule]) -> Iterator[Finding]:
    works, hung = True, 0
    for rule in rules:
        if hung == MOST_HUNG or (rule.plays and not works):
            words = _("it hung twice: nothing more is tried") if works else _("it could not hand over one message")
            yield Finding(rule=rule.id, result="skipped", words=words)
            continue
        started = monotonic()
        finding = keep(rule, bench)
        works = works and not (rule.id == "receipt" and finding.result == "failed")
        hung += finding.result == "failed" and monotonic() - started > bench.patience
        yield finding


def _missing(rule: Rule, bench: Bench) -> str:
    missing = [mode for mode in rule.plays if mode not in bench.plays]
    if not missing:
        return ""
    return _("there is no fake gateway for it that plays: {modes}").format(modes=", ".join(missing))
