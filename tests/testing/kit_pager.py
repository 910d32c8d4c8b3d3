"""A channel over HTTP on the standard library, and one that starts a program: what the kit's fakes are for."""

# ruff: noqa: ARG002 - a channel names the arguments of the contract

from __future__ import annotations

import json
import subprocess
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from desk.plugins import (
    BadAddress,
    Capabilities,
    Channel,
    ChannelSettings,
    GatewayTrouble,
    NoConnection,
    Problem,
    Receipt,
    Refused,
    Throttled,
    UnknownOutcome,
)

ERRORS = {400: Refused, 429: Throttled, 503: GatewayTrouble}


class PagerSettings(ChannelSettings, frozen=True, kw_only=True):
    url: str


class Pager(Channel):
    """Posts JSON, and reads an id."""

    name = "pager"
    labels = {"zh_CN": "寻呼", "en": "pager"}
    can = Capabilities(family="sms", address="mobile", receipts="gateway", idempotency=True)
    Settings = PagerSettings

    def send(self, message, timeout):
        if not message.address:
            raise BadAddress
        wire = self.wire(timeout)
        try:
            body = json.dumps({"to": message.address, "text": message.body})
            wire.request("POST", "/send", body.encode(), {"Idempotency-Key": message.key})
            answer = wire.getresponse()
            return self.read(answer.status, answer.read().decode("utf-8", "replace"))
        except (OSError, HTTPException) as error:
            raise UnknownOutcome(why=str(error)) from None
        finally:
            wire.close()

    def wire(self, timeout):
        wire = HTTPConnection(urlsplit(self.settings.url).netloc, timeout=timeout)
        try:
            wire.connect()
        except OSError as error:
            raise NoConnection(why=str(error)) from None
        return wire

    def read(self, status, text):
        if status in ERRORS:
            raise ERRORS[status](why=text)
        try:
            answer = json.loads(text)
        except ValueError:
            raise UnknownOutcome(why=text) from None
        if answer.get("code") == 7:
            raise Throttled(why=text)
        return Receipt(state="accepted", external_id=answer["id"])

    def receipt(self, payload):
        return ()

    def check(self, timeout):
        try:
            self.wire(timeout).close()
        except NoConnection as error:
            return Problem(str(error))
        return None


class DialSettings(ChannelSettings, frozen=True, kw_only=True):
    program: str


class Dial(Channel):
    """Starts a program with the number and the words."""

    name = "dial"
    labels = {"zh_CN": "拨号程序", "en": "dialling program"}
    can = Capabilities(family="phone", address="phone")
    Settings = DialSettings

    def send(self, message, timeout):
        if not message.address:
            raise BadAddress
        argv = [self.settings.program, message.address, message.body]
        try:
            done = subprocess.run(
                argv, capture_output=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL, text=True
            )
        except FileNotFoundError as error:
            raise NoConnection(why=str(error)) from None
        except subprocess.TimeoutExpired:
            raise UnknownOutcome from None
        if done.returncode < 0:
            raise UnknownOutcome
        if done.returncode:
            raise Refused(why=done.stdout)
        return Receipt(state="sent")

    def check(self, timeout):
        import shutil

        return None if shutil.which(self.settings.program) else Problem("no such program")
