"""What a rule is, and what the kit says of one rule and one channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from desk.i18n import _

if TYPE_CHECKING:
    from desk.plugins import Capabilities
    from desk.testing.bench import Bench, Mode


class Finding(Struct, frozen=True, kw_only=True):
    """One rule over one channel; `words` say what is wrong, or why the rule was skipped."""

    rule: str
    result: Literal["ok", "failed", "skipped"]
    words: str = ""


class Rule(Struct, frozen=True, kw_only=True):
    """One line of the table. `keep` is called with a bench, and raises Broken or Skip.

    `plays`: the modes without which there is nothing to try. `unless` says for which channels the rule does not count:
    from the capabilities a sentence why not, or "".
    """

    id: str
    sentence: str
    keep: Callable[[Bench], None]
    plays: tuple[Mode, ...] = ()
    unless: Callable[[Capabilities], str] = lambda _can: ""

    @property
    def words(self) -> str:
        """The rule as a sentence in the language spoken now."""
        return _(self.sentence)


class Broken(Exception):
    """The channel does not keep the rule; the text says what it did, and what was expected."""


class Skip(Exception):
    """The rule cannot be tried here; the text says why."""
