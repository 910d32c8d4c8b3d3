"""How a seat's screen looks: the theme, the lines and the language chosen there, remembered for the next start."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from desk import schema
from desk.i18n import LANGUAGES, SPELLINGS, _, language, set_language
from desk.records import Record

if TYPE_CHECKING:
    from desk.place import Place
    from desk.tui.app import DeskApp


class Look(Record, frozen=True, kw_only=True):
    """What was chosen on the screen of one seat; an empty word stands for what the settings say."""

    seat: str = ""
    theme: str = ""
    ascii_lines: bool = False
    language: str = ""


def remembered(place: Place) -> Look:
    """The look of this seat; as the settings say where none was chosen."""
    return place.store.records(schema.SEATS, Look).get(place.seat) or Look(seat=place.seat)


def remember(place: Place, look: Look) -> None:
    """Keep the look of this seat."""
    place.store.records(schema.SEATS, Look).put(look)


class Looks:
    """Carries out the commands that change the look. The language is set before the first board is read."""

    def __init__(self, app: DeskApp, look: Look) -> None:
        from desk.tui import theme
        from desk.tui.widgets.painted import Painted

        self._app, self._theme, self._painted = app, theme, Painted
        self._look = replace(look, seat=app.desk.place.seat)
        Painted.ascii_lines = look.ascii_lines

    def desk_theme(self) -> None:
        """The next theme."""
        app, names = self._app, self._theme.THEMES
        if app.theme not in names:
            app.say(_("The desk was opened without colours"), "warn")
            return
        app.theme = names[(names.index(app.theme) + 1) % len(names)]
        self._changed(theme=app.theme.removeprefix("desk-"))
        app.say(_("Theme: {name}").format(name=_(self._theme.THEME_NAMES[app.theme])))

    def desk_borders(self) -> None:
        """Lines of - and |, or box-drawing signs."""
        self._painted.ascii_lines = not self._painted.ascii_lines
        for screen in self._app.screen_stack:
            screen.set_class(self._painted.ascii_lines, "-ascii")
        self._changed(ascii_lines=self._painted.ascii_lines)

    def desk_language(self) -> None:
        """The other language."""
        names = list(LANGUAGES)
        set_language(names[(names.index(language()) + 1) % len(names)])
        configured = SPELLINGS[self._app.desk.place.config.desk.language]
        self._changed(language="" if language() == configured else language())
        self._app.say(LANGUAGES[language()])

    def _changed(self, **chosen: str | bool) -> None:
        self._app.repaint()
        self._look = replace(self._look, **chosen)
        self._app.go(partial(self._app.work.do, remember, self._app.desk.place, self._look))
