"""Channels that lie, print, cut, mix and count wrongly while the gateway takes everything."""

# ruff: noqa: ARG002 - a channel names the arguments of the contract

from __future__ import annotations

import sys
from html import escape
from time import sleep

from kit_radio import Radio
from msgspec.structs import replace

from desk.plugins import Channel, Problem, Receipt, SendError, Unsupported


class Printing(Radio):
    def send(self, message, timeout):
        print("sending", message.body)
        return super().send(message, timeout)


class Exiting(Radio):
    def check(self, timeout):
        sys.exit(3)


class Priceless(Radio):
    def price(self, message):
        return None


class Rebating(Radio):
    def price(self, message):
        return -0.05


class Lying(Radio):
    def send(self, message, timeout):
        super().send(message, timeout)


class Truthy(Radio):
    def send(self, message, timeout):
        return bool(super().send(message, timeout))


class Boasting(Radio):
    def read(self, answer):
        return Receipt(state="read", external_id=answer)  # type: ignore[arg-type]


class Idless(Radio):
    def read(self, answer):
        super().read(answer)
        return Receipt(state="accepted")


class Pretending(Radio):
    def send(self, message, timeout):
        return Receipt(state="accepted", external_id="r0")


class Stuttering(Radio):
    def send(self, message, timeout):
        self.centre.take(message.address, message.body, "", timeout)
        return super().send(message, timeout)


class Crashing(Radio):
    def send(self, message, timeout):
        return super().send(message, timeout // 0)


class Raising(Radio):
    def send(self, message, timeout):
        raise SendError("something")  # an error, though the gateway takes messages


class Alarming(Radio):
    def check(self, timeout):
        return Problem("wrong")


class Probing(Radio):
    def check(self, timeout):
        self.centre.take("13800138000", "test", "", timeout)


class Cutting(Radio):
    def send(self, message, timeout):
        return super().send(replace(message, body=message.body[: self.can.max_chars]), timeout)


class Escaping(Radio):
    def send(self, message, timeout):
        return super().send(replace(message, body=escape(message.body)), timeout)


class Picky(Radio):
    def send(self, message, timeout):
        if len(message.body) >= self.can.max_chars:
            raise Unsupported
        return super().send(message, timeout)


class Mixing(Radio):
    def send(self, message, timeout):
        self.address = message.address
        sleep(0.02)
        return super().send(replace(message, address=self.address), timeout)


class Keyless(Radio):
    def key(self, message):
        return ""


class Shuffling(Radio):
    def send_many(self, messages, timeout):
        return super().send_many(messages, timeout)[::-1]


class Short(Radio):
    def send_many(self, messages, timeout):
        return super().send_many(messages, timeout)[:-1]


class Bulky(Radio):
    def send_many(self, messages, timeout):
        return [True for _message in messages]


# rule, channel, what the kit says
BAD: tuple[tuple[str, type[Channel], str], ...] = (
    ("quiet", Printing, "it printed: sending"),
    ("quiet", Exiting, "tried to end the program"),
    ("price", Priceless, "not None"),
    ("price", Rebating, "not -0.05"),
    ("receipt", Lying, "returned None, not a Receipt"),
    ("receipt", Truthy, "returned True, not a Receipt"),
    ("receipt", Boasting, "a Receipt is not read"),
    ("receipt", Idless, "no external_id"),
    ("receipt", Pretending, "the gateway has 0"),
    ("receipt", Stuttering, "the gateway has 2"),
    ("receipt", Crashing, "kit_bad_sending.py line"),
    ("receipt", Raising, "SendError: something"),
    ("check", Alarming, "check() says"),
    ("check", Probing, "sent a message"),
    ("whole", Cutting, "did not arrive whole"),
    ("whole", Escaping, "did not arrive whole"),
    ("whole", Picky, "within the limit, and was refused"),
    ("apart", Mixing, "not the address"),
    ("key", Keyless, "the gateway has 3 messages, not 2"),
    ("bulk", Shuffling, "not in order"),
    ("bulk", Short, "send_many() returned"),
    ("bulk", Bulky, "neither a Receipt nor a SendError"),
)
