"""How each value of a rule pack is read: what TOML holds becomes what an entry keeps, or a sentence says why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from desk.durations import Duration, parse_duration
from desk.errors import BadInput
from desk.i18n import LANGUAGES, _
from desk.regulation import vocabulary
from desk.regulation.moments import Comparison, Moment, read_comparison, read_moment

Reader = Callable[[Any], Any]

ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
WORD = re.compile(r"[a-z0-9][a-z0-9_]*")


def text(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise BadInput(_("must be a text in quotes, not {value}").format(value=repr(value)))


def texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (text(value),)
    if isinstance(value, list):
        return tuple(text(item) for item in value)
    raise BadInput(_("must be a list of texts, not {value}").format(value=repr(value)))


def some_texts(value: Any) -> tuple[str, ...]:
    found = texts(value)
    if not found:
        raise BadInput(_("must not be empty"))
    return found


def flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise BadInput(_("must be true or false, not {value}").format(value=repr(value)))


def number(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise BadInput(_("must be a whole number, not {value}").format(value=repr(value)))


def identifier(value: Any) -> str:
    found = text(value)
    if ID.fullmatch(found):
        return found
    raise BadInput(_("must be letters and digits, like A9.3, not {value}").format(value=repr(value)))


def words(value: Any) -> dict[str, str]:
    """A text in every language that the desk speaks."""
    if not isinstance(value, dict):
        raise BadInput(_("must be written for each language: {languages}").format(languages=", ".join(LANGUAGES)))
    for language in value:
        if language not in LANGUAGES:
            raise BadInput(_("there is no language {name}").format(name=language) + _guess(language, LANGUAGES))
    missing = [language for language in LANGUAGES if language not in value]
    if missing:
        raise BadInput(_("is missing in {languages}").format(languages=", ".join(missing)))
    return {language: text(written) for language, written in value.items()}


def moments(value: Any) -> tuple[Moment, ...]:
    return tuple(read_moment(written) for written in some_texts(value))


def comparison(value: Any) -> Comparison:
    return read_comparison(text(value))


def day(value: Any) -> str:
    """A date in force: TOML's own or a text, kept as a text."""
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(text(value)).isoformat()
    except ValueError:
        raise BadInput(_("{value} is no date; write it like 2026-01-01").format(value=repr(value))) from None


def day_of_year(value: Any) -> str:
    written = text(value)
    try:
        date.fromisoformat(f"2024-{written}")
    except ValueError:
        raise BadInput(_("{value} is no day of the year; write it like 04-30").format(value=repr(value))) from None
    return written


def section(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise BadInput(_("must be a section of name = length of time"))


def length(value: Any) -> Duration:
    return parse_duration(text(value))


def one_of(known: tuple[str, ...]) -> Reader:
    """A reader that takes the words of a closed list."""

    def read(value: Any) -> str:
        word = text(value)
        if word in known:
            return word
        raise BadInput(_("there is no {word}").format(word=word) + _guess(word, known))

    return read


def open_word(known: tuple[str, ...]) -> Reader:
    """A reader that takes any word but a slip of a known one."""

    def read(value: Any) -> str:
        word = text(value)
        return _checked_word(word, word, known)

    return read


def open_words(known: tuple[str, ...]) -> Reader:
    return lambda value: tuple(_checked_word(word, word, known) for word in some_texts(value))


def selectors(value: Any) -> tuple[str, ...]:
    """Who: words like `special`, `department:office`, `sector:hospital`."""
    return tuple(_selector(word, (*vocabulary.CUSTOMERS, *vocabulary.OTHERS)) for word in some_texts(value))


def customer_selectors(value: Any) -> tuple[str, ...]:
    return tuple(_selector(word, vocabulary.CUSTOMERS) for word in some_texts(value))


def conditions(value: Any) -> tuple[str, ...]:
    return tuple(_condition(word) for word in some_texts(value))


def channels(value: Any) -> tuple[str, tuple[str, ...]]:
    """`{ any_of = […] }` or `{ all_of = […] }`: the mode, and the channels."""
    if not isinstance(value, dict) or len(value) != 1 or not {"any_of", "all_of"}.issuperset(value):
        raise BadInput(_("must say any_of or all_of, like {example}").format(example='channels.any_of = ["phone"]'))
    ((mode, written),) = value.items()
    return mode, open_words(vocabulary.CHANNELS)(written)


def _condition(word: str) -> str:
    if word.startswith(vocabulary.AFFECTS):
        _selector(word.removeprefix(vocabulary.AFFECTS), vocabulary.CUSTOMERS)
    elif word not in vocabulary.CHANGES:
        known = (*vocabulary.CHANGES, "affects:important")
        raise BadInput(_("there is no condition {word}").format(word=word) + _guess(word, known))
    return word


def _selector(word: str, known: tuple[str, ...]) -> str:
    prefix, colon, name = word.partition(":")
    prefixes = ("sector",) if known == vocabulary.CUSTOMERS else tuple(vocabulary.PREFIXED)
    if colon and prefix in prefixes:
        _checked_word(name, word, vocabulary.PREFIXED[prefix])
    elif word not in known:
        choices = (*known, *(f"{name}:…" for name in prefixes))
        raise BadInput(_("there is no recipient {word}").format(word=word) + _guess(word, choices))
    return word


def _checked_word(word: str, shown: str, known: tuple[str, ...]) -> str:
    if word in known:
        return word
    if not WORD.fullmatch(word):
        raise BadInput(_("must be small letters, digits and _, not {value}").format(value=repr(shown)))
    from difflib import get_close_matches

    close = get_close_matches(word, known, 1, 0.8)
    if close:
        text = _("there is no {word}; did you mean {near}?")
        raise BadInput(text.format(word=shown, near=close[0]))
    return word


def _guess(word: str, known: Mapping[str, str] | tuple[str, ...]) -> str:
    from desk.config.mistakes import guess

    return guess(word, known)
