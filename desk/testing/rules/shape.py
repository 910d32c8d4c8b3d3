"""Rules about what a channel says of itself, before anything is sent."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from importlib.util import module_from_spec
from threading import enumerate as threads
from typing import Any, get_type_hints

import msgspec

from desk.i18n import N_, _
from desk.plugins import Capabilities, Channel, ChannelSettings
from desk.plugins.collect import NAME
from desk.testing.bench import Bench
from desk.testing.findings import Broken, Rule
from desk.testing.making import secrets_of, settings_of
from desk.testing.trying import handed, opened
from desk.testing.watch import KIT, Reached, sealed, silenced, within

STRANGE = "no_such_setting"
SECRET = re.compile(r"(.*_)?(password|passwd|passphrase|secret|token|credentials?|(api|access|private)_?key)")


def described(bench: Bench) -> None:
    """It has a name, a label and a line that says what it is for."""
    name = getattr(bench.type, "name", None)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise Broken(_("name must be small letters, digits, _ and -, not {got}").format(got=repr(name)))
    labels = getattr(bench.type, "labels", None)
    if not isinstance(labels, Mapping) or not labels or not all(str(label).strip() for label in labels.values()):
        raise Broken(_("labels must name it in at least one language"))
    if not (bench.description or _first_line(bench.type)):
        raise Broken(_("the first line of its file must say what it is for"))


def promises(bench: Bench) -> None:
    """What its capabilities promise it has a method for."""
    can = getattr(bench.type, "can", None)
    if not isinstance(can, Capabilities):
        raise Broken(_("can must be Capabilities, not {got}").format(got=type(can).__name__))
    wrong = next((sentence for fits, sentence in PROMISES if not fits(bench.type)), "")
    if wrong:
        raise Broken(_(wrong))


def opens_nothing(bench: Bench) -> None:
    """Importing its module and making the object connect to nothing, start nothing, write nothing."""
    for what, call in ((_("importing it"), partial(_import_again, bench.type)), (_("making the object"), bench.make)):
        before = set(threads())
        with sealed() as seen, suppress(Reached):
            made = within(bench.patience, what, call)
            seen += [f"thread {thread.name}" for thread in threads() if thread not in before and thread.name != KIT]
            if isinstance(made, Channel):
                made.close()
        if seen:
            raise Broken(_("{what} opened something: {seen}").format(what=what, seen=seen[0]))


def strict_settings(bench: Bench) -> None:
    """A setting that it does not know is refused by name."""
    if not issubclass(bench.type.Settings, ChannelSettings):
        raise Broken(_("Settings must be a ChannelSettings"))
    try:
        settings_of(bench.type, {**bench.settings, STRANGE: 1})
    except msgspec.ValidationError as error:
        if STRANGE in str(error):
            return
        raise Broken(_("an unknown setting is refused, and not by its name: {words}").format(words=error)) from None
    raise Broken(_("an unknown setting is swallowed: a misspelt one would be, too"))


def hides_secrets(bench: Bench) -> None:
    """Passwords and tokens are `Secret`s, and are in no repr, error or printed line."""
    for name, hint in get_type_hints(bench.type.Settings).items():
        if SECRET.fullmatch(name) and hint in (str, str | None):
            raise Broken(_("the setting {name} is plain text; make it a Secret").format(name=name))
    channel = bench.make()
    hidden = [secret for secret in secrets_of(channel.settings) if secret]
    channel.close()
    for place, text in _texts(bench) if hidden else ():
        if any(secret in text for secret in hidden):
            raise Broken(_("a secret is readable in {place}").format(place=place))


def _first_line(type: type[Channel]) -> str:
    module = sys.modules.get(type.__module__)
    # A class without a docstring would inherit Channel's, which describes no channel.
    own = type.__dict__.get("__doc__") or (getattr(module, "__doc__", None) or "")
    return inspect.cleandoc(own).partition("\n")[0].strip()


def _import_again(type: type[Channel]) -> None:
    """Run the module of a part a second time, under another object: only so can one see what importing it does."""
    module = sys.modules.get(type.__module__)
    spec = getattr(module, "__spec__", None)
    if spec is None or spec.loader is None or not spec.name.startswith(("_desk_part_", "plugins.")):
        return
    spec.loader.exec_module(module_from_spec(spec))


def _texts(bench: Bench) -> Iterator[tuple[str, str]]:
    """Every text in which a careless channel shows its settings."""
    with silenced() as printed, opened(bench) as channel:
        yield "repr(settings)", repr(channel.settings)
        yield "repr(channel)", f"{channel!r} {channel}"
        for mode in ("closed", "reject", "throttle", "trouble", "lose", "junk"):
            if mode in bench.plays:
                bench.play(mode)
                answer = handed(bench, channel, bench.message())
                yield _("what it says when a send fails"), f"{answer!r} {answer} {getattr(answer, 'why', '')}"
        yield _("what it prints"), printed.getvalue()


def _overrides(*names: str) -> Callable[[type[Channel]], Any]:
    return lambda kind: any(getattr(kind, name) is not getattr(Channel, name) for name in names)


_sends, _bulk, _cancels = _overrides("send", "send_many"), _overrides("send_many"), _overrides("cancel")
_hears, _replies = _overrides("receipt", "poll"), _overrides("reply", "poll")

# A promise, and the sentence when it is not kept.
PROMISES: tuple[tuple[Callable[[type[Channel]], Any], str], ...] = (
    (lambda kind: _sends(kind), N_("it has no send()")),
    (
        lambda kind: kind.can.receipts == "none" or _hears(kind),
        N_("can.receipts is set, and there is neither receipt() nor poll()"),
    ),
    (lambda kind: not kind.can.cancel or _cancels(kind), N_("can.cancel is set, and there is no cancel()")),
    (
        lambda kind: kind.can.bulk == 1 or _bulk(kind),
        N_("can.bulk is more than one, and there is no send_many()"),
    ),
    (
        lambda kind: not kind.can.two_way or kind.can.needs_human or _replies(kind),
        N_("can.two_way is set, and there is no reply()"),
    ),
    (lambda kind: kind.can.timeout > 0, N_("can.timeout must be more than no time")),
    (
        lambda kind: kind.can.bulk >= 1 and kind.can.max_parts >= 1,
        N_("can.bulk and can.max_parts are at least one"),
    ),
    (
        lambda kind: min(kind.can.max_chars, kind.can.rate, kind.can.price) >= 0,
        N_("can.max_chars, rate and price are never below zero"),
    ),
    (
        lambda kind: kind.can.overflow == "refuse" or kind.can.max_chars or kind.can.encoding == "sms",
        N_('can.overflow is "split", and nothing says how long a part may be (max_chars, or encoding "sms")'),
    ),
    (
        lambda kind: not kind.can.idempotency or not kind.can.needs_human,
        N_("a person is no gateway that knows keys: can.idempotency does not go with can.needs_human"),
    ),
)

RULES = (
    Rule(id="described", sentence=N_("It has a name, a label and a line that says what it is for"), keep=described),
    Rule(id="promises", sentence=N_("What its capabilities promise it has a method for"), keep=promises),
    Rule(
        id="opens_nothing",
        sentence=N_("Importing it and making the object connect to nothing, start nothing, write nothing"),
        keep=opens_nothing,
    ),
    Rule(id="unknown_setting", sentence=N_("A setting that it does not know is refused by name"), keep=strict_settings),
    Rule(id="secrets", sentence=N_("Secrets are in no repr, error or printed line"), keep=hides_secrets),
)
