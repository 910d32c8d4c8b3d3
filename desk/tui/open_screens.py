"""Opens the screens beside the one screen; each is imported when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.records import Outage
    from desk.tui.app import DeskApp
    from desk.tui.screens.form import OutageForm
    from desk.tui.screens.help import HelpScreen


class Screens:
    """Carries out the commands that open a screen, wherever the keyboard is."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._form: OutageForm | None = None
        self._help: HelpScreen | None = None

    def keep(self) -> None:
        """Make the form and the help now, in idle time: one that is kept opens in a third of the time."""
        from desk.tui.screens.form import OutageForm
        from desk.tui.screens.help import HelpScreen

        self._form, self._help = OutageForm(), HelpScreen()
        for name, screen in {"form": self._form, "help": self._help}.items():
            self._app.install_screen(screen, name)
            self._app.get_screen(name)  # mounts it

    def open_form(self, outage: Outage | None = None) -> None:
        """The outage form: empty, or to change `outage`."""
        if self._form is not None:
            self._form.begin(outage)
            self._app.push_screen(self._form)

    def screens_log(self, account_no: str = "") -> None:
        """The call log, of one customer when an account is given."""
        from desk.tui.screens.log import LogScreen

        self._app.push_screen(LogScreen(account_no))

    def screens_import(self) -> None:
        from desk.tui.screens.imports import ImportScreen

        self._app.push_screen(ImportScreen())

    def screens_plugins(self) -> None:
        from desk.tui.screens.plugins import PluginsScreen

        self._app.push_screen(PluginsScreen())

    def desk_help(self) -> None:
        """The keys of where the keyboard is."""
        if self._help is not None:
            self._help.begin(self._app.context, self._app.keymap)
            self._app.push_screen(self._help)

    def desk_palette(self) -> None:
        """Every command that may run here, found by typing."""
        from desk.tui.screens.palette import PaletteScreen

        self._app.push_screen(PaletteScreen(self._app.context, self._app.keymap), self._picked)

    def _picked(self, id: str | None) -> None:
        if id:
            self._app.perform_id(id)
