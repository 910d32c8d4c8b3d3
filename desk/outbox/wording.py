"""The words of a notice: a template of the county's or a shipped one, by channel family, outage stage and sector.

Templates are Jinja2 files in the county's folder (`[messages] wording_folder`, else `wording` in the data folder) and
among those that ship (`plugins/wording`). Of these names the first that is there is used:

    sms.arrears.farm.zh.j2 · sms.farm.zh.j2 · sms.arrears.zh.j2 · sms.zh.j2 · message.zh.j2

(family, the script of the outage's type, sector). They run in a sandbox and know `news` (see `desk.outbox.news`),
`recipient`, `customer`, `sites`, `sector`, `county`, `now`, and the functions `at(moment)` and `span(start, end)`. A
template of the county's that fails falls back to the shipped one. Texts are as long as they need to be: the channel
cuts them into parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from desk.i18n import _, in_language
from desk.outbox.groups import Site
from desk.outbox.news import SUBJECTS, News, news_of, span, written
from desk.place import Place
from desk.records import Customer, Duty, Outage
from desk.scripts import SUFFIX, sandbox
from desk.text import clean

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

OTHERWISE = "message"  # a letter: for a family without words of its own
LIKE = {"report": "internal", "filing": "internal", "push": "internal"}
ONE_LINE = frozenset({"sms", "internal", "push", "report", "callback"})
SPECIAL_NEED = "special_need"  # who lives by a device is spoken to as such, whatever the trade


class Worded(Struct, frozen=True):
    """The words of one notice; `warning` says which template of the county's could not be used, and why."""

    text: str
    subject: str = ""
    template: str = ""
    hash: str = ""
    warning: str = ""


class Watched:
    """Something a template may look at; remembers whether it did: words that name nobody are the same for all."""

    def __init__(self, about: object, seen: Callable[[], None]) -> None:
        self.__about, self.__seen = about, seen

    def __getattr__(self, name: str) -> Any:
        self.__seen()
        return getattr(self.__about, name)

    def __bool__(self) -> bool:
        return bool(self.__about)

    def __str__(self) -> str:
        self.__seen()
        return str(self.__about)


