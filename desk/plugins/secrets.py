"""A password or key in a channel's settings: named by where it is kept, read when it is used, shown to nobody.

    password = { env = "SMS_PASSWORD" }
    password = { file = "secrets/sms" }          # counted from the folder of config.toml; the last newline is left out
    password = { keyring = "sms-gateway" }       # `service` or `service/user`; needs the extra `keyring`

The author of a channel writes `password: Secret` in its Settings, and where it goes out
`self.settings.password.reveal()`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from desk.i18n import _
from desk.plugins.send_errors import ConfigProblem

STARS = "***"
SHORTEST = 4  # signs; a shorter one would blot out half of every sentence
_revealed: set[str] = set()


def starred(text: str) -> str:
    """`text` with stars for every secret that was revealed so far: for logs and errors."""
    for word in sorted(_revealed, key=len, reverse=True):
        text = text.replace(word, STARS)
    return text


class Secret:
    """A text that no repr, log or error shows. `kind` is env, file, keyring or given, `place` where it is kept."""

    __slots__ = ("_folder", "kind", "place")

    def __init__(self, kind: str, place: str, folder: Path | None = None) -> None:
        self.kind = kind
        self.place = place
        self._folder = folder

    @classmethod
    def of(cls, text: str) -> Secret:
        """The text itself, for tests and dry runs; config.toml never holds one."""
        return cls("given", text)

    def reveal(self) -> str:
        """The text; raises ConfigProblem with the place where it is missing. A keyring may take its time."""
        text = READERS[self.kind](self.place, self._folder)
        if len(text) >= SHORTEST:
            _revealed.add(text)
        return text

    def missing(self) -> str:
        """Why it cannot be read, where that costs nothing to see (a keyring is not asked); empty when it can."""
        if self.kind == "keyring":
            return ""
        try:
            self.reveal()
        except ConfigProblem as problem:
            return str(problem)
        return ""

    def __repr__(self) -> str:
        return STARS

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(STARS, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and (self.kind, self.place) == (other.kind, other.place)

    def __hash__(self) -> int:
        return hash((self.kind, self.place))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied into files")


def secret(written: Any, folder: Path | None = None) -> Secret:
    """What config.toml says of a secret; raises ValueError with a sentence that does not repeat it."""
    if isinstance(written, Secret):
        return written
    if isinstance(written, Mapping) and len(written) == 1:
        ((kind, place),) = written.items()
        if kind in REFERENCES and isinstance(place, str) and place.strip():
            return Secret(kind, place, folder)
    text = _(
        'a secret is never written here: say where it is kept, like {{ env = "NAME" }}, {{ file = "secrets/sms" }} '
        'or {{ keyring = "service" }}'
    )
    raise ValueError(text.format())


def _from_environment(name: str, _folder: Path | None) -> str:
    value = os.environ.get(name)
    if not value:
        raise ConfigProblem(_("the environment variable {name} is not set").format(name=name))
    return value


def _from_file(name: str, folder: Path | None) -> str:
    path = (folder or Path()) / Path(name).expanduser()
    try:
        text = path.read_text(encoding="utf-8-sig").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as problem:
        words = getattr(problem, "strerror", "") or _("it is not text")
        text = _("the secret in {file} cannot be read: {words}").format(file=path, words=words)
        raise ConfigProblem(text) from None
    if not text:
        raise ConfigProblem(_("the secret in {file} is empty").format(file=path))
    return text


def _from_keyring(name: str, _folder: Path | None) -> str:
    service, _slash, user = name.partition("/")
    try:
        import keyring  # 60 ms, and an extra

        value = keyring.get_password(service, user or "desk")
    except ImportError:
        raise ConfigProblem(_("the keyring needs: pip install desk95598[keyring]")) from None
    except Exception as problem:  # every backend has errors of its own
        raise ConfigProblem(_("the keyring cannot be read"), why=str(problem)) from None
    if not value:
        raise ConfigProblem(_("the keyring has nothing under {name}").format(name=name))
    return str(value)


READERS: Mapping[str, Callable[[str, Path | None], str]] = {
    "env": _from_environment,
    "file": _from_file,
    "keyring": _from_keyring,
    "given": lambda text, _folder: text,
}
REFERENCES = ("env", "file", "keyring")
