"""Which language the desk speaks: source strings are English, gettext catalogues carry the others.

    from desk.i18n import _, ngettext
    _("{count} outages are overdue").format(count=3)

The language is looked up when a sentence is made, so that switching needs no restart. `N_` marks a
sentence that stands in a table and is translated where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from desk.errors import BadInput

if TYPE_CHECKING:
    from gettext import NullTranslations

LANGUAGES: Mapping[str, str] = {"zh_CN": "简体中文", "en": "English"}
DEFAULT_LANGUAGE = "zh_CN"
SPELLINGS: Mapping[str, str] = {"zh_CN": "zh_CN", "zh": "zh_CN", "zh-CN": "zh_CN", "en": "en"}

_locale = Path(__file__).with_name("locale")
_language = DEFAULT_LANGUAGE


def set_language(language: str) -> None:
    """Speak `language` from now on: zh_CN (also written zh) or en; raises BadInput for any other."""
    global _language
    if language not in SPELLINGS:
        raise BadInput(f"there is no language {language!r}; choose one of {', '.join(LANGUAGES)}")
    _language = SPELLINGS[language]


def language() -> str:
    """The language spoken now, as in `LANGUAGES`."""
    return _language


def _(message: str) -> str:
    """`message` in the language spoken now, or as it stands where no translation is known."""
    if _language == "en" or not message:
        return message
    return _catalogue(_language).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form for `count` things in the language spoken now; `{count}` is left for the caller to fill."""
    if _language == "en":
        return singular if count == 1 else plural
    return _catalogue(_language).ngettext(singular, plural, count)


def N_(message: str) -> str:
    """`message` unchanged: only marks it for the catalogue."""
    return message


def in_language(texts: Mapping[str, str], language: str = "") -> str:
    """The text of `texts` (language → text) for `language`, else for the one spoken now; the English or the first
    one otherwise.

    For parts that bring their own words beside the catalogue.
    """
    return texts.get(language or _language) or texts.get("en") or next(iter(texts.values()), "")


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    # `desk --help` in English never pays for this import; a catalogue not yet compiled leaves English.
    from gettext import translation

    return translation("desk", _locale, [language], fallback=True)
