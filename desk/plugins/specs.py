"""The hooks a plugin may answer: each takes no argument and returns a list of what the plugin brings.

A hook does no I/O: it only says what there is. Work is done by the methods of the returned things, when
the desk asks for it. Records (`OutageType`, `RulePack`) are returned as they are; of the rest the class is
returned, and the desk makes the object.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pluggy import HookimplMarker, HookspecMarker

if TYPE_CHECKING:
    from desk.plugins.channels import Channel
    from desk.plugins.feeds import Feed
    from desk.plugins.messages import Message, Review
    from desk.plugins.outage_types import OutageType
    from desk.plugins.parts import Check, Listener, RulePack
    from desk.plugins.sources import Source
    from desk.records import Customer, Outage

PROJECT = "desk"

hookspec = HookspecMarker(PROJECT)
hookimpl = HookimplMarker(PROJECT)


class Hooks:
    """Every hook, with its exact arguments."""

    @hookspec
    def desk_outage_types(self) -> list[OutageType]:
        """Kinds of outage: their names, whether they are planned, what they need, what to say."""
        raise NotImplementedError

    @hookspec
    def desk_channels(self) -> list[type[Channel]]:
        """Ways to tell a customer something."""
        raise NotImplementedError

    @hookspec
    def desk_rule_packs(self) -> list[RulePack]:
        """Files that hold the rules of one regulation."""
        raise NotImplementedError

    @hookspec
    def desk_feeds(self) -> list[type[Feed]]:
        """Where outages and telephone calls come from without anyone typing them in."""
        raise NotImplementedError

    @hookspec
    def desk_listeners(self) -> list[type[Listener]]:
        """Who wants to hear what happened at the desk."""
        raise NotImplementedError

    @hookspec
    def desk_sources(self) -> list[type[Source]]:
        """Questions of the triage panel, asked about each caller beside the others."""
        raise NotImplementedError

    @hookspec(firstresult=True)
    def desk_route(self, outage: Outage, customer: Customer | None, channels: Sequence[str]) -> Sequence[str] | None:
        """Over which of `channels` (by name, the usual order) this customer is told, the first first; None: no say.

        Pure. An empty answer means a person. The first hook that answers decides.
        """
        raise NotImplementedError

    @hookspec
    def desk_review(self, message: Message, outage: Outage, customer: Customer | None) -> Review | None:
        """Whether `message` may go, must wait for a person, or must not go; None: no say.

        Pure. The strictest answer holds; a hook that raises means "hold".
        """
        raise NotImplementedError

    @hookspec
    def desk_checks(self) -> list[type[Check]]:
        """What `desk doctor` should look at besides its own list."""
        raise NotImplementedError


HOOKS = tuple(name for name in vars(Hooks) if name.startswith("desk_"))
# Asked when there is something to decide, with what they decide about; a plugin may take fewer of them.
DECIDING = {"desk_route": ("outage", "customer", "channels"), "desk_review": ("message", "outage", "customer")}
