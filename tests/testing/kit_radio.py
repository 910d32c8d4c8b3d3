"""A channel that keeps every rule, its people's twin, and a gateway in memory: what the bad ones are made from."""

# ruff: noqa: ARG002 - a channel names the arguments of the contract

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from threading import Lock
from time import sleep
from typing import Any

from desk.plugins import (
    AttemptState,
    BadAddress,
    Capabilities,
    Channel,
    ChannelSettings,
    GatewayTrouble,
    NoConnection,
    Problem,
    Receipt,
    Refused,
    Report,
    Throttled,
    UnknownOutcome,
    Unsupported,
)
from desk.testing import MODES, Bench, Heard

WORDS = {"GONE": AttemptState.SENT, "OK": AttemptState.DELIVERED, "LOST": AttemptState.UNDELIVERED}
CENTRES: dict[int, Centre] = {}


class Centre:
    """A gateway in memory: acts as it is told, and raises what a socket would."""

    refusal = Bench.refusal

    def __init__(self) -> None:
        self.mode = "accept"
        self.taken: list[Heard] = []
        self.news: dict[str, list[str]] = {}
        self._lock = Lock()
        self._ids = count(1)

    def take(self, address: str, body: str, key: str, timeout: float) -> str:
        """The id of the message, or `!` and why not."""
        if self.mode == "closed":
            raise ConnectionRefusedError
        if self.mode in ("throttle", "reject", "trouble"):
            return f"!{self.mode} {self.refusal}"
        with self._lock:
            known = [heard.id for heard in self.taken if heard.key == key and key]
            id = known[0] if known else f"r{next(self._ids)}"
            if not known:
                self.taken.append(Heard(words=(address, body), key=key, id=id))
        if self.mode == "stall":
            sleep(timeout)
            raise TimeoutError
        if self.mode == "lose":
            raise ConnectionResetError
        return "\x00?" if self.mode == "junk" else id

    def ask(self, timeout: float) -> None:
        if self.mode == "closed":
            raise ConnectionRefusedError
        if self.mode == "stall":
            sleep(timeout)


class RadioSettings(ChannelSettings, frozen=True, kw_only=True):
    centre: int


class Radio(Channel):
    """Everything a machine's channel can promise, kept."""

    name = "radio"
    labels = {"zh_CN": "电台", "en": "radio"}
    can = Capabilities(
        family="sms",
        address="mobile",
        receipts="handset",
        max_chars=200,
        idempotency=True,
        bulk=10,
        cancel=True,
        two_way=True,
    )
    Settings = RadioSettings

    @property
    def centre(self) -> Centre:
        return CENTRES[self.settings.centre]

    def send(self, message, timeout):
        if not message.address:
            raise BadAddress
        if len(message.body) > self.can.max_chars:
            raise Unsupported
        try:
            answer = self.centre.take(message.address, message.body, self.key(message), timeout)
        except ConnectionRefusedError:
            raise NoConnection from None
        except OSError as error:
            raise UnknownOutcome(why=str(error)) from None
        return self.read(answer)

    def key(self, message) -> str:
        return message.key

    def read(self, answer: str) -> Receipt:
        word, _, text = answer.partition(" ")
        if word == "!throttle":
            raise Throttled(retry_after=3)
        if word == "!reject":
            raise Refused(why=text)
        if word == "!trouble":
            raise GatewayTrouble(why=text)
        if not answer.startswith("r"):
            raise UnknownOutcome(why=repr(answer))
        return Receipt(state="accepted", external_id=answer)

    def send_many(self, messages, timeout):
        return super().send_many(messages, timeout)

    def check(self, timeout):
        try:
            self.centre.ask(timeout)
        except OSError as error:
            return Problem(str(error) or "away")
        return None

    def receipt(self, payload: Mapping[str, Any]) -> Sequence[Report]:
        id, word = payload.get("id"), payload.get("word")
        if not isinstance(id, str) or not id or not isinstance(word, str) or word not in WORDS:
            return ()
        return [Report(external_id=id, state=WORDS[word])]

    def poll(self, ids, timeout):
        self.centre.ask(timeout)
        news = self.centre.news
        return [Report(external_id=id, state=WORDS[word], token=word) for id in ids for word in news.get(id, ())]

    def stored(self, reports):
        for report in reports:
            self.centre.news.get(report.external_id, []).remove(report.token)

    def cancel(self, id, timeout):
        return id in self.centre.news


class Visit(Channel):
    """A people's channel that keeps every rule."""

    name = "visit"
    labels = {"zh_CN": "上门", "en": "visit"}
    can = Capabilities(family="face_to_face", address="place", needs_human=True, two_way=True)

    def send(self, message, timeout):
        if not message.address:
            raise BadAddress
        return Receipt(state="with_agent")

    def steps(self, message):
        return [f"go to {message.address}", f"say: {message.body}", "write down who heard it, or that nobody was there"]


class RadioBench(Bench):
    """Any kind of Radio on a Centre of its own."""

    plays = frozenset(MODES)
    deadline = 0.1
    patience = 0.3

    def __init__(self, type: type[Channel]) -> None:
        self.number = max(CENTRES, default=0) + 1
        self.centre = CENTRES[self.number] = Centre()
        known = "centre" in type.Settings.__struct_fields__
        super().__init__(type, {"centre": self.number} if known else {})

    def play(self, mode):
        self.centre.mode = mode

    def heard(self):
        return list(self.centre.taken)

    def payloads(self, id):
        return [({"id": id, "word": word}, state) for word, state in WORDS.items()]

    def settle(self, id, state):
        word = next((word for word, known in WORDS.items() if known == state), "")
        if word:
            self.centre.news.setdefault(id, []).append(word)
        return bool(word)

    def reset(self):
        self.centre.taken.clear()
        self.centre.news.clear()
        self.play("accept")
