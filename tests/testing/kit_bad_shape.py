"""Channels that describe themselves wrongly, and people's channels that do not say what to do."""

# ruff: noqa: ARG002 - a channel names the arguments of the contract

from __future__ import annotations

import os
from threading import Event, Thread

from kit_radio import Radio, RadioSettings, Visit
from msgspec import Struct

from desk.plugins import Capabilities, Channel, Receipt


class Nameless(Radio):
    name = "My Radio"


class Unlabelled(Radio):
    labels = {}


class Promising(Visit):
    can = Capabilities(family="face_to_face", address="place", needs_human=True, cancel=True)


class Splitting(Visit):
    can = Capabilities(needs_human=True, overflow="split")


class Connecting(Radio):
    def __init__(self, settings=None):
        import socket

        super().__init__(settings)
        with socket.socket() as wire:
            wire.bind(("127.0.0.1", 0))


class Writing(Radio):
    def __init__(self, settings=None):
        super().__init__(settings)
        os.close(os.open(os.path.join(os.environ["TMP_OF_TEST"], "x"), os.O_WRONLY | os.O_CREAT))


class Threading(Radio):
    def __init__(self, settings=None):
        super().__init__(settings)
        Thread(target=Event().wait, args=(0.5,), daemon=True, name="eager").start()


class Swallowing(Radio):
    class Settings(Struct, frozen=True):
        centre: int


class Lenient(Radio):
    class Settings(RadioSettings, frozen=True, forbid_unknown_fields=False):
        pass


class PlainSecret(Radio):
    class Settings(RadioSettings, frozen=True, kw_only=True):
        password: str = "hunter2"


class Speechless(Visit):
    def steps(self, message):
        return []


class Mumbling(Visit):
    def steps(self, message):
        return ["go there", message.body]


class Silent(Visit):
    def steps(self, message):
        return [f"go to {message.address}"]


class Hasty(Visit):
    def send(self, message, timeout):
        return Receipt(state="delivered")


class Aimless(Visit):
    def send(self, message, timeout):
        return Receipt(state="with_agent")


# rule, channel, what the kit says
BAD: tuple[tuple[str, type[Channel], str], ...] = (
    ("described", Nameless, "not 'My Radio'"),
    ("described", Unlabelled, "in at least one language"),
    ("promises", Promising, "there is no cancel()"),
    ("promises", Splitting, "how long a part may be"),
    ("opens_nothing", Connecting, "making the object opened something: socket.bind"),
    ("opens_nothing", Writing, "making the object opened something: open"),
    ("opens_nothing", Threading, "thread eager"),
    ("unknown_setting", Swallowing, "must be a ChannelSettings"),
    ("unknown_setting", Lenient, "swallowed"),
    ("secrets", PlainSecret, "the setting password is plain text"),
    ("steps", Speechless, "at least one line"),
    ("steps", Mumbling, "the number or address"),
    ("steps", Silent, "the words of the message"),
    ("with_agent", Hasty, "answers with_agent"),
    ("no_address", Aimless, "nobody would learn"),
)
