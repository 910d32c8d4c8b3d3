"""Benches for channels that a TOML file declares: their own file, aimed at a gateway, program or folder of the kit.

Nothing has to be written for them: the settings come from `[example]`, and so do the gateway's words where the bare
HTTP status would not do. What neither says is not played, and the rules that need it are skipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import msgspec

from desk.plugins import AttemptState, Channel, ConfigProblem, Message, Receipt, SendError
from desk.plugins.declared import DeclaredChannel, Ground
from desk.plugins.declared.http import Answered
from desk.plugins.declared.shapes import STATES
from desk.plugins.declared.templates import SETTING, Blank, Template
from desk.plugins.declared.webhook import WebhookChannel
from desk.testing.bench import Bench, Heard, Mode
from desk.testing.command import CommandBench, FakeCommand
from desk.testing.gateway import ANSWERS, Answer, FakeGateway
from desk.testing.making import settings_of
from desk.testing.web import WebBench

# What each mode must come to, and the name for it in a file.
MEANT: Mapping[str, str] = {"throttle": "throttled", "reject": "refused", "trouble": "gateway_trouble"}


def declared_bench(type: type[DeclaredChannel]) -> Bench:
    """A bench for the channel, as far as its file lets the kit play its gateway."""
    made = BENCHES.get(type.kind, Bench)
    return made(type, _settings(type))


def webhook(kind: type[DeclaredChannel], settings: Mapping[str, Any]) -> Bench:
    """The file's own request, sent to the kit's gateway."""
    assert issubclass(kind, WebhookChannel)
    gateway = FakeGateway(refusal=Bench.refusal)
    aimed, given = _aimed(kind, settings, gateway)
    channel = aimed(settings_of(aimed, given))
    gateway.answers |= _answers(channel)
    bench = WebBench(aimed, lambda _url: given, gateway=gateway, receipts=_receipts(channel))
    bench.plays = frozenset(mode for mode in bench.plays if _fits(channel, mode, gateway.answers.get(mode)))
    bench.reads = not channel.can.needs_human
    return bench


def command(kind: type[DeclaredChannel], settings: Mapping[str, Any]) -> Bench:
    """The file's own arguments, given to the kit's program."""
    exits = {named: int(code) for code, named in reversed([*_exits(kind).items()])}
    content: Mapping[str, Any] = next((item for item in _content(kind) if "exit" in item), {})
    codes = {mode: exits[name] for mode, name in MEANT.items() if name in exits}
    program = FakeCommand(
        {"accept": content.get("exit", 0), "trouble": 75, **codes}, says=str(content.get("text", "ok"))
    )
    first, *others = kind.spec["command"]["argv"]
    given = {**settings, **({_only_setting(first): str(program.path)} if _only_setting(first) else {})}
    if not _only_setting(first):
        first = Template((str(program.path),))
    aimed = _changed(kind, command={**kind.spec["command"], "argv": [first, *others]})
    bench = CommandBench(aimed, lambda _path: given, program)
    bench.plays |= codes.keys()
    bench.plays |= {"trouble"} if _exits(kind).get("75", "gateway_trouble") == "gateway_trouble" else set()
    bench.plays -= {"reject"} if "reject" not in codes and "1" in _exits(kind) else set()
    bench.expects = {"closed": ConfigProblem}
    bench.reads = not kind.can.needs_human
    return bench


class FolderBench(Bench):
    """A channel that leaves files in a folder: the kit's own, which "closed" takes away."""

    plays = frozenset({"accept", "closed"})
    expects: Mapping[str, type[SendError]] = {"closed": ConfigProblem}

    def __init__(self, type: type[Channel], settings: Mapping[str, Any]) -> None:
        self._place = TemporaryDirectory(prefix="desk-kit-")
        self._folder = Path(self._place.name, "spool")
        super().__init__(type, {**settings, "folder": str(self._folder)})
        self.play("accept")

    def play(self, mode: Mode) -> None:
        for file in self._folder.iterdir() if self._folder.exists() else ():
            file.unlink()
        self._folder.rmdir() if self._folder.exists() else None
        if mode == "accept":
            self._folder.mkdir()

    def heard(self) -> Sequence[Heard]:
        files = (
            sorted(self._folder.iterdir(), key=lambda file: file.stat().st_mtime_ns) if self._folder.exists() else []
        )
        return [Heard(words=(_text(file.read_bytes()),), id=file.name) for file in files]

    def close(self) -> None:
        self._place.cleanup()


BENCHES: Mapping[str, Callable[[type[DeclaredChannel], Mapping[str, Any]], Bench]] = {
    "webhook": webhook,
    "command": command,
    "file": FolderBench,
}


def _settings(kind: type[DeclaredChannel]) -> dict[str, Any]:
    """Those of the file's example; what it leaves out is made up, so that the kit has something to work with."""
    given = dict(kind.example.get("settings", {}))
    for field in msgspec.structs.fields(kind.Settings):
        if field.required and field.name not in given:
            given[field.name] = f"kit-{field.name}"
    # A secret that the kit could tell from other words.
    return {name: f"hidden-{name}-4711" if name in kind.secrets else value for name, value in given.items()}


