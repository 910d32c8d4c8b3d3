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
from desk.plugins.channels import Capabilities, Channel, ChannelSettings
from desk.plugins.decorator import channel
from desk.plugins.facts import Fact
from desk.plugins.feeds import Feed, Incoming
from desk.plugins.messages import Attachment, Message, Receipt, Reply, Report, Review
from desk.plugins.outage_types import OutageRequest, OutageType, Problem
from desk.plugins.parts import Check, Listener, RulePack
from desk.plugins.secrets import Secret
from desk.plugins.send_errors import (
    BadAddress,
    ConfigProblem,
    GatewayTrouble,
    NoConnection,
    OptedOut,
    Refused,
    SendError,
    Throttled,
    UnknownOutcome,
    Unsupported,
)
from desk.plugins.settings import described
from desk.plugins.sources import Asked, Finding, Source
from desk.plugins.specs import hookimpl
from desk.records import Affected, AttemptState, Call, Customer, Outage, WorkOrder

__all__ = [
    "Affected",
    "Asked",
    "Attachment",
    "AttemptState",
    "BadAddress",
    "Call",
    "Capabilities",
    "Channel",
    "ChannelSettings",
    "Check",
    "ConfigProblem",
    "Customer",
    "Fact",
    "Feed",
    "Finding",
    "GatewayTrouble",
    "Incoming",
    "Listener",
    "Message",
    "NoConnection",
    "OptedOut",
    "Outage",
    "OutageRequest",
    "OutageType",
    "Problem",
    "Receipt",
    "Refused",
    "Reply",
    "Report",
    "Review",
    "RulePack",
    "Secret",
    "SendError",
    "Source",
    "Throttled",
    "UnknownOutcome",
    "Unsupported",
    "WorkOrder",
    "channel",
    "described",
    "hookimpl",
    "in_language",
]
