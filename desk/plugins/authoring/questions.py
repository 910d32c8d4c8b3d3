"""The five questions of `desk plugins new`: name, label, kind, family, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from desk.config.mistakes import guess
from desk.i18n import N_, _
from desk.plugins.authoring.mentioned import mentioned
from desk.plugins.collect import NAME
from desk.plugins.declared.apprise import read_url
from desk.plugins.declared.head import CHANNELS
from desk.plugins.declared.shapes import Known
from desk.plugins.declared.templates import Wrong, parse

Answers = Mapping[str, str]

KINDS: Mapping[str, str] = {
    "webhook": N_("a gateway that is called over HTTP"),
    "command": N_("a program on this machine"),
    "apprise": N_("mail or one of 170 services, through Apprise"),
    "human": N_("a person, step by step"),
    "file": N_("files in a folder that another program picks up"),
}
# family → what it is, and the kind of address it takes.
FAMILIES: Mapping[str, tuple[str, str]] = {
    "sms": (N_("text messages"), "mobile"),
    "phone": (N_("telephone calls"), "phone"),
    "fax": (N_("faxes"), "fax"),
    "internal": (N_("word to branches and departments"), "none"),
    "written_notice": (N_("written notices"), "place"),
    "face_to_face": (N_("visits"), "place"),
    "media_announcement": (N_("announcements to the public"), "none"),
}
WHERE: Mapping[str, tuple[str, str]] = {
    "webhook": (N_("the address of the gateway"), "http://127.0.0.1:8080/send"),
    "command": (N_("the program and its arguments, separated by spaces"), "/usr/local/bin/page -- {address} {body}"),
    "apprise": (N_("the URL of the service"), "mailtos://mail.example.cn?from={settings.sender}&to={address}"),
    "human": (
        N_("the steps, separated by semicolons"),
        N_("dial {address}; read out: {body}; note who listened, or that it failed"),
    ),
    "file": (N_("the name of each file"), "{key}.txt"),
}


class Question(Struct, frozen=True, kw_only=True):
    """One thing to ask: its key among the answers, its words, what may be chosen, an example or default."""

    name: str
    words: str
    choices: Mapping[str, str] = {}
    default: str = ""


QUESTIONS = ("name", "label", "kind", "family", "where")


def questions(known: Answers) -> list[Question]:
    """The five, in order and in the language spoken now; the last one depends on the kind among the `known`."""
    where, example = WHERE.get(known.get("kind", ""), WHERE["webhook"])
    return [
        Question(name="name", words=_("a short name, in small letters"), default="pager"),
        Question(name="label", words=_("what it is called on screen"), default=known.get("name", "")),
        Question(
            name="kind",
            words=_("how it sends"),
            choices={kind: _(words) for kind, words in KINDS.items()},
            default="webhook",
        ),
        Question(
            name="family",
            words=_("which duties it carries"),
            choices={family: _(words) for family, (words, _address) in FAMILIES.items()},
            default="sms",
        ),
        Question(name="where", words=_(where), default=_(example)),
    ]


def mistakes(answers: Answers) -> dict[str, str]:
    """What is wrong, question by question, all at once; empty when a file can be written."""
    found = {name: _("{name} is missing").format(name=name) for name in QUESTIONS if not answers.get(name, "").strip()}
    for name in answers.keys() - set(QUESTIONS):
        found[name] = _('there is no question "{name}"').format(name=name) + guess(name, QUESTIONS)
    for name, check in CHECKS.items():
        if name not in found and (wrong := check(answers[name], answers)):
            found[name] = wrong
    return found


def _name(value: str, _answers: Answers) -> str:
    if NAME.fullmatch(value):
        return ""
    return _('name must be small letters, digits, _ and -, not "{name}"').format(name=value)


def _label(value: str, _answers: Answers) -> str:
    return "" if value.isprintable() else _("{name} is one line of text").format(name="label")


def _choice(options: Mapping[str, object]) -> Callable[[str, Answers], str]:
    def check(value: str, _answers: Answers) -> str:
        return "" if value in options else _('there is no "{value}"').format(value=value) + guess(value, options)

    return check


def _where(value: str, answers: Answers) -> str:
    known = Known(mentioned(value))
    if not value.isprintable():
        return _("{name} is one line of text").format(name="where")
    try:
        parse(value, known.settings)
        if answers.get("kind") == "apprise":
            read_url(value, known)
    except Wrong as wrong:
        return f'"{value}" {wrong}'
    if answers.get("kind") == "webhook" and not _is_web(value):
        return _('"{url}" is no address of a web service; write it like https://sms.example.cn/send').format(url=value)
    return ""


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "{" not in parts.netloc


CHECKS: Mapping[str, Callable[[str, Answers], str]] = {
    "name": _name,
    "label": _label,
    "kind": _choice(dict.fromkeys(CHANNELS)),
    "family": _choice(FAMILIES),
    "where": _where,
}
