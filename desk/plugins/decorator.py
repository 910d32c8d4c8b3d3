"""A channel as one function: the second rung, for who can edit a script.

    from desk.plugins import Receipt, channel

    @channel("pager", labels={"zh_CN": "呼机", "en": "pager"}, family="internal", address="phone")
    def pager(message):
        "Prints on the duty room's pager."
        number = ring(message.address, message.body)
        return Receipt(state="sent", external_id=number)

The function may also take `settings` (annotated with its ChannelSettings class) and `timeout` (seconds). It returns
a Receipt, or raises one of the send errors. No hook is needed: the decorated function is found in the file.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import new_class
from typing import Any, TypeVar

from desk.i18n import _
from desk.plugins.channels import Address, Capabilities, Channel, ChannelSettings
from desk.plugins.faults import Fault, place_of
from desk.plugins.messages import Message, Receipt

F = TypeVar("F", bound=Callable[..., Receipt])
MARK = "desk_channel"
TAKEN = ("message", "settings", "timeout")


def channel(
    name: str,
    *,
    labels: Mapping[str, str] | None = None,
    family: str = "other",
    address: Address = "none",
    can: Capabilities | None = None,
) -> Callable[[F], F]:
    """Makes the function below it a type of channel called `name`; `can` says more than family and address do."""

    def marked(function: F) -> F:
        able = can or Capabilities(family=family, address=address)
        setattr(function, MARK, _made(function, name, labels or {"en": name}, able))
        return function

    return marked


def _made(function: Callable[..., Receipt], name: str, labels: Mapping[str, str], can: Capabilities) -> type[Channel]:
    takes = tuple(inspect.signature(function).parameters)
    strange = [one for one in takes if one not in TAKEN]
    if strange or "message" not in takes:
        text = _("a channel function takes message, and if it wants settings and timeout; not {names}")
        raise Fault(text.format(names=", ".join(strange) or "()"), *place_of(function))

    def send(self: Channel, message: Message, timeout: float) -> Receipt:
        given = {"message": message, "settings": self.settings, "timeout": timeout}
        return function(**{one: given[one] for one in takes})

    vars(send)["__wrapped__"] = function  # a wrong answer is to blame on the function
    body = {
        "__doc__": inspect.getdoc(function),
        "__module__": function.__module__,
        "name": name,
        "labels": labels,
        "can": can,
        "Settings": _settings(function) if "settings" in takes else ChannelSettings,
        "send": send,
    }
    return new_class(name, (Channel,), exec_body=lambda space: space.update(body))


def _settings(function: Callable[..., Any]) -> type[ChannelSettings]:
    """What `settings` is annotated with."""
    try:
        shape = inspect.get_annotations(function, eval_str=True).get("settings", ChannelSettings)
    except NameError as problem:
        raise Fault(str(problem), *place_of(function)) from None
    if isinstance(shape, type) and issubclass(shape, ChannelSettings):
        return shape
    raise Fault(_("settings must be annotated with a subclass of ChannelSettings"), *place_of(function))
