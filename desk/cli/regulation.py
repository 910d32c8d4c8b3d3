"""`desk regulation list|show|check`: the rule packs read back in words, and a pack's file checked.

No desk is needed: packs come from the plugin folders, figures from the settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.base import DeskGroup, command, flags, loaded
from desk.cli.show import print_json, print_table
from desk.errors import NotFound, PackProblem
from desk.i18n import N_, _

if TYPE_CHECKING:
    from desk.regulation import Regulation
    from desk.regulation.pack import Entry

FOUND = 1  # exit code: the check found problems


@click.group("regulation", cls=DeskGroup, help=N_("The rules that duties come from, in words."))
def regulation() -> None:
    pass


@command("list", help=N_("Every entry of every rule pack, in the order of its articles."))
def list_(context: click.Context) -> None:
    rules, _types = _in_force(context)
    if flags(context).json:
        print_json([_document(entry) for pack in rules.packs for entry in pack.entries])
        return
    _warn(rules)
    for pack in rules.packs:
        click.echo(_heading(pack.id, rules))
        print_table((_("article"), _("entry"), _("kind"), _("what it says"), _("deadline")), _rows(pack.entries, rules))
        click.echo()


@command("show", help=N_("What an article asks, in words: 9.4, or 9 for all of Article 9."))
@click.argument("article", required=False, metavar="[ARTICLE]")
def show(context: click.Context, article: str | None) -> None:
    rules, types = _in_force(context)
    found = rules.about(article.strip()) if article else [entry for pack in rules.packs for entry in pack.entries]
    if not found:
        text = _("no rule pack has an Article {article}; `desk regulation list` names them all")
        raise NotFound(text.format(article=article))
    if flags(context).json:
        print_json([_document(entry) for entry in found])
        return
    _warn(rules)
    for entry in found:
        _print_entry(entry, rules, types)


@command("check", help=N_("Check a rule pack's file, or all packs and the settings: file, line, reason."))
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
def check(context: click.Context, file: Path | None) -> int:
    problems = _problems_in(file, context) if file else _problems_of_all(context)
    if flags(context).json:
        print_json({"problems": list(problems)})
    elif problems:
        click.echo("\n".join(problems))
    else:
        click.echo(_("no mistake found"))
    return FOUND if problems else 0


for _each in (list_, show, check):
    regulation.add_command(_each)


def _in_force(context: click.Context) -> tuple[Regulation, dict[str, str]]:
    """The rules, and the names of the outage types."""
    from desk.opening import plugin_host
    from desk.regulation import Regulation

    config = loaded(context)
    host = plugin_host(config)
    types = {id: kind.label for id, kind in host.outage_types.items()}
    return Regulation.of(host.rule_packs, config.regulation), types


def _problems_in(file: Path, context: click.Context) -> tuple[str, ...]:
    from desk.regulation.load import load_pack

    loaded(context)  # the language of the settings
    try:
        load_pack(file)
    except PackProblem as problem:
        return problem.problems
    return ()


def _problems_of_all(context: click.Context) -> tuple[str, ...]:
    """What is wrong with the packs that were found, each in full, and with the settings about them."""
    from desk.opening import plugin_host
    from desk.regulation import Regulation

    config = loaded(context)
    host = plugin_host(config, check_packs=False)
    others = [row for row in host.listed() if row.state == "off" and row.from_.endswith(".toml")]
    told = [f"{row.from_}: {row.reason}" for row in others]
    return (*told, *Regulation.of(host.rule_packs, config.regulation).problems)


def _warn(rules: Regulation) -> None:
    for problem in rules.problems:
        click.echo(problem, err=True)


def _heading(pack_id: str, rules: Regulation) -> str:
    from desk.i18n import in_language

    pack = next(pack for pack in rules.packs if pack.id == pack_id)
    since = rules.effective_from(pack)
    parts = [in_language(pack.title), f"{pack.id} {pack.version}", pack.source]
    if since:
        parts.append(_("in force from {date}").format(date=since))
    return " · ".join(parts)


def _rows(entries: Iterable[Entry], rules: Regulation) -> Iterable[tuple[str, ...]]:
    from desk.regulation import words

    for entry in entries:
        by = dict(words.entry(entry, rules)).get(_("deadline"), "")
        yield words.article(entry), entry.id, words.word(words.KINDS, entry.kind), entry.title, by


def _print_entry(entry: Entry, rules: Regulation, types: Mapping[str, str]) -> None:
    from desk.regulation import words

    click.echo(f"{words.articles(entry)}  {entry.title}  ({entry.full})")
    for name, text in words.entry(entry, rules, types):
        click.echo(f"  {name}: {text}")
    click.echo()


def _document(entry: Entry) -> dict[str, Any]:
    """An entry as JSON: the keys of its pack's file, its name and sentence in the language of the settings."""
    from msgspec.structs import asdict

    own = {key: _plain(value) for key, value in asdict(entry).items() if key not in ("id", "pack")}
    return {"rule": entry.full, "kind": entry.kind, **own, "name": entry.title, "says": entry.sentence}


def _plain(value: Any) -> Any:
    from desk.regulation.moments import Comparison, Moment

    if isinstance(value, Moment | Comparison):
        return value.text
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
