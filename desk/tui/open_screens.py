"""Opens the screens beside the one screen; each is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

        if self._form is not None:
            return  # another agent came in: both are filled anew when they are opened
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

    def screens_leaves(self) -> None:
        """Leave to export: asked for, given, used."""
        from desk.tui.screens.leaves import LeavesScreen

        self._app.push_screen(LeavesScreen())

    def screens_audit(self) -> None:
        """Who did what."""
        from desk.tui.screens.audit import AuditScreen

        self._app.desk.access.require("see_audit")
        self._app.push_screen(AuditScreen())

    def screens_plugins(self) -> None:
        from desk.tui.screens.plugins import PluginsScreen

        self._app.push_screen(PluginsScreen())

    def screens_messages(self, outage: str = "") -> None:
        """The outbox, of one outage when its id is given."""
        from desk.tui.screens.messages import MessagesScreen

        self._app.push_screen(MessagesScreen(outage))

    def screens_outage_messages(self) -> None:
        """The messages about the outage under the cursor."""
        self.screens_messages(self._app.context.outage)

    def screens_sending(self) -> None:
        """What a release of the notices of the outage under the cursor would send."""
        from desk.tui.screens.sending import SendingScreen

        self._app.push_screen(SendingScreen(self._app.context.outage))

    def screens_paper(self) -> None:
        """The papers of the outage under the cursor: notices, rounds, what the media carry."""
        from desk.tui.screens.paper import PaperScreen

        self._app.push_screen(PaperScreen(self._app.context.outage))

    def open_new_channel(self) -> None:
        """Five questions, and a channel."""
        from desk.tui.screens.new_channel import NewChannelScreen

        self._app.push_screen(NewChannelScreen())

    def open_channel_settings(self, name: str) -> None:
        """The settings of one channel."""
        from desk.plugins.authoring import show
        from desk.tui.screens.channel_settings import ChannelSettingsScreen

        self._app.push_screen(ChannelSettingsScreen(name, show(self._app.desk.place.plugins, name)))

    # following up

    def screens_callbacks(self) -> None:
        """Whom we promised to call back."""
        from desk.tui.screens.callbacks import CallbacksScreen

        self._app.push_screen(CallbacksScreen())

    def screens_work_orders(self) -> None:
        """What crews must go and see."""
        from desk.tui.screens.work_orders import WorkOrdersScreen

        self._app.push_screen(WorkOrdersScreen())

    def screens_cases(self) -> None:
        """What callers want answered."""
        from desk.tui.screens.cases import CasesScreen

        self._app.push_screen(CasesScreen())

    def screens_predicted(self) -> None:
        """What calls point to."""
        from desk.tui.screens.predicted import PredictedScreen

        self._app.push_screen(PredictedScreen())

    def screens_shift(self) -> None:
        """What is open, the hand-over, what callers ask about."""
        from desk.tui.screens.shift import ShiftScreen

        self._app.push_screen(ShiftScreen())

    def open_calls_picture(self) -> None:
        """The calls of the last hours, drawn."""
        from desk.tui.screens.calls_picture import CallsPictureScreen

        self._app.push_screen(CallsPictureScreen())

    # duties, approvals, order tables

    def screens_work(self, outage: str = "") -> None:
        """The work list, of one outage when its id is given."""
        from desk.tui.screens.work import WorkScreen

        self._app.push_screen(WorkScreen(outage))

    def screens_outage_work(self) -> None:
        """The duties of the outage under the cursor."""
        self.screens_work(self._app.context.outage)

    def screens_dial(self, duty_id: str = "", filters: Mapping[str, str] | None = None) -> None:
        """Phone duties in turn, a certain one first when its id is given."""
        from desk.tui.screens.dial import DialScreen

        self._app.push_screen(DialScreen(duty_id, filters or {}))

    def open_settle(self, duty_id: str, then: Callable[[bool | None], None] | None = None) -> None:
        """What became of one duty."""
        from desk.tui.screens.settle import SettleScreen

        self._app.push_screen(SettleScreen(duty_id), then)

    def open_approvals(self, outage_id: str) -> None:
        """The approvals of one outage."""
        from desk.tui.screens.approvals import ApprovalsScreen

        self._app.push_screen(ApprovalsScreen(outage_id))

    def screens_oversight(self) -> None:
        """Every outage: told of owed, the names still open, what was late or out of order."""
        from desk.tui.screens.oversight import OversightScreen

        self._app.push_screen(OversightScreen())

    def screens_orders(self) -> None:
        """The order tables, and what to cut by them."""
        from desk.tui.screens.orders import OrdersScreen

        self._app.push_screen(OrdersScreen())

    def screens_rules(self) -> None:
        """The regulation, article by article."""
        from desk.tui.screens.rules import RulesScreen

        self._app.push_screen(RulesScreen())

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
