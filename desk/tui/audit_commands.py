"""The commands of the audit: its lines, and whether they are still what was written."""

from __future__ import annotations

from desk.i18n import N_
from desk.tui.access_commands import DESK_OR_LIST
from desk.tui.command import Command, at
from desk.tui.context import InputContext

AUDIT = N_("Audit")
HERE = at("audit")


def _nothing_asked(context: InputContext) -> bool:
    return not context.asking


AUDIT_COMMANDS: tuple[Command, ...] = (
    Command(id="screens.audit", label=N_("Audit"), keys=(), group=AUDIT, where=DESK_OR_LIST - {"audit"},
            when=_nothing_asked),
    Command(id="audit.verify", label=N_("Verify"), keys=("v",), group=AUDIT, where=HERE, footer=1,
            when=_nothing_asked),
    Command(id="audit.which", label=N_("Which"), keys=("s",), group=AUDIT, where=HERE, footer=2, when=_nothing_asked),
    Command(id="audit.about", label=N_("All about this"), keys=("enter",), group=AUDIT, where=HERE, footer=3,
            when=lambda context: bool(context.part) and not context.asking, palette=False),
)  # fmt: skip
