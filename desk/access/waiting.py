"""How long no try is taken, in words."""

from __future__ import annotations

from desk.i18n import ngettext


def wait_words(seconds: int) -> str:
    """After a few wrong passwords."""
    words = ngettext("wait {count} second before the next try", "wait {count} seconds before the next try", seconds)
    return words.format(count=seconds)


def locked_words(seconds: int) -> str:
    """After too many."""
    minutes = -(-seconds // 60)
    words = ngettext(
        "too many wrong passwords: locked for {count} minute, unless an administrator unlocks it",
        "too many wrong passwords: locked for {count} minutes, unless an administrator unlocks it",
        minutes,
    )
    return words.format(count=minutes)
