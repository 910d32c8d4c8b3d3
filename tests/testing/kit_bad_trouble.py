"""Channels that make the wrong thing of a gateway that is away, silent, slow or says no."""

# ruff: noqa: ARG002 - a channel names the arguments of the contract

from __future__ import annotations

from threading import Event
from time import sleep

from kit_radio import Radio

from desk.plugins import Channel, GatewayTrouble, NoConnection, Receipt, Refused, SendError, Throttled, UnknownOutcome


class Mistaken(Radio):
    """Takes every trouble for another one."""

    WRONG: dict[type[SendError], SendError] = {}

    def send(self, message, timeout):
        try:
            return super().send(message, timeout)
        except SendError as error:
            raise self.WRONG.get(type(error), error) from None


class Unsure(Mistaken):
    WRONG = {NoConnection: UnknownOutcome()}


class TooSure(Mistaken):
    WRONG = {UnknownOutcome: NoConnection()}


class Swallower(Radio):
    def send(self, message, timeout):
        try:
            return super().send(message, timeout)
        except SendError:
            return Receipt(state="sent", external_id="r0")


class Retrying(Radio):
    def key(self, message):
        return ""

    def send(self, message, timeout):
        try:
            return super().send(message, timeout)
        except UnknownOutcome:
            return super().send(message, timeout)


class Patient(Radio):
    def send(self, message, timeout):
        try:
            return super().send(message, timeout)
        except UnknownOutcome:
            sleep(0.6)
            raise


class Hanging(Radio):
    def poll(self, ids, timeout):
        Event().wait(5)
        return ()


class Blunt(Mistaken):
    WRONG = {Throttled: Refused()}


class Rushing(Mistaken):
    WRONG = {Throttled: Throttled(retry_after=0)}


class Wordless(Mistaken):
    WRONG = {Refused: Refused()}


class Gloomy(Mistaken):
    WRONG = {GatewayTrouble: Refused()}


class Blind(Radio):
    def check(self, timeout):
        return None


class Gullible(Radio):
    def read(self, answer):
        return Receipt(
            state="accepted", external_id="" if answer.startswith("\x00") else super().read(answer).external_id
        )


class Choking(Radio):
    def read(self, answer):
        return Receipt(state="accepted", external_id=str(int(answer.removeprefix("r"))))


class Optimist(Radio):
    def read(self, answer):
        try:
            return super().read(answer)
        except UnknownOutcome:
            raise GatewayTrouble from None  # the machine would send it again


# rule, channel, what the kit says
BAD: tuple[tuple[str, type[Channel], str], ...] = (
    ("no_connection", Unsure, "NoConnection is expected, not UnknownOutcome"),
    ("no_connection", Swallower, "is not there, and send() returned a Receipt"),
    ("away", Blind, "check() finds nothing wrong"),
    ("no_answer", TooSure, "UnknownOutcome is expected, not NoConnection"),
    ("lost_answer", Retrying, "the customer gets it twice"),
    ("lost_answer", Swallower, "hung up without an answer, and send() returned a Receipt"),
    ("deadline", Patient, "send() "),
    ("deadline", Hanging, "poll() was not back"),
    ("throttled", Blunt, "Throttled is expected, not Refused"),
    ("throttled", Rushing, "retry_after must be seconds, not 0"),
    ("refused", Wordless, "余额不足"),
    ("gateway_trouble", Gloomy, "GatewayTrouble is expected"),
    ("junk_answer", Gullible, "taken as a Receipt"),
    ("junk_answer", Choking, "ValueError"),
    ("junk_answer", Optimist, "would send it again"),
)
