"""The desk's colours: one table of roles for each theme, as Textual themes and as Rich styles for the line widgets.

Every role that carries text keeps a contrast of 4.5 : 1 against its background (tests/tui/test_theme.py);
colour never says anything that a word or a sign beside it does not say too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

from rich.style import Style
from textual.theme import Theme

from desk.i18n import N_

THEMES = ("desk-dark", "desk-light", "desk-contrast", "desk-terminal")
PLAIN = "desk-plain"  # no colour at all: --no-color, $NO_COLOR
THEME_NAMES: Mapping[str, str] = {
    "desk-dark": N_("dark"),
    "desk-light": N_("light"),
    "desk-contrast": N_("high contrast"),
    "desk-terminal": N_("the terminal's own colours"),
}

# role: (dark, light, contrast, terminal). A leading `!` is bold.
ROLES: Mapping[str, tuple[str, str, str, str]] = {
    "ground": ("#14181d", "#fbfaf7", "#000000", "default"),
    "raised": ("#1e252d", "#ebe8e1", "#1c1c1c", "default"),
    "rule": ("#3a4653", "#c3beb3", "#ffffff", "bright_black"),
    "text": ("#d9dee5", "#22272e", "#ffffff", "default"),
    "dim": ("#a1acb9", "#5b636d", "#dddddd", "default"),
    "strong": ("!#f3f6fa", "!#0d1117", "!#ffffff", "!default"),
    "accent": ("#74b9ff", "#0a56b8", "#6fd3ff", "cyan"),
    "key": ("!#74b9ff", "!#0a56b8", "!#ffff00", "!cyan"),
    "off": ("#f2b661", "#875000", "#ffc04d", "yellow"),
    "overdue": ("!#ff8f85", "!#b0221a", "!#ff9c94", "!red"),
    "danger": ("!#ff8f85", "!#b0221a", "!#ff9c94", "!red"),
    "due_to_start": ("!#ec9bdc", "!#92278a", "!#ff9cf5", "!magenta"),
    "upcoming": ("#8cc0f5", "#0b5699", "#8fd0ff", "blue"),
    "predicted": ("#c0aef8", "#6237b0", "#d6c4ff", "magenta"),
    "restored": ("#86d394", "#1c7034", "#8dff9f", "green"),
    "good": ("#86d394", "#1c7034", "#8dff9f", "green"),
    "warn": ("#f2b661", "#875000", "#ffc04d", "yellow"),
    "bad": ("!#ff8f85", "!#b0221a", "!#ff9c94", "!red"),
    "title": ("!#f3f6fa", "!#0d1117", "!#ffffff", "!default"),
    "number": ("!#f3f6fa", "!#0d1117", "!#ffffff", "!default"),  # a telephone number in clear, see cells.py
    "script": ("#e8ecd8", "#23301f", "#ffffff", "default"),
    "sandbox": ("!#14181d", "!#fbfaf7", "!#000000", "!default"),
}
CURSOR = ("#2a3d53", "#d5e4f6", "#00337a", "")
CURSOR_AWAY = ("#20272f", "#eceae4", "#262626", "")
SANDBOX_GROUND = ("#ec9bdc", "#92278a", "#ff9cf5", "")


def first_theme(remembered: str = "") -> str:
    """The theme to begin with: $DESK_THEME (dark, light, contrast, terminal), else the remembered one, else dark."""
    wanted = "desk-" + os.environ.get("DESK_THEME", remembered).removeprefix("desk-")
    return wanted if wanted in THEMES else THEMES[0]


def themes() -> list[Theme]:
    """The themes for Textual's stylesheet: dark, light, high contrast, the terminal's own palette, and no colour."""
    return [_theme(_index(name), name) for name in (*THEMES, PLAIN)]


@cache
def styles(theme: str) -> Mapping[str, Style]:
    """Role -> Rich style for `theme`; an unknown theme gets the dark one's."""
    index = _index(theme)
    ground = _colour("ground", index)
    table = {role: _style(values[index], ground) for role, values in ROLES.items()}
    table["raised"] = Style(color=_colour("text", index), bgcolor=_colour("raised", index))
    table["sandbox"] = _sandbox(index)
    return table


@cache
def cursor_style(theme: str, here: bool) -> Style:
    """What the line under the cursor adds to its cells; `here` while its list has the keyboard."""
    index = _index(theme)
    if THEMES[index] == "desk-terminal":
        return Style(reverse=True) if here else Style(underline=True)
    return Style(bgcolor=(CURSOR if here else CURSOR_AWAY)[index])


@cache
def on_raised(theme: str, role: str) -> Style:
    """The style of `role` on the strip and the key bar."""
    index = _index(theme)
    return styles(theme)[role] + Style(bgcolor=_colour("raised", index))


def _sandbox(index: int) -> Style:
    if THEMES[index] == "desk-terminal":
        return Style(reverse=True, bold=True)
    return Style(color=_colour("ground", index), bgcolor=SANDBOX_GROUND[index], bold=True)


def _style(value: str, ground: str) -> Style:
    return Style(color=value.lstrip("!"), bgcolor=ground, bold=value.startswith("!"))


def _colour(role: str, index: int) -> str:
    return ROLES[role][index].lstrip("!")


def _index(theme: str) -> int:
    if theme == PLAIN:  # Textual takes the colours away: bold, underlined and reverse are left
        return THEMES.index("desk-terminal")
    return THEMES.index(theme) if theme in THEMES else 0


def _theme(index: int, name: str) -> Theme:
    ansi = THEMES[index] == "desk-terminal"
    reverse = "reverse" if name == PLAIN else "none"

    def colour(role: str) -> str:
        value = _colour(role, index)
        return f"ansi_{value}" if ansi else value

    cursor = "ansi_cyan" if ansi else CURSOR[index]
    return Theme(
        name=name,
        primary=colour("accent"),
        secondary=colour("upcoming"),
        warning=colour("warn"),
        error=colour("bad"),
        success=colour("good"),
        accent=colour("accent"),
        foreground=colour("text"),
        background=colour("ground"),
        surface=colour("ground"),
        panel=colour("raised"),
        dark=name != "desk-light",
        ansi=ansi,
        variables={
            "rule": colour("rule"),
            "raised": colour("raised"),
            "dim": colour("dim"),
            "field": "ansi_default" if ansi else CURSOR_AWAY[index],
            "ansi-background": "ansi_default",
            "ansi-foreground": "ansi_default",
            "input-cursor-background": "ansi_white" if ansi else colour("text"),
            "input-cursor-foreground": "ansi_black" if ansi else colour("ground"),
            "input-cursor-text-style": reverse,
            "input-selection-background": cursor,
            "input-selection-foreground": "ansi_black" if ansi else colour("text"),
        },
    )
