"""What the author of a plugin may use; nothing else of the desk is public to plugins.

The smallest part is one file, `plugins/flood.py`:

    from desk.plugins import OutageType, hookimpl

    @hookimpl
    def desk_outage_types():
        return [OutageType(id="flood", labels={"zh_CN": "洪水停电", "en": "flood"}, planned=False)]

Importing this package loads no screen, no HTTP client and no printer.
"""

from __future__ import annotations

from desk.i18n import in_language
from desk.plugins.channels import BadAddress, Capabilities, Channel, Message, Receipt, SendError
from desk.plugins.facts import Fact
from desk.plugins.outage_types import OutageRequest, OutageType, Problem
from desk.plugins.parts import Check, Feed, Listener, RulePack
from desk.plugins.specs import hookimpl
from desk.records import Affected, Outage

__all__ = [
    "Affected",
    "BadAddress",
    "Capabilities",
    "Channel",
    "Check",
    "Fact",
    "Feed",
    "Listener",
    "Message",
    "Outage",
    "OutageRequest",
    "OutageType",
    "Problem",
    "Receipt",
    "RulePack",
    "SendError",
    "hookimpl",
    "in_language",
]
