"""A kind of outage: what it is called, whether someone announces it, and what it must not be opened without."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol
from unicodedata import normalize

from msgspec import Meta, Struct

from desk.i18n import N_, _, in_language
from desk.plugins.faults import told
from desk.records import Affected

Name = Annotated[str, Meta(pattern="^[a-z][a-z0-9_-]*$")]
Words = Annotated[dict[str, str], Meta(min_length=1)]
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
    def facts(self) -> Mapping[str, Any]: ...


class Problem(Struct, frozen=True):
    """One thing that is not right, in a sentence. `refuses`: the outage cannot be opened like this."""

    text: str
    field: str = ""
    refuses: bool = True


class OutageType(Struct, frozen=True, kw_only=True):
    """One kind of outage.

    `planned`: it waits as scheduled until someone says that it has begun; otherwise the power is off when the
    outage is opened. `labels` and `causes` hold words by language (`zh_CN`, `en`): the type's name, and the
    cause told when nobody entered one; `also` are other names that files use for it. `articles` are those of
    the county's measures. `script` names the template that is read to callers. `needs` are the fields it
    cannot be opened without.
    """

    id: Name
    labels: Words
    planned: bool
    also: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    script: Name = "fault"
    causes: dict[str, str] = {}
    needs: tuple[Need, ...] = ()

    @property
    def label(self) -> str:
        """The type's name in the language spoken now."""
        return in_language(self.labels)

    @property
    def cause(self) -> str:
        """What to say of the cause when nobody entered one; may be empty."""
        return in_language(self.causes)

    def is_called(self, text: str) -> bool:
        """Whether `text`, as found in a file, means this type: its id or any of its names, however spaced."""
        return _plain(text) in map(_plain, (self.id, *self.labels.values(), *self.also))

    def problems(self, request: OutageRequest, affected: Affected) -> Sequence[Problem]:
        """What else is wrong with `request`: a type with rules of its own overrides this."""
        return ()

    def check(self, request: OutageRequest, affected: Affected) -> list[Problem]:
        """Everything that is wrong with `request`, for the desk; not to be overridden.

        A fault in `problems` becomes a warning: a plugin's mistake must not keep an outage off the board.
        """
        found = [self._missing(name) for name in self.needs if not getattr(request, name)]
        try:
            return found + [_a_problem(problem) for problem in self.problems(request, affected)]
        except (Exception, SystemExit) as error:
            text = _("{type} could not be checked, look the rules up by hand ({fault})")
            file = getattr(sys.modules.get(type(self).__module__), "__file__", None)
            fault = told(error, Path(file) if file else None)
            return [*found, Problem(text.format(type=self.label, fault=fault), refuses=False)]

    def _missing(self, name: Need) -> Problem:
        text = _("{type} needs {field}").format(type=self.label, field=_(NEEDS[name]))
        return Problem(text, field=name)


def _plain(text: str) -> str:
    return "".join(normalize("NFKC", text).casefold().split())


def _a_problem(thing: object) -> Problem:
    if not isinstance(thing, Problem):
        raise TypeError(f"problems() returned {thing!r}, not Problem objects")
    return thing