class Wordings:
    """The templates of one place. The template engine is loaded for the first wording, not before."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._environments: dict[Path, SandboxedEnvironment] = {}

    @property
    def language(self) -> str:
        return self._place.config.messages.language

    def of(self, outage: Outage, now: datetime) -> Speaker:
        """Who words the notices of one outage at one moment."""
        return Speaker(self, self._place, outage, now)

    def candidates(self, family: str, script: str, sector: str) -> Iterator[tuple[Path, str]]:
        """The templates that fit, the most particular first; each as its folder and name."""
        suffix = SUFFIX[self.language]
        ends = ((f".{script}", f".{sector}"), ("", f".{sector}"), (f".{script}", ""), ("", ""))
        families = dict.fromkeys((family, LIKE.get(family, family)))
        names = dict.fromkeys(f"{one}{''.join(end)}" for one, end in product(families, ends))
        for name, folder in product((*names, OTHERWISE), self.folders()):
            file = f"{name}.{suffix}.j2"
            if Path(file).name == file and (folder / file).is_file():
                yield folder, file

    def template(self, folder: Path, name: str) -> Template:
        """One template as it is now; raises whatever is wrong with it."""
        if folder not in self._environments:
            self._environments[folder] = sandbox(folder, self.folders()[-1])
        return self._environments[folder].get_template(name)

    def folders(self) -> tuple[Path, ...]:
        from desk.plugins.folders import shipped_folder

        config = self._place.config
        own = config.messages.wording_folder
        return Path(own) if own else config.data / "wording", shipped_folder() / "wording"


class Speaker:
    """Words the notices of one outage at one moment: words that name nobody are made once."""

    def __init__(self, wordings: Wordings, place: Place, outage: Outage, now: datetime) -> None:
        self._wordings = wordings
        self._county = place.config.county.name
        self._kind = place.plugins.outage_types.get(outage.type)
        self._outage, self._now = outage, now
        self._news: dict[tuple[str, bool], News] = {}
        self._said: dict[tuple[str, ...], Worded] = {}
        self._templates: dict[tuple[Path, str], Template] = {}
        self._candidates: dict[tuple[str, str], list[tuple[Path, str]]] = {}

    def words(self, family: str, duty: Duty, customer: Customer | None, sites: Sequence[Site] = ()) -> Worded:
        """What to tell because of `duty` over a channel of `family`; never raises."""
        sector = sector_of(customer)
        key = (family, sector, duty.notice, duty.recipient.kind, str(customer is None), str(bool(sites)))
        if key in self._said:
            return self._said[key]
        personal: list[bool] = []
        worded = self._worded(family, duty, customer, sites, sector, lambda: personal.append(True))
        if not personal:
            self._said[key] = worded
        return worded

    def news(self, duty: Duty) -> News:
        """What `duty` tells, as a template sees it."""
        key = (duty.notice, duty.recipient.kind == "public")
        if key not in self._news:
            self._news[key] = news_of(self._outage, duty, self._kind, self._now, self._wordings.language)
        return self._news[key]

    def _worded(
        self,
        family: str,
        duty: Duty,
        customer: Customer | None,
        sites: Sequence[Site],
        sector: str,
        seen: Callable[[], None],
    ) -> Worded:
        news, language = self.news(duty), self._wordings.language
        known = {
            "news": news,
            "family": family,
            "sector": sector,
            "recipient": Watched(duty.recipient, seen),
            "customer": Watched(customer, seen) if customer else None,
            "sites": _Sites(sites, seen) if sites else (),
            "county": self._county,
            "now": self._now,
            "at": lambda moment: written(moment, news.zone, language),
            "span": lambda start, end: span(start, end, news.zone, language),
        }
        subject = in_language(SUBJECTS.get(news.subject, SUBJECTS["off"]), language)
        return self._first(family, sector, known, subject)

    def _first(self, family: str, sector: str, known: dict[str, Any], subject: str) -> Worded:
        warning = ""
        for folder, name in self._fitting(family, sector):
            try:
                text = tidy(self._template(folder, name).render(known), family, self._wordings.language)
                if not text:
                    raise ValueError(_("it says nothing"))
            except Exception as problem:  # whatever a template does, the notice must go out
                words = {"file": folder / name, "problem": clean(str(problem) or type(problem).__name__)}
                warning = warning or _("{file} cannot be used: {problem}").format(**words)
                continue
            return Worded(text, subject, name, sha256(text.encode()).hexdigest(), warning)
        return Worded("", subject, "", "", warning or _("there is no wording for it"))

    def _fitting(self, family: str, sector: str) -> list[tuple[Path, str]]:
        if (family, sector) not in self._candidates:
            script = self._kind.script if self._kind else ""
            self._candidates[family, sector] = list(self._wordings.candidates(family, script, sector))
        return self._candidates[family, sector]

    def _template(self, folder: Path, name: str) -> Template:
        # Whether a file was changed is looked for once a moment, not once a customer.
        if (folder, name) not in self._templates:
            self._templates[folder, name] = self._wordings.template(folder, name)
        return self._templates[folder, name]


class _Sites(Sequence[Site]):
    """A group's sites in a template: to look at them is to name them."""

    def __init__(self, sites: Sequence[Site], seen: Callable[[], None]) -> None:
        self._sites, self._seen = sites, seen

    def __getitem__(self, place: Any) -> Any:
        self._seen()
        return self._sites[place]

    def __len__(self) -> int:
        self._seen()
        return len(self._sites)

    def __bool__(self) -> bool:
        return True


def sector_of(customer: Customer | None) -> str:
    """As what a customer is spoken to."""
    if customer is None:
        return ""
    return SPECIAL_NEED if customer.special_need else customer.sector


def tidy(text: str, family: str, language: str) -> str:
    """The text without what no device shows: on one line for a text message, else line by line, none of them empty
    twice."""
    lines = [clean(line).strip() if family in ONE_LINE else clean(line).rstrip() for line in text.strip().splitlines()]
    if family in ONE_LINE:
        return (" " if language == "en" else "").join(line for line in lines if line)
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept)
