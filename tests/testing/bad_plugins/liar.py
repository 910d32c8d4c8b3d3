"""骗子 — says that everything went well: no error, no receipt, the password in the open, texts cut, time ignored."""

# ruff: noqa: ARG002 - a channel names the arguments of the contract

from time import sleep

from desk.plugins import Capabilities, Channel, ChannelSettings, Receipt, SendError, hookimpl


class LiarSettings(ChannelSettings, frozen=True, kw_only=True):
    url: str
    token: str = "abc123"


class Liar(Channel):
    name = "liar"
    labels = {"zh_CN": "骗子", "en": "liar"}
    can = Capabilities(family="sms", address="mobile", receipts="handset", cancel=True)
    Settings = LiarSettings

    def send(self, message, timeout):
        from http.client import HTTPConnection

        wire = HTTPConnection(self.settings.url.removeprefix("http://"), timeout=60)
        try:
            wire.request("POST", "/", f"{message.address}\n{message.body[:70]}".encode())
            wire.getresponse()
        except OSError:
            pass
        except Exception as error:
            raise SendError(f"{self.settings.token}: {error}") from None
        return Receipt(state="delivered")

    def receipt(self, payload):
        sleep(0)
        return [payload]


@hookimpl
def desk_channels():
    return [Liar]
