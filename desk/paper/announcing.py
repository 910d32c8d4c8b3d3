"""What the media carry: reason, area and time in words, and the same as a page.

The words are a Jinja2 template, `announcement.zh.j2` and `.en.j2`: a line is a paragraph. The county's own stands in
`forms` in the data folder; one that fails gives way to the shipped one.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct

from desk.errors import Refused
from desk.i18n import N_, _
from desk.paper.press import SHIPPED, Press
from desk.text import clean

TITLES: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "supply_shortage": "限电公告",
        "changed": "停电时间变更公告",
        "cancelled": "取消停电公告",
        "explanation": "停电情况说明",
        "": "停电公告",
    },
    "en": {
        "supply_shortage": "Limited Supply",
        "changed": "Changed Times of an Outage",
        "cancelled": "Outage Cancelled",
        "explanation": "Interruption of Supply",
        "": "Power Outage",
    },
}
# What Article 9.1 wants in every announcement.
MUST_HOLD = (("cause", N_("the cause")), ("area", N_("the area in words")), ("span", N_("the times")))


class Announcement(Struct, frozen=True, kw_only=True):
    """What is published: a title, paragraphs, and the data of the page; `hash` is of title and words."""

    title: str
    paragraphs: tuple[str, ...]
    template: str
    hash: str
    content: Mapping[str, Any]
    warning: str = ""

    @property
    def text(self) -> str:
        """The words alone, for radio and newspapers."""
        return "\n".join((self.title, *self.paragraphs, f"{self.content['county']}", self.content["made"]))


def announced(press: Press, content: Mapping[str, Any]) -> Announcement:
    """The announcement of an outage; raises Refused while reason, area or time is not known."""
    lacking = [_(words) for name, words in MUST_HOLD if not content["outage"][name]]
    if lacking:
        text = _("{outage} cannot be announced: it lacks {facts} (Art. 9.1)")
        raise Refused(text.format(outage=content["outage"]["id"], facts=_(", ").join(lacking)))
    language = content["language"]
    title = TITLES[language].get(content["kind"], TITLES[language][""])
    name = f"announcement.{language}.j2"
    paragraphs, warning = _paragraphs(press, name, {**content, "page": False})
    beside_table, _warning = _paragraphs(press, name, {**content, "page": True})
    return Announcement(
        title=title,
        paragraphs=paragraphs,
        template=name,
        hash=sha256("\n".join((title, *paragraphs)).encode()).hexdigest(),
        content={**content, "title": title, "paragraphs": beside_table},
        warning=warning,
    )


def _paragraphs(press: Press, name: str, content: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    warning = ""
    for file in press.words(name):
        try:
            return _filled(file, content), warning
        except Exception as problem:  # whatever a template does, the announcement is due
            warning = _("{file} cannot be used: {problem}").format(file=file, problem=clean(str(problem)))
    raise Refused(warning or _("there is no form {form}; choose one of: {forms}").format(form=name, forms=SHIPPED))


def _filled(file: Path, content: Mapping[str, Any]) -> tuple[str, ...]:
    from desk.bounded import environment_of

    text = environment_of([file.parent]).from_string(file.read_text(encoding="utf-8")).render(**content)
    return tuple(clean(line).strip() for line in text.splitlines() if line.strip())
