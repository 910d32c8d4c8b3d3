"""A new channel's file: written from five answers, with comments that say what else may stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from desk.errors import BadInput, StoreProblem
from desk.i18n import N_, _
from desk.plugins.authoring.mentioned import is_secret, mentioned
from desk.plugins.authoring.questions import FAMILIES, Answers, mistakes
from desk.plugins.declared.templates import parse
from desk.plugins.settings import toml_value

EXAMPLES: Mapping[str, str] = {
    "mobile": "13800138000",
    "phone": "0951-5550000",
    "fax": "0951-5550009",
    "place": N_("1 Heping Road"),
    "mail": "z@example.cn",
    "none": "",
}
RINGING = ("sms", "phone")
BODY = N_("Power off on line Chengdong at 8:00")


def write_new(answers: Answers, folder: Path) -> Path:
    """The file for the answers, in `folder`; raises BadInput with all that is wrong, and writes over nothing."""
    wrong = mistakes(answers)
    if wrong:
        raise BadInput("; ".join(wrong.values()))
    path = folder / f"{answers['name']}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(path, "x", encoding="utf-8") as file:
            file.write(file_text(answers))
    except FileExistsError:
        raise BadInput(_("{file} is there already; change it, or choose another name").format(file=path)) from None
    except OSError as problem:
        words = {"folder": folder, "words": problem.strerror}
        raise StoreProblem(_("{folder} cannot be written to: {words}").format(**words)) from None
    return path


def file_text(answers: Answers) -> str:
    """The whole file, in the language spoken now."""
    sections = [_head(answers), _can(answers), _settings(answers), *KINDS[answers["kind"]](answers), _example(answers)]
    return "\n".join("\n".join(lines) + "\n" for section in sections if (lines := list(section)))


def _head(answers: Answers) -> Iterator[str]:
    yield f"# {answers['label']}"
    yield f"kind = {toml_value(answers['kind'])}"
    yield f"name = {toml_value(answers['name'])}"
    yield f"label = {toml_value(answers['label'])}"


def _can(answers: Answers) -> Iterator[str]:
    yield "[can]"
    yield f"family = {toml_value(answers['family'])}"
    yield f"address = {toml_value(_address(answers))}"
    if answers["kind"] != "human":
        yield "timeout = 10"
        yield from _optional(_("how long a text may be, and whether the desk splits a longer one"))
        yield from ("# max_chars = 70", "# max_parts = 3", '# overflow = "split"')
        yield from _optional(_("yuan a part, parts a second; intrusive: quiet hours hold it"))
        yield from ("# price = 0.05", "# rate = 10")
        yield "intrusive = true" if answers["family"] in RINGING else "# intrusive = true"


def _settings(answers: Answers) -> Iterator[str]:
    names = mentioned(answers["where"])
    if names:
        yield from _optional(_("what [channels.{name}] of config.toml must say").format(name=answers["name"]))
        yield "[settings]"
    for name in names:
        yield f"{name} = {{ secret = true }}" if is_secret(name) else f'{name} = {{ type = "text" }}'


def _webhook(answers: Answers) -> Iterator[Iterator[str]]:
    def request() -> Iterator[str]:
        yield "[request]"
        yield f"url = {toml_value(answers['where'])}"
        yield f"json = {toml_value(_fields(answers))}"
        yield from _optional(_('or: form = { … }, text = "…", query = { … }, headers = { … }, method = "GET"'))

    def answer() -> Iterator[str]:
        yield "[answer]"
        yield from _optional(_("without these any HTTP 200 means taken; where the gateway's code, id and words stand:"))
        yield from ('# code = "errcode"', "# ok = [0]", '# id = "data.msgid"', '# words = "errmsg"')
        yield '# errors = { 45009 = "throttled", "*" = "refused" }'

    yield request()
    yield answer()


def _command(answers: Answers) -> Iterator[Iterator[str]]:
    def command() -> Iterator[str]:
        yield "[command]"
        yield f"argv = {toml_value(answers['where'].split())}"
        yield from _optional(_("what it reads; no shell is involved, each item is one argument"))
        yield '# stdin = "{body}"'

    def answer() -> Iterator[str]:
        yield "[answer]"
        yield 'state = "sent"'
        yield from _optional(_("what its exit codes mean, and where its output names the message"))
        yield from ('# exits = { 2 = "bad_address", 75 = "throttled" }', "# pattern = 'id=(?P<id>\\w+)'")

    yield command()
    yield answer()


def _apprise(answers: Answers) -> Iterator[Iterator[str]]:
    yield iter(("[apprise]", f"url = {toml_value(answers['where'])}"))


def _human(answers: Answers) -> Iterator[Iterator[str]]:
    yield iter(("[human]", f"steps = {toml_value(_steps(answers))}"))


def _file(answers: Answers) -> Iterator[Iterator[str]]:
    def lines() -> Iterator[str]:
        yield from _optional(
            _("the folder is spool/{name} in the data folder, or: [channels.{name}] folder").format(**answers)
        )
        yield "[file]"
        yield f"name = {toml_value(answers['where'])}"
        yield f"json = {toml_value(_fields(answers))}"

    yield lines()


KINDS: Mapping[str, Callable[[Answers], Iterator[Iterator[str]]]] = {
    "webhook": _webhook,
    "command": _command,
    "apprise": _apprise,
    "human": _human,
    "file": _file,
}


def _example(answers: Answers) -> Iterator[str]:
    yield from _optional(_("the file's own test: desk plugins check {name}").format(name=answers["name"]))
    yield "[example]"
    message = {"recipient": "95598", "address": _(EXAMPLES[_address(answers)]), "body": _(BODY)}
    yield f"message = {toml_value({key: value for key, value in message.items() if value})}"
    settings = {name: name.upper() for name in mentioned(answers["where"])}
    if settings:
        yield f"settings = {toml_value(settings)}"
    yield f"expect = {toml_value(_expected(answers, message, settings))}"
    if answers["kind"] == "webhook":
        yield 'answers = [{ status = 200, text = "ok", gives = "accepted" }, { status = 429, gives = "throttled" }]'
    if answers["kind"] == "command":
        yield 'answers = [{ exit = 0, text = "ok", gives = "sent" }, { exit = 1, text = "no", gives = "refused" }]'


def _expected(answers: Answers, message: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, object]:
    """What is sure to go out, whatever the author changes first."""
    if answers["kind"] == "webhook":
        return {"json": {"text": message["body"]}}
    if answers["kind"] == "command":
        return {"argv": [_filled(item, message, settings) for item in answers["where"].split()]}
    if answers["kind"] == "human":
        return {"steps": [_filled(step, message, settings) for step in _steps(answers)]}
    if answers["kind"] == "file":
        return {"name": _filled(answers["where"], message, settings)}
    return {"body": message["body"]}


def _filled(text: str, message: Mapping[str, str], settings: Mapping[str, str]) -> str:
    from desk.plugins.declared.channel import DeclaredChannel
    from desk.plugins.declared.example import MESSAGE
    from desk.plugins.messages import Message

    blanks = DeclaredChannel.blanks_of(Message(**{**MESSAGE, **message}))
    return parse(text, tuple(settings)).filled(blanks | {f"settings.{key}": value for key, value in settings.items()})


def _fields(answers: Answers) -> dict[str, str]:
    return ({"to": "{address}"} if _address(answers) != "none" else {}) | {"text": "{body}"}


def _steps(answers: Answers) -> list[str]:
    steps = answers["where"].replace("；", ";").split(";")
    return [step.strip() for step in steps if step.strip()]


def _address(answers: Answers) -> str:
    return "mail" if answers["where"].startswith("mailto") else FAMILIES[answers["family"]][1]


def _optional(words: str) -> Iterator[str]:
    yield f"# {words}"