def _aimed(
    kind: type[WebhookChannel], settings: Mapping[str, Any], gateway: FakeGateway
) -> tuple[type[WebhookChannel], dict[str, Any]]:
    """The channel with its address turned to `gateway`, in the settings or in the file, whichever holds it."""
    url: Template = kind.spec["request"]["url"]
    given = dict(settings)
    if name := _only_setting(Template(url.pieces[:1])):
        parts = urlsplit(str(settings.get(name, "")))
        given[name] = gateway.url + (parts.path if parts.netloc else "")
    else:
        url = Template((gateway.url, *_behind_host(url)))
    request = {key: value for key, value in kind.spec["request"].items() if key != "proxy"}
    return _changed(kind, request={**request, "url": url}), given


def _changed(kind: Any, **sections: Any) -> Any:
    """A class like `kind`, whose file says `sections` instead, and which may call this machine."""
    values = {"spec": {**kind.spec, **sections}, "ground": Ground(loopback=True), "__doc__": kind.__doc__}
    return type(kind.__name__, (kind,), values)


def _only_setting(template: Template) -> str:
    """The name of the setting that a template is, when it is nothing else."""
    match template.pieces:
        case (Blank(name=name),) if name.startswith(SETTING):
            return name.removeprefix(SETTING)
    return ""


def _behind_host(url: Template) -> Iterator[str | Blank]:
    """What stands behind scheme, host and port; these may have blanks of their own."""
    started = False
    for piece in url.pieces:
        if started:
            yield piece
        elif isinstance(piece, str) and (path := re.search(r"[/?].*", piece.partition("://")[2] or piece, re.DOTALL)):
            started = True
            yield path[0]


def _content(kind: type[DeclaredChannel]) -> list[Mapping[str, Any]]:
    """The answers of the example that mean "taken"."""
    return [item for item in kind.example.get("answers", ()) if item["gives"] in STATES]


def _exits(kind: type[DeclaredChannel]) -> Mapping[str, str]:
    exits: Mapping[str, str] = kind.spec.get("answer", {}).get("exits", {})
    return exits


def _answers(channel: WebhookChannel) -> Mapping[str, Answer]:
    """What this gateway says, mode by mode: as in the example, else with a bare status."""
    found: dict[str, Answer] = {}
    for item in _content(type(channel))[:1]:
        text = str(item.get("text", ""))
        found["accept"] = Answer(item.get("status", 200), text.replace(str(item.get("id") or "{id}"), "{id}"))
    if not found and (built := _built(channel.table("answer"))):
        found["accept"] = Answer(200, json.dumps(built))
    for mode, gives in MEANT.items():
        named = [item for item in channel.example.get("answers", ()) if item["gives"] == gives]
        if named and mode != "reject":  # a refusal is known by the kit's own words
            found[mode] = Answer(named[0].get("status", 200), str(named[0].get("text", "")))
    return found


def _built(told: Mapping[str, Any]) -> dict[str, Any]:
    """A good answer made from `[answer]`: its first good code, and an id, where they are looked for."""
    values = {"code": next(iter(told.get("ok", ("0",)))), "id": "{id}"}
    return _nested([(told[name], value) for name, value in values.items() if name in told])


def _nested(values: Sequence[tuple[Sequence[str], Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for path, value in values:
        inner = document
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner[path[-1]] = value
    return document


def _fits(channel: WebhookChannel, mode: str, answer: Answer | None) -> bool:
    """Whether the channel should make of this answer what the mode is about: else the file means something else."""
    if answer is None or mode == "junk":
        return True
    body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body, ensure_ascii=False)
    message = Message(recipient="", address="1", body="", key="k")
    try:
        got: object = channel.heard(Answered(status=answer.status, text=body), message)
    except SendError as error:
        got = error.code
    return isinstance(got, Receipt) if mode == "accept" else got == MEANT[mode]


def _receipts(channel: WebhookChannel) -> list[tuple[Mapping[str, Any], AttemptState]]:
    """Every word of `[receipt] states`, in the shape in which this gateway calls the desk."""
    told = channel.table("receipt")
    if not told or any(name.isdecimal() for key in ("id", "state", "list") for name in told.get(key, ())):
        return []
    return list(_worded(told))


def _worded(told: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], AttemptState]]:
    for word, state in told["states"].items():
        item = _nested([(told["id"], "{id}"), (told["state"], word)])
        yield (_nested([(told["list"], [item])]) if "list" in told else item), AttemptState(state)


def _text(content: bytes) -> str:
    """A file's text, with what JSON escapes made plain."""
    text = content.decode("utf-8", "replace")
    try:
        return "\n".join((text, *map(str, _leaves(json.loads(text)))))
    except ValueError:
        return text


def _leaves(thing: Any) -> Iterator[Any]:
    if isinstance(thing, dict | list):
        for inner in thing.values() if isinstance(thing, dict) else thing:
            yield from _leaves(inner)
    else:
        yield thing


assert set(MEANT) < set(ANSWERS)
