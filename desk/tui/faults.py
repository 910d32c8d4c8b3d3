"""What nobody expected: the desk goes on where it can, and leaves with one sentence where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.worker import WorkerFailed

from desk.i18n import _
from desk.tui.fault_log import FaultLog

if TYPE_CHECKING:
    from desk.tui.app import DeskApp

MOST_FAILED_KEYS = 4  # in a row
MOST_FAULTS = 20  # different ones: a desk that fails at every turn had better be started again


class Faults:
    """Decides what becomes of a fault. The open calls are kept either way, the technical rest is in the log."""

    def __init__(self, app: DeskApp, log: FaultLog) -> None:
        self._app = app
        self.log = log
        self.is_painted = False  # a desk that cannot even begin is left at once
        self.failed_keys = 0
        self.last_words = ""  # why the desk had to stop
        self._count = 0

    def unexpected(self, fault: BaseException) -> None:
        """Go on: what was typed is kept, one sentence says what to do."""
        new = self.log.fault(fault.error if isinstance(fault, WorkerFailed) else fault)
        self._count += new
        if not self.is_painted or self._count > MOST_FAULTS or self.failed_keys > MOST_FAILED_KEYS:
            self.give_up()
        elif new:
            self._keep_calls()
            words = _("Something went wrong in the desk; what was typed is kept. If it comes again, send {file}")
            self._app.say(words.format(file=self.log.path), "bad")

    def give_up(self) -> None:
        """Leave with one sentence and code 1: going on would help nobody."""
        self._keep_calls(at_once=True)
        words = _("The desk had to stop; calls not saved are offered at the next start. Start it again, send {file}")
        self.last_words = words.format(file=self.log.path)
        self._app.leave_broken()

    def _keep_calls(self, *, at_once: bool = False) -> None:
        try:
            keep = getattr(self._app.screen_stack[0], "keep_calls", None)
            if keep is not None:
                keep(at_once=at_once)
        except Exception as fault:  # the fault may be in the very call that is to be kept
            self.log.fault(fault)
