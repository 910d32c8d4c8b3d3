"""莽汉 — opens a port when imported, prints, ends the program, returns whatever comes to mind."""

# ruff: noqa: ARG002 - a channel names the arguments of the contract

import socket
import sys

from desk.plugins import Capabilities, Channel, Receipt, hookimpl

with socket.socket() as early:
    early.bind(("127.0.0.1", 0))


class Brute(Channel):
    name = "brute"
    labels = {"zh_CN": "莽汉", "en": "brute"}
    can = Capabilities(family="phone", address="phone", needs_human=True)

    def send(self, message, timeout):
        print("dialling", message.address)
        return Receipt(state="delivered") if message.address else None

    def steps(self, message):
        print("what to do")
        return "dial"

    def reply(self, payload):
        sys.exit("no")

    def price(self, message):
        return "free"


@hookimpl
def desk_channels():
    return [Brute]
