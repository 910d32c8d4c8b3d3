"""A kind of outage: what it is called, whether someone announces it, what it wants to know, and what it forbids."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Literal, Protocol

from msgspec import Struct

from desk.i18n import N_, _, in_language, ngettext
from desk.plugins.facts import Fact, Name, Needed, Reading, Words, plain, read_facts
from desk.plugins.faults import told
from desk.records import Affected, Outage

Need = Literal["planned_start", "planned_end", "cause", "area"]

NEEDS: Mapping[Need, str] = {
    "planned_start": N_("the planned start"),
    "planned_end": N_("the planned end"),
    "cause": N_("the cause"),
    "area": N_("the area in words"),
}


class OutageRequest(Protocol):
    """What was entered for an outage that is about to be opened."""

    @property
    def planned_start(self) -> datetime | None: ...
    @property
    def planned_end(self) -> datetime | None: ...
    @property
    def received_at(self) -> datetime | None: ...
    @property
    def cause(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def accounts(self) -> tuple[str, ...]: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


class Problem(Struct, frozen=True):
    """One thing that is not right, in a sentence. `refuses`: the outage cannot be opened, or carried out, like this.

    `article` is the one that says so. `excusable`: who gives a reason may do it all the same, and it is recorded
    as a violation of that article.
    """

    text: str
    field: str = ""
    refuses: bool = True
    article: str = ""
    excusable: bool = False


class OutageType(Struct, frozen=True, kw_only=True):
    """One kind of outage.

    `planned`: it waits as scheduled until someone says that it has begun; otherwise the power is off when the
    outage is opened. `labels`, `shorts` and `causes` hold words by language (`zh_CN`, `en`): the type's name, the
    one or two characters of it for a narrow column, and the cause told when nobody entered one; `also` are other
    names that files use for it. `statuses` are its own words for a status (`confirmed`, `restored`, …) by language.
    `articles` are those of the county's measures. `facts` is what it wants to know. `script` names the template that
    is read to callers; `private`: it concerns the customers named in `accounts` alone, and why their power is
    off is told to nobody else. `needs` are the fields it cannot be opened without.
    """

    id: Name
    labels: Words
    planned: bool
    shorts: dict[str, str] = {}
    also: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    script: Name = "fault"
    private: bool = False
    causes: dict[str, str] = {}
    statuses: dict[str, dict[str, str]] = {}
    needs: tuple[Need, ...] = ()

    @property
    def label(self) -> str:
        """The type's name in the language spoken now."""
        return in_language(self.labels)

    @property
    def short(self) -> str:
        """The type in two Chinese characters or four letters."""
        return self.named()[1]

    def named(self, language: str = "") -> tuple[str, str]:
        """The type's name in full and short, in `language` or the one spoken now."""
        label = in_language(self.labels, language)
        return label, in_language(self.shorts, language) or _cut(label)

    @property
    def cause(self) -> str:
        """What to say of the cause when nobody entered one; may be empty."""
        return in_language(self.causes)

    def status_word(self, status: str) -> str:
        """The type's own word for a status; empty when the desk's word will do."""
        return in_language(self.statuses.get(status, {}))

    def is_called(self, text: str) -> bool:
        """Whether `text`, as found in a file, means this type: its id or any of its names, however spaced."""
        return plain(text) in map(plain, (self.id, *self.labels.values(), *self.also))

    def asked(self, facts: Mapping[str, Any]) -> list[Fact]:
        """The facts to ask for in a form while `facts` are known, in their order."""
        return [fact for fact in self.facts if fact.is_asked(facts)]

    def missing(self, facts: Mapping[str, Any], *needed: Needed) -> list[Fact]:
        """The facts so needed that are asked for and not known."""
        return [fact for fact in self.asked(facts) if fact.needed in needed and facts.get(fact.name) is None]

    def read_facts(self, given: Mapping[str, Any], zone: tzinfo) -> Reading:
        """`given` as it is stored, with what is wrong in it."""
        return read_facts(self.facts, given, zone)

    def problems(self, request: OutageRequest, affected: Affected) -> Iterable[Problem]:
        """What else is wrong with `request`: a type with rules of its own overrides this."""
        return ()

    def may_start(self, outage: Outage) -> Iterable[Problem]:
        """What else stands against carrying `outage` out: a type with rules of its own overrides this."""
        return ()

    def check(self, request: OutageRequest, affected: Affected) -> list[Problem]:
        """Everything that is wrong with `request`, for the desk; not to be overridden.

        A fault in `problems` becomes a warning: a plugin's mistake must not keep an outage off the board.
        """
        found = [self._missing(name) for name in self.needs if not getattr(request, name)]
        found += [self._unknown(fact) for fact in self.missing(request.facts, "open")]
        found += self._asked_of("problems()", lambda: self.problems(request, affected))
        found += self._others(request, affected)
        later = self.missing(request.facts, "start", "soon")
        if later:
            text = _("{type} still lacks: {facts}").format(type=self.label, facts=_listed(later))
            found.append(Problem(text, refuses=False))
        return found

    def check_start(self, outage: Outage) -> list[Problem]:
        """Everything that stands against carrying `outage` out, for the desk; not to be overridden."""
        found = self._asked_of("may_start()", lambda: self.may_start(outage))
        fields = {problem.field for problem in found}
        lacking = self.missing(outage.facts, "open", "start")
        return [*(self._unknown(fact) for fact in lacking if f"facts.{fact.name}" not in fields), *found]

    def _asked_of(self, name: str, ask: Callable[[], Iterable[object]]) -> list[Problem]:
        try:
            return [_a_problem(problem, name) for problem in ask()]
        except (Exception, SystemExit) as error:
            text = _("{type} could not be checked, look the rules up by hand ({fault})")
            file = getattr(sys.modules.get(type(self).__module__), "__file__", None)
            fault = told(error, Path(file) if file else None)
            return [Problem(text.format(type=self.label, fault=fault), refuses=False)]

    def _others(self, request: OutageRequest, affected: Affected) -> list[Problem]:
        others = affected.customers - len(request.accounts)
        if not self.private or others <= 0:
            return []
        text = ngettext(
            "{type} concerns the accounts named: {count} other customer would lose supply",
            "{type} concerns the accounts named: {count} other customers would lose supply",
            others,
        )
        return [Problem(text.format(type=self.label, count=others), field="accounts", refuses=False)]

    def _missing(self, name: Need) -> Problem:
        text = _("{type} needs {field}").format(type=self.label, field=_(NEEDS[name]))
        return Problem(text, field=name)

    def _unknown(self, fact: Fact) -> Problem:
        text = _("{type} needs {field}").format(type=self.label, field=_listed([fact]))
        return Problem(text, field=f"facts.{fact.name}", article=fact.article)


def _listed(facts: Iterable[Fact]) -> str:
    """Facts by name, each with the article that asks for it."""
    with_article = _("{fact} (Art. {article})")
    words = (
        with_article.format(fact=fact.label, article=fact.article) if fact.article else fact.label for fact in facts
    )
    return ", ".join(words)


def _cut(label: str) -> str:
    """As much of a name as fits into four cells; a Chinese character takes two."""
    kept, cells = "", 0
    for sign in label:
        cells += 1 if sign.isascii() else 2
        if cells > 4:
            break
        kept += sign
    return kept.strip()


def _a_problem(thing: object, name: str) -> Problem:
    if not isinstance(thing, Problem):
        raise TypeError(f"{name} returned {thing!r}, not Problem objects")
    return thing
